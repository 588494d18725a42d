"""One value that moves on whenever the public would see something new.

Every kept page and every memo of public data is named by it, so nothing has to be thrown away:
it is simply not asked for any more.

    content_version.current()      # what to name things by; at most one query a second
    content_version.move_on()      # in the transaction that changes something public
    content_version.watch(Offer)   # in AppConfig.ready(): every save and delete moves it on
"""

import threading
import time
import uuid
from typing import Any

from django.db import connection, models, transaction

# The documented exception, see watch().
from django.db.models.signals import m2m_changed, post_delete, post_save  # noqa: TID251

from portal.base.models import ContentVersion

# A published change shows within this many seconds in the processes that did not make it.
MAX_AGE = 1.0

_memo: tuple[float, str] | None = None
_last = ""
# Counts what was forgotten, so that a read begun before a change cannot be kept after it.
_forgotten = 0
_lock = threading.Lock()


def current() -> str:
    """Return the version of the public content, at most `MAX_AGE` seconds old.

    Empty when the row is missing: then nothing may be kept under it.
    """
    global _memo, _last
    if connection.in_atomic_block:
        # What this transaction sees may be rolled back, so the other threads must not learn it.
        return _of_transaction() or _remember_in_transaction(_read())
    memo, asked = _memo, time.monotonic()
    if memo and asked - memo[0] < MAX_AGE:
        return memo[1]
    before = _forgotten
    value = _read()
    with _lock:
        # A slow read must not put back what a later one has replaced already.
        if value and before == _forgotten and (_memo is None or asked > _memo[0]):
            _memo, _last = (asked, value), value
    return value


def last_known() -> str:
    """The version that `current()` told last in this process, however long ago; perhaps empty."""
    return _last


def move_on() -> None:
    """Something public changed: draw a new version in the caller's transaction."""
    value = uuid.uuid4()
    # Tests empty the table between each other; production never finds it so.
    if not ContentVersion.objects.filter(pk=1).update(value=value):
        ContentVersion.objects.update_or_create(pk=1, defaults={"value": value})
    if connection.in_atomic_block:
        _remember_in_transaction(value.hex)
    transaction.on_commit(forget)


def forget() -> None:
    """Let the next `current()` of this process ask the database."""
    global _memo, _forgotten
    with _lock:
        _memo = None
        _forgotten += 1


def watch(*watched: type[models.Model]) -> None:
    """Move on at every save, deletion and change of a many-to-many list of these models.

    The one exception to "no signals between our own apps" (docs/architecture.md): the CMS, the
    imports and the starter content all write public rows, and a forgotten call would leave a
    stale price on the page.
    """
    for model in watched:
        key = f"content-version-{model._meta.label_lower}"
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=key)
        for field in model._meta.local_many_to_many:
            through = field.remote_field.through
            m2m_changed.connect(_changed, sender=through, dispatch_uid=f"{key}-{field.name}")


def _changed(sender: type[models.Model], **kwargs: Any) -> None:
    # Of m2m_changed only what has happened already counts.
    if not str(kwargs.get("action", "")).startswith("pre_"):
        move_on()


def _of_transaction() -> str:
    """What `_remember_in_transaction` was told in the transaction that is open now."""
    hooks, value = getattr(connection, "content_version_of", (None, ""))
    return value if hooks is connection.run_on_commit else ""


def _remember_in_transaction(value: str) -> str:
    # Django makes a new list at every commit and every rollback, of a savepoint too; an `atomic`
    # that decorates a function is the same object at every call and would not tell them apart.
    mark = (connection.run_on_commit, value)
    connection.content_version_of = mark  # type: ignore[attr-defined]
    return value


def _read() -> str:
    value = ContentVersion.objects.filter(pk=1).values_list("value", flat=True).first()
    return value.hex if value else ""
