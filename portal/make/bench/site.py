"""What gunicorn serves for `make bench`: our site, and under one prefix the plain one.

A request with the header X-Bench is answered with how many statements it made; it is not timed.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.demo")

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

OURS = get_wsgi_application()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from portal.make.bench.plain import MIDDLEWARE, PREFIX  # noqa: E402

Start = Callable[..., Any]


def _plain() -> WSGIHandler:
    """A handler with other middleware; the list is read once, when a handler is made."""
    own = settings.MIDDLEWARE
    settings.MIDDLEWARE = MIDDLEWARE
    try:
        return WSGIHandler()
    finally:
        settings.MIDDLEWARE = own


PLAIN = _plain()


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    serve = PLAIN if environ["PATH_INFO"].startswith(PREFIX) else OURS
    if "HTTP_X_BENCH" not in environ:
        return serve(environ, start_response)
    count = 0

    def counting(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*args)

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        return start_response(status, [*headers, ("X-Bench-Statements", str(count))], *more)

    with connection.execute_wrapper(counting):
        return serve(environ, start)
