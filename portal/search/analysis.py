"""Estonian words for the index and the query: both go through the same hands, so they meet.

Text in, terms out. A term is folded (no diacritics): SQLite's tokeniser folds anyway, and people
on a phone type without them. The dictionary is read on first use (0.9 s); `warm()` does it early.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer
from simplemma.strategies.dictionaries import StreamDictionaryFactory

from portal.search import words

# Ten kilobytes in a search box are not ten kilobytes of intention.
MAX_QUERY_CHARACTERS = 300
MAX_QUERY_WORDS = 12
MAX_WORD = 48
# A word of so many letters may be a compound, a piece of so many a word.
MIN_CUT, MIN_PIECE = 8, 5

_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[а-яё]")
_FOLD = str.maketrans(
    "õöäüšžåéèêëáàâóòôíìîúùûñç\N{CYRILLIC SMALL LETTER IO}",
    "ooauszaeeeeaaaoooiiiuuunc\N{CYRILLIC SMALL LETTER IE}",
)
_CASES = ("sse", "st", "s", "le", "lt", "l", "ks", "ni", "na", "ta", "ga", "t", "d")
_DOTTED = {"o": "oõö", "a": "aä", "u": "uü"}
_DOING = re.compile(
    r"(.{2,})(?:mine|mis(?:e(?:s|st|le|l|lt|ks|ga|ta|ni|na|d)?|t|se|i"
    r"|te(?:s|st|le|l|lt|ks|ga|ta)?)?)"
)
_dictionaries = StreamDictionaryFactory()
_FORM_OF = {form: lemma for lemma, forms in words.FORMS.items() for form in forms.split()}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: as written in lower case, and where it stands."""

    word: str
    start: int
    end: int
    # Nothing but a space before it: the two may be one word written apart.
    follows: bool


def tokens(text: str) -> list[Token]:
    """Return the words of `text`: letters and digits, NFC, lower case, with their places.

    The text must be NFC for the places to be those of the caller's text.
    """
    found = []
    end = -2
    for match in _WORD.finditer(text):
        word = match.group().lower()
        found.append(
            Token(word[:MAX_WORD], match.start(), match.end(), text[end : match.start()] == " ")
        )
        end = match.end()
    return found


def normal(text: str) -> str:
    """Return `text` composed (NFC) and without soft hyphens, which hide inside pasted words."""
    return unicodedata.normalize("NFC", text).replace("\u00ad", "")


def fold(word: str) -> str:
    """Return `word` without diacritics: õ ö → o, ä → a, ü → u, š → s, ž → z, ё → е."""
    return word.translate(_FOLD)


def warm() -> None:
    """Read the dictionaries now (1.4 s, 55 MB) and not during somebody's search."""
    for language in ("et", "en", "ru"):
        _look(language, "")


@lru_cache(maxsize=50_000)
def _look(language: str, word: str) -> str | None:
    """Return the dictionary's lemma of `word` (lower case), proper names included."""
    dictionary = _dictionaries.get_dictionary(language)
    found = dictionary.get(word) or dictionary.get(word.capitalize())
    return found.lower() if found else None


@lru_cache(maxsize=20_000)
def lemmas(word: str) -> tuple[str, ...]:
    """Return the likely lemmas of one lower-case word, the best first; never empty."""
    if word.isdigit():
        return (word,)
    if _CYRILLIC.search(word):
        return (_look("ru", word) or word,)
    found = _estonian(word) or _compound(word) or _with_diacritics(word)
    if found:
        return found
    english = _look("en", word) if word.isascii() else None
    return (english or _stem(word),)


def is_plain_word(word: str) -> bool:
    """Is lower-case `word` one of the language, or a compound of such, and no proper name?"""
    if word in _FORM_OF or word in words.LEMMAS or _verbal_noun(word) or _declined(word):
        return True
    return bool(_dictionaries.get_dictionary("et").get(word) or _compound(word))


def is_foreign_word(word: str) -> bool:
    """Is lower-case `word` in the English or the Russian dictionary?"""
    language = "ru" if _CYRILLIC.search(word) else "en"
    return bool(_dictionaries.get_dictionary(language).get(word))


