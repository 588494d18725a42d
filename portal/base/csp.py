"""The one exception to the strict Content-Security-Policy: the CMS (docs/decisions/0002)."""

from csp.constants import SELF, UNSAFE_INLINE
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.base.http import Handler

CMS_PREFIX = "/cms/"
CMS_POLICY = {
    # Date pickers, inline panels and filter bars of the CMS write their start-up call into the
    # page. Elements only: an `onerror=` that somebody smuggles in still does not run.
    "script-src": [SELF],
    "script-src-elem": [SELF, UNSAFE_INLINE],
    # The page editor writes style sheets as it works.
    "style-src": [SELF, UNSAFE_INLINE],
    # The image chooser shows what is being uploaded.
    "img-src": [SELF, "data:", "blob:"],
}


class CmsPolicyMiddleware:
    """Stands inside django-csp's middleware and tells it about pages under `/cms/`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(CMS_PREFIX):
            response._csp_replace = CMS_POLICY  # type: ignore[attr-defined]
        return response
