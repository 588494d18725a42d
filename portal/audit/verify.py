"""Is the log still what was written? Reads it once from the first entry to the last."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import connection

from portal.audit.log import digest_of, hash_of
from portal.audit.models import AccessEvent, AccessSubject, ChainHead

FIRST_HASH = "0" * 64
AT_ONCE = 1000
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


def verify(anchors: Mapping[int, str] | None = None) -> Verdict:
    """Read the whole log; stop at the first fault. `anchors`: hashes kept outside, by sequence."""
    anchors = anchors or {}
    head = ChainHead.objects.filter(pk=1).first()
    if head is None:
        return Verdict(0, 0, Fault(None, "has lost the head of its chain"))
    last, last_hash = 0, FIRST_HASH
    erased = 0
    for event, subjects in _entries(head.sequence):
        fault = _fault_in(event, subjects, last, last_hash, anchors)
        if fault:
            return Verdict(last, erased, fault)
        erased += sum(subject.erased_at is not None for subject in subjects)
        last, last_hash = event.sequence, event.hash
    return Verdict(last, erased, _fault_at_the_end(head, last, last_hash, anchors))


def _entries(until: int) -> Iterator[tuple[AccessEvent, list[AccessSubject]]]:
    """Entry by entry with its subjects, never the whole log at once.

    Up to the head as it was at the beginning: others may go on writing meanwhile.
    """
    events = AccessEvent.objects.filter(sequence__lte=until).order_by("sequence")
    for event in events.prefetch_related("subjects").iterator(chunk_size=AT_ONCE):
        yield event, list(event.subjects.all())


def _fault_in(
    event: AccessEvent,
    subjects: Iterable[AccessSubject],
    last: int,
    last_hash: str,
    anchors: Mapping[int, str],
) -> Fault | None:
    """What is wrong at `event`, which follows the entry `last`?"""
    here = event.sequence
    if here <= 0:
        return Fault(here, "was inserted: the first entry is number 1")
    if here != last + 1:
        return Fault(last + 1, f"was removed: after entry {last} comes entry {here}")
    for subject in subjects:
        text_is_theirs = digest_of(subject.salt, subject.subject, subject.number) == subject.digest
        is_blank = not (subject.salt or subject.subject or subject.number)
        if subject.erased_at is None and not text_is_theirs:
            return Fault(here, "was changed: it is not about what it was about")
        if subject.erased_at is not None and not is_blank:
            return Fault(here, "was changed: a subject is marked as erased and still there")
    if hash_of(event, [subject.digest for subject in subjects]) != event.hash:
        return Fault(here, "was changed: its content does not give its hash")
    if event.previous_hash != last_hash:
        # It is whole itself, so the one before is not the one that it was chained to.
        return Fault(max(last, 1), f"was replaced or moved: entry {here} does not follow it")
    if anchors.get(here, event.hash) != event.hash:
        return Fault(here, "was changed, and the chain after it made anew: the anchor differs")
    return None


def _fault_at_the_end(
    head: ChainHead, last: int, last_hash: str, anchors: Mapping[int, str]
) -> Fault | None:
    """Does the log end where its head and the anchors say?"""
    beyond = AccessEvent.objects.filter(sequence__gt=head.sequence).order_by("sequence").first()
    # Asked after: an entry that was rightly written meanwhile has moved the head with it.
    now = ChainHead.objects.filter(pk=1).first()
    if head.sequence > last:
        return Fault(last + 1, f"was removed: the log went on to entry {head.sequence}")
    if head.hash != last_hash:
        return Fault(last, "is not the one that the head of the chain names")
    if beyond and (now is None or beyond.sequence > now.sequence):
        return Fault(beyond.sequence, f"was inserted: the log ends at entry {last}")
    furthest = max(anchors, default=0)
    if furthest > last:
        return Fault(last + 1, f"was removed: by its anchor the log went on to entry {furthest}")
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
