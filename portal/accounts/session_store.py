"""Sessions in the database, as Django keeps them, but honest about a database that is busy.

Django takes every failed save for a session that was ended meanwhile and answers 400, without the
typed text. And that somebody was seen a minute ago is no reason to fail or to make a reader wait.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError

from portal.accounts.sessions import SEEN_AT
from portal.base.busy import distrust_connections, is_busy
from portal.base.patience import SHORTEST, hurry


class SessionStore(db.SessionStore):
    """The engine of SESSION_ENGINE."""

    def load(self) -> dict[str, Any]:
        loaded: dict[str, Any] = super().load()
        self._as_loaded = dict(loaded)
        return loaded

    def save(self, must_create: bool = False) -> None:
        if must_create or not self._is_only_seen():
            self._save(must_create)
            return
        try:
            with hurry(SHORTEST):
                self._save(must_create)
        except Exception as error:
            if not is_busy(error):
                raise
            distrust_connections(error)

    def _save(self, must_create: bool) -> None:
        try:
            super().save(must_create)
        except UpdateError as error:
            if (cause := error.__context__) and is_busy(cause):
                raise cause from cause.__cause__
            raise

    def _is_only_seen(self) -> bool:
        """Has nothing changed but when its owner was seen last?"""
        before = getattr(self, "_as_loaded", None)
        now = getattr(self, "_session_cache", None)
        if before is None or now is None:
            return False
        return {**before, SEEN_AT: 0} == {**now, SEEN_AT: 0}
