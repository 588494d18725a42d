"""Where somebody is signed in: to be seen, and to be ended at once.

A session is a row of Django's; the row beside it says whose it is and what it was opened with.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from portal.accounts.models import User

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"

# The first that fits: browsers name their relatives too.
BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrom(e|ium)/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
)
SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"CrOS", "ChromeOS"),
    (r"Mac OS X|Macintosh", "Mac"),
    (r"Linux|X11", "Linux"),
)


@dataclass(frozen=True)
class OpenSession:
    """One place where somebody is signed in."""

    id: int
    device: str
    address: str
    began: dt.datetime
    seen: dt.datetime
    is_current: bool


@dataclass(frozen=True)
class Left:
    """Seconds until a session ends: by being idle, and in any case. Never below nought."""

    idle: int
    whole: int

    @property
    def is_over(self) -> bool:
        return not (self.idle and self.whole)


def left_of(session: Any, now: int) -> Left:
    """How long the session (or its plain data) lasts yet at `now`, in seconds of the epoch."""
    began, seen = session.get(SIGNED_IN_AT, now), session.get(SEEN_AT, now)
    return Left(
        idle=max(0, seen + settings.SESSION_IDLE_SECONDS - now),
        whole=max(0, began + settings.SESSION_COOKIE_AGE - now),
    )


def note(request: HttpRequest, user: User) -> None:
    """Keep a row for the session that `user` has just opened, by whatever door."""
    try:
        ip = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return  # not a request from anywhere
    agent = request.META.get("HTTP_USER_AGENT", "")[: UserSession.user_agent.field.max_length]
    UserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={"user": user, "ip": ip, "user_agent": agent},
    )


def open_sessions(user: User, current: str | None, now: dt.datetime) -> list[OpenSession]:
    """Where `user` is signed in at `now`, this session (key `current`) first, then the latest."""
    rows = {row.session_key: row for row in UserSession.objects.filter(user=user)}
    found = []
    for stored in Session.objects.filter(session_key__in=rows, expire_date__gt=now):
        data, row = stored.get_decoded(), rows[stored.session_key]
        if not _opens_for(data, user) or left_of(data, int(now.timestamp())).is_over:
            continue
        found.append(
            OpenSession(
                id=row.pk,
                device=device_words(row.user_agent),
                address=row.ip,
                began=row.created_at,
                seen=dt.datetime.fromtimestamp(
                    data.get(SEEN_AT, row.last_seen_at.timestamp()), dt.UTC
                ),
                is_current=stored.session_key == current,
            )
        )
    return sorted(found, key=lambda one: (not one.is_current, -one.seen.timestamp()))


def _opens_for(data: dict[str, Any], user: User) -> bool:
    same = data.get(SESSION_KEY) == str(user.pk)
    # Another password since then: Django would not take it any more.
    return same and constant_time_compare(
        data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    )


@transaction.atomic
def end_session(user: User, pk: int) -> bool:
    """End one session of `user`; False if there is none. Its next request is signed out."""
    return bool(_end(UserSession.objects.filter(user=user, pk=pk)))


@transaction.atomic
def end_sessions(user: User, *, keep: str | None = None) -> int:
    """End all sessions of `user` but the one with the key `keep`; return how many."""
    return _end(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))


def _end(rows: Any) -> int:
    keys = [row.session_key for row in rows]
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


@transaction.atomic
def end_all(now: dt.datetime) -> str:
    """End every session there is; after a restore nobody knows which were ended since."""
    UserSession.objects.all().delete()
    ended, _rows = Session.objects.all().delete()
    return f"{ended} sessions ended" if ended else ""


def forget_ended(now: dt.datetime) -> None:
    """Drop sessions that are over, and what they were opened with."""
    Session.objects.filter(expire_date__lte=now).delete()
    living = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=living).delete()


def device_words(agent: str) -> str:
    """What a browser says of itself → “Firefox, Windows”."""
    browser = next((name for sign, name in BROWSERS if re.search(sign, agent)), "")
    system = next((name for sign, name in SYSTEMS if re.search(sign, agent)), "")
    return ", ".join(filter(None, (browser, system))) or _("unknown device")
