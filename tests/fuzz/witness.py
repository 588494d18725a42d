"""Everything that is stored, as a digest of each table."""

import hashlib

from django.db import connection


def everything() -> dict[str, str]:
    """Table → digest of all its rows."""
    found = {}
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {quote(table)}")
            rows = sorted(map(repr, cursor.fetchall()))
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The tables that are not as they were."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
