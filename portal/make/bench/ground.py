"""The worlds that are measured: seeded once at each size, kept under build/bench."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.make import environment
from portal.make.demo import demo_environment
from portal.make.postgres import OPTIONS, Cluster
from portal.make.stamps import ROOT, Stamp, fingerprint
from portal.make.terminal import Trouble, say, step

KEPT = ROOT / "build" / "bench"
SEED = "mõõtmine"
# What stands in a world at 1×; at 100× a hundred times as much.
COMPONENTS, RESOURCES, CASES = 100, 100, 1_000


@dataclass(frozen=True)
class Ground:
    """A folder with a world in it, and the environment in which its server runs."""

    folder: Path
    env: dict[str, str]

    @property
    def world(self) -> dict[str, Any]:
        return json.loads((self.folder / "world.json").read_text())


def _what_decides() -> str:
    """The hash of all that a world is made from."""
    apps = [ROOT / name for name in ("portal", "catalogue", "network", "home")]
    files = [file for app in apps for file in app.rglob("migrations/*.py")]
    files += (ROOT / "portal" / "world").glob("*.py")
    return fingerprint(sorted(files), f"{COMPONENTS} {RESOURCES} {CASES} {SEED}")


def sqlite_ground(factor: int, port: int) -> Ground:
    """The world of this size in a database file."""
    folder = KEPT / f"sqlite-{factor}"
    ground = Ground(folder, _environment(folder, port, ""))
    stamp = Stamp(folder / "made-from", _what_decides())
    if os.environ.get("FRESH") or not stamp.fits():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
        _fill(ground, factor)
        stamp.set()
    return ground


@contextmanager
def postgres_ground(factor: int, port: int) -> Iterator[tuple[Ground, int]]:
    """The same in a PostgreSQL of our own, from the dump of an earlier time; and its session."""
    kept = KEPT / f"postgres-{factor}"
    # The path of a socket may have some hundred letters.
    place = Path(tempfile.mkdtemp(prefix="tv-bench-", dir="/tmp"))  # noqa: S108
    server: Cluster | None = None
    try:
        server = Cluster(place, {**OPTIONS, "shared_buffers": "512MB", "autovacuum": "off"})
        server.make()
        server.start()
        ground = Ground(kept, _environment(kept, port, server.url))
        stamp, dump = Stamp(kept / "made-from", _what_decides()), kept / "dump"
        if stamp.fits() and dump.exists() and not os.environ.get("FRESH"):
            _tool(server, "pg_restore", "--no-owner", "--jobs=2", "--dbname=postgres", str(dump))
        else:
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir(parents=True, mode=0o700)
            _fill(ground, factor)
            _tool(server, "pg_dump", "-Fc", "-Z1", f"--file={dump}", "postgres")
            stamp.set()
        server.sql("VACUUM ANALYZE")
        assert server.process is not None  # noqa: S101 - it was started above
        yield ground, server.process.pid
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(place, ignore_errors=True)


def _tool(server: Cluster, name: str, *arguments: str) -> None:
    """A program of PostgreSQL on the cluster's only database."""
    place = ["-h", str(server.folder), "-U", "tugivork"]
    subprocess.run([str(server.binaries / name), *place, *arguments], check=True)


def _environment(folder: Path, port: int, url: str) -> dict[str, str]:
    return {**demo_environment(port, folder), "DATABASE_URL": url, "WEB_CONCURRENCY": "1"}


def _fill(ground: Ground, factor: int) -> None:
    """Migrate and seed; the seeding tells its own steps."""
    with step("Database"):
        _manage(ground, "migrate", "--verbosity=0")
        _manage(ground, "createcachetable")
    say(f"  A world of {factor}×")
    _manage(
        ground,
        "seed_world",
        f"--seed={SEED}",
        f"--cases={CASES * factor}",
        f"--components={COMPONENTS * factor}",
        f"--resources={RESOURCES * factor}",
        f"--log={CASES * factor}",
        f"--out={ground.folder / 'world.json'}",
        "--few-canaries",
    )


def _manage(ground: Ground, *arguments: str) -> None:
    done = subprocess.run(
        [str(environment.PYTHON), "manage.py", *arguments], cwd=ROOT, env=ground.env, check=False
    )
    if done.returncode:
        raise Trouble(f"manage.py {arguments[0]} failed: the reason stands above.")


def prepare_files() -> None:
    """Bytecode, translations and static files, as for the demo."""
    env = demo_environment(8000, KEPT)
    KEPT.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [str(environment.PYTHON), "manage.py", "prepare", "--files-only"],
        cwd=ROOT,
        env=env,
        check=False,
    )
    if done.returncode:
        raise Trouble("The files could not be prepared: the reason stands above.")
