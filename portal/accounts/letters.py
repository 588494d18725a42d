"""The letters about accounts. A link is made when the letter is sent, and never stored."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal.accounts.invitations import NotOpen, find_open, token_of
from portal.accounts.models import Invitation, User
from portal.base import mail, outbox

PASSWORD_RESET = "password_reset"  # noqa: S105
SECOND_FACTOR = "second_factor"


@transaction.atomic
def ask_password_reset(user: User | None) -> None:
    """Put the letter with the link into the outbox; without a user one that says nothing to nobody.

    Both write the same, so that nobody learns from the answer who has an account.
    """
    mail.send(PASSWORD_RESET, {"user": str(user.pk) if user else ""})


def write_password_reset(payload: outbox.Payload) -> mail.Letter | None:
    """The letter for the user in `payload`; None if there is no such active user."""
    if not payload["user"]:
        return None
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    if user is None:
        return None
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
    return _letter(user, address=_whole(path))


@transaction.atomic
def tell_second_factor(user: User, what: str) -> None:
    """Tell `user` that the second factor was "added" or "removed", or that its "codes" are new."""
    mail.send(SECOND_FACTOR, {"user": str(user.pk), "what": what})


def write_second_factor(payload: outbox.Payload) -> mail.Letter | None:
    """The letter for the user in `payload`; None if the account is closed by now."""
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    return _letter(user, what=payload["what"]) if user else None


def write_invitation(payload: outbox.Payload) -> mail.Letter | None:
    """The letter with the link of the invitation in `payload`; None if it is not open any more."""
    invitation = Invitation.objects.filter(pk=payload["invitation"]).first()
    if invitation is None:
        return None
    token = token_of(invitation)
    try:
        user = find_open(token, timezone.now()).user
    except NotOpen:
        return None
    return _letter(user, address=_whole(reverse("invitation_link", kwargs={"token": token})))


def _letter(user: User, **context: Any) -> mail.Letter:
    return mail.Letter(to=user.email, context=context, language=user.language)


def _whole(path: str) -> str:
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path
