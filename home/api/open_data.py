"""What all open data share: read only, from any site, and asked again without being sent again."""

import functools
import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _

V = TypeVar("V", bound=Callable[..., Any])

READING = ("GET", "HEAD", "OPTIONS")
COMPACT: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}
JSON = "application/json"
# For everybody and without cookies: a browser never sends any along to `*`.
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Content-Disposition",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(READING),
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class BadQuestion(ValueError):
    """The address asks for something that cannot be; its text is a sentence for who asked."""


def open_data(view: V) -> V:
    """Answer GET, HEAD and the browser's question beforehand; 304 to who has it already.

    The ETag is the text of the answer, so it tells nothing but what the answer tells: neither
    that something hidden has changed nor when.
    """

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)
        elif request.method not in READING:
            response = error(_("This can only be read."), HTTPStatus.METHOD_NOT_ALLOWED)
            response.headers["Allow"] = ", ".join(READING)
        else:
            response = _read(request, lambda: view(request, *args, **kwargs))
        for name, value in CROSS_ORIGIN.items():
            response.headers[name] = value
        return response

    # What the REST framework leaves open stays closed: nobody posts here.
    answered.csrf_exempt = False  # type: ignore[attr-defined]
    return cast(V, answered)


def _read(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        response = view()
    except BadQuestion as problem:
        return error(str(problem), HTTPStatus.BAD_REQUEST)
    except Http404:
        return error(_("There is nothing at this address."), HTTPStatus.NOT_FOUND)
    if response.status_code != HTTPStatus.OK:
        return response
    digest = hashlib.blake2b(response.content, digest_size=16).hexdigest()
    response.headers["ETag"] = f'W/"{digest}"'
    patch_cache_control(response, max_age=0, must_revalidate=True)
    kept = get_conditional_response(request, response.headers["ETag"], None, response)
    return kept if isinstance(kept, HttpResponseNotModified) else response


def error(sentence: str, status: int) -> HttpResponse:
    """What is wrong, in a sentence, for a program that shows it to somebody."""
    return json_answer({"error": sentence}, status)


def json_answer(data: Any, status: int = HTTPStatus.OK) -> HttpResponse:
    """`data` as JSON, as short as it gets."""
    return HttpResponse(json.dumps(data, **COMPACT), content_type=JSON, status=status)
