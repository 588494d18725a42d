"""What allauth asks us about accounts."""

import time
from typing import Any, NoReturn
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from portal.accounts import limits, second_factor, sessions
from portal.accounts.rotation import PLACE
from portal.base.encryption import decrypt, encrypt


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
            "There were too many tries. Please wait five minutes. If that does not help, ask for "
            "a new password by letter: after that this device counts as yours."
        ),
        "rate_limited": _("Too many tries in a row. Please wait a minute and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account alone."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """`next` is a path of this host; nothing else is needed, so nothing else is taken."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before the password is looked at; a success takes it back."""
        try:
            self._login_failed_rl_usage = limits.take(
                request, credentials.get("email", ""), "password"
            )
        except limits.MustWait:
            raise self.validation_error("too_many_login_attempts") from None

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago is not asked for the password once more."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = get_authentication_records(self.request, self.request.user)
        return (
            not records or time.time() - records[-1]["at"] > app_settings.REAUTHENTICATION_TIMEOUT
        )

    def get_login_stages(self) -> list[str]:
        """The second step knows that whoever came by TARA has shown two factors already."""
        ours = {
            "allauth.mfa.stages.AuthenticateStage": "portal.accounts.stages.SecondFactorStage",
        }
        return [ours.get(path, path) for path in super().get_login_stages()]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> NoReturn:
        """allauth sends nothing itself: letters go through the outbox (`letters.py`)."""
        raise NotImplementedError(f"{template_prefix} has no letter in portal.accounts.letters.")


class SecondFactorAdapter(DefaultMFAAdapter):
    """One-time codes: their secrets stand encrypted like everything that must not be read."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Show a one-time code first."),
        "cannot_generate_recovery_codes": _("Set up the one-time code first."),
        "incorrect_code": _("This code is not right, or it has been used. Wait for the next one."),
        "incorrect_passkey": _(
            "The passkey was not accepted. Please try again or sign in another way."
        ),
        "no_passkey": _("The device gave no passkey. Please try again."),
    }

    def encrypt(self, text: str) -> str:
        return str(encrypt(text, PLACE))

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, PLACE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """A password alone does not take the second factor away."""
        return second_factor.was_shown(self.request)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """A first name for a passkey: the device where it is made."""
        return sessions.device_words(context.request.META.get("HTTP_USER_AGENT", ""))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the address of the portal, never to what a request's header says."""
        return {
            "id": urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost",
            "name": settings.WAGTAIL_SITE_NAME,
        }