def _estonian(word: str) -> tuple[str, ...]:
    """Return lemmas by our tables, the dictionary, place names and regular declension."""
    if word in _FORM_OF:
        return (_FORM_OF[word],)
    if word in words.LEMMAS or word in words.PLACES:
        return (word,)
    if word in words.PLACE_FORMS:
        return (words.PLACE_FORMS[word],)
    derived = _verbal_noun(word)
    if derived:
        return (derived,)
    known = _look("et", word)
    place = _place(word)
    if place:
        # "Rõuges" is of Rõuge, though the dictionary knows only "rõuk".
        return (place, known) if known and known != place else (place,)
    if known:
        return (known,)
    declined = _declined(word)
    return (declined,) if declined else ()


def _verbal_noun(word: str) -> str | None:
    """Return "nõustamine" for its forms; the dictionary holds the verb more often than the noun."""
    match = _DOING.fullmatch(word)
    if match and _look("et", match[1] + "ma") == match[1] + "ma":
        return match[1] + "mine"
    return None


def _place(word: str) -> str | None:
    """Return the place of which `word` is a case form: "Antslasse" → "antsla"."""
    for ending in _CASES:
        if word.endswith(ending):
            base = word[: -len(ending)]
            if base in words.PLACES:
                return base
            if base.endswith("maa") and base[:-3] in words.PLACES:
                return base
    return None


def _declined(word: str) -> str | None:
    """Return the nominative of a word of a regular kind that the dictionary does not hold."""
    for length in range(7, 2, -1):
        nominative = words.DECLENSIONS.get(word[-length:])
        if nominative and len(word) - length > 2:
            return word[:-length] + nominative
    return None


def _with_diacritics(word: str) -> tuple[str, ...]:
    """Return lemmas of the word that `word` is when its dots were not typed: "noustamisele"."""
    spellings = [""]
    for letter in word:
        options = _DOTTED.get(letter, letter)
        spellings = [start + option for start in spellings for option in options]
        if len(spellings) > 200:
            return ()
    spellings.sort(key=lambda one: sum(a != b for a, b in zip(one, word, strict=True)))
    for spelling in spellings[1:]:
        if _look("et", spelling) or spelling in _FORM_OF or spelling in words.PLACES:
            return _estonian(spelling)
        if noun := _verbal_noun(spelling) or _place(spelling):
            return (noun,)
    # Splitting is dear: only the likeliest spellings.
    for spelling in spellings[1:13]:
        if found := _compound(spelling):
            return found
    return ()


def _compound(word: str) -> tuple[str, ...]:
    """Return the lemma of a compound that nobody lists: "elukohavahetusel"."""
    split = _split(word, False)
    return (split[0] + lemmas(split[1])[0],) if split else ()


@lru_cache(maxsize=20_000)
def _split(word: str, is_lemma: bool) -> tuple[str, str] | None:
    """Return the two halves of a compound ("elukoha", "vahetus"), or nothing.

    The left half is a word in nominative or genitive; the right one a known form, or with
    `is_lemma` a lemma. Two plain words are a better guess than a word and another compound.
    """
    if word in words.NOT_COMPOUNDS or len(word) < 6:
        return None
    second_best = None
    for cut in range(3, len(word) - 2):
        left, right = word[:cut], word[cut:]
        if right in words.NOT_PARTS or not _is_left(left):
            continue
        if _is_right(right, is_lemma):
            return left, right
        if second_best is None and len(right) > 6 and _split(right, is_lemma):
            second_best = (left, right)
    return second_best


def _is_left(part: str) -> bool:
    """Whether `part` may begin a compound."""
    if len(part) == 3:
        return part in words.SHORT_LEFT
    if part in _FORM_OF or part in words.LEMMAS or part in words.PLACES:
        return True
    lemma = _look("et", part)
    if lemma is None:
        return len(part) > 5 and (_verbal_noun(part) is not None or _split(part, False) is not None)
    # Genitive: a vowel at the end, and not an infinitive or a verb form.
    return lemma == part or (part[-1] in "aeiu" and not lemma.endswith("ma"))


