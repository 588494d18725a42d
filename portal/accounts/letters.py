"""The letters about accounts. A link is made when the letter is sent, and never stored."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from portal.accounts.models import User
from portal.base import mail, outbox

PASSWORD_RESET = "password_reset"  # noqa: S105


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
    address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path
    return mail.Letter(to=user.email, context={"address": address})
