"""Redirects that editors make hold on the public site alone."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.contrib.redirects.middleware import RedirectMiddleware

from portal.base.http import is_private


class PublicRedirectMiddleware(RedirectMiddleware):
    """In the private half "not there" stays the one answer, wherever an editor would lead it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if is_private(request.path_info):
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer
