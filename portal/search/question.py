"""What somebody typed, as full-text questions: strict, wider, and any of the words."""

from dataclasses import dataclass
from functools import lru_cache

from portal.search import analysis, words
from portal.search.expression import Node, Row, Term, all_of, any_of

_SYNONYMS = {
    analysis.fold(said): tuple(analysis.fold(meant) for meant in ours)
    for said, ours in words.SYNONYMS.items()
}
MIN_PREFIX = 3


@dataclass(frozen=True)
class Asked:
    """One word of a question: its terms, those of its neighbours joined to it, and its parts."""

    word: str
    terms: tuple[str, ...]
    joined: tuple[str, ...]
    parts: tuple[str, ...]
    synonyms: tuple[str, ...]

    def exact(self) -> Node | None:
        """The word in any of its forms, alone or written together with its neighbour."""
        return any_of(Term(term) for term in (*self.terms, *self.joined))

    def meant(self) -> Node | None:
        """The same, or what our texts call it."""
        return any_of([self.exact(), *(Term(term) for term in self.synonyms)])

    def begun(self) -> Node | None:
        """Any word that begins with what was typed: people stop in the middle."""
        folded = analysis.fold(self.word)
        return Term(folded, prefix=True) if len(folded) >= MIN_PREFIX else None

    def wide(self) -> Node | None:
        """The same, or a word that begins so, or all the parts of the compound."""
        return any_of([self.meant(), self.begun(), all_of(Term(part) for part in self.parts)])

    def loose(self) -> Node | None:
        """The same, or any part of the compound."""
        return any_of([self.meant(), *(Term(part) for part in self.parts)])


def asked(text: str) -> tuple[Asked, ...]:
    """Return the words of the typed `text` that carry meaning, at most twelve of them."""
    return _asked(text[: analysis.MAX_QUERY_CHARACTERS])


@lru_cache(maxsize=256)
def _asked(text: str) -> tuple[Asked, ...]:
    typed = analysis.tokens(analysis.normal(text))
    meant = [token for token in typed if token.word not in words.STOP] or typed
    found: list[Asked] = []
    for place, token in enumerate(meant[: analysis.MAX_QUERY_WORDS]):
        together = []
        if place and token.follows:
            together.append(analysis.joined(meant[place - 1].word, token.word))
        if place + 1 < len(meant) and meant[place + 1].follows:
            together.append(analysis.joined(token.word, meant[place + 1].word))
        terms = analysis.terms(token.word)
        synonyms = [synonym for term in terms for synonym in _SYNONYMS.get(term, ())]
        found.append(
            Asked(
                word=token.word,
                terms=terms,
                joined=tuple(term for term in together if term),
                parts=tuple(analysis.fold(part) for part in analysis.parts(token.word)),
                synonyms=tuple(dict.fromkeys(synonyms)),
            )
        )
    return tuple(dict.fromkeys(found))


def all_words(text: str, typing: bool = False) -> Node | None:
    """Return the strict question: every word in some form; if `typing`, the last unfinished."""
    said = asked(text)
    nodes = [word.exact() for word in said]
    if typing and said:
        nodes[-1] = any_of([nodes[-1], said[-1].begun()])
    return all_of(nodes)


def meant_words(text: str) -> Node | None:
    """Return the strict question in which a word may also be said in our words."""
    return all_of(word.meant() for word in asked(text))


def wider(text: str) -> Node | None:
    """Return the question with unfinished words and with compounds taken apart."""
    return all_of(word.wide() for word in asked(text))


def most_words(text: str) -> Node | None:
    """Return the question that forgives one missing word; nothing for fewer than three."""
    said = asked(text)
    if not 3 <= len(said) <= 8:
        return None
    return any_of(
        all_of(word.loose() for other, word in enumerate(said) if other != left_out)
        for left_out in range(len(said))
    )


def any_word(text: str) -> Node | None:
    """Return the question that one of the words answers."""
    return any_of(word.loose() for word in asked(text))


def phrase(text: str) -> Node | None:
    """Return the words of `text` side by side, as typed."""
    typed = analysis.tokens(analysis.normal(text[: analysis.MAX_QUERY_CHARACTERS]))
    texts = tuple(analysis.fold(token.word) for token in typed[: analysis.MAX_QUERY_WORDS])
    return Row(texts) if texts else None
