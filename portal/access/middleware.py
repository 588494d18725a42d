"""Deny first: a view that does not say who may open it is not there."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponseBase

from portal.access.guards import guard_of
from portal.access.routes import door_of

logger = logging.getLogger(__name__)


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

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Input that a door's views cannot read is a bad request and no fault of ours."""
        match = request.resolver_match
        door = door_of(match.func) if match else None
        if door and isinstance(exception, door.misread):
            logger.warning("Misread behind the door “%s”", door.name, exc_info=exception)
            raise BadRequest from exception
