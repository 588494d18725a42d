"""What somebody typed, as full-text questions: strict, wider, and any of the words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from portal.search import analysis, synonyms, words
from portal.search.expression import Node, Row, Term, all_of, any_of
from portal.search.synonyms import Phrase, Table

MIN_PREFIX = 3
# A full-text question must not grow without end.
MAX_MEANINGS = 8
# Of a word longer than this the beginning alone may lead somewhere.
LONG = 6


@dataclass(frozen=True)
class Asked:
    """One word of a question: its terms, those of its neighbours joined to it, and its parts.

    `meanings` are phrases of our texts that stand for it, `hints` those of one of its parts,
    `instead` the terms of the words it may be a mistyped form of.
    """

    word: str
    terms: tuple[str, ...]
    joined: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    meanings: tuple[Phrase, ...] = ()
    hints: tuple[Phrase, ...] = ()
    instead: tuple[str, ...] = ()
    is_common: bool = False
    cuts: tuple[str, ...] = ()

    @property
    def meant_terms(self) -> tuple[str, ...]:
        """Every term of the phrases that stand for the word."""
        return tuple(term for phrase in self.meanings for word in phrase for term in word)

    def exact(self) -> Node | None:
        """The word in any of its forms, alone or written together with its neighbour."""
        return any_of(Term(term) for term in (*self.terms, *self.joined))

    def meant(self) -> Node | None:
        """The same, or what our texts call it, or the word that was meant to be typed."""
        return any_of(
            [self.exact(), *map(_all_words, self.meanings), *(Term(term) for term in self.instead)]
        )

    def begun(self) -> Node | None:
        """Any word that begins with what was typed: people stop in the middle."""
        folded = analysis.fold(self.word)
        return Term(folded, prefix=True) if len(folded) >= MIN_PREFIX else None

    def loose(self) -> Node | None:
        """The same, or a word that begins so, or a part of the compound and what it stands for."""
        return any_of(
            [
                self.meant(),
                self.begun(),
                *(Term(part) for part in self.parts),
                *map(_all_words, self.hints),
            ]
        )


def _all_words(phrase: Phrase) -> Node | None:
    return all_of(any_of(Term(term) for term in word) for word in phrase)


def asked(text: str) -> tuple[Asked, ...]:
    """Return the words of the typed `text` that carry meaning, at most twelve of them."""
    return _asked(text[: analysis.MAX_QUERY_CHARACTERS], synonyms.table())


@lru_cache(maxsize=256)
def _asked(text: str, table: Table) -> tuple[Asked, ...]:
    typed = analysis.tokens(analysis.normal(text))
    meant = [token for token in typed if token.word not in words.STOP] or typed
    found: list[Asked] = []
    for place, token in enumerate(meant[: analysis.MAX_QUERY_WORDS]):
        together = []
        if place and token.follows:
            together.append(analysis.joined(meant[place - 1].word, token.word))
        if place + 1 < len(meant) and meant[place + 1].follows:
            together.append(analysis.joined(token.word, meant[place + 1].word))
        found.append(_word(token.word, tuple(term for term in together if term)))
    return _with_meanings(tuple(dict.fromkeys(found)), table, _small(typed))


def says_nothing(text: str) -> bool:
    """Is `text` nothing but words that stand everywhere, such as "ja", and no phrase of ours?"""
    typed = analysis.tokens(analysis.normal(text[: analysis.MAX_QUERY_CHARACTERS]))
    return (
        bool(typed)
        and all(token.word in words.STOP for token in typed)
        and not any(word.meanings for word in asked(text))
    )


def _small(typed: list[analysis.Token]) -> frozenset[str]:
    """The words that carry nothing alone, and yet belong to a phrase: "kes saab"."""
    return frozenset(analysis.fold(token.word) for token in typed if token.word in words.STOP)


def _word(word: str, joined: tuple[str, ...] = ()) -> Asked:
    terms = analysis.terms(word)
    # "lasteabitelefon" begins with what people also say alone: "lasteabi".
    folded = analysis.fold(word)
    cuts = tuple(
        piece
        for cut in range(3, len(folded) - 2)
        for piece in (folded[:cut], folded[cut:])
        if len(word) >= analysis.MIN_CUT and len(piece) >= analysis.MIN_PIECE
    )
    return Asked(
        word=word,
        terms=terms,
        joined=joined,
        parts=_telling(analysis.parts(word) or analysis.pieces(word)),
        cuts=cuts,
        is_common=not words.COMMON_TERMS.isdisjoint(terms),
    )


def _telling(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a compound, folded, without those that say little: "poes|käimine"."""
    folded = tuple(analysis.fold(part) for part in parts)
    return tuple(part for part in folded if part not in words.COMMON_TERMS) or folded


