"""The page of the map: the editors' words around rows that a report brings."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from home.filters import MapFilter
from home.models.base import SitePage
from home.models.catalogue import ComponentPage
from home.reports.map import map_question, map_report, resources_for
from home.visit import visit_from


class MapPage(SitePage):
    """Who helps where: a list and a map of the same rows. REG-01."""

    is_fixed = True
    template = "home/map.html"
    parent_page_types = ["home.FrontPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    heading = models.CharField(_("heading"), max_length=120, blank=True)
    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("heading"), FieldPanel("intro")]

    class Meta:
        verbose_name = _("map")
        verbose_name_plural = _("maps")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        question = map_question(visit_from(request), request.GET, ComponentPage.objects)
        filters = MapFilter(request.GET, resources_for(question))
        return super().get_context(request) | {"map": map_report(question, filters)}
