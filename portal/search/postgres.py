"""Estonian search in the CMS on PostgreSQL. The public search is `find`."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import QuerySet, TextField, Value
from modelsearch.backends.database.postgres.postgres import (
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)
from modelsearch.query import MATCH_NONE, Fuzzy, MatchAll, Not

from portal.search.analysis import fold
from portal.search.compiling import EstonianIndexMixin, FilteredByDatabaseMixin, node_of
from portal.search.expression import tsquery
from portal.search.indexing import ADDED, Document


class EstonianPostgresIndex(EstonianIndexMixin, PostgresIndex):
    """The stock index with our texts in it, folded in the vectors and as written beside them."""

    columns = ("title", "body", "autocomplete", "title_norm", "title_text", "body_text")

    def values(self, found: Document) -> dict[str, Any]:
        """Return the columns of an entry for a document."""
        return {
            "title": _vector(found.title, "A"),
            "body": _vector(found.body, "D"),
            "autocomplete": _vector(found.autocomplete, "D"),
            "title_norm": found.title_norm,
            "title_text": found.title,
            "body_text": found.body,
        }


def _vector(text: str, weight: str) -> SearchVector:
    # "simple" neither stems nor drops words: that is done already.
    words = fold(text.replace(ADDED, " "))
    return SearchVector(Value(words, output_field=TextField()), weight=weight, config="simple")


class EstonianPostgresQueryCompiler(FilteredByDatabaseMixin, PostgresSearchQueryCompiler):
    """Swaps words for their forms."""

    def search(
        self,
        config: Any,
        start: int | None,
        stop: int | None,
        score_field: str | None = None,
        backend: Any = None,
    ) -> QuerySet[Any]:
        """Return the matching rows of the compiler's queryset, the best first."""
        query: Any = self.query  # type: ignore[has-type]
        plain = isinstance(query, MatchAll | Fuzzy)
        inner = query.subquery if isinstance(query, Not) else query
        if not plain and node_of(inner, typing=self.LAST_TERM_IS_PREFIX) is None:
            # No word in it: nothing to look for.
            query = MATCH_NONE
        self.query = query
        # The whole index entry is searched; `fields` would need vectors made at each request.
        self.fields = None
        return super().search("simple", start, stop, score_field=score_field, backend=backend)

    def build_tsquery(self, query: Any, config: str | None = None) -> SearchQuery:
        """Return the tsquery of our question."""
        is_negated = isinstance(query, Not)
        node = node_of(query.subquery if is_negated else query, self.LAST_TERM_IS_PREFIX)
        sign = "!" if is_negated else ""
        words = tsquery(node) if node else "''"
        return SearchQuery(sign + words, search_type="raw", config="simple")

    def build_tsrank(
        self, vector: Any, query: Any, config: str | None = None, boost: float = 1.0
    ) -> SearchRank:
        """Return one rank for the whole question; the stock one ranks each word by itself."""
        return SearchRank(vector, self.build_tsquery(query))


class EstonianPostgresAutocompleteCompiler(
    EstonianPostgresQueryCompiler, PostgresAutocompleteQueryCompiler
):
    """The same over the texts that choosers complete from."""


class EstonianPostgresBackend(PostgresSearchBackend):
    query_compiler_class = EstonianPostgresQueryCompiler
    autocomplete_query_compiler_class = EstonianPostgresAutocompleteCompiler
    index_class = EstonianPostgresIndex
