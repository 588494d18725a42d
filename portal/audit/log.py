"""Writing the view log: one entry, chained to the one before, in the caller's transaction."""

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from portal.audit.chain import digest_of, hash_of_parts, moment_of
from portal.audit.models import AccessEvent, AccessSubject, ChainHead

# The entry that a lawful erasure leaves; its purpose says how many rows were blanked.
ERASE = "audit_erase"
AT_ONCE = 2000


@dataclass(frozen=True)
class Actor:
    """Who acts, as what and for whom: names of the day."""

    usercode: str
    username: str
    receivercode: str = ""
    receiver: str = ""
    role: str = ""
    # Why, where the way in gives the reason itself.
    purpose: str = ""


@dataclass(frozen=True)
class Subject:
    """What an entry is about: the id asked for, and the case number if it has one."""

    subject: str
    number: str = ""


def record(
    actor: Actor,
    subjects: Iterable[Subject],
    *,
    actioncode: str,
    outcome: str = AccessEvent.Outcome.ALLOWED,
    channel: str = AccessEvent.Channel.PAGE,
    purpose: str = "",
    now: dt.datetime | None = None,
) -> AccessEvent:
    """Append one entry with a subject row each; raises outside of a transaction.

    The head of the chain is held until the caller commits, so two entries never share a place.
    """
    _in_transaction()
    head = _held_head()
    said = Said(actor, list(subjects), actioncode, now or timezone.now(), outcome, channel, purpose)
    event, rows = _next(head, said)
    # The models refuse to be stored; this module alone stores them.
    event.save_base(force_insert=True)
    AccessSubject._base_manager.bulk_create(rows)
    ChainHead.objects.filter(pk=1).update(sequence=head.sequence, hash=head.hash)
    return event


@dataclass(frozen=True)
class Said:
    """What an entry will say, before it has its place in the chain."""

    actor: Actor
    subjects: Sequence[Subject]
    actioncode: str
    logtime: dt.datetime
    outcome: str = AccessEvent.Outcome.ALLOWED
    channel: str = AccessEvent.Channel.PAGE
    purpose: str = ""


def append_invented(entries: Iterable[Said]) -> int:
    """Append many entries at once; return how many. For invented worlds alone.

    The private door beside `record`: `portal.world` fills a log to the size of years through it
    (the linter keeps everybody else out). What really happens is
    written one by one, in the transaction of the act. The chain is the same. Raises outside of a
    transaction.
    """
    _in_transaction()
    head, written = _held_head(), 0
    for some in _in_batches(entries):
        events, subjects = [], []
        for said in some:
            event, rows = _next(head, said)
            events.append(event)
            subjects += rows
        AccessEvent._base_manager.bulk_create(events)
        AccessSubject._base_manager.bulk_create(subjects)
        written += len(events)
    ChainHead.objects.filter(pk=1).update(sequence=head.sequence, hash=head.hash)
    return written


def _held_head() -> ChainHead:
    # On SQLite the transaction itself holds the write lock from its beginning (IMMEDIATE).
    return ChainHead.objects.select_for_update().get(pk=1)


def _next(head: ChainHead, said: Said) -> tuple[AccessEvent, list[AccessSubject]]:
    """The entry that follows `head`, with its subjects; moves `head` on, stores nothing."""
    event = AccessEvent(
        sequence=head.sequence + 1,
        logtime=said.logtime,
        usercode=said.actor.usercode,
        username=said.actor.username[:300],
        receivercode=said.actor.receivercode,
        receiver=said.actor.receiver[:160],
        role=said.actor.role,
        actioncode=said.actioncode,
        purpose=said.purpose or said.actor.purpose,
        channel=said.channel,
        outcome=said.outcome,
        previous_hash=head.hash,
    )
    rows = [
        AccessSubject(event=event, subject=one.subject, number=one.number, salt=_salt())
        for one in said.subjects
    ]
    for row in rows:
        row.digest = digest_of(row.salt, row.subject, row.number)
    event.hash = hash_of(event, [row.digest for row in rows])
    head.sequence, head.hash = event.sequence, event.hash
    return event, rows


def _in_batches(entries: Iterable[Said]) -> Iterator[list[Said]]:
    rest = iter(entries)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def erase(subject: str, *, by: Actor | None = None, now: dt.datetime | None = None) -> int:
    """Blank everything that leads from the log to `subject`; return how many rows.

    The lawful erasure of rules.md 16: that somebody looked stays, at whom does not. The chain
    holds, because it only keeps digests whose salt is gone now. An entry of the same moment says
    how many rows were blanked; `audit_verify` names a row that was blanked without one. Raises
    outside of a transaction.
    """
    _in_transaction()
    moment = now or timezone.now()
    rows = AccessSubject._base_manager.filter(subject=subject)
    blanked = rows.update(subject="", number="", salt="", erased_at=moment)
    if blanked:
        record(
            by or Actor("", "erasure"),
            [],
            actioncode=ERASE,
            channel=AccessEvent.Channel.COMMAND,
            purpose=str(blanked),
            now=moment,
        )
    return blanked


def _in_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("The entry belongs into the transaction of the act.")


def _salt() -> str:
    return secrets.token_hex(16)


def hash_of(event: AccessEvent, digests: list[str]) -> str:
    """The hash of an entry: everything it says and the hash of the one before."""
    return hash_of_parts(
        event.sequence,
        str(event.id),
        moment_of(event.logtime),
        event.usercode,
        event.username,
        event.receivercode,
        event.receiver,
        event.role,
        event.actioncode,
        event.purpose,
        event.channel,
        event.outcome,
        event.previous_hash,
        digests,
    )
