"""Databases made once from the real migrations, then copied: migrations dominate the time.

A template is kept under build/ (SQLite) or on the server (PostgreSQL) by a name that carries a
fingerprint of what it was made from, so a changed migration makes a new one.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import environ
import psycopg
from psycopg import sql

from portal.make.stamps import ROOT, fingerprint
from portal.management.commands.prepare import static_fingerprint

DEMO = "portal.settings.demo"
KEPT = ROOT / "build" / "test-templates"
APPS = [ROOT / name for name in ("portal", "catalogue", "network", "home")]


def database_url() -> str:
    """Return the address of the database that the tests run on; empty means SQLite."""
    return os.environ.get("DATABASE_URL", "")


def on_postgres() -> bool:
    return database_url().startswith(("postgres", "psql", "pgsql"))


@contextmanager
def only_one() -> Iterator[None]:
    """Keep the workers of one machine from making the same thing twice."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def manage(*arguments: str, settings: str, **env: str) -> None:
    """Run a management command in a process of its own; its complaint becomes ours."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": settings, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def migrations_fingerprint() -> str:
    """Return the hash of everything that decides what a migrated database looks like."""
    files = [ROOT / "requirements.lock", ROOT / "portal" / "settings" / "base.py"]
    for app in APPS:
        files += [*app.rglob("migrations/*.py"), *app.rglob("apps.py")]
    files += (ROOT / "portal" / "access").rglob("*.py")
    return fingerprint(sorted(files))[:16]


def code_fingerprint() -> str:
    """Return the hash of everything that decides what the starter content looks like."""
    files = sorted(file for app in APPS for file in app.rglob("*.py"))
    starter = ROOT / "portal" / "starter" / "data"
    return fingerprint([starter, *files, ROOT / "requirements.lock"])[:16]


# --- Two kinds of server, the same verbs -----------------------------------------------------


class SqliteFiles:
    """A database is a file; a copy is a copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def name(self, word: str) -> str:
        return str(self.folder / f"{word}.sqlite3")

    def url(self, name: str) -> str:
        return f"sqlite:///{name}"

    def exists(self, name: str) -> bool:
        return Path(name).exists()

    def copy(self, source: str, target: str) -> None:
        self.drop(target)
        shutil.copyfile(source, target)

    def rename(self, source: str, target: str) -> None:
        # What still stands in the write-ahead log goes into the one file that is copied later.
        with sqlite3.connect(source) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")
        connection.close()
        Path(source).replace(target)

    def create(self, name: str) -> None:
        self.drop(name)

    def drop(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(name + suffix).unlink(missing_ok=True)


class PostgresServer:
    """A database is made from a template by the server itself."""

    def __init__(self, url: str) -> None:
        self.address = url
        config = environ.Env.db_url_config(url)
        self.login: dict[str, Any] = {
            "host": config["HOST"] or None,
            "port": config["PORT"] or None,
            "user": config["USER"] or None,
            "password": config["PASSWORD"] or None,
            "dbname": config["NAME"],
        }

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(**self.login, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def name(self, word: str) -> str:
        return f"test_tugivork_{word}".replace("-", "_")

    def url(self, name: str) -> str:
        path, question, query = self.address.partition("?")
        return f"{path.rpartition('/')[0]}/{name}{question}{query}"

    def exists(self, name: str) -> bool:
        with psycopg.connect(**self.login) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return found.fetchone() is not None

    def copy(self, source: str, target: str) -> None:
        self.drop(target)
        self._run("CREATE DATABASE {} TEMPLATE {}", target, source)

    def rename(self, source: str, target: str) -> None:
        self._run("ALTER DATABASE {} RENAME TO {}", source, target)

    def create(self, name: str) -> None:
        self.drop(name)
        self._run("CREATE DATABASE {}", name)

    def drop(self, name: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def server(folder: Path = KEPT) -> SqliteFiles | PostgresServer:
    """Return the verbs for the database that the tests run on; SQLite files go into `folder`."""
    return PostgresServer(database_url()) if on_postgres() else SqliteFiles(folder)


# --- The templates ---------------------------------------------------------------------------


def migrated() -> str:
    """Return the name of an empty, migrated database, making it where there is none."""
    here = server()
    name = here.name(f"migrated-{migrations_fingerprint()}")
    with only_one():
        if not here.exists(name):
            _forget_old()
            migrate_from_nothing(here, name)
    return name


def _forget_old() -> None:
    """Let go of files that were made more than a week ago; what is needed is made again."""
    old = time.time() - 7 * 24 * 60 * 60
    for path in KEPT.glob("*"):
        if path.is_dir() and path.name.startswith("static-") and path.stat().st_mtime < old:
            shutil.rmtree(path)
        elif path.suffix == ".sqlite3" and path.stat().st_mtime < old:
            path.unlink()


def migrate_from_nothing(here: SqliteFiles | PostgresServer, name: str) -> None:
    """Run every migration on an empty database; `name` appears only when all went well."""
    draft = here.name(f"draft-{os.getpid()}")
    here.create(draft)
    try:
        manage(
            *("migrate", "--no-input", "--verbosity=0"),
            settings="portal.settings.test",
            DATABASE_URL=here.url(draft),
        )
        here.rename(draft, name)
    finally:
        here.drop(draft)


def static_root() -> Path:
    """Return where the static files of today are collected; a change gets a new folder.

    So no site loses its files while it runs, whoever edits a style or runs tests beside it.
    """
    return KEPT / f"static-{static_fingerprint()[:16]}"


def starter() -> tuple[str, Path]:
    """Return database and data folder of a demo with starter content, making them once."""
    word = f"starter-{code_fingerprint()}"
    here = server()
    name, folder = here.name(word), KEPT / ("postgres" if on_postgres() else "sqlite") / word
    empty = migrated()
    static = {"STATIC_ROOT": str(static_root())}
    with only_one():
        if not static_root().exists():
            with TemporaryDirectory() as data:
                manage("prepare", "--files-only", settings=DEMO, DATA_DIR=data, **static)
        if not (here.exists(name) and folder.exists()):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            draft = here.name("starter-draft")
            here.copy(empty, draft)
            env = {"DATABASE_URL": here.url(draft), "DATA_DIR": str(folder), **static}
            try:
                manage("prepare", settings=DEMO, **env)
                here.drop(name)
                here.rename(draft, name)
            except BaseException:
                shutil.rmtree(folder)
                raise
    return name, folder
