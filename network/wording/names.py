"""Names in Estonian sentences: with endings, changed stems, odd spaces, missing dots."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, zip_longest

from network.wording import words as lists
from network.wording.text import LETTER, LOOKS, WORD, latin, legible, matches, unique
from portal.search.analysis import fold, is_plain_word

_CASES = ("", "d", "t", "sse", "s", "st", "le", "l", "lt", "ks", "ni", "na", "ta", "ga")
_PLURALS = tuple(plural + case for plural in ("de", "te") for case in _CASES)
_ENDINGS = tuple(ending + also for ending in (*_CASES, *_PLURALS) for also in ("", "gi", "ki"))
_VOWELS = "aeiouõäöü"
# How the end of a strong stem may become weak: Lepp → Lepa, Kask → Kase, Põld → Põllu.
_GRADES = (
    ("kk", "k"), ("pp", "p"), ("tt", "t"), ("ss", "s"), ("sk", "s"), ("k", "g"), ("p", "b"),
    ("t", "d"), ("k", ""), ("t", ""), ("g", ""), ("d", ""), ("b", ""), ("nd", "nn"),
    ("ld", "ll"), ("rd", "rr"), ("mb", "mm"), ("lb", "lv"), ("rb", "rv"), ("lg", "lj"),
    ("rg", "rj"), ("ht", "h"), ("hk", "h"), ("rs", "rr"), ("st", "ss"), ("her", "htr"),
)  # fmt: skip
# M a r i, M.a.r.i: three letters or more with the same sign between them.
_SPELLED = re.compile(rf"(?<!\w){LETTER}(?P<gap>[ .\-_*])(?:{LETTER}(?P=gap))+{LETTER}(?!\w)")


@dataclass(frozen=True)
class _Token:
    """A word as typed, where it stands, and whether a sentence begins with it."""

    word: str
    start: int
    end: int
    begins: bool

    @property
    def small(self) -> str:
        return "".join(sign for sign in self.word.lower() if sign.isalpha())

    @property
    def is_capital(self) -> bool:
        return self.word[:1].isupper()

    @property
    def is_shouted(self) -> bool:
        return len(self.word) > 1 and self.word.isupper()


def names_in(text: str, known: Iterable[str]) -> list[str]:
    """Words of `text` that are a name of `known` (whole names), in any case and spelling.

    Estonian endings and changes of the stem are seen through, and odd spaces, hyphens, missing
    dots and look-alike letters; so are initials with points.
    """
    seen = legible(text)
    people = [_parts(name) for name in known]
    names = {part for parts in people for part in parts}
    found = [
        token.word
        for token in [*_tokens(seen), *_spelled(seen)]
        if any(_is_form(token, name) for name in names)
    ]
    for parts in people:
        if len(parts) > 1:
            first, last = parts[0][0].upper(), parts[-1][0].upper()
            found += matches(re.compile(rf"(?<!\w){first}\.\s?{last}\.(?!\w)"), seen)
    return unique(found)


def looks_like_names(text: str, allowed: Iterable[str] = ()) -> list[str]:
    """Given names, and pairs of capitalised words of which the first is no word of the language.

    `allowed` are places, organisations, components: as they stand, with an ending, or a word of
    them that is no given name.
    """
    phrases = list(allowed)
    words = {part for phrase in phrases for part in _parts(phrase)} - _all_given()
    seen = _without(legible(text), phrases)
    tokens = _tokens(seen)
    found, last_end = [], -1
    for token, after in zip_longest(tokens, tokens[1:]):
        if token.start < last_end or not token.is_capital or _is_allowed(token, words):
            continue
        is_given = _is_given(token)
        if (
            after
            and after.is_capital
            and len(after.word) > 1
            and seen[token.end : after.start] in (" ", "-")
            and not _is_allowed(after, words)
            and (is_given or _may_be_name(token, after))
        ):
            found.append(seen[token.start : after.end])
            last_end = after.end
        elif is_given:
            found.append(token.word)
    return unique(found)


def _without(seen: str, phrases: Iterable[str]) -> str:
    """`seen` with the whole `phrases` (and an ending) blotted out, each sign by another."""
    for phrase in phrases:
        if len(phrase) > 2 and phrase.lower() in seen.lower():
            whole = re.compile(rf"(?<!\w){re.escape(phrase)}{LETTER}{{0,4}}(?!\w)", re.IGNORECASE)
            seen = whole.sub(lambda match: "_" * len(match.group()), seen)
    return seen


def _may_be_name(token: _Token, after: _Token) -> bool:
    if token.is_shouted or is_plain_word(token.small):
        return False
    return not (_is_body(token) or _is_body(after))


def _is_body(token: _Token) -> bool:
    """An abbreviation, or a word that ends like an institution or a place."""
    is_short = token.is_shouted and len(token.word) < 6
    return is_short or lists.BODIES.search(token.small) is not None


def _is_allowed(token: _Token, words: set[str]) -> bool:
    small = fold(token.small)
    return small in words or any(
        small in _forms(word) for word in words if len(word) > 2 and word[:2] == small[:2]
    )


def _is_given(token: _Token) -> bool:
    small = token.small
    return small in _given(False) or (not token.begins and small in _given(True))


@lru_cache(maxsize=2)
def _given(is_word: bool) -> frozenset[str]:
    """All forms of the common given names; `is_word`: of those that are words too."""
    names = lists.GIVEN_OR_WORD if is_word else lists.GIVEN
    return frozenset(form for name in names for form in _forms(name)) - lists.EVERYDAY


@lru_cache(maxsize=1)
def _all_given() -> frozenset[str]:
    return frozenset(fold(name) for name in (*lists.GIVEN, *lists.GIVEN_OR_WORD))


def _is_form(token: _Token, name: str) -> bool:
    """Is `token` a form of `name` (folded, small)?"""
    small = token.small
    spellings = {fold(small), fold(latin(small)), fold(small.translate(LOOKS))}
    if spellings.isdisjoint(_forms(name)):
        return False
    if len(name) < 3:
        # "ly" or "ed" in small letters may be anything.
        return token.is_capital
    is_word = not token.is_capital or token.begins
    return not (is_word and small in lists.EVERYDAY)


@lru_cache(maxsize=4096)
def _forms(name: str) -> frozenset[str]:
    """The forms of `name` (small letters) with the endings of all cases."""
    return frozenset([name, *(stem + ending for stem in _stems(name) for ending in _ENDINGS)])


def _stems(name: str) -> set[str]:
    """What the endings may follow: mari → mari, kask → kaska kase kasu…, rebane → rebas rebase."""
    stems = {name}
    if name[-1] in _VOWELS:
        if name.endswith("ne"):
            stems |= {name[:-2] + "s", name[:-2] + "se"}
        if len(name) > 3 and name[-2] in "gdbs" and name[-1] in "iu":
            # Mägi → Mäe, Jõgi → Jõe.
            stems |= {name[:-2] + "e", name[:-2] + "a"}
        return stems
    bases = {name}
    for strong, weak in _GRADES:
        if name.endswith(strong):
            bases.add(name[: -len(strong)] + weak)
    if len(name) > 3 and name[-1] in "lrnm" and name[-2] in "eia" and name[-3] not in _VOWELS:
        # Mihkel → Mihkli, Koppel → Kopli.
        short = name[:-2]
        bases |= {short + name[-1], re.sub(r"(.)\1$", r"\1", short) + name[-1]}
    stems |= {base + vowel for base in bases for vowel in "aeiu"}
    if name.endswith("as"):
        # Pihlakas → Pihlaka, Kallas → Kalda.
        stems |= {name[:-1], re.sub(r"(?<=[ln])[ln]$", "d", name[:-2]) + "a"}
    if name.endswith("nen"):
        stems |= {name[:-3] + "se", name[:-3] + "s"}
    return stems


def _tokens(seen: str) -> list[_Token]:
    """The words, also those written together with only capitals between: MariKask."""
    found = []
    for match in WORD.finditer(seen):
        before = seen[: match.start()].rstrip(' "«„“”(*>·•-')
        begins = not before or before[-1] in ".!?:\n\t…"
        word, start = match.group(), match.start()
        cuts = [at for at in range(1, len(word)) if word[at - 1].islower() and word[at].isupper()]
        for first, last in pairwise([0, *cuts, len(word)]):
            found.append(_Token(word[first:last], start + first, start + last, begins))
            begins = False
    return found


def _spelled(seen: str) -> list[_Token]:
    """Words spelled letter by letter; a name in them is meant, so none begins a sentence."""
    return [
        _Token(match.group(), match.start(), match.end(), False)
        for match in _SPELLED.finditer(seen)
    ]


def _parts(name: str) -> list[str]:
    """The names in a whole name, folded and small: “Mari-Liis von Kask” → mari, liis, kask."""
    words = [fold(latin(word.lower())) for word in WORD.findall(legible(name))]
    return [word for word in words if len(word) > 1 and word not in lists.PARTICLES]
