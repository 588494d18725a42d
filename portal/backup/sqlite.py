"""SQLite: copied through a reader's connection, which in WAL keeps no writer waiting."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from portal.backup import Trouble

PIECE = 256 * 1024
BESIDE = ("-wal", "-shm", "-journal")
PATIENCE = 20


def _open(path: Path, how: str) -> sqlite3.Connection:
    """Open without Django; no transaction begins by itself."""
    address = f"file:{quote(str(path))}?{how}"
    opened = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)
    # What stands there is counted and compared, never read as text.
    opened.text_factory = lambda data: data.decode(errors="replace")
    return opened


class SqliteSnapshot:
    """One moment of the file, held by an open read transaction."""

    server = f"SQLite {sqlite3.sqlite_version}"

    def __init__(self, source: sqlite3.Connection, folder: Path) -> None:
        self._source = source
        self._folder = folder

    def ask(self, statement: str) -> Iterator[tuple[Any, ...]]:
        return iter(self._source.execute(statement))

    def pieces(self) -> Iterator[bytes]:
        """The whole file as it was at that moment."""
        handle, name = tempfile.mkstemp(prefix=".backup-", dir=self._folder)
        with os.fdopen(handle, "rb") as copy:
            try:
                with closing(sqlite3.connect(name)) as target:
                    target.execute("PRAGMA journal_mode=OFF")
                    target.execute("PRAGMA synchronous=OFF")
                    # No name from here on: even after a kill no copy stays behind in the clear.
                    os.unlink(name)
                    self._source.backup(target, pages=-1)
            except sqlite3.Error as error:
                raise Trouble(f"The database could not be copied: {error}.") from None
            finally:
                Path(name).unlink(missing_ok=True)
            while piece := copy.read(PIECE):
                yield piece


class SqliteReceiver:
    """Writes beside the database file and renames in the end."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._draft = place.with_name(f".{place.name}.restoring")
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        self._file = os.fdopen(os.open(self._draft, flags, 0o600), "wb")
        self.write = self._file.write

    def finish(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        with closing(_open(self._draft, "immutable=1")) as copy:
            try:
                (said,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
                orphan = copy.execute("PRAGMA foreign_key_check").fetchone()
            except sqlite3.DatabaseError as error:
                raise Trouble(f"The database in the copy cannot be read: {error}.") from None
        if said != "ok":
            raise Trouble(f"The database in the copy is not whole: {said}.")
        if orphan:
            raise Trouble(f"In the copy a row of {orphan[0]} points at nothing.")

    def keep(self) -> None:
        connection.close()
        for suffix in BESIDE:
            # A log left by another database would be read into this one.
            Path(f"{self._place}{suffix}").unlink(missing_ok=True)
        os.replace(self._draft, self._place)
        _sync(self._place.parent)

    def undo(self) -> None:
        self._file.close()
        self._draft.unlink(missing_ok=True)


class Sqlite:
    """The file of the settings."""

    kind = "sqlite"

    def __init__(self) -> None:
        self.name = str(connection.settings_dict["NAME"])
        self._file = Path(self.name)
        if ":memory:" in self.name or "mode=memory" in self.name:
            raise Trouble("The database stands in memory only: there is nothing to keep.")

    @contextmanager
    def snapshot(self) -> Iterator[SqliteSnapshot]:
        if not self._file.exists():
            raise Trouble(f"There is no database at {self._file}.")
        with closing(_open(self._file, "mode=ro")) as source:
            try:
                source.execute("BEGIN")
                (said,) = source.execute("PRAGMA quick_check(1)").fetchone()
            except sqlite3.DatabaseError as error:
                raise Trouble(f"The database cannot be read: {error}.") from None
            if said != "ok":
                # Copies of it would push the good ones out.
                raise Trouble(f"The database is damaged, no copy is made of it: {said}.")
            yield SqliteSnapshot(source, self._file.parent)

    def is_empty(self) -> bool:
        if not self._file.exists() or self._file.stat().st_size == 0:
            return True
        with closing(_open(self._file, "mode=rw")) as there:
            try:
                return not there.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            except sqlite3.DatabaseError:
                return False

    def is_in_use(self) -> bool:
        if not self._file.exists():
            return False
        connection.close()
        with closing(_open(self._file, "mode=rw")) as there:
            there.execute("PRAGMA busy_timeout=2000")
            try:
                # Only who is alone may leave WAL; the next start goes back to it.
                (mode,) = there.execute("PRAGMA journal_mode=DELETE").fetchone()
            except sqlite3.OperationalError:
                return True
            except sqlite3.DatabaseError:
                return False  # nobody can work with a file that is no database
        return mode == "wal"

    def receiver(self) -> SqliteReceiver:
        return SqliteReceiver(self._file)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
