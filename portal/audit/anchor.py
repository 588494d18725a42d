"""Anchors: the head of the chain, written down outside of the database every hour.

Somebody who can change the database could make the whole chain anew; they cannot change a file
that lies on another machine, a letter that was sent, nor the lines that the log collector has
already taken. A line is `TIME NUMBER HASH MARK`; the mark binds it to the line before, so that the
file tells when a line of it was changed or taken out.
"""

import datetime as dt
import hashlib
import logging
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.models import AccessEvent, ChainHead
from portal.base import mail, outbox

logger = logging.getLogger("portal.audit.anchor")

LETTER = "audit_anchor"
EVERY = dt.timedelta(hours=1)
# Two that were missed may be a restart; a third is somebody's business.
PATIENCE = dt.timedelta(hours=3)
LINE = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (restored )?(\d{1,18}) ([0-9a-f]{64})(?: ([0-9a-f]{16}))?"
)
# The end of a file that grows for years.
TAIL = 4096


@dataclass(frozen=True)
class Anchor:
    """At `at` the log ended with entry `sequence`, whose hash was `hash`.

    `is_restore`: an older backup was taken back then, and what stood after that entry is lost.
    """

    at: dt.datetime
    sequence: int
    hash: str
    is_restore: bool = False

    def text(self) -> str:
        word = "restored " if self.is_restore else ""
        return f"{self.at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ} {word}{self.sequence} {self.hash}"


@dataclass
class Anchors:
    """What a file of anchors says, by number of the entry; the first of an entry counts.

    `broken_line`: the first line that does not follow the one before it.
    """

    by_sequence: dict[int, Anchor] = field(default_factory=dict)
    restores: list[Anchor] = field(default_factory=list)
    broken_line: int | None = None

    def newest(self, before: dt.datetime | None = None) -> Anchor | None:
        """The last anchor, or the last made before a moment."""
        fitting = [one for one in self.by_sequence.values() if before is None or one.at < before]
        return max(fitting, key=lambda one: one.sequence, default=None)


def anchor_file() -> Path | None:
    """Where anchors are kept; None where only the log and letters have them."""
    name = settings.AUDIT_ANCHOR_FILE
    return Path(name) if name else None


def anchor(now: dt.datetime) -> None:
    """Take time, number and hash of the last entry outside: file, log and, if wanted, a letter.

    An OSError of the file comes last, so that the others have it by then.
    """
    head = ChainHead.objects.get(pk=1)
    if head.sequence:
        _put_outside(Anchor(now, head.sequence, head.hash))


def note_restore(now: dt.datetime) -> None:
    """An older backup was taken back: anchors of entries that it does not hold are void from here.

    Not in silence: every `audit_verify` from then on says when, and back to which entry.
    """
    head = ChainHead.objects.get(pk=1)
    _put_outside(Anchor(now, head.sequence, head.hash, is_restore=True))


def _put_outside(one: Anchor) -> None:
    path = anchor_file()
    text = one.text()
    line = f"{text} {_mark(_last_mark(path), text)}"
    logger.info("anchor %s", line)
    if settings.AUDIT_ANCHOR_MAIL:
        with transaction.atomic():
            payload: outbox.Payload = {"anchor": [*line.split()]}
            # The time makes it a letter of its own in a quiet hour too: a missing one tells.
            mail.send(LETTER, payload, key=f"{one.at:%Y%m%d%H%M}")
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="ascii") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())


def write_letter(payload: outbox.Payload) -> mail.Letter | None:
    """The letter that takes an anchor to AUDIT_ANCHOR_MAIL; None if nobody wants it any more."""
    if not settings.AUDIT_ANCHOR_MAIL:
        return None
    line = " ".join(payload["anchor"])
    return mail.Letter(to=settings.AUDIT_ANCHOR_MAIL, context={"anchor": line})


def _mark(before: str, text: str) -> str:
    return hashlib.sha256(f"{before}|{text}".encode()).hexdigest()[:16]


def _last_mark(path: Path | None) -> str:
    found = _tail(path)
    return (found[-1][5] or "") if found else ""


def _tail(path: Path | None) -> list[re.Match[str]]:
    """The last lines of the file, without reading all of it."""
    if not path or not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        lines = file.read().decode("ascii", "replace").splitlines()
    return [match for line in lines if (match := LINE.search(line))]


def read_anchors(path: Path | None) -> Anchors:
    """The anchors of a copy of the file, of letters or of the log: whatever has the lines."""
    found = Anchors()
    before: str | None = None
    if path and path.exists():
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        for number, line in enumerate(lines, 1):
            if not (match := LINE.search(line)):
                continue
            one, mark = _anchor_of(match), match[5]
            # Lines from before there were marks have none, and those of a rotated log begin anew.
            follows = mark == _mark(before, one.text()) if before is not None else True
            if not follows and found.broken_line is None:
                found.broken_line = number
            before = mark
            _take(found, one)
    return found


def _anchor_of(match: re.Match[str]) -> Anchor:
    at = dt.datetime.fromisoformat(match[1])
    return Anchor(at, int(match[3]), match[4], is_restore=bool(match[2]))


def _take(found: Anchors, one: Anchor) -> None:
    if one.is_restore:
        found.restores.append(one)
        lost = [sequence for sequence in found.by_sequence if sequence > one.sequence]
        for sequence in lost:
            del found.by_sequence[sequence]
    if one.sequence:
        found.by_sequence.setdefault(one.sequence, one)


def trouble(now: dt.datetime) -> str:
    """What is wrong with the anchors at `now`, as a sentence for the auditor; empty: nothing.

    Quick: the last anchor alone is held against the log. `audit_verify` reads all of it.
    """
    first = AccessEvent.objects.order_by("sequence").first()
    path = anchor_file()
    if first is None or (path is None and not settings.AUDIT_ANCHOR_MAIL):
        return ""
    if path is None:
        return ""
    found = _tail(path)
    last = _anchor_of(found[-1]) if found else None
    if now - max(last.at if last else first.logtime, first.logtime) > PATIENCE:
        return _(
            "The end of the log has not been noted outside of the database for over three hours. "
            "Ask the administrator whether the worker process runs and the anchor file can be "
            "written."
        )
    if last and not AccessEvent.objects.filter(sequence=last.sequence, hash=last.hash).exists():
        return _(
            "The log is not what was noted outside of the database: somebody may have changed it, "
            "or an older backup was taken back. The administrator has to run audit_verify."
        )
    return ""
