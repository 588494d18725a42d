"""A database as one stream of bytes: out of it while people work, and into an empty one."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

from django.db import connection

from portal.backup import Trouble


class Snapshot(Protocol):
    """One moment of a database. What is asked and what is copied are of the same moment."""

    server: str

    def ask(self, statement: str, /) -> Iterable[tuple[Any, ...]]: ...

    def pieces(self) -> Iterator[bytes]: ...


class Receiver(Protocol):
    """Takes a copied database, beside what is there; only `keep` puts it in its place."""

    def write(self, data: bytes, /) -> object: ...

    def finish(self) -> None:
        """All bytes are there: check them. Raises Trouble."""

    def keep(self) -> None: ...

    def undo(self) -> None:
        """Leave everything as it was before."""


class Database(Protocol):
    """The database of the settings. `kind` is what Django calls its vendor."""

    kind: str
    name: str

    def snapshot(self) -> AbstractContextManager[Snapshot]: ...

    def is_empty(self) -> bool: ...

    def is_in_use(self) -> bool:
        """Does anybody else have it open? Asked before it is replaced."""

    def receiver(self) -> Receiver: ...


def database() -> Database:
    """The database of the settings, as something to copy and to bring back."""
    if connection.vendor == "sqlite":
        from portal.backup.sqlite import Sqlite

        return Sqlite()
    if connection.vendor == "postgresql":
        from portal.backup.postgres import Postgres

        return Postgres()
    raise Trouble(f"Backups know SQLite and PostgreSQL, not {connection.display_name}.")
