"""Pages for what goes wrong: each says what happened and what to do next.

Only the public 404 asks the database (its menu); the others must work when nothing else does.
"""

import logging
import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation

from portal.access.policies import Refused
from portal.base.busy import busy_page, distrust_connections, is_busy, typed_text
from portal.base.http import is_private
from portal.base.middleware import language_of

logger = logging.getLogger(__name__)

# What is left when even the templates fail.
LAST_RESORT = (
    '<!doctype html><html lang="et"><meta charset="utf-8"><title>Viga · Tugivõrk</title>'
    "<h1>Midagi läks valesti</h1><p>Palun proovige mõne minuti pärast uuesti. "
    'Kiire abi: <a href="tel:112">112</a>.</p></html>'
)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404. The private half answers with the same bytes whatever was asked for, and by whom."""
    if is_private(request.path_info):
        return _plain(request, "portal/404_private.html", 404)
    with translation.override(language_of(request.path_info)):
        return render(request, "portal/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: visible, but not for this reader to do; what was typed comes back."""
    why = str(exception) if isinstance(exception, Refused) else ""
    with translation.override(language_of(request.path_info)):
        typed = typed_text(request)
    return _plain(request, "portal/403.html", 403, typed=typed, why=why)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself could not be understood; 413: there was too much of it."""
    is_large = isinstance(exception, RequestDataTooBig)
    return _plain(request, "portal/400.html", 413 if is_large else 400, is_large=is_large)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database was busy outside the views (saving a session, say)."""
    try:
        with translation.override(language_of(request.path_info)):
            # Django calls this while it handles the exception.
            if is_busy(exception := sys.exc_info()[1]):
                distrust_connections(exception)
                return busy_page(request)
            return _plain(request, "portal/500.html", 500)
    except Exception:
        logger.exception("The error page itself failed")
        return HttpResponse(LAST_RESORT, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from our page or was open too long; the text comes back."""
    with translation.override(language_of(request.path_info)):
        typed = typed_text(request)
    return _plain(request, "portal/csrf.html", 403, typed=typed)


def _plain(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    """Render without the request, so without context processors and without any query."""
    with translation.override(language_of(request.path_info)):
        page = loader.render_to_string(template, {"is_demo": settings.IS_DEMO, **context})
    response = HttpResponse(page, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
