"""Database or disk do not answer just now: say so, and give the typed text back."""

import errno
import re
import sqlite3
import time

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template import loader
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RETRY_AFTER = 10
# Seconds after the last such error.
DISTRUSTED_FOR = 60.0
_distrusted_until = 0.0
# Primary result codes; an unknown table or a bad statement is our own mistake, not a busy time.
SQLITE_BUSY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
# After these the open file is not to be trusted.
SQLITE_REOPEN = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
# PostgreSQL: a read-only transaction, a full disk, too many connections, shutting down.
POSTGRES_BUSY = ("25006", "53", "57P")
# A file that could not be stored: no room, no leave to write, a disk that fails.
DISK_BUSY = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG}
# Fields that are nobody's typed text, or that must not stand in a page.
NOT_GIVEN_BACK = re.compile(
    r"passw|csrf|token|secret|credential|_key$|-[A-Z]+_FORMS$"
    r"|^(otp|code|next|version|shown|key|action|back|confirmed|left_out)$",
    re.IGNORECASE,
)
# A choice from a list, not a text.
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# A choice by name: nobody typed it, and in the page it would be a word of the code.
A_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
CHOICES = {"kind", "state", "audience", "duration", "noticed_how", "role", "parts", "answer"}
# What the forms call their fields. A name that is missing here gets no heading.
LABELS: dict[str, Promise] = {
    "address": _("Address"),
    "comment": _("In a few words"),
    "day": _("Day"),
    "decision": _("Decision"),
    "email": _("E-mail"),
    "first_day": _("First day"),
    "first_name": _("First name"),
    "last_day": _("Last day"),
    "last_name": _("Last name"),
    "name": _("Name"),
    "next_review": _("Next review"),
    "noticed_on": _("When was it noticed?"),
    "noticing": _("What was noticed?"),
    "number": _("Case number"),
    "other_minutes": _("How many minutes"),
    "personal_code": _("Personal code"),
    "phone": _("Phone"),
    "place": _("Where"),
    "reason": _("Reason"),
    "task": _("What is it asked to do?"),
    "text": _("Text"),
    "time": _("Time of day"),
    "title": _("Name"),
    "with_whom": _("With whom"),
}


def is_busy(exception: BaseException | None) -> bool:
    """Is the database or the disk locked, full or away, so that the same request may succeed later?

    The shared cache counts too: without it nobody knows how often a password was tried.
    """
    if type(exception).__module__.startswith("redis."):  # not installed everywhere
        return True
    if isinstance(exception, OSError):
        return exception.errno in DISK_BUSY
    if not isinstance(exception, DatabaseError | InterfaceError):
        return False
    cause = exception.__cause__
    if isinstance(cause, sqlite3.Error):
        return _sqlite_code(cause) in SQLITE_BUSY
    state = getattr(cause, "sqlstate", None) or ""
    return isinstance(exception, OperationalError | InterfaceError) or state.startswith(
        POSTGRES_BUSY
    )


def distrust_connections(exception: BaseException | None) -> None:
    """After an error that spoils an open file, let no request of this process leave one behind.

    A file that was read-only when it was opened stays so, and SQLite shares that between all
    connections of a process: only when the last of them is closed does it look again.
    """
    global _distrusted_until
    cause = getattr(exception, "__cause__", None)
    if isinstance(cause, sqlite3.Error) and _sqlite_code(cause) in SQLITE_REOPEN:
        _distrusted_until = time.monotonic() + DISTRUSTED_FOR


def close_distrusted(**kwargs: object) -> None:
    """Told by Django whenever a request is finished."""
    if time.monotonic() < _distrusted_until:
        for connection in connections.all(initialized_only=True):
            if not connection.in_atomic_block:
                connection.close()


def _sqlite_code(error: sqlite3.Error) -> int:
    """The primary result code, which is the low byte; 0 if the error has none."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def busy_page(request: HttpRequest) -> HttpResponse:
    """Answer 503 with Retry-After and, after a POST, the typed text to copy."""
    page = loader.render_to_string("portal/503.html", {"typed": typed_text(request)})
    response = HttpResponse(page, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response


def typed_text(request: HttpRequest) -> list[tuple[str, str]]:
    """Return (label, text) of what was posted, without passwords, tokens and one-time codes.

    The label is empty for a field that LABELS does not know.
    """
    if request.method != "POST":
        return []
    try:
        posted = request.POST
    except (OSError, SuspiciousOperation, MultiPartParserError):
        # The body broke off on the way or was too large: there is nothing to give back.
        return []
    typed = [
        (_label(name), value)
        for name, values in posted.lists()
        if not NOT_GIVEN_BACK.search(name)
        for value in values
        if value.strip() and not _is_chosen(name, value.strip())
    ]
    # What took longest to write comes first.
    return sorted(typed, key=lambda pair: -len(pair[1]))


def _bare(name: str) -> str:
    """A field's name without the prefix of its form: `form-0-text` is `text`."""
    return name.rpartition("-")[2]


def _label(name: str) -> str:
    return str(LABELS.get(_bare(name), ""))


def _is_chosen(name: str, value: str) -> bool:
    is_code = _bare(name) in CHOICES and (A_CODE.fullmatch(value) or value.isdigit())
    return bool(AN_ID.fullmatch(value) or is_code)
