"""Writing the view log: one entry, chained to the one before, in the caller's transaction."""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from portal.audit.models import AccessEvent, AccessSubject, ChainHead


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
    # On SQLite the transaction itself holds the write lock from its beginning (IMMEDIATE).
    head = ChainHead.objects.select_for_update().get(pk=1)
    event = AccessEvent(
        sequence=head.sequence + 1,
        logtime=now or timezone.now(),
        usercode=actor.usercode,
        username=actor.username[:300],
        receivercode=actor.receivercode,
        receiver=actor.receiver[:160],
        role=actor.role,
        actioncode=actioncode,
        purpose=purpose or actor.purpose,
        channel=channel,
        outcome=outcome,
        previous_hash=head.hash,
    )
    rows = [
        AccessSubject(event=event, subject=one.subject, number=one.number, salt=_salt())
        for one in subjects
    ]
    for row in rows:
        row.digest = digest_of(row.salt, row.subject, row.number)
    event.hash = hash_of(event, [row.digest for row in rows])
    # The models refuse to be stored; this is the one place that stores them.
    event.save_base(force_insert=True)
    AccessSubject._base_manager.bulk_create(rows)
    ChainHead.objects.filter(pk=1).update(sequence=event.sequence, hash=event.hash)
    return event


def erase(subject: str, *, now: dt.datetime | None = None) -> int:
    """Blank everything that leads from the log to `subject`; return how many rows.

    The lawful erasure of rules.md 16: that somebody looked stays, at whom does not. The chain
    holds, because it only keeps digests whose salt is gone now. Raises outside of a transaction.
    """
    _in_transaction()
    rows = AccessSubject._base_manager.filter(subject=subject)
    return rows.update(subject="", number="", salt="", erased_at=now or timezone.now())


def _in_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("The entry belongs into the transaction of the act.")


def _salt() -> str:
    return secrets.token_hex(16)


def digest_of(salt: str, subject: str, number: str) -> str:
    """What the chain keeps of a subject; stays when a lawful erasure blanks the rest."""
    return hashlib.sha256(f"{salt}|{subject}|{number}".encode()).hexdigest()


def hash_of(event: AccessEvent, digests: list[str]) -> str:
    """The hash of an entry: everything it says and the hash of the one before."""
    said: dict[str, Any] = {
        "sequence": event.sequence,
        "id": str(event.id),
        "logtime": event.logtime.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "usercode": event.usercode,
        "username": event.username,
        "receivercode": event.receivercode,
        "receiver": event.receiver,
        "role": event.role,
        "actioncode": event.actioncode,
        "purpose": event.purpose,
        "channel": event.channel,
        "outcome": event.outcome,
        "subjects": sorted(digests),
        "previous": event.previous_hash,
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
