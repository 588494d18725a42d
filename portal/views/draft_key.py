"""The key of the drafts on the device, for whoever is signed in; no draft ever comes here."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from portal.access.guards import signed_in
from portal.base.drafts import draft_key as key_of
from portal.base.drafts import draft_owner


@signed_in
@require_safe
def draft_key(request: HttpRequest) -> JsonResponse:
    """`{"owner": …, "key": …}`; whoever is signed out is led to the sign-in instead."""
    response = JsonResponse({"owner": draft_owner(request.user.pk), "key": key_of(request.user.pk)})
    response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
