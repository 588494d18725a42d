"""Words that public texts use, for "did you mean": never a word that only a draft holds."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from modelsearch.index import get_indexed_models
from modelsearch.utils import get_descendants_content_types_pks
from rapidfuzz import process
from rapidfuzz.distance import OSA
from wagtail.models import Page
from wagtail.search.models import IndexEntry

from portal.base.memo import per_content_version
from portal.search import analysis, synonyms, words
from portal.search.indexing import ADDED

# Enough for a network's catalogue; reading a hundred thousand texts would not be a suggestion.
MAX_TEXTS = 600
MIN_LETTERS = 4
# Two letters wrong in eight; fewer in short words.
LIKENESS = 0.72


@dataclass(frozen=True)
class Vocabulary:
    """Public words by their folded form, how often they stand, and every term they count as."""

    spelling: dict[str, str]
    count: dict[str, int]
    known: frozenset[str]


def did_you_mean(text: str) -> str | None:
    """Return `text` with its unknown words put right, or nothing if none could be."""
    typed = analysis.tokens(analysis.normal(text[: analysis.MAX_QUERY_CHARACTERS]))
    if not typed:
        return None
    said = [token.word for token in typed[: analysis.MAX_QUERY_WORDS]]
    instead = corrections(said)
    return " ".join(instead.get(word, word) for word in said) if instead else None


def corrections(said: Iterable[str]) -> dict[str, str]:
    """Return the known word for each of the mistyped ones; a word that is right is left out.

    It reads public texts once per content version.
    """
    found = _vocabulary()
    right = {word: _corrected(word, found) for word in said}
    return {word: other for word, other in right.items() if other != word}


def _corrected(word: str, vocabulary: Vocabulary) -> str:
    """Return the public word nearest to `word`; `word` itself if it is known or too odd."""
    folded = analysis.fold(word)
    if len(word) < MIN_LETTERS or word.isdigit() or word in words.STOP:
        return word
    if analysis.is_plain_word(word) or analysis.is_foreign_word(word):
        # It is what it is, though our texts do not say it.
        return word
    if not vocabulary.known.isdisjoint(analysis.terms(word)):
        return word
    near = process.extract(
        folded,
        vocabulary.spelling.keys(),
        scorer=OSA.normalized_similarity,
        score_cutoff=LIKENESS - 0.2,
        limit=20,
    )
    best, standing = word, (LIKENESS, 0)
    for candidate, _likeness, _place in near:
        as_written = vocabulary.spelling[candidate]
        # The texts may hold only "psühholoogiga" where "psühholoog" was meant.
        for spelling in (as_written, *analysis.lemmas(as_written)):
            likeness = OSA.normalized_similarity(folded, analysis.fold(spelling))
            if (likeness, vocabulary.count[candidate]) > standing:
                best, standing = spelling, (likeness, vocabulary.count[candidate])
    return best


@per_content_version
def _vocabulary() -> Vocabulary:
    """Return the words of all public texts in the index."""
    count: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    known: set[str] = set()
    for rows in _public_rows():
        for text in _texts(rows):
            plain, _bar, added = text.partition(ADDED)
            known.update(added.split())
            for word in plain.split():
                folded = analysis.fold(word)
                known.add(folded)
                if len(word) >= MIN_LETTERS and not word.isdigit():
                    count[folded] += 1
                    spelling.setdefault(folded, word)
    for folded, word in synonyms.table().spellings.items():
        # What people say may be mistyped too.
        spelling.setdefault(folded, word)
        count[folded] += 1
        known.update(analysis.terms(word))
    return Vocabulary(spelling, dict(count), frozenset(known))


def _public_rows() -> list[QuerySet[Any]]:
    """Return what anybody may see of each indexed model that can say so with `public()`."""
    found: list[QuerySet[Any]] = [Page.objects.live().public()]
    for model in get_indexed_models():
        if not issubclass(model, Page) and hasattr(model._default_manager, "public"):
            found.append(model._default_manager.public())
    return found


def _texts(rows: QuerySet[Any]) -> list[str]:
    """Return the indexed texts of the first rows."""
    keys = [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)[:MAX_TEXTS]]
    columns = {field.name for field in IndexEntry._meta.fields}
    # PostgreSQL keeps the readable texts beside the vectors.
    names = ("title_text", "body_text") if "title_text" in columns else ("title", "body")
    entries = IndexEntry.objects.filter(
        content_type__in=get_descendants_content_types_pks(rows.model), object_id__in=keys
    )
    return [text or "" for pair in entries.values_list(*names) for text in pair]
