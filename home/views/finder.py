"""The guided finder. Nothing of what is answered is kept, not even on the visitor's device."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from home.models import ComponentPage, HelpPage
from home.reports.finder import finder_report
from home.visit import visit_from
from portal.access.guards import public


@public
@require_safe
def finder(request: HttpRequest) -> HttpResponse:
    report = finder_report(
        visit_from(request), request.GET, ComponentPage.objects, HelpPage.objects
    )
    return TemplateResponse(request, "home/finder.html", {"finder": report})
