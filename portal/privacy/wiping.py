"""After rows are gone: nothing of them stays in the file of the database, nor in the cache.

SQLite: every connection overwrites what it deletes (`secure_delete`); here the write-ahead log is
taken into the file and cut to nothing, and the file is written anew, because a page that was once
split may hold a second copy of a row. PostgreSQL: the tables are vacuumed, so that new rows take
the place; `rewrite` writes them anew, for which each is closed for a moment.
docs/operations.md says what stays outside of our reach.
"""

import logging
import time
from collections.abc import Iterable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, connection
from django.utils import timezone

from portal.base import personal

logger = logging.getLogger(__name__)

# How long somebody else's reading may keep the write-ahead log from being cut, in seconds.
PATIENCE = 20


def wipe(*, rewrite: bool = False) -> bool:
    """Leave no trace of deleted rows; False if somebody's long reading was in the way.

    Outside of a transaction. `rewrite`: on PostgreSQL, also write the tables anew.
    """
    forget_cache()
    if connection.in_atomic_block:
        # Only tests do: what is not committed cannot be wiped.
        return True
    try:
        return _postgres(rewrite) if connection.vendor == "postgresql" else _sqlite()
    except DatabaseError as error:
        logger.warning("traces of deleted rows are not wiped yet: %s", type(error).__name__)
        return False


def forget_cache(ids: Iterable[str] = ()) -> None:
    """Drop what is out of date in a cache that is a table; with `ids`, what is named by them."""
    for cache in caches.all(initialized_only=False):
        if not isinstance(cache, DatabaseCache):
            continue
        table = connection.ops.quote_name(cache._table)  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [_now()])  # noqa: S608
            for one in ids:
                cursor.execute(
                    f"DELETE FROM {table} WHERE cache_key LIKE %s",  # noqa: S608
                    [f"%{one}%"],
                )


def _now() -> Any:
    # As DatabaseCache itself writes it: without a zone, to the second.
    now = timezone.now().replace(microsecond=0)
    return connection.ops.adapt_datetimefield_value(now)


def _sqlite() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        # The new file stands in the write-ahead log first.
        deadline = time.monotonic() + PATIENCE
        while True:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if not cursor.fetchone()[0]:
                return True
            if time.monotonic() > deadline:
                logger.warning("the write-ahead log could not be cut: somebody reads all the time")
                return False
            time.sleep(0.2)


def _postgres(rewrite: bool) -> bool:
    quote = connection.ops.quote_name
    tables = {one.model._meta.db_table for one in personal.declarations() if one.paths}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"VACUUM {'(FULL)' if rewrite else ''} {quote(table)}")
    return True
