"""A stalled database must not take the whole house down with it.

Whoever writes waits up to twenty seconds for a lock, and holds a thread of the web process as long.
When all threads wait, public pages wait behind them. So the last thread of a process waits only a
little, and hardly at all where another has just waited in vain: then the answer is known.
"""

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus

from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.base.http import Handler, is_private

# Threads of one web process (portal/settings/gunicorn.py).
THREADS = 4
# Seconds that the request in the last thread waits for a lock.
SHORT = 5.0
# The same right after another has waited in vain.
SHORTEST = 1.0
STALLED_FOR = 5.0

_under_way: set[int] = set()
_stalled_until = 0.0
_numbers = itertools.count()
_lock = threading.Lock()


class PatienceMiddleware:
    """Counts the requests of the private half that are under way in this process."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_private(request.path_info) and request.method in ("GET", "HEAD"):
            return self.get_response(request)
        number, now = next(_numbers), time.monotonic()
        with _lock:
            seconds = lock_wait(len(_under_way), now)
            _under_way.add(number)
        try:
            if seconds is None:
                return self.get_response(request)
            return self._hurried(request, seconds)
        finally:
            with _lock:
                _under_way.discard(number)

    def _hurried(self, request: HttpRequest, seconds: float) -> HttpResponseBase:
        global _stalled_until
        # A database that is away gets its proper answer further in.
        with hurry(seconds):
            response = self.get_response(request)
        in_vain = response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        _stalled_until = time.monotonic() + STALLED_FOR if in_vain else 0.0
        return response


def lock_wait(under_way: int, now: float) -> float | None:
    """How long a newcomer may wait for a lock beside so many others; None: as usual."""
    if under_way < THREADS - 1:
        return None
    return SHORTEST if now < _stalled_until else SHORT


@contextmanager
def hurry(seconds: float) -> Iterator[None]:
    """Inside, statements of this thread wait at most so long for a lock."""
    is_set = False
    with suppress(DatabaseError):
        set_lock_wait(seconds)
        is_set = True
    try:
        yield
    finally:
        if is_set:
            reset_lock_wait()


def set_lock_wait(seconds: float) -> None:
    """How long statements of this thread's connection wait for a lock from now on."""
    milliseconds = int(seconds * 1000)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
        else:
            cursor.execute(f"SET lock_timeout = {milliseconds}")


def reset_lock_wait() -> None:
    """Back to what the settings say; a connection that is gone begins with that anyway."""
    if connection.connection is None:
        return
    try:
        if connection.vendor == "sqlite":
            set_lock_wait(connection.settings_dict["OPTIONS"].get("timeout", 5))
        else:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
    except DatabaseError:
        connection.close()
