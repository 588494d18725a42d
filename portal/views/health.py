"""For machines: is the process alive, can it serve, where may robots go. No versions, no paths."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache as default_cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from portal.access.guards import public
from portal.base import outbox
from portal.base.http import PRIVATE_PREFIXES
from portal.base.patience import SHORTEST, hurry

# An item that has waited this long past its time means that no worker is at work.
OUTBOX_PATIENCE = dt.timedelta(minutes=10)


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; asks nobody else."""
    return _fresh(HttpResponse("ok\n", content_type="text/plain"))


@public
def readyz(request: HttpRequest) -> HttpResponse:
    """200 if everything a page needs is there, else 503; JSON says which check failed."""
    now = timezone.now()
    checks: dict[str, Callable[[], bool]] = {
        "database": _database_answers,
        "migrations": _migrations_applied,
        "cache": _cache_keeps,
        "outbox": lambda: not outbox.is_stuck(now, OUTBOX_PATIENCE),
    }
    # Who asks has little patience, and wants to know of a lock.
    with hurry(SHORTEST):
        results = {name: _passes(check) for name, check in checks.items()}
    ok = all(results.values())
    return _fresh(JsonResponse({"ok": ok, "checks": results}, status=200 if ok else 503))


@public
def robots(request: HttpRequest) -> HttpResponse:
    """The demo is not for search engines; the real site closes only the private half.

    Where that half has a name of its own, nothing under this name is for them.
    """
    is_private_name = bool(settings.PUBLIC_HOST) and request.get_host() != settings.PUBLIC_HOST
    if is_private_name:
        return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
    closed = ["/"] if settings.IS_DEMO else list(PRIVATE_PREFIXES)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    for prefix in ("/", "/en/", "/ru/"):
        lines.append(f"Sitemap: {request.build_absolute_uri(f'{prefix}sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def _fresh(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        # Whatever it is, the answer to a machine is "not ready"; the reason is in other logs.
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


_seen_applied = False


def _migrations_applied() -> bool:
    global _seen_applied
    # A running process does not unlearn a migration, and the plan costs a tenth of a second.
    if not _seen_applied:
        executor = MigrationExecutor(connection)
        _seen_applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _seen_applied


def _cache_keeps() -> bool:
    """Asked without writing: a locked database must not make this answer wait.

    A Redis that is away does not count: the table stands in for it (portal/base/shared_cache.py).
    """
    return default_cache.get("readyz") is None
