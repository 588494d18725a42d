"""From an object to what the index keeps of it: words as written, then what they stand for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from modelsearch.index import AutocompleteField, RelatedFields, SearchField

from portal.search import analysis, words

# Stands between the words as written and what the analysis adds; no tokeniser keeps it.
ADDED = " | "
MAX_REPEATS = 3


class EstonianSearchField(SearchField):
    """A field to search in, on pages and plain models alike.

    Our backend analyses every search field, Wagtail's own too. This one says more: `is_title`
    puts the text among the titles (hits there come first), and `boost` counts it that many times.
    """

    def __init__(self, field_name: str, boost: float | None = None, is_title: bool = False) -> None:
        super().__init__(field_name, boost=boost)
        self.is_title = is_title or field_name == "title"


@dataclass(frozen=True)
class Document:
    """The three texts of an index entry."""

    title: str
    body: str
    autocomplete: str

    @property
    def title_norm(self) -> float:
        """How much the title is about one of its words: 1 for a single word, 0.5 for four."""
        return float(max(1, len(self.title.partition(ADDED)[0].split())) ** -0.5)


def index_text(text: str) -> str:
    """Return the words of `text` as written and, after `ADDED`, their lemmas, parts and joins."""
    plain: list[str] = []
    added: list[str] = []
    previous: analysis.Token | None = None
    for token in analysis.tokens(analysis.normal(text)):
        word = token.word
        plain.append(word)
        if word not in words.STOP:
            added += analysis.terms(word)[1:]
            added += (term for part in analysis.parts(word) for term in analysis.terms(part))
            if previous and token.follows:
                together = analysis.joined(previous.word, word)
                if together:
                    added.append(together)
        previous = token
    return " ".join(plain) + ADDED + " ".join(added)


def document(obj: models.Model) -> Document:
    """Return what the index keeps of `obj`, by the search fields of its model."""
    titles: list[str] = []
    bodies: list[str] = []
    beginnings: list[str] = []
    for field, text, is_own in _values(obj, obj.get_search_fields()):  # type: ignore[attr-defined]
        if isinstance(field, AutocompleteField):
            beginnings.append(text)
        elif is_own and getattr(field, "is_title", field.field_name == "title"):
            titles.append(text)
        else:
            bodies += [text] * min(MAX_REPEATS, max(1, round(field.boost or 1)))
    return Document(
        title=index_text("\n".join(titles)),
        body=index_text("\n".join(bodies)),
        autocomplete=index_text("\n".join(beginnings)),
    )


def _values(
    obj: Any, fields: Iterable[Any], is_own: bool = True
) -> Iterator[tuple[Any, str, bool]]:
    """Yield (field, text, whether it is the object's own) through related fields."""
    for field in fields:
        if isinstance(field, RelatedFields):
            related = field.get_value(obj)
            if related is None:
                continue
            many = isinstance(related, models.Manager)
            for row in related.all() if many else [related() if callable(related) else related]:
                yield from _values(row, field.fields, is_own=False)
        elif isinstance(field, SearchField | AutocompleteField):
            text = _text(field.get_value(obj))
            if text:
                yield field, text, is_own


def _text(value: Any) -> str:
    """Return a field's value as text; the line breaks keep neighbours apart."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        value = value.values()
    if isinstance(value, Iterable):
        return "\n".join(_text(item) for item in value)
    return str(value)
