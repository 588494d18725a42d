"""`/api/openapi.json` for machines, and `/api/` with the same for people."""

import functools
import threading
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings

from home.api import hsds_urls
from home.api.described import QUESTIONS
from home.api.open_data import json_answer, open_data
from home.api.views import site_of
from network.hsds import VERSION
from portal.access.guards import public

# Machines are described to in English, whatever the reader speaks.
LANGUAGE = "en"
_describing = threading.Lock()


def settings_of() -> dict[str, Any]:
    """What the description says of itself."""
    return {
        "TITLE": _("Open data of Tugivõrk"),
        "DESCRIPTION": _("What help there is, who gives it and where, as HSDS %(version)s.")
        % {"version": VERSION},
        "VERSION": "1",
        "OAS_VERSION": "3.1.0",
        "SCHEMA_PATH_PREFIX": "/api/hsds",
        "PREPROCESSING_HOOKS": ["home.api.openapi.as_written"],
        "SORT_OPERATIONS": False,
        "DISABLE_ERRORS_AND_WARNINGS": True,
    }


def as_written(endpoints: list[Any]) -> list[Any]:
    """Addresses as the standard writes them: a slash at the end may be, but need not."""
    return [
        (path if path == "/api/hsds/" else path.rstrip("/"), regex, method, callback)
        for path, regex, method, callback in endpoints
    ]


@functools.cache
def description(language: str) -> dict[str, Any]:
    """The OpenAPI description in `language`, of what stands below /api/hsds/ and nothing else."""
    # The library keeps its settings for all threads at once.
    with _describing, translation.override(language), patched_settings(settings_of()):
        return SchemaGenerator(patterns=hsds_urls.urlpatterns).get_schema(request=None, public=True)


@public
@open_data
def openapi(request: HttpRequest) -> HttpResponse:
    return json_answer(description(LANGUAGE) | {"servers": [{"url": site_of(request)}]})


@public
def api(request: HttpRequest) -> HttpResponse:
    """The same in words: what there is, with an address to try."""
    paths = description(translation.get_language() or "et")["paths"]
    endpoints = [
        {"path": path, "summary": methods["get"]["summary"], "is_list": "{" not in path}
        for path, methods in paths.items()
    ]
    questions = [(name, meaning) for name, (_type, meaning) in QUESTIONS.items()]
    return TemplateResponse(
        request,
        "home/api.html",
        {"endpoints": endpoints, "questions": questions, "version": VERSION},
    )
