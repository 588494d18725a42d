"""A person's own calendar address: a secret link that can be taken back.

The link is made from the row's id and a key of the portal, so the same form sent twice shows the
same one; the database keeps its hash alone.
"""

import hashlib
import uuid

from django.db import transaction
from django.utils import timezone

from network.meetings.models import CalendarFeed
from portal.accounts.models import User
from portal.base.encryption import keyed_hash
from portal.base.idempotency import once

PURPOSE = "meetings.calendar_feed.link"
TOKEN_SIGNS = 40  # 160 bits as hex digits


@transaction.atomic
def make_feed(*, by: User, key: uuid.UUID) -> str:
    """A new address for the calendar of `by`, from which the earlier one stops; give its token."""
    with once(key, purpose="calendar_feed", by=str(by.pk)) as attempt:
        if attempt.is_first:
            # Two at once come one after the other, so one address is left.
            User.objects.select_for_update().get(pk=by.pk)
            _take_back(by)
            feed = CalendarFeed(user=by)
            feed.token_hash = hash_of(token_of(feed.pk))
            feed.save()
            attempt.result = str(feed.pk)
    return token_of(attempt.result)


@transaction.atomic
def take_feed_back(*, by: User) -> None:
    """Nobody reads the calendar of `by` by an address any more."""
    _take_back(by)


def find_feed(token: str) -> CalendarFeed | None:
    """The feed of this link, of somebody whose account is open; taken back is like unknown."""
    return (
        CalendarFeed.objects.select_related("user")
        .filter(token_hash=hash_of(token), revoked_at__isnull=True, user__is_active=True)
        .first()
    )


def feed_of(user: User) -> CalendarFeed | None:
    """The address that `user` has now."""
    return CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).first()


def token_of(pk: uuid.UUID | str) -> str:
    """The secret part of the link; shown once to its owner and to nobody else."""
    return keyed_hash(str(pk), PURPOSE)[:TOKEN_SIGNS]


def hash_of(token: str) -> str:
    """What the database keeps of a link: 160 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _take_back(user: User) -> None:
    now = timezone.now()
    CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)