def _is_right(part: str, is_lemma: bool) -> bool:
    """Whether `part` may end a compound, as any form or (`is_lemma`) as it stands."""
    if part in _FORM_OF:
        return not is_lemma or part in words.FORMS
    if part in words.LEMMAS:
        return True
    if len(part) < 4:
        return False
    derived = _verbal_noun(part)
    if derived:
        return not is_lemma or derived == part
    lemma = _look("et", part)
    if lemma is None or (is_lemma and lemma != part):
        return False
    return len(lemma) > 3 and not lemma.endswith(("ma", "lik"))


@lru_cache(maxsize=20_000)
def parts(word: str) -> tuple[str, ...]:
    """Return the lemmas of a compound's parts ("kogemus", "nõustamine"); empty for others."""
    if len(word) < 6 or _CYRILLIC.search(word):
        return ()
    lemma = lemmas(word)[0]
    verb = kin(lemma)
    if verb and _look("et", verb) == verb:
        # The verb is a word of its own: "liikumine" is not "lii" + "kumine".
        return ()
    split = _split(lemma, True)
    if split is None:
        return ()
    left, right = split
    found = [*(parts(left) or lemmas(left)[:1]), *(parts(right) or [right])]
    return tuple(dict.fromkeys(found))


def is_listed(word: str) -> bool:
    """Does a dictionary or one of our tables hold lower-case `word` as it stands?"""
    return word in _FORM_OF or word in words.LEMMAS or _look("et", word) is not None


@lru_cache(maxsize=20_000)
def pieces(word: str) -> tuple[str, ...]:
    """Return what can be made out of a word that nobody lists: its beginning, its end.

    For questions alone: "perearstinimistu" is about the "perearst", whatever follows.
    """
    if len(word) < MIN_CUT or _CYRILLIC.search(word) or is_listed(word):
        return ()
    word = lemmas(word)[0]
    beginnings = (word[:cut] for cut in range(len(word) - 3, MIN_PIECE - 1, -1))
    ends = (word[cut:] for cut in range(3, len(word) - MIN_PIECE + 1))
    found = [
        next((known for part in beginnings if _is_left(part) and (known := _known(part))), None),
        next(
            (known for part in ends if part not in words.NOT_PARTS and (known := _known(part))),
            None,
        ),
    ]
    return tuple(dict.fromkeys(filter(None, found)))


def _known(part: str) -> str | None:
    return _FORM_OF.get(part) or _verbal_noun(part) or _look("et", part)


def _stem(word: str) -> str:
    """Return the Snowball stem of a word that nobody knows."""
    if len(word) < 5:
        return word
    # The stemmer keeps its word on itself, so threads must not share one.
    return str(snowballstemmer.stemmer("estonian").stemWord(word))


@lru_cache(maxsize=20_000)
def kin(lemma: str) -> str | None:
    """Return the verb behind a noun of doing: nõustamine, nõustaja → nõustama."""
    for ending in ("mine", "ja", "us"):
        if lemma.endswith(ending) and len(lemma) > len(ending) + 2:
            stem = lemma[: -len(ending)]
            for verb in (stem + "ma", stem + "ama"):
                if _look("et", verb) == verb:
                    return verb
    return None


@lru_cache(maxsize=20_000)
def terms(word: str) -> tuple[str, ...]:
    """Return the folded terms of one word: itself, its lemmas and the verb behind them."""
    found = [fold(word)]
    for lemma in lemmas(word):
        found.append(fold(lemma))
        verb = kin(lemma)
        if verb:
            found.append(fold(verb))
    return tuple(dict.fromkeys(found))


def joined(left: str, right: str) -> str | None:
    """Return two neighbours as the one word they may be: elukoha vahetusel → elukohavahetus."""
    if left in words.STOP or right in words.STOP or len(left) < 3 or len(right) < 3:
        return None
    if left.isdigit() or right.isdigit():
        return None
    return fold(left + lemmas(right)[0])[:MAX_WORD]
