"""`python -m portal.make.drill`: see the package."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from portal.make.demo import chosen_port
from portal.make.drill.rounds import Rounds
from portal.make.postgres import OPTIONS, Cluster
from portal.make.terminal import Trouble, say

SAFE = OPTIONS | {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def run(database: str, rounds: int, writers: int, port: int) -> int:
    """Drill one database; return in how many rounds something was wrong."""
    with ExitStack() as stack:
        # Socket paths may have some hundred letters at most, so not under the project.
        folder = Path(tempfile.mkdtemp(prefix="tv-drill-", dir="/tmp"))  # noqa: S108
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        cluster = None
        if database == "postgres":
            place = Path(tempfile.mkdtemp(prefix="tv-pg-", dir="/tmp"))  # noqa: S108
            stack.callback(shutil.rmtree, place, ignore_errors=True)
            cluster = Cluster(place, SAFE)
            cluster.make()
            stack.callback(cluster.stop)
            cluster.start()
        drill = Rounds(folder, port, writers, cluster)
        stack.callback(drill.house.stop)
        return drill.run(rounds)


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isascii() or not text.isdigit() or not int(text):
        raise Trouble(f"{name} must be a number from 1 up, not “{text}”.")
    return int(text)


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    wanted = os.environ.get("DB", "") or "both"
    databases = {"both": ("sqlite", "postgres")}.get(wanted, (wanted,))
    began, failed, played = time.monotonic(), 0, 0
    try:
        if not set(databases) <= {"sqlite", "postgres"}:
            raise Trouble(f"DB must be sqlite, postgres or both, not “{wanted}”.")
        rounds, writers = _number("RUNS", 10), _number("WRITERS", 8)
        port = chosen_port(os.environ.get("PORT", "").strip() or "8837")
        for database in databases:
            failed += run(database, rounds, writers, port)
            played += rounds
    except Trouble as trouble:
        say(f"\n{trouble}")
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted: what was played so far says nothing of the rest.")
        return 130
    took = time.monotonic() - began
    say(f"\n{played - failed} of {played} rounds succeeded, {took:.0f} s in all.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
