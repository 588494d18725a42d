"""What was asked of a restore, and what it says in the end."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from portal.backup.archive import Manifest


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line."""

    replace: bool = False
    latest_only: bool = False
    send_queued: bool = False
    without_keys: bool = False
    erasures: Path | None = None


@dataclass
class Report:
    """What happened. `faults`: what somebody has to look at although the data are in place."""

    copy: Path
    manifest: Manifest
    passed_over: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    stopwatch: dict[str, float] = field(default_factory=dict)


class Stopwatch:
    """Seconds by what they were spent on."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.laps[name] = now - self._last
        self._last = now
