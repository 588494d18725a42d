"""What the query compilers and indexes of both databases share."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from modelsearch.query import And, Boost, MatchAll, Not, Or, Phrase, PlainText, SearchQuery
from modelsearch.utils import get_content_type_pk
from wagtail.search.models import IndexEntry

from portal.search import question
from portal.search.expression import Node, Without, all_of, any_of
from portal.search.indexing import Document, document


class EstonianIndexMixin:
    """Writes analysed texts, and with them how much a title is about each of its words.

    The stock norm compares with the average of all titles and reads the whole table at each save.
    """

    entries: Any
    # Columns that are written anew when the entry is there already.
    columns: tuple[str, ...] = ("title", "body", "autocomplete", "title_norm")

    def add_items(self, model: type[models.Model], objs: Iterable[models.Model]) -> None:
        """Insert or replace the index entries of `objs`."""
        content_type_id = get_content_type_pk(model)
        fresh = {str(obj.pk): self.values(document(obj)) for obj in objs}
        self.entries.bulk_create(
            [
                IndexEntry(content_type_id=content_type_id, object_id=object_id, **values)
                for object_id, values in fresh.items()
            ],
            update_conflicts=True,
            unique_fields=["content_type", "object_id"],
            update_fields=self.columns,
        )

    def values(self, found: Document) -> dict[str, Any]:
        """Return the columns of an entry for a document."""
        return {
            "title": found.title,
            "body": found.body,
            "autocomplete": found.autocomplete,
            "title_norm": found.title_norm,
        }

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Do nothing: the norm is written with the title."""


class FilteredByDatabaseMixin:
    """Leaves filters and order to the database, which needs no index field to know a column."""

    def check(self) -> None:
        """Refuse nothing: the stock check raises for filters that only a search server lacks."""


def node_of(query: SearchQuery, typing: bool = False) -> Node | None:
    """Return the full-text question of a Wagtail query object; nothing if it holds no word."""
    if isinstance(query, PlainText):
        if query.operator.lower() == "or":
            return question.any_word(query.query_string)
        return question.all_words(query.query_string, typing)
    if isinstance(query, Phrase):
        return question.phrase(query.query_string)
    if isinstance(query, Boost):
        return node_of(query.subquery, typing)
    if isinstance(query, Or):
        return any_of(node_of(part, typing) for part in query.subqueries)
    if isinstance(query, And):
        wanted = all_of(node_of(part, typing) for part in query.subqueries if _speaks(part))
        unwanted = any_of(
            node_of(part.subquery) for part in query.subqueries if isinstance(part, Not)
        )
        return Without(wanted, unwanted) if wanted and unwanted else wanted
    return None


def _speaks(query: SearchQuery) -> bool:
    return not isinstance(query, Not | MatchAll)
