"""Deny first: a view that does not say who may open it is not there."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from portal.access.guards import guard_of
from portal.access.routes import door_of


class GuardMiddleware:
    """Answer 404 for every view without a guard mark that stands behind no declared door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Ask the gate of the view's door; outside every door the view has to be marked."""
        door = door_of(view)
        if door is not None:
            return door.admit(request)
        if guard_of(view) is None:
            raise Http404
        return None
