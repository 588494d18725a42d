"""How gunicorn runs, in the demo and in production:

    python -m gunicorn --config python:portal.settings.gunicorn portal.wsgi:application

The application is loaded once and then forked, so the workers share its memory and start at once.
"""

import gc
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from gunicorn import util
from gunicorn.http import message

from portal.base.patience import THREADS

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = THREADS
preload_app = True
graceful_timeout = 8
loglevel = "warning"
# Ten kilobytes of letters in a parameter, each spelt %XX%XX, get a normal page that has them cut
# (CleanInputMiddleware). gunicorn knows only "up to 8 kB" and "without end".
message.MAX_REQUEST_LINE = limit_request_line = 64 * 1024
# A heartbeat on a slow disk would make the master take a busy worker for a dead one.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


REFUSAL_HEADERS = {
    "Connection": "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def refuse(sock: Any, status: int, reason: str, detail: str) -> None:
    """Answer a request that is not even HTTP: with our headers, and without repeating it.

    No such request reaches Django; gunicorn's own page tells what it stumbled over.
    """
    body = f"{reason}\n".encode()
    headers = {**REFUSAL_HEADERS, "Content-Length": str(len(body))}
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {headers[name]}" for name in headers)]
    util.write_nonblock(sock, "\r\n".join([*lines, "", ""]).encode() + body)


util.write_error = refuse


def when_ready(server: Any) -> None:
    """Load what the first reader would otherwise wait for, while there is one process only."""
    from portal.search.analysis import warm

    warm()
    gc.collect()
    # What stands in memory now is left alone by the collector, so it stays shared.
    gc.freeze()


def pre_fork(server: Any, worker: Any) -> None:
    """No connection to the database may be shared with a child."""
    from django.db import connections

    connections.close_all()
