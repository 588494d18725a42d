"""What people say and what our texts call it: kept by editors, asked at question time.

    register(reader)                       # in AppConfig.ready(): who keeps the list
    Said("hooldaja puhkus", "ajutine hoid, intervallhoid")

A phrase counts when all its words stand in the question, in any form and order. Commas and lines
part one phrase from the next. The list is small and read once per content version.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portal.base.memo import per_content_version
from portal.search import analysis, words

# One word of our texts in any of the shapes that the index may hold; and several such words.
Word = tuple[str, ...]
Phrase = tuple[Word, ...]

MAX_PHRASE = 8
APART = re.compile(r"[,;\n\r]+")


@dataclass(frozen=True)
class Said:
    """One line of the list: phrases people type, phrases of our texts."""

    said: str
    meant: str
    both_ways: bool = False


@dataclass(frozen=True)
class Rule:
    """One phrase that people type: each of its words as a set of terms, and what is meant."""

    said: tuple[frozenset[str], ...]
    meant: tuple[Phrase, ...]


class Table:
    """All rules, found by any term of their first word; `spellings`: the words as written."""

    def __init__(self, lines: Iterable[Said]) -> None:
        self.spellings: dict[str, str] = {}
        self._by_term: dict[str, list[Rule]] = {}
        for line in lines:
            self._add(line.said, line.meant)
            if line.both_ways:
                self._add(line.meant, line.said)

    def _add(self, said: str, meant: str) -> None:
        phrases = tuple(filter(None, (phrase_of(one) for one in APART.split(meant))))
        for one in APART.split(said):
            said_words = spoken(one)
            if not said_words or not phrases:
                continue
            for word in said_words:
                self.spellings.setdefault(analysis.fold(word), word)
            rule = Rule(tuple(frozenset(terms_of(word)) for word in said_words), phrases)
            for term in rule.said[0]:
                self._by_term.setdefault(term, []).append(rule)

    def rules(self, terms: Iterable[str]) -> Iterable[Rule]:
        """Every rule whose first word is among `terms`, each once."""
        found = {id(rule): rule for term in terms for rule in self._by_term.get(term, ())}
        return found.values()


def spoken(text: str) -> list[str]:
    """The words of a phrase that people type, as far as they tell something.

    "kodust välja" keeps its small word, or every "kodu" would be meant; so does every "ei".
    """
    said = [token.word for token in analysis.tokens(analysis.normal(text))][:MAX_PHRASE]
    kept = [word for word in said if word not in words.STOP]
    telling = [word for word in kept if words.COMMON_TERMS.isdisjoint(terms_of(word))]
    if len(kept) < 2 and not (telling and len(said) == 1):
        return said
    return [word for word in said if word in kept or word in words.NEGATIONS]


def terms_of(word: str) -> tuple[str, ...]:
    """The terms of a word of a question; a small word is only itself."""
    return (analysis.fold(word),) if word in words.STOP else analysis.terms(word)


def phrase_of(text: str) -> Phrase:
    """The words of a phrase of our texts, each as itself and its lemmas."""
    said = [token.word for token in analysis.tokens(analysis.normal(text))]
    kept = [word for word in said if word not in words.STOP] or said
    return tuple(
        tuple(dict.fromkeys(map(analysis.fold, (word, *analysis.lemmas(word)))))
        for word in kept[:MAX_PHRASE]
    )


Reader = Callable[[], Iterable[Said]]
_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Tell who keeps lines of the list; saving one must move the content version on."""
    if reader not in _readers:
        _readers.append(reader)


@per_content_version
def table() -> Table:
    """The rules of now: those of the code and those of the editors."""
    ours = [Said(said, ", ".join(meant)) for said, meant in words.SYNONYMS.items()]
    return Table([*ours, *(line for reader in _readers for line in reader())])
