"""Services or offers side by side."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from home.models import ComponentPage
from home.reports.compare import compare_report
from home.views.pages import remembered
from home.visit import visit_from
from portal.access.guards import public


@public
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    if answer := remembered(request):
        return answer
    report = compare_report(visit_from(request), request.GET, ComponentPage.objects)
    return TemplateResponse(request, "home/compare.html", {"compare": report})
