"""The search backend that Wagtail loads: its database backend with Estonian in both directions.

Index and CMS search (explorer, choosers) come through here; the public site asks `find`.
"""

from typing import Any

from django.db import connection


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802
    """Return the backend for the database in use; Wagtail calls it like a class."""
    if connection.vendor == "postgresql":
        from portal.search.postgres import EstonianPostgresBackend

        return EstonianPostgresBackend(params)
    from portal.search.sqlite import EstonianSQLiteBackend

    return EstonianSQLiteBackend(params)
