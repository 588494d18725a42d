"""`python -m portal.make.faults`: see the package. DB, ONLY, KILLS, PORT come by environment."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from portal.make.demo import chosen_port
from portal.make.faults.drill import Drill
from portal.make.postgres import OPTIONS, Cluster
from portal.make.terminal import Trouble, say

# Unlike the tests' own, this one has to keep what it has confirmed.
SAFE = OPTIONS | {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
ROOM = {"sqlite": "300m", "postgres": "900m"}


@contextmanager
def room(database: str) -> Iterator[Path]:
    """A folder with a small file system of its own where we may mount one."""
    folder = Path(tempfile.mkdtemp(prefix=f"tv-{database[:2]}-", dir="/tmp"))  # noqa: S108
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            [
                "mount",
                "-t",
                "tmpfs",
                "-o",
                f"size={ROOM[database]},mode=0700",
                "tmpfs",
                str(folder),
            ],
            check=False,
            stderr=subprocess.DEVNULL,
        ).returncode
    )
    try:
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def run(database: str, only: str, kills: int, port: int) -> int:
    """Go through the faults on one database; return how many things were wrong."""
    with ExitStack() as stack:
        folder = stack.enter_context(room("sqlite"))
        cluster = None
        if database == "postgres":
            cluster = Cluster(stack.enter_context(room("postgres")), SAFE)
            cluster.make()
            stack.callback(cluster.stop)
            cluster.start()
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tv-logs-")))
        drill = Drill(folder, logs, port, cluster)
        stack.callback(drill.house.stop)
        return drill.run(only, kills)


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    wanted = os.environ.get("DB", "") or "both"
    databases = {"both": ("sqlite", "postgres")}.get(wanted, (wanted,))
    only, kills = os.environ.get("ONLY", ""), os.environ.get("KILLS", "")
    began = time.monotonic()
    wrong = 0
    try:
        if not set(databases) <= {"sqlite", "postgres"}:
            raise Trouble(f"DB must be sqlite, postgres or both, not “{wanted}”.")
        port = chosen_port(os.environ.get("PORT", "").strip() or "8838")
        for database in databases:
            wrong += run(database, only, int(kills or (100 if database == "sqlite" else 30)), port)
    except Trouble as trouble:
        say(f"\n{trouble}")
        return 1
    except KeyboardInterrupt:
        return 130
    say(f"\n{wrong or 'Nothing'} wrong, {time.monotonic() - began:.0f} s in all.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
