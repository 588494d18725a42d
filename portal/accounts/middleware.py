"""What holds for every request of somebody signed in: how long, in which language, how surely."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from portal.accounts import second_factor
from portal.base.http import Handler, is_private

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
# How finely the last request is noted: a row is not written anew at every click.
NOTED_EVERY = 60

# Pages in the language of their reader; the CMS has a setting of its own.
IN_OWN_LANGUAGE = ("/intranet/", "/konto/")
# These say the same to everybody, in Estonian.
SAME_FOR_ALL = frozenset({400, 403, 404, 500, 503})

# Open before the second factor is shown: the ways in and out, and the way to it.
BEFORE_SECOND_FACTOR = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "invitation_link",
        "invitation_accept",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
    }
)


def note_sign_in(request: HttpRequest | None, **more: Any) -> None:
    """Remember when the session began; told by Django whenever somebody signs in."""
    if request is not None:
        now = int(timezone.now().timestamp())
        request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now


class SessionLimitsMiddleware:
    """A session ends when it was idle too long, and at the latest after twelve hours.

    What was typed comes back: the guard behind answers a post without a session with its text.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_private(request.path_info) and request.user.is_authenticated:
            self._limit(request, int(timezone.now().timestamp()))
        return self.get_response(request)

    def _limit(self, request: HttpRequest, now: int) -> None:
        session = request.session
        began, seen = session.setdefault(SIGNED_IN_AT, now), session.setdefault(SEEN_AT, now)
        too_long = now - began >= settings.SESSION_COOKIE_AGE
        if too_long or now - seen >= settings.SESSION_IDLE_SECONDS:
            logout(request)
        elif now - seen >= NOTED_EVERY:
            session[SEEN_AT] = now


class UserLanguageMiddleware:
    """The intranet speaks the language that its reader has chosen in the profile."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not (request.path_info.startswith(IN_OWN_LANGUAGE) and request.user.is_authenticated):
            return self.get_response(request)
        language = request.user.language
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if response.status_code not in SAME_FOR_ALL:
            response.headers.setdefault("Content-Language", language)
        return response


class SecondFactorMiddleware:
    """Nobody who needs a one-time code sees intranet or CMS in a session that has shown none."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Lead to showing the code, or to setting it up; back to the page wanted afterwards."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not is_private(request.path_info) or name in BEFORE_SECOND_FACTOR:
            return None
        if not request.user.is_authenticated or second_factor.was_shown(request):
            return None
        wanted = request.get_full_path()
        if second_factor.is_set_up(request.user):
            return redirect_to_login(wanted, "mfa_reauthenticate")
        if second_factor.is_required_of(request.user, timezone.localdate()):
            return redirect_to_login(wanted, "mfa_activate_totp")
        return None
