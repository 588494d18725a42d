"""The faults: each begins, lasts while it is asked, and ends without touching the portal."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.make.faults.browser import Browser
from portal.make.faults.house import House
from portal.make.faults.outside import SmallCache
from portal.make.faults.probes import DOOR, MACHINE, READ, WRITE, Rules
from portal.make.postgres import Cluster
from portal.make.terminal import Trouble

ALL_BUT_PUBLIC = frozenset({DOOR, READ, WRITE, MACHINE})
# As in portal.base.databases.
LOCK_WAIT = 20
HELD = 30


class Skipped(Exception):
    """What is needed for this fault is not here; says what."""


@contextmanager
def nothing(house: House) -> Iterator[None]:
    """The portal as it is."""
    yield


@dataclass
class Fault:
    """A fault by name. `begin` is a context: inside it the fault lasts."""

    name: str
    what: str
    begin: Callable[[House, Cluster | None], contextlib.AbstractContextManager[str]]
    rules: Rules
    databases: frozenset[str] = frozenset({"sqlite", "postgres"})
    # What has to stand around it from before to after.
    stage: Callable[[House], contextlib.AbstractContextManager[None]] = nothing


@contextmanager
def locked(house: House, cluster: Cluster | None) -> Iterator[str]:
    """Another process holds the write lock for half a minute."""
    if cluster is None:
        code = (
            "import sqlite3, sys, time;"
            "c = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30);"
            f"c.execute('BEGIN IMMEDIATE'); time.sleep({HELD}); c.execute('ROLLBACK')"
        )
        command = [sys.executable, "-c", code, str(house.database)]
    else:
        # What every write of a case and every look needs.
        tables = "audit_chainhead, base_idempotencykey, django_cache"
        lock = f"BEGIN; LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({HELD});"
        command = cluster.psql(lock)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as holder:
        time.sleep(1)
        yield f"held for {HELD} s"
        holder.wait()


@contextmanager
def full_disk(house: House, cluster: Cluster | None) -> Iterator[str]:
    """Not a byte more: the rest of the file system is taken up, or no file may grow."""
    folder = cluster.folder if cluster else house.folder
    if os.path.ismount(folder):
        if cluster is None:
            _empty_wal(house.database)
        ballast = folder / "ballast"
        with ballast.open("wb", buffering=0) as out, contextlib.suppress(OSError):
            for size in (1024 * 1024, 4096, 1):
                with contextlib.suppress(OSError):
                    while True:
                        out.write(b"\0" * size)
        try:
            yield "file system filled"
        finally:
            ballast.unlink()
        return
    with no_growth(house.web_workers()):
        yield "no file may grow (RLIMIT_FSIZE)"


def _empty_wal(database: Path) -> None:
    """What SQLite has taken up already would be room for many writes."""
    with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def no_growth(pids: list[int]) -> Iterator[None]:
    """The processes may write to no file beyond its first kilobyte."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, (_soft, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1024, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


@contextmanager
def no_growth_at_all(house: House, cluster: Cluster | None) -> Iterator[str]:
    with no_growth(house.web_workers()):
        yield "RLIMIT_FSIZE of the web server"


@contextmanager
def read_only(house: House, cluster: Cluster | None) -> Iterator[str]:
    """SQLite: the disk is read-only when the web server comes up. PostgreSQL: writes refused."""
    if cluster is not None:
        cluster.sql("ALTER SYSTEM SET default_transaction_read_only = on")
        cluster.sql("SELECT pg_reload_conf()")
        time.sleep(1)
        try:
            yield "default_transaction_read_only"
        finally:
            cluster.sql("ALTER SYSTEM RESET default_transaction_read_only")
            cluster.sql("SELECT pg_reload_conf()")
        return
    house.kill()
    _remount(house.folder, "ro")
    try:
        house.start(wait=False)
        _wait_for_answer(house)
        yield "mounted read-only, then started"
    finally:
        _remount(house.folder, "rw")


