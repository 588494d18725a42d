"""Estonian search in the CMS on SQLite. The public search is `find`."""

from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, NullIf, StrIndex
from modelsearch.backends.database.sqlite.query import MatchExpression
from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from modelsearch.query import MatchAll, Not
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.search.models import SQLiteFTSIndexEntry

from portal.search import find
from portal.search.compiling import EstonianIndexMixin, FilteredByDatabaseMixin, node_of
from portal.search.expression import Node, fts5


class EstonianSQLiteIndex(EstonianIndexMixin, SQLiteIndex):
    """The stock index with our texts in it."""


class EstonianSQLiteQueryCompiler(FilteredByDatabaseMixin, SQLiteSearchQueryCompiler):
    """Swaps words for their forms, and the stock order, which is quadratic, for a bounded one."""

    tiers: tuple[str, ...] = (find.TITLE, find.EVERYWHERE)

    def search(
        self, config: Any, start: int | None, stop: int | None, score_field: str | None = None
    ) -> QuerySet[Any]:
        """Return the matching rows of the compiler's queryset, the best first."""
        query, is_negated = self.query, False
        if isinstance(query, MatchAll):
            return self.queryset[start:stop]
        if isinstance(query, Not):
            query, is_negated = query.subquery, True
        node = node_of(query, typing=self.LAST_TERM_IS_PREFIX)
        if node is None:
            # No word in it; "not everything" is nothing too.
            return self.queryset.none()
        if is_negated:
            return self.queryset.exclude(pk__in=self._matching(node)).order_by("-pk")[start:stop]
        found = self.queryset.filter(pk__in=self._matching(node))
        if score_field is not None or self.order_by_relevance:
            found = found.annotate(**{score_field or "_place": self._place(node)})
        if self.order_by_relevance:
            found = found.order_by(F(score_field or "_place").asc(nulls_last=True), "-pk")
        elif not found.query.order_by:
            # Without an order, pages of a listing would overlap.
            found = found.order_by("-pk")
        return found[start:stop]

    def _matching(self, node: Node) -> QuerySet[Any]:
        """The ids of everything that matches; the queryset's own filters decide what is seen."""
        return SQLiteFTSIndexEntry.objects.filter(
            MatchExpression(self.FTS_TABLE_FIELDS, Value(fts5(node))),
            index_entry__content_type__in=get_descendants_content_types_pks(self.queryset.model),
        ).values("index_entry__object_id")

    def _place(self, node: Node) -> Any:
        """Where a row stands among the thousand best; those beyond share the end."""
        hits = find.ranked([(node, where) for where in self.tiers], [self.queryset.model])
        to_id = self.queryset.model._meta.pk.to_python
        ids = ",".join(str(to_id(hit.pk)).replace("-", "") for hit in hits)
        key = Concat(Value(","), Cast("pk", TextField()), Value(","))
        return NullIf(StrIndex(Value(f",{ids},"), key), Value(0))


class EstonianSQLiteAutocompleteCompiler(
    EstonianSQLiteQueryCompiler, SQLiteAutocompleteQueryCompiler
):
    """The same over the texts that choosers complete from."""

    tiers = (find.BEGINNINGS,)


class EstonianSQLiteBackend(SQLiteSearchBackend):
    query_compiler_class = EstonianSQLiteQueryCompiler
    autocomplete_query_compiler_class = EstonianSQLiteAutocompleteCompiler
    index_class = EstonianSQLiteIndex
