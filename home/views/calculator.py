"""The calculator on a page of its own: choose a service, then hours, days and a price list."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from home.forms.calculator import CalculatorForm
from home.models import ComponentPage
from home.reports.component import component_report
from home.visit import visit_from
from portal.access.guards import public

# A longer list helps nobody; the page of every service has its own calculator.
MOST_SERVICES = 200


@public
@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    visit = visit_from(request)
    pages = ComponentPage.objects.visible().in_language(visit.language)
    pages = pages.filter(component__is_active=True)
    listed = pages.order_by("component__position", "pk").values_list("slug", "title")
    services = list(listed[: MOST_SERVICES + 1])
    asked = request.GET.get("component", "")[:80].replace("\0", "")
    page = pages.filter(slug=asked).select_related("component__domain").first() if asked else None
    context: dict[str, Any] = {
        "visit": visit,
        "services": services[:MOST_SERVICES],
        "has_more": len(services) > MOST_SERVICES,
        "asked": asked,
        "nothing_chosen": "component" in request.GET and not asked,
        "page_of_service": page,
    }
    if page is not None:
        report = component_report(visit, page.component)
        form = CalculatorForm(request.GET, report.rates, visit.day)
        context |= {"report": report, "calculator": form}
        if (page.slug, page.title) not in context["services"]:
            context["services"].append((page.slug, page.title))
    return TemplateResponse(request, "home/calculator.html", context)