def _remount(folder: Path, how: str) -> None:
    for _ in range(20):
        done = subprocess.run(
            ["mount", "-o", f"remount,{how}", str(folder)], check=False, stderr=subprocess.DEVNULL
        )
        if not done.returncode:
            return
        # Somebody who was killed has not let go of a file yet.
        time.sleep(0.25)
    raise Trouble(f"{folder} could not be made {how}.")


def _wait_for_answer(house: House) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if Browser(house.port, patience=30).get("/healthz").status == 200:
            return
        time.sleep(0.3)


@contextmanager
def database_away(house: House, cluster: Cluster | None) -> Iterator[str]:
    """PostgreSQL is killed outright and comes back later."""
    if cluster is None:
        raise Trouble("SQLite has no server that could go away.")
    cluster.kill()
    try:
        yield "kill -9 of PostgreSQL"
    finally:
        cluster.start()


_cache = SmallCache()


@contextmanager
def with_cache(house: House) -> Iterator[None]:
    """The portal with REDIS_URL, and something that speaks like Redis."""
    if importlib.util.find_spec("redis") is None:
        raise Skipped("the package redis is not installed (requirements-prod.lock)")
    _cache.serve()
    house.restart({"REDIS_URL": _cache.url})
    try:
        yield
    finally:
        _cache.go()
        house.restart()


@contextmanager
def cache_frozen(house: House, cluster: Cluster | None) -> Iterator[str]:
    """The cache takes questions and answers none."""
    asked = _cache.asked
    _cache.mood = "frozen"
    try:
        yield f"frozen after {asked} questions"
    finally:
        _cache.mood = "alive"


@contextmanager
def cache_gone(house: House, cluster: Cluster | None) -> Iterator[str]:
    """Nobody is there any more."""
    asked = _cache.asked
    _cache.go()
    try:
        yield f"gone after {asked} questions"
    finally:
        _cache.serve()


@contextmanager
def web_worker_killed(house: House, cluster: Cluster | None) -> Iterator[str]:
    """One of the two processes that answer is killed outright."""
    os.kill(house.web_workers()[0], signal.SIGKILL)
    yield "kill -9 of one of the two"


SQLITE = frozenset({"sqlite"})
POSTGRES = frozenset({"postgres"})

FAULTS = (
    Fault(
        "locked",
        "another process holds the write lock for 30 s",
        locked,
        Rules(may_fail=ALL_BUT_PUBLIC, seconds=LOCK_WAIT, must=frozenset({"healthz"})),
    ),
    Fault(
        "full-disk",
        "no room for one more byte",
        full_disk,
        Rules(may_fail=ALL_BUT_PUBLIC, seconds=5, must=frozenset({"healthz"})),
    ),
    Fault(
        "no-growth",
        "no file of the web server may grow",
        no_growth_at_all,
        Rules(may_fail=ALL_BUT_PUBLIC, seconds=5, must=frozenset({"healthz"})),
        SQLITE,
    ),
    Fault(
        "read-only",
        "nothing can be written at all",
        read_only,
        Rules(may_fail=ALL_BUT_PUBLIC, seconds=5, must=frozenset({"healthz"})),
    ),
    Fault(
        "database-away",
        "the database server is gone",
        database_away,
        Rules(
            may_fail=ALL_BUT_PUBLIC | {"public"},
            seconds=5,
            must=frozenset({"healthz", "kept page"}),
        ),
        POSTGRES,
    ),
    # Everything goes on; what asks the cache waits for it once.
    Fault(
        "cache-frozen", "the cache says nothing", cache_frozen, Rules(seconds=1), stage=with_cache
    ),
    Fault("cache-gone", "the cache is not there", cache_gone, Rules(seconds=1), stage=with_cache),
    # Whoever was being answered by it gets no answer; the next one does.
    Fault(
        "web-worker-killed",
        "a process of the web server is gone",
        web_worker_killed,
        Rules(may_drop=True, seconds=5),
    ),
)
