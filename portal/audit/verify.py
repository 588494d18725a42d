"""Is the log still what was written? Reads it once from the first entry to the last.

The rows are read as the database has them, without models: a million of them in well under a
minute, and what somebody has put there that fits no model is named too.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from portal.audit.anchor import Anchor, Anchors
from portal.audit.chain import FIRST_HASH, digest_of, hash_of_parts, moment_of
from portal.audit.log import ERASE
from portal.audit.models import AccessEvent, AccessSubject, ChainHead

AT_ONCE = 5000
# Made by migration 0002; on PostgreSQL two more refuse TRUNCATE.
TRIGGERS = frozenset(
    {
        "audit_accessevent_no_update",
        "audit_accessevent_no_delete",
        "audit_accesssubject_no_update",
        "audit_accesssubject_no_delete",
        "audit_chainhead_no_delete",
    }
)


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong: at which entry (None: at none of them), and what."""

    sequence: int | None
    what: str


@dataclass(frozen=True)
class Verdict:
    """How many entries were read, how many subjects are lawfully erased, the fault if any."""

    entries: int
    erased: int
    fault: Fault | None = None


@dataclass
class _Walk:
    """Where the reading is, and what it has seen on the way."""

    last: int
    last_hash: str
    anchors: Anchors
    # The last anchor that agreed.
    agreed: Anchor | None = None
    # Moment of an erasure → rows blanked at it; and what the entries of erasures say.
    blanked: Counter[str] = field(default_factory=Counter)
    first_blanked: dict[str, int] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)

    @property
    def erased(self) -> int:
        return sum(self.blanked.values())


def verify(anchors: Anchors | None = None, *, since: Anchor | None = None) -> Verdict:
    """Read the whole log; stop at the first fault. `anchors`: what was kept outside.

    `since`: begin at the entry of this anchor and take what stands before for granted.
    """
    head = ChainHead.objects.filter(pk=1).first()
    if head is None:
        return Verdict(0, 0, Fault(None, "has lost the head of its chain"))
    start = since.sequence - 1 if since else 0
    walk = _Walk(start, FIRST_HASH, anchors or Anchors())
    fault = _begin_at(walk, since) if since else _fault_before_the_first()
    # Up to the head as it was at the beginning: others may go on writing meanwhile.
    for event, subjects in () if fault else _entries(walk.last, head.sequence):
        fault = _fault_in(event, subjects, walk)
        if fault:
            break
        walk.last, walk.last_hash = event[0], event[13]
    fault = fault or _fault_at_the_end(head, walk) or _unlawful_erasure(head, walk)
    return Verdict(walk.last - start, walk.erased, fault)


def _begin_at(walk: _Walk, since: Anchor) -> Fault | None:
    """Stand before the entry of the anchor, which names the one before it."""
    event = AccessEvent.objects.filter(sequence=since.sequence).first()
    if event is None:
        return Fault(since.sequence, f"was removed: its anchor of {_day(since)} knows it")
    walk.last_hash = event.previous_hash
    walk.anchors.by_sequence[since.sequence] = since
    return None


def _fault_before_the_first() -> Fault | None:
    early = AccessEvent.objects.filter(sequence__lte=0).order_by("sequence").first()
    return Fault(early.sequence, "was inserted: the first entry is number 1") if early else None


def _entries(after: int, until: int) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    """Entry by entry with its subjects, some thousand at a time.

    By ranges of numbers and not by pages, so that a number that stands twice is seen twice.
    """
    with _text_of_any_kind(), connection.cursor() as cursor:
        while after < until:
            reach = min(after + AT_ONCE, until)
            cursor.execute(_EVENTS[connection.vendor], [after, reach])
            events = cursor.fetchall()
            cursor.execute(_SUBJECTS[connection.vendor], [after, reach])
            about: dict[int, list[tuple[Any, ...]]] = {}
            for row in cursor.fetchall():
                about.setdefault(row[0], []).append(row)
            for event in events:
                yield event, about.get(event[0], [])
            if len(events) < reach - after:
                # Entries are missing, perhaps a million of them: the end tells how many.
                return
            after = reach


@contextmanager
def _text_of_any_kind() -> Iterator[None]:
    """SQLite stores what is no text as text too; read it, and let the hash say that it is wrong."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    raw = connection.connection
    usual = raw.text_factory
    raw.text_factory = lambda stored: stored.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = usual


# A moment is written as the chain has it; SQLite keeps it as text, without digits of zero.
def _as_text(column: str) -> dict[str, str]:
    return {
        "sqlite": (
            f"substr({column}, 1, 10) || 'T' || substr({column}, 12)"
            f" || CASE WHEN length({column}) = 19 THEN '.000000' ELSE '' END || '+00:00'"
        ),
        "postgresql": (
            f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00'"""
        ),
    }


_KEY = {
    "sqlite": (
        "substr(id, 1, 8) || '-' || substr(id, 9, 4) || '-' || substr(id, 13, 4) || '-'"
        " || substr(id, 17, 4) || '-' || substr(id, 21)"
    ),
    "postgresql": "id::text",
}
_EVENTS = {
    vendor: (
        f"SELECT sequence, {_KEY[vendor]}, {_as_text('logtime')[vendor]}, usercode, username,"  # noqa: S608
        " receivercode, receiver, role, actioncode, purpose, channel, outcome, previous_hash, hash"
        " FROM audit_accessevent WHERE sequence > %s AND sequence <= %s ORDER BY sequence"
    )
    for vendor in _KEY
}
_SUBJECTS = {
    vendor: (
        "SELECT event_id, subject, number, salt, digest,"  # noqa: S608
        f" CASE WHEN erased_at IS NULL THEN NULL ELSE {_as_text('erased_at')[vendor]} END"
        " FROM audit_accesssubject WHERE event_id > %s AND event_id <= %s ORDER BY event_id"
    )
    for vendor in _KEY
}


