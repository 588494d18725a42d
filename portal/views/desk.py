"""The desk (töölaud): where somebody who works in the network begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.access.guards import signed_in


@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """The greeting and the links that this user has."""
    return render(
        request,
        "portal/desk.html",
        {"may_edit": request.user.has_perm("wagtailadmin.access_admin")},
    )
