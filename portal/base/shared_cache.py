"""What all processes share for a while: above all, how often a password or a code was tried.

Redis where the settings name one, else a table. While Redis is away or frozen the same table keeps
the counts, so no gate opens and no page waits: who loses Redis loses nothing but speed. What the
CMS keeps (which site stands where) is memory of the process, named by the content version.

The table is strict where Django's own is not: a count that cannot be stored raises, and reading
never writes.
"""

import base64
import datetime as dt
import logging
import pickle
import random
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.db import DatabaseError, connection
from django.utils import timezone

from portal.base import content_version

logger = logging.getLogger(__name__)

# An answer that takes longer comes too late for the page that asked.
REDIS_WAIT = 0.5
# How long a Redis that has failed is left alone by this process.
REST = 15.0
# Nobody is counted by these: they may be drawn anew at any time.
OF_THE_CMS = "wagtail"

# Counting all rows takes a while; a few too many do no harm.
CULLED_ONCE_IN = 0.01
FOR_EVER = dt.datetime(2999, 1, 1, tzinfo=dt.UTC).timestamp()

_resting_until = 0.0


class SharedCache(DatabaseCache):
    """LOCATION is the table; the option REDIS_URL names a Redis that is asked first."""

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        options = dict(params.get("OPTIONS", {}))
        url = options.pop("REDIS_URL", "")
        params = {**params, "OPTIONS": options}
        super().__init__(table, params)
        self._name = table
        self._memory = LocMemCache("shared-cache", {"OPTIONS": {"MAX_ENTRIES": 1000}})
        self._redis = _redis_at(url, params) if url else None
        self._is_reading = False

    # --- What Django's caches can do -------------------------------------------------------------

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self.get_many([key], version).get(key, default)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        counted = [key for key in keys if not _is_of_the_cms(key)]
        names = {key: _named(key) for key in keys if _is_of_the_cms(key)}
        kept = self._memory.get_many(names.values(), version)
        here = {key: kept[name] for key, name in names.items() if name in kept}
        if not counted:
            return here
        self._is_reading = True
        try:
            return here | self._try("get_many", counted, version=version)
        finally:
            self._is_reading = False

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        if _is_of_the_cms(key):
            self._memory.set(_named(key), value, timeout, version)
        else:
            self._try("set", key, value, timeout=timeout, version=version)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        if _is_of_the_cms(key):
            return self._memory.add(_named(key), value, timeout, version)
        return bool(self._try("add", key, value, timeout=timeout, version=version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        if _is_of_the_cms(key):
            return self._memory.touch(_named(key), timeout, version)
        return bool(self._try("touch", key, timeout=timeout, version=version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        if _is_of_the_cms(key):
            return self._memory.delete(_named(key), version)
        return bool(self._try("delete", key, version=version))

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        for key in keys:
            self.delete(key, version)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return key in self.get_many([key], version)

    def clear(self) -> None:
        self._memory.clear()
        self._try("clear")

    # --- Redis first, then the table -------------------------------------------------------------

    def _try(self, name: str, *arguments: Any, **options: Any) -> Any:
        global _resting_until
        if self._redis is not None and time.monotonic() >= _resting_until:
            try:
                return getattr(self._redis, name)(*arguments, **options)
            except Exception as error:
                if not _is_of_redis(error):
                    raise
                _resting_until = time.monotonic() + REST
                # The class alone: the text holds the address, and that may hold a password.
                logger.warning("cache: %s, the table counts meanwhile", type(error).__name__)
        return getattr(super(), name)(*arguments, **options)

    # --- The table, strict -----------------------------------------------------------------------

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """One statement that stores or raises; False: `add` found something that is still good.

        Django's own keeps silent when it could not store, and a guesser would have a try for free.
        """
        if mode == "touch":
            return bool(super()._base_set(mode, key, value, timeout))  # type: ignore[misc]
        if random.random() < CULLED_ONCE_IN:  # noqa: S311 - no secret
            self._cull_if_full()
        kept = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("latin1")
        now = timezone.now().replace(microsecond=0)
        ends = self.get_backend_timeout(timeout)
        until = dt.datetime.fromtimestamp(min(ends or FOR_EVER, FOR_EVER), dt.UTC)
        adapt, table = (
            connection.ops.adapt_datetimefield_value,
            connection.ops.quote_name(self._name),
        )
        # The only name in it is that of our own table.
        sql = (
            f"INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s)"  # noqa: S608
            " ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value,"
            " expires = excluded.expires"
        )
        values = [key, kept, adapt(until.replace(microsecond=0))]
        if mode == "add":
            sql, values = f"{sql} WHERE {table}.expires < %s", [*values, adapt(now)]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return bool(cursor.rowcount)

    def _cull_if_full(self) -> None:
        table = connection.ops.quote_name(self._name)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608
            number = cursor.fetchone()[0]
            if number > self._max_entries:
                self._cull(  # type: ignore[attr-defined]
                    connection.alias, cursor, timezone.now(), number
                )

    def _base_delete_many(self, keys: Any) -> bool:
        """What has run out goes when there is need of room: a reader never waits for the lock."""
        if self._is_reading:
            return False
        return bool(super()._base_delete_many(keys))  # type: ignore[misc]


def _redis_at(url: str, params: dict[str, Any]) -> RedisCache:
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    options = {
        "socket_connect_timeout": REDIS_WAIT,
        "socket_timeout": REDIS_WAIT,
        # The client would try four times by itself, each as long.
        "retry": Retry(NoBackoff(), 0),
    }
    return RedisCache(url, {**params, "OPTIONS": options})


def _is_of_redis(error: Exception) -> bool:
    return type(error).__module__.startswith("redis.") or isinstance(error, OSError)


def _is_of_the_cms(key: Any) -> bool:
    return str(key).startswith(OF_THE_CMS)


def _named(key: Any) -> str:
    """The key under today's content: a change in another process is not asked for any more."""
    try:
        version = content_version.current()
    except DatabaseError:
        version = ""
    return f"{key}:{version}"
