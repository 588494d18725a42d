"""Services or offers side by side."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from home.models import ComponentPage
from home.reports.compare import compare_report
from home.views.pages import remember_municipality
from home.visit import visit_from
from portal.access.guards import public


@public
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    report = compare_report(visit_from(request), request.GET, ComponentPage.objects)
    response = TemplateResponse(request, "home/compare.html", {"compare": report})
    return remember_municipality(request, response)
