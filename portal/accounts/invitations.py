"""Invited people: an inactive account, and a link that makes it active once.

The link is made from the row's id and a key of the portal, so every try to deliver the letter
holds the same one; the database keeps its hash alone.
"""

import datetime as dt
import hashlib

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import Invitation, User
from portal.base import mail
from portal.base.encryption import keyed_hash

LETTER = "invitation"
WORKS_FOR = dt.timedelta(days=7)
PURPOSE = "accounts.invitation.link"
TOKEN_SIGNS = 32  # 128 bits as hex digits


class NotOpen(Exception):
    """The link is unknown, used, cancelled or too old; nobody is told which."""


@transaction.atomic
def invite(email: str, *, by: User) -> tuple[User, Invitation | None]:
    """The user with this address, made inactive if new; with an invitation unless active already.

    An earlier open invitation of the same user is cancelled: one link works at a time.
    """
    address = User.objects.normalize_email(email).lower()
    user = User.objects.filter(email__iexact=address).first()
    if user is None:
        user = User.objects.create_user(address, is_active=False)
    if user.is_active:
        return user, None
    cancel(user)
    invitation = Invitation(user=user, invited_by=by, expires_at=timezone.now() + WORKS_FOR)
    invitation.token_hash = hash_of(token_of(invitation))
    invitation.save()
    mail.send(LETTER, {"invitation": str(invitation.pk)})
    return user, invitation


def find_open(token: str, now: dt.datetime) -> Invitation:
    """The open invitation of this link. Raises NotOpen."""
    found = (
        Invitation.objects.select_related("user")
        .filter(
            token_hash=hash_of(token),
            accepted_at__isnull=True,
            cancelled_at__isnull=True,
            expires_at__gt=now,
            user__is_active=False,
        )
        .first()
    )
    if found is None:
        raise NotOpen
    return found


@transaction.atomic
def accept(token: str, *, first_name: str, last_name: str, password: str) -> User:
    """Make the account active, with this name and password. Works once. Raises NotOpen."""
    now = timezone.now()
    invitation = find_open(token, now)
    # Of several at once the database lets one through.
    taken = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, cancelled_at__isnull=True
    ).update(accepted_at=now)
    if not taken:
        raise NotOpen
    user = invitation.user
    user.first_name, user.last_name, user.is_active = first_name, last_name, True
    user.set_password(password)
    user.save(update_fields=["first_name", "last_name", "is_active", "password"])
    return user


def cancel(user: User) -> None:
    """No link sent to `user` so far opens anything any more."""
    Invitation.objects.filter(
        user=user, accepted_at__isnull=True, cancelled_at__isnull=True
    ).update(cancelled_at=timezone.now())


def cancel_all(now: dt.datetime) -> str:
    """Close every open link; after a restore nobody knows which were used since."""
    still_open = Invitation.objects.filter(accepted_at__isnull=True, cancelled_at__isnull=True)
    closed = still_open.filter(expires_at__gt=now).update(cancelled_at=now)
    return f"{closed} open invitations closed, to be sent anew" if closed else ""


def token_of(invitation: Invitation) -> str:
    """The secret part of the link; for the letter and nothing else."""
    return keyed_hash(str(invitation.pk), PURPOSE)[:TOKEN_SIGNS]


def hash_of(token: str) -> str:
    """What the database keeps of a link: 128 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
