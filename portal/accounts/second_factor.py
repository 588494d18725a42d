"""The second factor: of whom it is asked, whether a session has shown it, and codes used once.

Who needs one is known on higher floors, which say so: `require_of(holds_a_position)` in
`AppConfig.ready()`.
"""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import (
    clear_authentication_records,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest

from portal.accounts import letters, sessions
from portal.accounts.models import User

METHOD = "mfa"
# What opens the second step by itself; recovery codes only stand in for one of these.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

# Given a user and a day: is there a reason to ask this user for a second factor?
Reason = Callable[[Any, dt.date], bool]
_reasons: list[Reason] = []


def require_of(reason: Reason) -> None:
    """Ask a second factor of everybody to whom `reason` applies."""
    if reason not in _reasons:
        _reasons.append(reason)


def is_required_of(user: Any, day: dt.date) -> bool:
    """Must `user` have a second factor to enter the intranet or the CMS?"""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    return _administers(user) or any(reason(user, day) for reason in _reasons)


def _administers(user: Any) -> bool:
    return bool(user.is_staff or user.has_perm("wagtailadmin.access_admin"))


def was_shown(request: HttpRequest) -> bool:
    """Has this session shown the second factor of its user?"""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == METHOD for record in records)


def was_shown_lately(request: HttpRequest, *, seconds: int = 300) -> bool:
    """Has this session shown who is behind it within the last `seconds`?

    By the second factor where there is one, else by the password.
    """
    records = get_authentication_records(request, request.user)
    if is_set_up(request.user):
        records = [record for record in records if record.get("method") == METHOD]
    return any(time.time() - record["at"] <= seconds for record in records)


def is_set_up(user: Any) -> bool:
    """Does `user` have a source of one-time codes, or a passkey?"""
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def way_to_show(user: Any) -> str:
    """The URL name of the page where `user` shows the second factor; empty if there is none."""
    kinds = set(
        Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).values_list(
            "type", flat=True
        )
    )
    if not kinds:
        return ""
    has_codes = Authenticator.Type.TOTP in kinds
    return "mfa_reauthenticate" if has_codes else "mfa_reauthenticate_webauthn"


def step_of(secret: str, code: str) -> int | None:
    """The time step whose code this is; None if it is a code of no step that counts now."""
    plain = "".join(code.split())
    for step in yield_hotp_counters_from_time():
        if format_hotp_value(hotp_value(secret, step)) == plain:
            return step
    return None


def use_up(user: Any, step: int) -> bool:
    """Use the code of `step`: False if it, or a later one, was used before.

    Of several who try at once the database lets one change the row.
    """
    earlier = Q(last_code_step__isnull=True) | Q(last_code_step__lt=step)
    return bool(User.objects.filter(earlier, pk=user.pk).update(last_code_step=step))


@transaction.atomic
def reset(user: User) -> bool:
    """Take the second factor of `user` away: for a lost phone, after asking who it is.

    All sessions end. The next sign-in leads to setting up a new one. False if there was none.
    """
    gone, _rows = Authenticator.objects.filter(user=user).delete()
    if gone:
        sessions.end_sessions(user)
        letters.tell_second_factor(user, "removed")
    return bool(gone)


# --- What allauth tells (its own signals; connected in apps.py) --------------------------------

ADDED = {Authenticator.Type.TOTP: "added", Authenticator.Type.WEBAUTHN: "passkey_added"}
REMOVED = {Authenticator.Type.TOTP: "removed", Authenticator.Type.WEBAUTHN: "passkey_removed"}


@transaction.atomic
def when_added(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    """Who has just typed a right code, or used a passkey, has shown the second factor."""
    if authenticator.type in ADDED:
        record_authentication(request, user, METHOD, type=authenticator.type, id=authenticator.pk)
        letters.tell_second_factor(user, ADDED[authenticator.type])


@transaction.atomic
def when_removed(
    request: HttpRequest, user: User, authenticator: Authenticator, **more: Any
) -> None:
    """A factor that is gone proves nothing any more, here and wherever else it was shown."""
    if authenticator.type in REMOVED:
        left = set(Authenticator.objects.filter(user=user).values_list("pk", flat=True))
        shown = get_authentication_records(request, user)
        if not any(record.get("id") in left for record in shown if record["method"] == METHOD):
            clear_authentication_records(request)
        sessions.end_sessions(user, keep=request.session.session_key)
        letters.tell_second_factor(user, REMOVED[authenticator.type])


def when_linked(request: HttpRequest, sociallogin: Any, **more: Any) -> None:
    """An identity of the state opens the account from now on: its owner should know."""
    letters.tell_second_factor(sociallogin.user, "tara_added")


def when_reset(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    """New recovery codes: the old ones are void, and their owner should know."""
    letters.tell_second_factor(user, "codes")
