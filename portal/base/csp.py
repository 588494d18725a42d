"""The Content-Security-Policy; its exceptions: the CMS (docs/decisions/0002), tiles of the map."""

from typing import Any
from urllib.parse import urlsplit

from csp.constants import HEADER, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

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
# The one public page that may show pictures of another host, if a host of map tiles is set.
MAP_PATHS = frozenset({"/kaart/", "/en/kaart/", "/ru/kaart/"})


def tile_host() -> str:
    """Scheme and host of the map tiles; empty if there are none."""
    address = urlsplit(settings.MAP_TILES_URL)
    return f"{address.scheme}://{address.netloc}" if address.netloc else ""


class PolicyMiddleware(CSPMiddleware):
    """django-csp with the CMS's policy, and with the two usual headers put together only once.

    Nearly every answer carries one of the two; building the text anew each time was a third of
    the work of giving a kept page.
    """

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.usual = build_policy()
        self.cms = build_policy(replace=CMS_POLICY)
        host = tile_host()
        self.map = build_policy(update={"img-src": [host]}) if host else self.usual

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if settings.DEBUG or _is_special(request, response):
            return super().process_response(request, response)
        if request.path_info in MAP_PATHS:
            policy = self.map
        else:
            policy = self.cms if _is_cms(request) else self.usual
        response.headers.setdefault(HEADER, policy)
        return response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """For the answers that have something of their own: a nonce, a decorated view."""
        parts = super().get_policy_parts(request, response, report_only)
        if _is_cms(request) and not report_only:
            parts.replace = {**CMS_POLICY, **(parts.replace or {})}
        if request.path_info in MAP_PATHS and (host := tile_host()) and not report_only:
            parts.update = {**(parts.update or {}), "img-src": [host]}
        return parts


def _is_cms(request: HttpRequest) -> bool:
    return request.path_info.startswith(CMS_PREFIX)


def _is_special(request: HttpRequest, response: HttpResponseBase) -> bool:
    return hasattr(request, "_csp_nonce") or any(name.startswith("_csp") for name in vars(response))
