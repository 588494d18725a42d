"""The same request twice, or ten times at once, does its work once.

    with once(key, purpose="case_note_add", by=str(user.pk)) as attempt:
        if attempt.is_first:
            attempt.result = str(write_the_note().pk)
    note = CaseNote.objects.get(pk=attempt.result)

`key` is a UUID from a hidden field of the form, or from the device.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from portal.base.models import IdempotencyKey

# A device may be without a connection for weeks and then send its drafts.
KEPT_FOR = dt.timedelta(days=90)


@dataclass
class Attempt:
    """`is_first`: do the work and set `result`. Otherwise `result` is what the first one set."""

    is_first: bool
    result: str = ""


@contextmanager
def once(key: uuid.UUID | str, *, purpose: str, by: str) -> Iterator[Attempt]:
    """Tell the first caller with this key, purpose and person from all later ones.

    Inside the caller's transaction: if the work fails, the key is as if never seen and a retry
    does the work. A second caller waits in the database until the first has committed.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("once() belongs into the transaction of the work.")
    place = {"key": uuid.UUID(str(key)), "purpose": purpose, "by": by}
    with transaction.atomic():
        mine = IdempotencyKey(**place)
        # On conflict the database waits for the other transaction and then leaves our row out.
        IdempotencyKey.objects.bulk_create([mine], ignore_conflicts=True)
        found = IdempotencyKey.objects.get(**place)
        attempt = Attempt(is_first=found.pk == mine.pk, result=found.result)
        yield attempt
        if attempt.is_first:
            if not attempt.result:
                raise ValueError("The first caller has to set `result`: repeats ask for it.")
            IdempotencyKey.objects.filter(pk=mine.pk).update(result=attempt.result)


def was_done(key: uuid.UUID | str, *, purpose: str, by: str) -> bool:
    """Has the work of this key been done? For a page whose own row is gone once it was."""
    try:
        place = {"key": uuid.UUID(str(key)), "purpose": purpose, "by": by}
    except ValueError:
        return False
    return IdempotencyKey.objects.filter(**place).exists()


def prune(now: dt.datetime) -> None:
    """Forget keys that nobody will send again."""
    IdempotencyKey.objects.filter(created_at__lt=now - KEPT_FOR).delete()