def _with_meanings(
    said: tuple[Asked, ...], table: Table, small: frozenset[str]
) -> tuple[Asked, ...]:
    """Give each word the phrases that stand for it, alone or together with the others."""
    whole = [frozenset((*word.terms, *word.joined, *word.instead)) for word in said]
    in_parts = [
        terms.union(word.cuts, *(analysis.terms(part) for part in word.parts))
        for word, terms in zip(said, whole, strict=True)
    ]
    meanings: list[list[Phrase]] = [[] for _word in said]
    hints: list[list[Phrase]] = [[] for _word in said]
    for terms, found in ((whole, meanings), (in_parts, hints)):
        every = small.union(*terms)
        for rule in table.rules(every):
            if any(every.isdisjoint(word) for word in rule.said):
                continue
            for place, mine in enumerate(terms):
                if any(not mine.isdisjoint(word) for word in rule.said):
                    found[place] += rule.meant
    return tuple(
        replace(
            word,
            meanings=tuple(dict.fromkeys(meanings[place]))[:MAX_MEANINGS],
            hints=tuple(dict.fromkeys(hints[place]))[:MAX_MEANINGS],
        )
        for place, word in enumerate(said)
    )


def corrected(text: str, said: tuple[Asked, ...], instead: Mapping[str, str]) -> tuple[Asked, ...]:
    """The same question in which a word may also be the one that was meant to be typed."""
    again = []
    for word in said:
        right = instead.get(word.word)
        if right:
            other = _word(right)
            word = replace(
                word,
                instead=other.terms,
                parts=word.parts or other.parts,
                is_common=word.is_common or other.is_common,
            )
        again.append(word)
    typed = analysis.tokens(analysis.normal(text[: analysis.MAX_QUERY_CHARACTERS]))
    return _with_meanings(tuple(again), synonyms.table(), _small(typed))


# --- Questions -----------------------------------------------------------------------------------


def strict(said: tuple[Asked, ...], typing: bool = False) -> Node | None:
    """Every word in some form; if `typing`, the last one unfinished."""
    nodes = [word.exact() for word in said]
    if typing and said:
        nodes[-1] = any_of([nodes[-1], said[-1].begun()])
    return all_of(nodes)


def in_our_words(said: tuple[Asked, ...], typing: bool = False) -> Node | None:
    """Every word in some form or as our texts call it."""
    nodes = [word.meant() for word in said]
    if typing and said:
        nodes[-1] = any_of([nodes[-1], said[-1].begun()])
    return all_of(nodes)


def most(said: tuple[Asked, ...]) -> Node | None:
    """Every word that tells something but one; nothing for fewer than three."""
    telling = [word.meant() for word in said if not word.is_common]
    if not 3 <= len(telling) <= 6:
        return None
    return any_of(
        all_of(node for other, node in enumerate(telling) if other != left_out)
        for left_out in range(len(telling))
    )


def any_of_them(said: tuple[Asked, ...]) -> Node | None:
    """One of the words, if possible one that says something."""
    telling = [word for word in said if not word.is_common or word.meanings] or said
    return any_of(word.loose() for word in telling)


def any_at_all(said: tuple[Asked, ...]) -> Node | None:
    """One of the words, whichever, any part of one, or how one begins: better than nothing."""
    nodes: list[Node | None] = []
    for word in said:
        nodes += [word.loose(), *(Term(analysis.fold(part)) for part in analysis.parts(word.word))]
        if len(word.word) > LONG:
            nodes.append(Term(analysis.fold(word.word)[: LONG - 1], prefix=True))
    return any_of(nodes)


def all_words(text: str, typing: bool = False) -> Node | None:
    """Return the strict question for `text`."""
    return strict(asked(text), typing)


def any_word(text: str) -> Node | None:
    """Return the question that one of the words of `text` answers."""
    return any_of(word.loose() for word in asked(text))


def phrase(text: str) -> Node | None:
    """Return the words of `text` side by side, as typed."""
    typed = analysis.tokens(analysis.normal(text[: analysis.MAX_QUERY_CHARACTERS]))
    texts = tuple(analysis.fold(token.word) for token in typed[: analysis.MAX_QUERY_WORDS])
    return Row(texts) if texts else None
