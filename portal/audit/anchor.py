"""Anchors: the head of the chain, written down outside of the database every hour.

Somebody who can change the database could make the whole chain anew; they cannot change a file
that lies on another machine, nor the lines that the log collector has already taken.
"""

import datetime as dt
import logging
import os
import re
from pathlib import Path

from django.conf import settings

from portal.audit.models import ChainHead

logger = logging.getLogger("portal.audit.anchor")

LINE = re.compile(r"\S+ (\d+) ([0-9a-f]{64})")


def anchor_file() -> Path | None:
    """Where anchors are kept; None where only the log has them."""
    name = settings.AUDIT_ANCHOR_FILE
    return Path(name) if name else None


def anchor(now: dt.datetime) -> None:
    """Append time, number and hash of the last entry to the anchor file and to the log."""
    head = ChainHead.objects.get(pk=1)
    if head.sequence == 0:
        return
    line = f"{now.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ} {head.sequence} {head.hash}"
    logger.info("anchor %s", line)
    if path := anchor_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="ascii") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())


def read_anchors(path: Path | None) -> dict[int, str]:
    """Hashes by number of the entry. Reads a copy of the file or of the log alike.

    The first anchor of an entry counts: a later one may have been written by whoever changed it.
    """
    found: dict[int, str] = {}
    if path and path.exists():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if match := LINE.search(line):
                found.setdefault(int(match[1]), match[2])
    return found
