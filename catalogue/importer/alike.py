"""Which components a name of a price list may mean: by the words of the language, to be shown.

Both sides go through the analysis of the portal's search, so “kogemusnõustaja” meets
“kogemusnõustamine” and “füsioterapeut” the activity “füsioteraapia”.
"""

from collections.abc import Callable, Iterable
from math import log

from rapidfuzz import fuzz

from portal.search import analysis
from portal.search.words import STOP

Word = frozenset[str]
# Given the words of a name: which of them the catalogue calls otherwise, and how it calls them.
Meant = Callable[[list[Word]], Iterable[tuple[list[Word], list[Word]]]]

# What a match is worth: in the name, in the words about it, in letters only, by what is meant.
IN_NAME, IN_WORDS, IN_LETTERS, BY_MEANING = 1.0, 0.6, 0.7, 0.85
SAME_DOMAIN = 0.15
# Below this much of the name nothing is alike.
LEAST = 0.3
# Words with so many letters in common are one word bent, or one of the same root.
LETTERS, RATIO = 6, 80
# Nearly every component “supports” somebody: the word tells nothing.
HOLLOW = frozenset({"toetamine", "toetama", "toetus", "teenus", "tagamine", "tagama", "abi"})


def words_of(text: str, *, with_parts: bool = True) -> list[Word]:
    """The words of a text that tell something, each as its terms: lemmas, the verb, its parts."""
    found = []
    for token in analysis.tokens(analysis.normal(text)):
        if token.word in STOP or token.word.isdigit():
            continue
        terms = set(analysis.terms(token.word))
        for part in analysis.parts(token.word) if with_parts else ():
            terms |= {analysis.fold(part), analysis.fold(analysis.kin(part) or part)}
        found.append(frozenset(terms))
    return found


class Index:
    """`components`: key, name, words about it, life domain; kept as terms."""

    def __init__(
        self, components: Iterable[tuple[int, str, str, str]], meant: Meant | None = None
    ) -> None:
        self.meant = meant
        self.names: dict[int, list[Word]] = {}
        self.about: dict[int, frozenset[str]] = {}
        self.domains: dict[int, str] = {}
        for key, name, words, domain in components:
            self.names[key] = words_of(name)
            self.about[key] = frozenset().union(*words_of(words))
            self.domains[key] = domain
        times: dict[str, int] = {}
        for key, name_words in self.names.items():
            for term in self.about[key].union(*name_words):
                times[term] = times.get(term, 0) + 1
        self.times = times

    def likest(self, said: str, domain: str) -> list[int]:
        """Keys of what is like `said`, the likest first."""
        asked = words_of(said)
        if not asked:
            return []
        scores = self._scores(asked, domain)
        whole = words_of(said, with_parts=False)
        for replaced, meant in self.meant(whole) if self.meant else ():
            worth = BY_MEANING * self._share(whole, replaced)
            for key, score in self._scores(meant, domain).items():
                scores[key] = max(scores.get(key, 0), score * worth)
        return sorted(scores, key=lambda key: -scores[key])

    def _share(self, asked: list[Word], replaced: list[Word]) -> float:
        """How much of a name the words make up that are called otherwise."""
        weights = [self._weight(word) for word in asked]
        told = (
            weight
            for word, weight in zip(asked, weights, strict=True)
            if any(word & one for one in replaced)
        )
        return sum(told) / sum(weights)

    def _scores(self, asked: list[Word], domain: str) -> dict[int, float]:
        weights = [self._weight(word) for word in asked]
        found = {}
        for key, name in self.names.items():
            hits = [self._hit(word, key) for word in asked]
            share = sum(h * w for h, w in zip(hits, weights, strict=True)) / sum(weights)
            if share < LEAST:
                continue
            named = [self._weight(word) for word in name]
            covered = sum(
                w for word, w in zip(name, named, strict=True) if any(word & one for one in asked)
            )
            # Of two that hold all that was said, the one that says nothing more is meant.
            rest = covered / sum(named) if named else 0
            same = SAME_DOMAIN if domain and domain == self.domains[key] else 0
            found[key] = share + 0.3 * rest + same
        return found

    def _weight(self, word: Word) -> float:
        """A word that many components use tells little; one that none uses may be misspelt."""
        if not HOLLOW.isdisjoint(word):
            return 0.1
        used = max((self.times.get(term, 0) for term in word), default=0)
        return log(1 + len(self.names) / max(used, 1))

    def _hit(self, word: Word, key: int) -> float:
        """How well a component holds a word: all of its terms, some, or its letters."""
        in_name = max((_shared(word, other) for other in self.names[key]), default=0.0)
        if in_name:
            return IN_NAME * in_name
        if not word.isdisjoint(self.about[key]):
            return IN_WORDS
        mine = max(word, key=len)
        if any(_near(mine, term) for other in self.names[key] for term in other):
            return IN_LETTERS
        return IN_LETTERS * IN_WORDS if any(_near(mine, term) for term in self.about[key]) else 0.0


def _shared(mine: Word, other: Word) -> float:
    """1 where two words are one, less where they share a part: “kogemus” of two compounds."""
    both = mine & other
    if not both:
        return 0.0
    longest = max(map(len, mine | other))
    return max(0.5, max(map(len, both)) / longest)


def _near(mine: str, other: str) -> bool:
    """Of one root, or one misspelt: “fusioterapeut” and “fusioteraapia”."""
    if min(len(mine), len(other)) < LETTERS:
        return False
    if mine[0] != other[0]:
        return False
    return mine[: LETTERS + 2] == other[: LETTERS + 2] or fuzz.ratio(mine, other) >= RATIO
