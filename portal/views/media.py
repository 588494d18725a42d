"""Pictures that editors put on pages. Documents have a door of their own (dokumendid/)."""

import posixpath

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve

from portal.access.guards import public

# Wagtail writes renditions and originals here; whatever else stands in MEDIA_ROOT stays inside.
FOLDERS = ("images/", "original_images/")


@public
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Send one picture; a proxy in front may take this address over."""
    # Looked at as `serve` will: `images/../` leads out of the folder.
    if not posixpath.normpath(path).startswith(FOLDERS):
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    if isinstance(response, FileResponse):
        # Renditions are named by what they show, so a browser may keep them.
        response["Cache-Control"] = "public, max-age=86400"
        response["Content-Security-Policy"] = "default-src 'none'"
    return response
