"""The public site and the intranet on two host names, if the settings say so (rules.md 5).

The session cookie is bound to its host, so on the public name nobody is ever signed in: a fault in
a public page reaches no session. With one name, or none set, everything stands on that one.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from portal.base.http import Handler, is_private

# Belong to both: files, and what machines ask
# (the CMS shows pages with their map as they will be, so it asks for the map's data too).
ON_BOTH = (
    "/static/",
    "/media/",
    "/dokumendid/",
    "/kaart/andmed.geojson",
    "/healthz",
    "/readyz",
    "/robots.txt",
)
# The intranet's besides what is private: another way to the sign-in.
MORE_OF_INTRANET = ("/_util/login/",)


class HostsMiddleware:
    """Lead a reader who asks the wrong name to the right one; a form sent there is not there."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        right = right_host(request.path_info)
        if not right or request.get_host() == right:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            raise Http404
        scheme = "https" if request.is_secure() else "http"
        path = request.get_full_path()
        if request.path_info == "/" and request.get_host() == settings.INTRANET_HOST:
            right, path = settings.INTRANET_HOST, settings.LOGIN_REDIRECT_URL
        return HttpResponseRedirect(f"{scheme}://{right}{path}")


def right_host(path: str) -> str:
    """The host name that `path` belongs to; empty if it does not matter."""
    if not (settings.PUBLIC_HOST and settings.INTRANET_HOST) or path.startswith(ON_BOTH):
        return ""
    if is_private(path) or path.startswith(MORE_OF_INTRANET):
        return str(settings.INTRANET_HOST)
    return str(settings.PUBLIC_HOST)
