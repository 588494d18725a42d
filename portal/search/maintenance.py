"""Keep the full-text index compact and the statistics fresh, so that the database uses both."""

from django.db import connection
from wagtail.search.models import IndexEntry


def analyze() -> None:
    """Merge the index's pieces and gather statistics after a large load."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            fts = f"{IndexEntry._meta.db_table}_fts"
            cursor.execute(f"INSERT INTO {fts}({fts}) VALUES ('optimize')")  # noqa: S608
        elif connection.vendor == "postgresql":
            # New words wait in a list that every search reads through.
            cursor.execute(
                "SELECT gin_clean_pending_list(indexname::regclass) FROM pg_indexes"
                " WHERE tablename = %s AND indexdef LIKE %s",
                [IndexEntry._meta.db_table, "% USING gin %"],
            )
        cursor.execute("ANALYZE")
