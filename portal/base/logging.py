"""What stands in the logs: times, routes and outcomes; no query strings, no values, no names."""

import logging
import re
import time
from typing import Any

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.base.http import Handler

request_log = logging.getLogger("portal.request")

# PostgreSQL repeats the row in its error text: "DETAIL:  Key (email)=(…) already exists."
DETAIL = re.compile(r"^\s*(DETAIL|CONTEXT|HINT):.*$", re.MULTILINE)
FIELDS = ("method", "route", "status", "ms")


class RequestLogMiddleware:
    """One line per request: which route, how it ended, how long it took."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        if request_log.isEnabledFor(logging.INFO):
            facts = {
                "method": request.method,
                "route": route_of(request),
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000, 1),
            }
            request_log.info("request", extra=facts)
        return response


def route_of(request: HttpRequest) -> str:
    """The pattern of the address, never the address: it may hold a one-time link."""
    match = request.resolver_match
    return match.route if match else "-"


class NoPaths(logging.Filter):
    """Django's own lines name the path; put the route there instead."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            # Django writes letters beyond ASCII as escapes.
            paths = {request.path, request.path.encode("unicode_escape").decode("ascii")}
            route = route_of(request)
            record.args = tuple(route if value in paths else value for value in record.args)
        return True


def without_details(
    logger: Any, name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Drop the database's quotations of rows from message and traceback."""
    for field in ("event", "exception"):
        if isinstance(event.get(field), str):
            event[field] = DETAIL.sub("", event[field])
    return event


def logging_config(*, as_json: bool, requests: bool) -> dict[str, Any]:
    """Return Django's LOGGING. Tracebacks show the lines of code but never local variables."""
    steps = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        without_details,
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
    arriving = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=FIELDS),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"no_paths": {"()": NoPaths}},
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": steps,
                "foreign_pre_chain": arriving,
            }
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "lines",
                "filters": ["no_paths"],
            }
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            # A missing page is news for nobody; our own request log counts them.
            "django.request": {"level": "ERROR"},
            "portal": {"level": "INFO"},
            "portal.request": {"level": "INFO" if requests else "WARNING"},
        },
    }
