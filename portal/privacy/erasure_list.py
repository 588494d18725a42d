"""The list of erasures outside of the database: one JSON object a line, ids and days alone.

    {"day": "2026-11-22", "kind": "case", "id": "…"}

A backup that is older than an erasure brings the erased back; whoever restores it reads this list
and erases again (portal.privacy.erasing.erase_again). Lines are only ever added.
"""

import datetime as dt
import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from portal.privacy.models import Erasure


@dataclass(frozen=True)
class Line:
    """One erasure: what kind of id, whose, when."""

    day: dt.date
    kind: str
    id: uuid.UUID


def list_file() -> Path:
    """Where the list is kept."""
    return Path(settings.ERASURES_FILE)


def read(path: Path) -> list[Line]:
    """The lines of a list, each id once, oldest first. A line cut off by a full disk is left out.

    Raises FileNotFoundError: a missing list is no empty list.
    """
    found: dict[uuid.UUID, Line] = {}
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            said = json.loads(text)
            line = Line(
                dt.date.fromisoformat(said["day"]), str(said["kind"]), uuid.UUID(said["id"])
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        found.setdefault(line.id, line)
    return list(found.values())


def write_missing() -> int:
    """Add what the database knows and the list does not; return how many lines.

    After every erasure and once a day: a kill between the commit and the line leaves no gap.
    """
    path = list_file()
    there = {line.id for line in read(path)} if path.exists() else set()
    rows = Erasure.objects.exclude(subject_id__in=there).order_by("at", "pk")
    missing = {row.subject_id: row for row in rows}
    if not missing:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        # A line that was cut off must not swallow the first of these.
        lines = [""] if _is_cut_off(path) else []
        for row in missing.values():
            said = {"day": str(row.day), "kind": row.kind, "id": str(row.subject_id)}
            lines.append(json.dumps(said))
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return len(missing)


def _is_cut_off(path: Path) -> bool:
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"
