"""PostgreSQL: pg_dump inside a snapshot of ours, pg_restore in one transaction."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.client import DatabaseClient

from portal.backup import Trouble
from portal.backup.programs import find

PIECE = 256 * 1024
# Where the tables that are replaced stand until the new ones are whole.
ASIDE = "replaced_by_restore"


def _command(name: str, *options: str) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment for a program; the password is in the latter."""
    # Behind the mark stands the name of the database, unless a service names it.
    mark = "--"
    settings = connection.settings_dict
    arguments, env = DatabaseClient.settings_to_cmd_args_env(settings, [mark])
    login, named = arguments[1 : arguments.index(mark)], arguments[arguments.index(mark) + 1 :]
    database = named[0] if named else f"service={settings['OPTIONS']['service']}"
    program = find(name, _server())
    return (
        [str(program), *login, f"--dbname={database}", *options],
        {**os.environ, **(env or {})},
    )


def _server() -> int:
    """The major version of the server."""
    connection.ensure_connection()
    return connection.pg_version // 10000  # type: ignore[attr-defined]


def _last_words(said: BinaryIO) -> str:
    said.seek(0)
    lines = [line.strip() for line in said.read().decode(errors="replace").splitlines()]
    return next((line for line in lines if line), "it said nothing")


class PostgresSnapshot:
    """One moment of the database, exported so that pg_dump sees the same."""

    def __init__(self, wrapper: Any) -> None:
        self._wrapper = wrapper
        self.server = f"PostgreSQL {_server()}"

    def ask(self, statement: str) -> Iterator[tuple[Any, ...]]:
        with self._wrapper.cursor() as cursor:
            cursor.execute(statement)
            return iter(cursor.fetchall())

    def pieces(self) -> Iterator[bytes]:
        """The dump, as pg_dump's own format; what it holds is pressed by us."""
        ((name,),) = self.ask("SELECT pg_export_snapshot()")
        command, env = _command(
            "pg_dump",
            *("--format=custom", "--compress=0", f"--snapshot={name}", f"--exclude-schema={ASIDE}"),
            *("--no-owner", "--no-privileges", "--lock-wait-timeout=20000"),
        )
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(  # noqa: S603 a program of the system, fixed arguments
                command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
            )
            try:
                assert process.stdout is not None  # noqa: S101 a pipe was asked for
                while piece := process.stdout.read(PIECE):
                    yield piece
                if process.wait():
                    raise Trouble(f"pg_dump stopped: {_last_words(said)}")
            finally:
                process.kill()
                process.wait()


class PostgresReceiver:
    """Feeds pg_restore, which fills the schema in one transaction or not at all."""

    def __init__(self) -> None:
        # Asked first: a missing program must not be found out with the tables set aside.
        command, env = _command(
            "pg_restore",
            *("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"),
        )
        self._was_empty = _is_empty()
        if not self._was_empty:
            _run(
                f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE",
                f"ALTER SCHEMA public RENAME TO {ASIDE}",
                "CREATE SCHEMA public",
            )
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 closed in finish and undo
        self._process = subprocess.Popen(  # noqa: S603 a program of the system, fixed arguments
            command,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
        )

    def write(self, data: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101 a pipe was asked for
        try:
            self._process.stdin.write(data)
        except BrokenPipeError:
            self._process.wait()
            raise Trouble(f"pg_restore stopped: {_last_words(self._said)}") from None

    def finish(self) -> None:
        try:
            self._process.communicate()
        except BrokenPipeError:
            self._process.wait()
        if self._process.returncode:
            raise Trouble(f"pg_restore stopped: {_last_words(self._said)}")

    def keep(self) -> None:
        _run(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE", "ANALYZE")

    def undo(self) -> None:
        self._process.kill()
        self._process.wait()
        self._said.close()
        if not self._was_empty:
            _run(
                "DROP SCHEMA public CASCADE",
                f"ALTER SCHEMA {ASIDE} RENAME TO public",
            )
        elif not _is_empty():
            _run("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


class Postgres:
    """The database of the settings; its tables stand in the schema `public`."""

    kind = "postgresql"

    def __init__(self) -> None:
        self.name = str(connection.settings_dict["NAME"])

    @contextmanager
    def snapshot(self) -> Iterator[PostgresSnapshot]:
        wrapper: Any = connections.create_connection(DEFAULT_DB_ALIAS)
        try:
            wrapper.ensure_connection()
            wrapper.set_autocommit(False)
            with wrapper.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                # It waits while pg_dump works.
                cursor.execute("SET idle_in_transaction_session_timeout = 0")
            yield PostgresSnapshot(wrapper)
        finally:
            wrapper.close()

    def is_empty(self) -> bool:
        return _is_empty()

    def is_in_use(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            return bool(cursor.fetchone()[0])

    def receiver(self) -> PostgresReceiver:
        return PostgresReceiver()


def _is_empty() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        return not cursor.fetchone()[0]


def _run(*statements: str) -> None:
    """Run them in one transaction."""
    from django.db import transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
