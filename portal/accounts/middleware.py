"""What holds for every request of somebody signed in: how long, in which language, how surely."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from portal.accounts import devices, second_factor, sessions
from portal.accounts.sessions import SEEN_AT, SIGNED_IN_AT
from portal.base.http import Handler, is_private

# Asks how long the session lasts: that alone is no sign of life.
SESSION_STATE = "/konto/sessioon/"
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
        "mfa_login_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
# The ways to a first second factor: for whoever has one already they would be a way around it.
TO_SET_UP = frozenset({"mfa_activate_totp", "mfa_add_webauthn"})


def note_sign_in(request: HttpRequest | None, user: Any = None, **more: Any) -> None:
    """Remember when the session began; told by Django whenever somebody signs in."""
    if request is not None:
        now = int(timezone.now().timestamp())
        request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now
        sessions.note(request, user)
        note_device(request, user)


def note_device(request: HttpRequest, user: Any, **more: Any) -> None:
    """This browser belongs to `user`: who signed in, or had the letter with the link."""
    request.device_of = user.email  # type: ignore[attr-defined]


class SessionLimitsMiddleware:
    """A session ends when it was idle too long, and at the latest after twelve hours.

    What was typed comes back: the guard behind answers a post without a session with its text.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_private(request.path_info) and request.user.is_authenticated:
            self._limit(request, int(timezone.now().timestamp()))
        response = self.get_response(request)
        if email := getattr(request, "device_of", ""):
            devices.remember(request, response, email)
        return response

    def _limit(self, request: HttpRequest, now: int) -> None:
        session = request.session
        for mark in (SIGNED_IN_AT, SEEN_AT):
            # The clock was ahead then and has been set right: that is no reason to last longer.
            if session.get(mark, now) > now:
                session[mark] = now
        session.setdefault(SIGNED_IN_AT, now)
        seen = session.setdefault(SEEN_AT, now)
        asks = request.path_info == SESSION_STATE
        if sessions.left_of(session, now).is_over:
            logout(request)
        elif request.method == "POST" if asks else now - seen >= NOTED_EVERY:
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
        if way := second_factor.way_to_show(request.user):
            return redirect_to_login(wanted, way)
        if name in TO_SET_UP:
            return None
        if second_factor.is_required_of(request.user, timezone.localdate()):
            return redirect_to_login(wanted, "mfa_activate_totp")
        return None
