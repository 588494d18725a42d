"""The Content-Security-Policy of every answer.

Its exceptions: the CMS (docs/decisions/0002), tiles of the map, the way out to TARA.
"""

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
# The pages with a button to TARA: a form that leads on to another host is refused there too.
ACCOUNT_PREFIX = "/konto/"
# No policy goes without these, whoever wrote it: they do not follow default-src.
ALWAYS = {"object-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'"}


def origin_of(address: str) -> str:
    """Scheme and host of an address; empty if it has none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def tile_host() -> str:
    """Scheme and host of the map tiles; empty if there are none."""
    return origin_of(settings.MAP_TILES_URL)


def more_for(path: str) -> dict[str, list[str]]:
    """What the page at `path` may reach beyond the usual: tiles, or the state's sign-in."""
    if path in MAP_PATHS and (host := tile_host()):
        return {"img-src": [host]}
    if path.startswith(ACCOUNT_PREFIX) and settings.TARA_CLIENT_ID:
        return {"form-action": [origin_of(settings.TARA_URL)]}
    return {}


def complete(policy: str) -> str:
    """A policy that an answer came with, and what no policy goes without."""
    named = {part.split()[0] for part in policy.split(";") if part.strip()}
    missing = [f"{name} {value}" for name, value in ALWAYS.items() if name not in named]
    return "; ".join([policy.rstrip("; "), *missing])


class PolicyMiddleware(CSPMiddleware):
    """django-csp with the CMS's policy, and with the usual headers put together only once.

    Nearly every answer carries one of them; building the text anew each time was a third of the
    work of giving a kept page.
    """

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.usual = build_policy()
        self.cms = build_policy(replace=CMS_POLICY)
        self.map = build_policy(update=more_for("/kaart/"))
        self.account = build_policy(update=more_for(ACCOUNT_PREFIX))

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if settings.DEBUG or _is_special(request, response):
            return super().process_response(request, response)
        if HEADER in response.headers:
            response.headers[HEADER] = complete(response.headers[HEADER])
        else:
            response.headers[HEADER] = self._policy_at(request.path_info)
        return response

    def _policy_at(self, path: str) -> str:
        if path in MAP_PATHS:
            return self.map
        if path.startswith(ACCOUNT_PREFIX):
            return self.account
        return self.cms if path.startswith(CMS_PREFIX) else self.usual

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """For the answers that have something of their own: a nonce, a decorated view."""
        parts = super().get_policy_parts(request, response, report_only)
        if report_only:
            return parts
        if request.path_info.startswith(CMS_PREFIX):
            parts.replace = {**CMS_POLICY, **(parts.replace or {})}
        if more := more_for(request.path_info):
            parts.update = {**(parts.update or {}), **more}
        return parts


def _is_special(request: HttpRequest, response: HttpResponseBase) -> bool:
    return hasattr(request, "_csp_nonce") or any(name.startswith("_csp") for name in vars(response))
