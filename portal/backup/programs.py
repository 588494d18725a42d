"""The programs of PostgreSQL: found where systems keep them, new enough for the server."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from portal.backup import Trouble

# Versioned folders of Debian and Ubuntu, of Fedora and kin, of Homebrew.
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


def find(name: str, server: int) -> Path:
    """Return the newest program `name`; raise Trouble where none is as new as the `server`.

    An older pg_dump refuses a newer server; a newer one reads every older server.
    """
    version, program = max(
        ((version_of(program), program) for program in _candidates(name)), default=(0, Path())
    )
    wanted = f"Install postgresql-client-{server} or newer (Debian, Ubuntu), or put it into PATH."
    if not version:
        raise Trouble(f"There is no {name} on this machine. {wanted}")
    if version < server:
        raise Trouble(f"{name} {version} is older than the server, {server}. {wanted}")
    return program


def _candidates(name: str) -> Iterator[Path]:
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    for place in PLACES:
        folders += sorted(Path("/").glob(place.lstrip("/")))
    for folder in folders:
        if os.access(folder / name, os.X_OK):
            yield folder / name


def version_of(program: Path) -> int:
    """Return the major version that `program` tells, 0 where it tells none."""
    try:
        told = subprocess.run(  # noqa: S603 a program of the system, found by its name
            [str(program), "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return 0
    match = re.search(r"(\d+)(\.\d+)*\b", told.stdout)
    return int(match[1]) if match and told.returncode == 0 else 0
