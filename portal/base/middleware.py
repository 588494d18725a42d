"""The edge: what comes in is cleaned, what goes out of the private half is never kept."""

from urllib.parse import quote_from_bytes, unquote_to_bytes

from django.conf import settings
from django.core.signals import request_finished
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from portal.base.busy import busy_page, close_distrusted, distrust_connections, is_busy
from portal.base.http import Handler, is_private

MAX_QUERY = 8 * 1024
# The longest that we make ourselves is a list of twenty services (home/reports/my_list.py).
MAX_PARAMETER = 1200


class CleanInputMiddleware:
    """Query string, path and cookies reach the views without NUL and in a bearable length.

    Too long is cut, not refused: the reader gets a normal page. Bodies are the forms' business.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if len(query) > MAX_PARAMETER or "%00" in query or "\0" in query:
            request.META["QUERY_STRING"] = clean_query(query)
        if "\0" in request.path_info:
            # No address holds this character, so the page is the usual 404.
            request.path_info = request.path_info.replace("\0", "\ufffd")
            request.path = request.path.replace("\0", "\ufffd")
        if "\\" in request.META.get("HTTP_COOKIE", ""):
            # A quoted cookie may spell NUL as \000, which PostgreSQL refuses to look up.
            for name, value in request.COOKIES.items():
                request.COOKIES[name] = value.replace("\0", "")
        return self.get_response(request)


def clean_query(query: str) -> str:
    """Return the query string without NUL, each value at most 1200 characters, 8 kB in all.

    Words that NUL stood between stay apart.
    """
    pairs = []
    for pair in query[:MAX_QUERY].split("&"):
        name, equals, value = pair.partition("=")
        pairs.append(f"{_clean_part(name)}{equals}{_clean_part(value)}")
    return "&".join(pairs)


def _clean_part(part: str) -> str:
    text = unquote_to_bytes(part.replace("+", " ").encode("latin-1", "replace"))
    short = text.decode("utf-8", "replace").strip("\0").replace("\0", " ")[:MAX_PARAMETER]
    return quote_from_bytes(short.encode())


class DatabaseBusyMiddleware:
    """A locked, full or absent database or disk: 503, come back soon, and here is your text."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        request_finished.connect(close_distrusted, dispatch_uid="close-distrusted")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if not is_busy(exception):
            return None
        distrust_connections(exception)
        return busy_page(request)


class NoStoreMiddleware:
    """Nothing of the private half stays in a browser or on the way."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if is_private(request.path_info):
            response.headers["Cache-Control"] = "no-store"
        return response


class PathLocaleMiddleware:
    """The language is in the address and nowhere else, so a kept page is right for everybody.

    Django's own middleware looks at a cookie and at the browser's wish as well wherever an
    address has no prefix, and says so in `Vary`.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(path: str) -> str:
    """The language of an address: its first part if that is one of ours, else Estonian."""
    first = path[1:].partition("/")[0]
    return first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
