"""The device cookie: tells a browser of the owner from a stranger's while somebody guesses.

After a sign-in the browser keeps a signed list of whose account was opened here. It opens nothing:
tries from such a browser are only counted apart, so that nobody who guesses elsewhere can make
the owner wait (limits.py).
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.base.encryption import keyed_hash

SALT = PURPOSE = "accounts.device"
KEPT_FOR = 180 * 24 * 60 * 60
# A computer in a shared office knows a few people, not everybody.
AT_MOST = 5


def cookie_name() -> str:
    """With the prefix that binds a cookie to TLS and to this host, where there is TLS."""
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def mark_of(email: str) -> str:
    """Tells one account from another without naming it; made for unknown addresses too."""
    return keyed_hash(email.strip().lower(), PURPOSE)[:16]


def device_of(request: HttpRequest, email: str) -> str:
    """The mark of this browser for the account of `email`; empty if it never signed in here."""
    return _known(request).get(mark_of(email), "")


def remember(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """Note on the browser that the account of `email` was opened here."""
    known, mark = _known(request), mark_of(email)
    device = known.pop(mark, "") or secrets.token_urlsafe(12)
    kept = [*known.items()][-(AT_MOST - 1) :]
    response.set_cookie(
        cookie_name(),
        signing.dumps([*kept, (mark, device)], salt=SALT),
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> dict[str, str]:
    try:
        pairs: Any = signing.loads(
            request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=KEPT_FOR
        )
        return {str(mark): str(device) for mark, device in pairs}
    except (signing.BadSignature, TypeError, ValueError):
        return {}
