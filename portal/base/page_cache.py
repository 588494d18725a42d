"""Whole public pages for visitors who are not signed in, kept in the process: a hit asks nobody.

A page is named by the content version, the day and everything in the request that may change it.
When something public changes, the version moves on and the old pages are not asked for any more,
unless the database is away: then the last one kept is shown.
Browsers keep pages too but ask every time (ETag, 304), so they are never behind.

The middleware stands outside GZipMiddleware: what it keeps is compressed already. Headers that
are the same for every page (security, policy) are added further out, after it.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import SimpleCookie

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from portal.base import content_version
from portal.base.cookies import own_name
from portal.base.http import Handler, is_private

# The municipality that the visitor chose, and plain language; public pages depend on no other.
PLACE_COOKIE = "vald"
PLAIN_COOKIE = "lihtne"
MESSAGES_COOKIE = "messages"
PLACE = re.compile(r"[a-z0-9-]{1,60}")
MAX_QUERY = 300
# A larger answer is not a page; 2 000 of them would fill the memory.
MAX_SIZE = 256 * 1024
NEVER = ("/static/", "/media/", "/healthz", "/readyz")
VARY = "Accept-Encoding, Cookie, HX-Request"
# What also goes with an answer that has no body: a script of another site reads it, if it may.
KEPT_ON_304 = (
    *("Cache-Control", "ETag", "Vary"),
    *("Access-Control-Allow-Origin", "Access-Control-Expose-Headers"),
)
# The language is in the address, the rest is in the name of the page.
HARMLESS_VARY = {"", "accept-encoding", "accept-language", "hx-request"}
GZIP = re.compile(r"\bgzip\b")


@dataclass(frozen=True)
class Page:
    """A kept answer: everything needed to give it again."""

    headers: dict[str, str]
    cookies: SimpleCookie
    content: bytes


class PageCacheMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.pages = caches["pages"]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        parts = parts_of(request)
        if parts is None:
            return ask_first(self.get_response(request))
        version = _version()
        key, last = key_from(parts, version), key_from(parts, "")
        page = self.pages.get(key) if version else None
        if page is None:
            response = self.get_response(request)
            if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
                # The page as it was shown last is better than none.
                page = self.pages.get(self.pages.get(last, ""))
                return answer(request, page) if page else ask_first(response)
            page = page_from(request, response) if version else None
            if page is None:
                self.pages.delete(last)
                return ask_first(response)
            self.pages.set_many({key: page, last: key})
        return answer(request, page)


def key_of(request: HttpRequest) -> str | None:
    """Name the page that this request asks for; None if it must not be kept at all."""
    parts, version = parts_of(request), _version()
    return key_from(parts, version) if parts and version else None


def parts_of(request: HttpRequest) -> tuple[str, ...] | None:
    """Everything in the request that may change the page; None if it must not be kept at all."""
    cookies = request.COOKIES
    if (
        request.method not in ("GET", "HEAD")
        or settings.SESSION_COOKIE_NAME in cookies
        or own_name(MESSAGES_COOKIE) in cookies
        or "HTTP_AUTHORIZATION" in request.META
        or "HTTP_HX_REQUEST" in request.META
        or "HTTP_RANGE" in request.META
    ):
        return None
    path, query = request.path_info, request.META.get("QUERY_STRING", "")
    if is_private(path) or path.startswith(NEVER) or len(query) > MAX_QUERY:
        return None
    try:
        host = request.get_host()
    except DisallowedHost:
        # It gets its proper answer further in.
        return None
    place = cookies.get(own_name(PLACE_COOKIE), "")
    return (
        request.scheme or "",
        host,
        path,
        query,
        place if PLACE.fullmatch(place) else "",
        "plain" if cookies.get(own_name(PLAIN_COOKIE)) == "1" else "",
        "gzip" if GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) else "",
    )


def key_from(parts: tuple[str, ...], version: str) -> str:
    """The name of the page of this version and day; without a version, of the last one kept."""
    named = (version, timezone.localdate().isoformat() if version else "", *parts)
    return hashlib.blake2b("\0".join(named).encode("utf-8", "replace"), digest_size=20).hexdigest()


def _version() -> str:
    """What the pages of now are named by; while the database is away, the pages of before."""
    try:
        return content_version.current()
    except DatabaseError:
        return content_version.last_known()


def page_from(request: HttpRequest, response: HttpResponseBase) -> Page | None:
    """Return the answer as it is to be kept, or None if it belongs to this visitor only."""
    if not isinstance(response, HttpResponse) or response.status_code != 200:
        return None
    if request.method != "GET" or len(response.content) > MAX_SIZE:
        return None
    if _is_personal(request, response):
        return None
    body = response.content
    if response.get("Content-Encoding") == "gzip":
        # The compressed bytes differ from process to process (random padding), the text does not.
        body = gzip.decompress(body)
    digest = hashlib.blake2b(body, digest_size=16).hexdigest()
    headers = dict(response.items()) | {
        "Cache-Control": "no-cache",
        "Content-Length": str(len(response.content)),
        # Weak: the same text in whatever encoding.
        "ETag": f'W/"{digest}"',
        "Vary": VARY,
    }
    return Page(headers=headers, cookies=response.cookies, content=response.content)


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    """Give a kept page: 304 to who has it already, headers only to who asks for no more."""
    etags = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    if page.headers["ETag"] in etags or "*" in etags:
        response: HttpResponse = HttpResponseNotModified()
        names: tuple[str, ...] = tuple(name for name in KEPT_ON_304 if name in page.headers)
    else:
        response = HttpResponse(b"" if request.method == "HEAD" else page.content)
        names = tuple(page.headers)
    for name in names:
        response.headers[name] = page.headers[name]
    response.cookies = page.cookies
    return response


def ask_first(response: HttpResponseBase) -> HttpResponseBase:
    """What is not kept here is not kept unasked by the browser either."""
    if response.get("Content-Type", "").startswith("text/html"):
        response.headers.setdefault("Cache-Control", "private, no-cache")
        # A fragment and its whole page share the address.
        patch_vary_headers(response, ["HX-Request"])
    return response


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    control = response.get("Cache-Control", "").lower()
    return (
        # A session or a form token was used: both set `Vary: Cookie`.
        not varies <= HARMLESS_VARY
        or not set(response.cookies) <= {own_name(PLACE_COOKIE)}
        or any(word in control for word in ("no-store", "private", "no-cache"))
        # A policy of its own, or a nonce that must not be used twice.
        or any(name.startswith("_csp") for name in vars(response))
        or hasattr(request, "_csp_nonce")
    )