def _fault_in(event: tuple[Any, ...], subjects: list[tuple[Any, ...]], walk: _Walk) -> Fault | None:
    """What is wrong at `event`, which follows the entry `walk.last`?"""
    here = event[0]
    if here == walk.last:
        return Fault(here, "was inserted: this number stands in the log twice")
    if here != walk.last + 1:
        return Fault(walk.last + 1, f"was removed: after entry {walk.last} comes entry {here}")
    digests = [row[4] for row in subjects]
    for _event, subject, number, salt, digest, erased in subjects:
        if erased is None:
            if not _is_about(digest, salt, subject, number):
                return Fault(here, "was changed: it is not about what it was about")
        elif salt or subject or number:
            return Fault(here, "was changed: a subject is marked as erased and still there")
        else:
            walk.blanked[erased] += 1
            walk.first_blanked.setdefault(erased, here)
    if not _is_whole(event, digests):
        return Fault(here, "was changed: its content does not give its hash")
    if event[12] != walk.last_hash:
        # It is whole itself, so the one before is not the one that it was chained to.
        before = max(walk.last, 1)
        return Fault(before, f"was replaced or moved: entry {here} does not follow it")
    if event[8] == ERASE and event[9].isdecimal():
        walk.told[event[2]] += int(event[9])
    return _fault_by_anchor(event, walk)


def _is_about(digest: str, salt: str, subject: str, number: str) -> bool:
    try:
        return digest_of(salt, subject, number) == digest
    except ValueError:  # no text at all
        return False


def _is_whole(event: tuple[Any, ...], digests: list[str]) -> bool:
    """Does what the entry says give its hash? What fits no column does not."""
    try:
        return bool(hash_of_parts(*event[:13], digests) == event[13])  # type: ignore[call-arg]
    except (TypeError, ValueError):
        return False


def _fault_by_anchor(event: tuple[Any, ...], walk: _Walk) -> Fault | None:
    anchor = walk.anchors.by_sequence.get(event[0])
    if anchor is None:
        return None
    if anchor.hash == event[13]:
        walk.agreed = anchor
        return None
    since = (
        f"the last one that agrees is of entry {walk.agreed.sequence}"
        if walk.agreed
        else "none before it agrees: this may be another database"
    )
    return Fault(
        event[0],
        "was changed, and the chain after it made anew: the anchor differs"
        f" ({_day(anchor)}; {since})",
    )


def _day(anchor: Anchor) -> str:
    return f"{anchor.at:%d.%m.%Y %H:%M} UTC"


def _fault_at_the_end(head: ChainHead, walk: _Walk) -> Fault | None:
    """Does the log end where its head and the anchors say?"""
    last = walk.last
    beyond = AccessEvent.objects.filter(sequence__gt=head.sequence).order_by("sequence").first()
    # Rows about entries that are not there, before the first or after the last.
    stray = (
        AccessSubject.objects.filter(event_id__lte=0).first()
        or AccessSubject.objects.filter(event_id__gt=head.sequence).order_by("event_id").first()
    )
    # Asked after: an entry that was rightly written meanwhile has moved the head with it.
    now = ChainHead.objects.filter(pk=1).first()
    if head.sequence > last:
        return Fault(last + 1, f"was removed: the log went on to entry {head.sequence}")
    if head.hash != walk.last_hash:
        return Fault(last, "is not the one that the head of the chain names")
    if beyond and (now is None or beyond.sequence > now.sequence):
        return Fault(beyond.sequence, f"was inserted: the log ends at entry {last}")
    furthest = max(walk.anchors.by_sequence, default=0)
    if furthest > last:
        day = _day(walk.anchors.by_sequence[furthest])
        return Fault(
            last + 1, f"was removed: by its anchor ({day}) the log went on to entry {furthest}"
        )
    if stray and (stray.event_id <= 0 or now is None or stray.event_id > now.sequence):
        return Fault(stray.event_id, "has a subject and is not there itself")
    return None


def _unlawful_erasure(head: ChainHead, walk: _Walk) -> Fault | None:
    """Rows that were blanked at a moment of which no entry of an erasure tells."""
    if walk.blanked:
        # An erasure while the log was read has its entry beyond the end that was read to.
        lately = AccessEvent.objects.filter(actioncode=ERASE, sequence__gt=head.sequence)
        for moment, purpose in lately.values_list("logtime", "purpose"):
            walk.told[moment_of(moment)] += int(purpose)
    wrong = [
        walk.first_blanked[moment]
        for moment, rows in walk.blanked.items()
        if walk.told[moment] < rows
    ]
    if wrong:
        return Fault(min(wrong), "was changed: a subject was blanked, and no entry tells of it")
    return None


def missing_triggers() -> list[str]:
    """The triggers that refuse changes and are not there any more."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {name for (name,) in cursor.fetchall()}
    return sorted(TRIGGERS - there)
