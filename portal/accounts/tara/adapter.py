"""What allauth asks us about identities of the state."""

import logging
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.accounts import second_factor
from portal.accounts.tara.refusals import TaraRefused, sentence_of

logger = logging.getLogger(__name__)


class IdentityAdapter(DefaultSocialAccountAdapter):
    """Nobody gets an account by an identity; who has one links it, having shown who they are."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse what leads nowhere; what is let in has shown two factors."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            self._check_link(request, sociallogin)
            return
        if not sociallogin.is_existing or not sociallogin.user.is_active:
            raise ImmediateHttpResponse(refused(request, "unknown"))
        if request.user.is_authenticated and request.user != sociallogin.user:
            raise ImmediateHttpResponse(refused(request, "other"))
        # A card with its PIN, or a phone with its own: TARA is both factors by nature.
        record_authentication(request, sociallogin.user, second_factor.METHOD, type="tara")

    def _check_link(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if not request.user.is_authenticated:
            raise ImmediateHttpResponse(refused(request, "state"))
        if sociallogin.is_existing and sociallogin.user != request.user:
            raise ImmediateHttpResponse(refused(request, "other"))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """A sentence for the user, and the code alone for the log."""
        code = code_of(error, exception)
        logger.warning("state sign-in refused: %s", code)
        raise ImmediateHttpResponse(refused(request, code))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("profile")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """allauth sends nothing itself: letters go through the outbox."""


def code_of(error: Any, exception: Exception | None) -> str:
    """What went wrong, as a key of the sentences."""
    if isinstance(exception, TaraRefused):
        return exception.code
    if isinstance(exception, OAuth2Error):
        # The code was used before, is too old, or we are not who we say.
        return "code"
    if exception is not None:
        return "unavailable"
    return "cancelled" if error == AuthError.CANCELLED else "state"


def refused(request: HttpRequest, code: str) -> HttpResponse:
    """403 with the sentence, and the way back to the sign-in."""
    status = 502 if code == "unavailable" else 403
    page = {"sentence": sentence_of(code), "is_signed_in": request.user.is_authenticated}
    return render(request, "account/tara_refused.html", page, status=status)
