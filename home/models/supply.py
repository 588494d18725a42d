"""The page of needs and supply: the editors' words around a table that a report brings."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from home.models.base import SitePage
from home.models.catalogue import ComponentPage
from home.reports.supply import supply_report
from home.visit import visit_from


class SupplyPage(SitePage):
    """What is missing in a region and what there is. MON-03."""

    is_fixed = True
    template = "home/supply.html"
    parent_page_types = ["home.FrontPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    heading = models.CharField(_("heading"), max_length=120, blank=True)
    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("heading"), FieldPanel("intro")]

    class Meta:
        verbose_name = _("page of needs and supply")
        verbose_name_plural = _("pages of needs and supply")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        report = supply_report(visit_from(request), request.GET, ComponentPage.objects)
        return super().get_context(request) | {"supply": report}
