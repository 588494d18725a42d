"""Plain language (lihtne keel): the reader switches to it and stays in it, on this device.

The switch is a link (`?lihtne=1`, `?lihtne=0`), so it needs neither script nor account. The page
cache names its pages by the same cookie (portal/base/page_cache.py).
"""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch

from portal.base.cookies import own_name
from portal.base.http import Handler, is_private
from portal.base.page_cache import PLAIN_COOKIE

ASK = "lihtne"
ON, OFF = "1", "0"
COOKIE_AGE = 180 * 24 * 60 * 60


def reads_plain(request: HttpRequest) -> bool:
    """Whether this reader wants plain language: the address first, then the cookie."""
    asked = request.GET.get(ASK)
    if asked in (ON, OFF):
        return asked == ON
    return request.COOKIES.get(own_name(PLAIN_COOKIE)) == ON


def switch_address(request: HttpRequest, home: str) -> str:
    """The link that turns it on or off: this page again, or `home` where it has no such pages."""
    match: ResolverMatch | None = getattr(request, "resolver_match", None)
    here = match is not None and match.func.__module__.startswith("home.")
    query = request.GET.copy() if here else type(request.GET)(mutable=True)
    query[ASK] = OFF if reads_plain(request) else ON
    return f"{request.path if here else home}?{query.urlencode()}"


class PlainLanguageMiddleware:
    """Keeps the choice made in the address on the visitor's device."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        asked = request.GET.get(ASK) if request.method in ("GET", "HEAD") else None
        if asked not in (ON, OFF) or is_private(request.path_info):
            return response
        if asked == OFF:
            response.delete_cookie(own_name(PLAIN_COOKIE), samesite="Lax")
            # A browser takes a deletion of a `__Host-` cookie only with `Secure`.
            response.cookies[own_name(PLAIN_COOKIE)]["secure"] = settings.SESSION_COOKIE_SECURE
        else:
            response.set_cookie(
                own_name(PLAIN_COOKIE),
                ON,
                max_age=COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
