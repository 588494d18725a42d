"""The visitor's own list of services, from the address."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from home.models import ComponentPage
from home.reports.my_list import my_list_report
from home.views.pages import remembered
from home.visit import visit_from
from portal.access.guards import public


@public
@require_safe
def my_list(request: HttpRequest) -> HttpResponse:
    if answer := remembered(request):
        return answer
    report = my_list_report(visit_from(request), request.GET, ComponentPage.objects)
    # The whole address, to be sent to somebody: the list alone, not where the visitor lives.
    share = request.build_absolute_uri(f"{reverse('my_list')}?k={report.keys}")
    return TemplateResponse(request, "home/my_list.html", {"my_list": report, "share_url": share})
