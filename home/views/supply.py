"""The table of needs and supply for spreadsheets: the same published numbers as on the page."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home.models import ComponentPage
from home.reports.supply import export_rows, supply_report
from home.visit import visit_from
from portal.access.guards import public
from portal.base.sheets import csv_answer


@public
@require_safe
def supply_export(request: HttpRequest) -> HttpResponse:
    report = supply_report(visit_from(request), request.GET, ComponentPage.objects)
    heading = [
        _("Region"),
        _("Life domain"),
        _("Service"),
        _("Municipality"),
        _("Offers"),
        _("Free places"),
        _("Reported missing"),
    ]
    return csv_answer("vajadus-ja-pakkumine.csv", heading, export_rows(report))
