"""Pages whose body is made by a report and whose introduction is the editors'."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from home import questions
from home.models.base import SitePage
from home.models.catalogue import ComponentPage
from home.models.content import ContactPage, ContentPage, HelpPage
from home.models.news import NewsPage
from home.reports.organisations import organisations_report
from home.reports.search import search_report
from home.visit import visit_from

# The services first: they weigh a little more.
SEARCHED = (ComponentPage, ContentPage, NewsPage, HelpPage, ContactPage)


class SearchPage(SitePage):
    """Search over components, organisations and pages."""

    is_fixed = True
    template = "home/search.html"
    parent_page_types = ["home.FrontPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("search page")
        verbose_name_plural = _("search pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        report = search_report(visit_from(request), request.GET, SEARCHED)
        if report.is_unanswered:
            questions.note(report.query, timezone.localdate())
        return super().get_context(request) | {"search": report}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What nothing answered is not kept as a page: each question is to be counted."""
        response = super().serve(request, *args, **kwargs)
        if response.context_data["search"].is_unanswered:
            response.headers["Cache-Control"] = "private, no-cache"
        return response


class OrganisationsPage(SitePage):
    """Everybody who offers something in the network."""

    is_fixed = True
    template = "home/organisation_list.html"
    parent_page_types = ["home.FrontPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("list of organisations")
        verbose_name_plural = _("lists of organisations")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        report = organisations_report(visit_from(request), request.GET)
        return super().get_context(request) | {"organisations": report}
