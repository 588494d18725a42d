"""Outside things go through here after commit: put now, delivered by the worker, tried again.

    outbox.register("mail", deliver)             # in AppConfig.ready()
    outbox.put("mail", {"letter": "invitation", "user": str(user.pk)})
    outbox.deliver_due(now)                      # the worker, every few seconds

The payload holds ids and short names of things, never anybody's name, address or text: what is to
be said is read from the database at delivery.
"""

import datetime as dt
import logging
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from portal.base import sent_journal
from portal.base.models import OutboxItem

logger = logging.getLogger(__name__)

Payload = dict[str, Any]
# The item's id is stable over all tries, so that a receiver can recognise a repeat.
Deliver = Callable[[OutboxItem], None]

# With the waits below: two days and a half, so a weekend without mail loses nothing.
MAX_ATTEMPTS = 20
# How long a worker may be at one item before another takes it for dead. Every handler's own
# time-out must be shorter.
CLAIM = dt.timedelta(minutes=5)
FIRST_WAIT = dt.timedelta(seconds=30)
LONGEST_WAIT = dt.timedelta(hours=6)

# In a row, of one kind, in one pass; the rest of that kind waits for the next pass.
MOST_FAILURES = 3

# Ids, codes, names of templates: no spaces, no "@".
ALLOWED_TEXT = re.compile(r"[\w./:-]{0,100}")

_handlers: dict[str, Deliver] = {}
# Kinds that nobody outside notices a second time.
_repeatable: set[str] = set()


@dataclass
class Delivered:
    """What one pass did."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0


def register(kind: str, deliver: Deliver, *, repeatable: bool = False) -> None:
    """Tell who delivers items of `kind`. It raises to be tried again.

    `repeatable`: nobody outside would notice a second delivery, so a restore need not hold it back.
    """
    _handlers[kind] = deliver
    if repeatable:
        _repeatable.add(kind)


def put(kind: str, payload: Payload, *, key: str = "") -> OutboxItem:
    """Store one thing to deliver, in the caller's transaction; gone if that is rolled back.

    With a `key`, the same kind and key is put once; a repeat returns the first item.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError(
            "outbox.put() belongs into the transaction of the change that it tells of."
        )
    if kind not in _handlers:
        raise LookupError(f"Nobody delivers outbox items of kind {kind!r}.")
    _check_payload(payload)
    item = OutboxItem(kind=kind, key=key, payload=payload)
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        if not key:
            raise
        return OutboxItem.objects.get(kind=kind, key=key)
    return item


def deliver_due(now: dt.datetime, *, limit: int = 100) -> Delivered:
    """Deliver what is due at `now`, each item once whatever the number of workers."""
    done = Delivered()
    waiting = OutboxItem.objects.filter(state=OutboxItem.State.PENDING)
    # Later than anything is put off: the clock was ahead then and has been set right.
    due = waiting.filter(
        Q(next_attempt_at__lte=now) | Q(next_attempt_at__gt=now + LONGEST_WAIT + CLAIM)
    )
    failed: Counter[str] = Counter()
    for item in due.order_by("next_attempt_at", "created_at")[:limit]:
        # A mail server that says nothing would hold up all other work, letter by letter.
        if failed[item.kind] < MOST_FAILURES and _claim(item, now):
            went_well = _deliver(item, now, done)
            failed[item.kind] = 0 if went_well else failed[item.kind] + 1
    return done


def is_stuck(now: dt.datetime, patience: dt.timedelta) -> bool:
    """Has an item been due for longer than `patience`, so that nobody seems to deliver?"""
    return OutboxItem.objects.filter(
        state=OutboxItem.State.PENDING, next_attempt_at__lt=now - patience
    ).exists()


def hold(now: dt.datetime) -> str:
    """Keep back all that waits: in a restored database nobody knows what has left since."""
    waiting = OutboxItem.objects.filter(state=OutboxItem.State.PENDING)
    held = waiting.exclude(kind__in=_repeatable).update(state=OutboxItem.State.HELD)
    return f"{held} letters held back: manage.py held_letters" if held else ""


def let_go(now: dt.datetime) -> int:
    """Let what was held back leave after all, beginning `now`; return how many."""
    return OutboxItem.objects.filter(state=OutboxItem.State.HELD).update(
        state=OutboxItem.State.PENDING, next_attempt_at=now
    )


def drop_held() -> int:
    """Give up what was held back; return how many."""
    return OutboxItem.objects.filter(state=OutboxItem.State.HELD).update(
        state=OutboxItem.State.FAILED, last_error="held back, not sent"
    )


def prune(now: dt.datetime) -> None:
    """Forget what was sent over a month ago, and what was given up over half a year ago."""
    sent_journal.cut()
    for state, days in (
        (OutboxItem.State.SENT, 30),
        (OutboxItem.State.FAILED, 180),
        (OutboxItem.State.HELD, 180),
    ):
        OutboxItem.objects.filter(
            state=state, created_at__lt=now - dt.timedelta(days=days)
        ).delete()


def _claim(item: OutboxItem, now: dt.datetime) -> bool:
    """Take the item for this worker: of all who try, the database lets one change the row.

    No transaction stays open while something outside is asked: on SQLite it would stop every
    writer for as long as a mail server thinks.
    """
    claimed = OutboxItem.objects.filter(
        pk=item.pk, state=OutboxItem.State.PENDING, attempts=item.attempts
    ).update(attempts=F("attempts") + 1, next_attempt_at=now + CLAIM)
    item.attempts += 1
    return bool(claimed)


def _deliver(item: OutboxItem, now: dt.datetime, done: Delivered) -> bool:
    # Somebody was at it before and said nothing since: a worker that was killed, perhaps too late.
    if not (item.attempts > 1 and not item.last_error and sent_journal.has(item.pk)):
        try:
            _handlers[item.kind](item)
        except Exception as error:
            _put_off(item, now, _short(error), done)
            return False
        sent_journal.note(item.pk)
    _mine(item).update(state=OutboxItem.State.SENT, sent_at=timezone.now(), last_error="")
    done.sent += 1
    return True


def _put_off(item: OutboxItem, now: dt.datetime, error: str, done: Delivered) -> None:
    # Only the kind and the class of the error: a mail server's words hold addresses.
    logger.warning("outbox %s %s: attempt %s: %s", item.kind, item.pk, item.attempts, error)
    if item.attempts >= MAX_ATTEMPTS:
        _mine(item).update(state=OutboxItem.State.FAILED, last_error=error)
        done.given_up += 1
        return
    wait = min(FIRST_WAIT * 2 ** (item.attempts - 1), LONGEST_WAIT)
    _mine(item).update(next_attempt_at=now + wait, last_error=error)
    done.put_off += 1


def _mine(item: OutboxItem) -> Any:
    """The row, unless the claim ran out and another worker has it by now."""
    return OutboxItem.objects.filter(
        pk=item.pk, state=OutboxItem.State.PENDING, attempts=item.attempts
    )


def _short(error: Exception) -> str:
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()[:100]


def _check_payload(payload: Payload) -> None:
    for name, value in payload.items():
        values = value if isinstance(value, list) else [value]
        for one in values:
            if isinstance(one, str) and ALLOWED_TEXT.fullmatch(one):
                continue
            if one is None or isinstance(one, bool | int):
                continue
            raise ValueError(f"The outbox holds ids only; {name!r} is something else.")
