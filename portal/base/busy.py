"""The database does not answer just now: say so, and give the typed text back."""

import re
import sqlite3

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template import loader

RETRY_AFTER = 10
# Primary result codes; an unknown table or a bad statement is our own mistake, not a busy time.
SQLITE_BUSY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
# Fields that are nobody's typed text, or that must not stand in a page.
NOT_GIVEN_BACK = re.compile(
    r"passw|csrf|token|secret|credential|^(otp|code|next|version|key|action)$|_key$|-[A-Z]+_FORMS$",
    re.IGNORECASE,
)
# A choice from a list, not a text.
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_busy(exception: BaseException | None) -> bool:
    """Is the database locked, full or away, so that the same request may succeed later?

    The shared cache counts too: without it nobody knows how often a password was tried.
    """
    if type(exception).__module__.startswith("redis."):  # not installed everywhere
        return True
    if not isinstance(exception, OperationalError | InterfaceError):
        return False
    cause = exception.__cause__
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        # The low byte is the primary code.
        return code is not None and code & 0xFF in SQLITE_BUSY
    return True


def busy_page(request: HttpRequest) -> HttpResponse:
    """Answer 503 with Retry-After and, after a POST, the typed text to copy."""
    page = loader.render_to_string("portal/503.html", {"typed": typed_text(request)})
    response = HttpResponse(page, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response


def typed_text(request: HttpRequest) -> list[tuple[str, str]]:
    """Return (field, text) of what was posted, without passwords, tokens and one-time codes."""
    if request.method != "POST":
        return []
    try:
        posted = request.POST
    except (OSError, SuspiciousOperation, MultiPartParserError):
        # The body broke off on the way or was too large: there is nothing to give back.
        return []
    typed = [
        (name, value)
        for name, values in posted.lists()
        if not NOT_GIVEN_BACK.search(name)
        for value in values
        if value.strip() and not AN_ID.fullmatch(value.strip())
    ]
    # What took longest to write comes first.
    return sorted(typed, key=lambda pair: -len(pair[1]))
