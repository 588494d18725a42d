"""How well a document answers a question: told in Python, so it is the same on both databases.

The database finds some dozens of likely documents, this puts them in order. A rare word weighs more
than one that stands everywhere, a title more than a mention, the word itself more than a synonym,
and a document with most of the words more than one that says a single word often.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from portal.search import analysis
from portal.search.indexing import ADDED
from portal.search.question import MIN_PREFIX, Asked
from portal.search.synonyms import Phrase

# How sure we are that what stands in the document is what was asked.
ITSELF = 1.0
OUR_WORD, LONE_WORD = 0.95, 0.65
KIN, MISTYPED = 0.8, 0.8
ALL_PARTS, HINT, BEGUN, A_PART = 0.7, 0.6, 0.5, 0.3
# From here on a word counts as answered.
SURE = BEGUN
# A title holds a word; a short one is about it.
IN_TITLE, SHORT_TITLE = 1.3, 0.7
# An editor has said by its name which page is meant.
NAMED = 1.0
# "abi", "inimene", "teenus" say little, wherever they stand.
COMMON = 0.2
# Somebody has put it on the list of synonyms: it is what people ask about.
TOPIC = 1.5
# A text that says a word ever more often says little more by it.
OFTEN = 1.0
# A document with half of what was asked is worth less than half.
WHOLE = 0.7

_DOTS = tuple((letter, analysis.fold(letter)) for letter in "õäöüšžёáàâåéèêëíìîóòôúùûñç")


@dataclass(frozen=True)
class Text:
    """The words of a document: title and body, each with what the analysis adds."""

    title: str
    body: str
    in_title: float = IN_TITLE
    is_one_word: bool = False

    @classmethod
    def of(cls, title: str, body: str) -> "Text":
        # Spaces around, so that whole words are found by one look.
        length = len(title.partition(ADDED)[0].split()) or 1
        return cls(
            title=f" {_folded(title).replace(ADDED, ' ')} ",
            body=f" {_folded(body).replace(ADDED, ' ')} ",
            in_title=IN_TITLE + SHORT_TITLE * length**-0.5,
            is_one_word=length == 1,
        )

    def strength(self, term: str, ending: str = " ") -> float:
        """How much the document is about `term`: 0 not at all, 1 about once, more in the title."""
        sought = f" {term}{ending}"
        times = self.body.count(sought)
        often = times / (times + OFTEN) * (1 + OFTEN) if times else 0.0
        return often + self.in_title if sought in self.title else often

    def is_named(self, phrase: Phrase) -> bool:
        """Does the title say all of `phrase`? A single word must be the whole title."""
        return (len(phrase) > 1 or self.is_one_word) and all(
            any(f" {term} " in self.title for term in word) for word in phrase
        )


def _folded(text: str) -> str:
    """As `analysis.fold`, which is slow on long texts."""
    for dotted, plain in _DOTS:
        text = text.replace(dotted, plain)
    return text


@dataclass(frozen=True)
class Answer:
    """`score` of a document and whether every word that says something is answered."""

    score: float
    is_whole: bool


def answers(said: Sequence[Asked], texts: Sequence[Text], typing: bool = False) -> list[Answer]:
    """Return how well each of `texts` answers the words, in the order of the texts."""
    shortest = [MIN_PREFIX + 1 for _word in said[:-1]] + [MIN_PREFIX + (not typing)]
    table = [
        [_answered(word, text, least) for word, least in zip(said, shortest, strict=True)]
        for text in texts
    ]
    weights = []
    for place, word in enumerate(said):
        having = sum(row[place][0] >= SURE for row in table)
        rare = math.log(1 + (len(texts) + 1) / (having + 0.5))
        weights.append(rare * (TOPIC if word.meanings else COMMON if word.is_common else 1.0))
    most = sum(weights) or 1.0
    found = []
    for row in table:
        score = covered = 0.0
        for weight, (sure, strength) in zip(weights, row, strict=True):
            score += weight * sure * strength
            covered += weight * sure
        telling = [
            sure for word, (sure, _s) in zip(said, row, strict=True) if not word.is_common
        ] or [sure for sure, _strength in row]
        found.append(
            Answer(score * (covered / most) ** WHOLE, all(sure >= SURE for sure in telling))
        )
    return found


def unanswered(said: Sequence[Asked], texts: Sequence[Text]) -> list[str]:
    """Words that none of `texts` says in any form: perhaps they are mistyped."""
    return [
        word.word
        for word in said
        if not word.meanings
        and not any(text.strength(term) for text in texts for term in (*word.terms, *word.joined))
    ]


def _answered(word: Asked, text: Text, least: int = MIN_PREFIX + 1) -> tuple[float, float]:
    """How sure it is that `text` says `word`, and how strongly it does: the best of all ways."""
    ways = [(ITSELF, _any(text, (*word.terms[:1], *word.joined)))]
    ways += [
        (ITSELF if place < 2 else KIN, text.strength(term)) for place, term in enumerate(word.terms)
    ]
    ways += [
        (OUR_WORD if len(phrase) > 1 or text.is_named(phrase) else LONE_WORD, _all(text, phrase))
        for phrase in word.meanings
    ]
    ways += [(MISTYPED, text.strength(term)) for term in word.instead]
    ways += [(HINT, _all(text, phrase)) for phrase in word.hints]
    if word.parts:
        strengths = [text.strength(part) for part in word.parts]
        # The last part says what it is: a "päevakeskus" is a "keskus".
        ways.append((ALL_PARTS, min(strengths)))
        ways.append((A_PART, max(strengths)))
    best = max(ways, key=lambda way: way[0] * way[1])
    if not best[1]:
        folded = analysis.fold(word.word)
        if len(folded) >= least:
            best = (BEGUN, text.strength(folded, ending=""))
    return best if best[1] else (0.0, 0.0)


def _any(text: Text, terms: Sequence[str]) -> float:
    return max((text.strength(term) for term in terms), default=0.0)


def _all(text: Text, phrase: Phrase) -> float:
    """How strongly `text` says all of `phrase`; more where it is the name of the document."""
    strength = min((_any(text, word) for word in phrase), default=0.0)
    return strength + NAMED if strength and text.is_named(phrase) else strength
