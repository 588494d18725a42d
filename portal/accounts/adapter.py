"""What allauth asks us about accounts."""

from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in without open registration: people are invited by the network."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed at present."),
        "email_password_mismatch": _(
            "The e-mail or the password is not right. Please check both and try again."
        ),
        "enter_current_password": _("The present password is not right."),
        "incorrect_password": _("The password is not right."),
        "invalid_password_reset": _("This link no longer works. Please ask for a new one."),
        "too_many_login_attempts": _(
            "Too many tries in a row. Please wait five minutes and try again."
        ),
        "rate_limited": _("Too many tries in a row. Please wait a minute and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account alone."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> NoReturn:
        """allauth sends nothing itself: letters go through the outbox (`letters.py`)."""
        raise NotImplementedError(f"{template_prefix} has no letter in portal.accounts.letters.")
