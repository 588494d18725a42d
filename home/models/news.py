from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField

from home.models.base import ARTICLE_FEATURES, SitePage
from home.reports.news import news_report
from home.visit import visit_from
from portal.search.indexing import EstonianSearchField


class NewsIndexPage(SitePage):
    """All news, newest first."""

    is_fixed = True
    template = "home/news_list.html"
    parent_page_types = ["home.FrontPage"]
    subpage_types = ["home.NewsPage"]
    max_count_per_parent = 1

    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        report = news_report(visit_from(request), request.GET, NewsPage.objects)
        return super().get_context(request) | {"news": report}


class NewsPage(SitePage):
    """One piece of news."""

    template = "home/news_page.html"
    parent_page_types = ["home.NewsIndexPage"]
    subpage_types: list[str] = []

    date = models.DateField(_("date"))
    intro = models.TextField(_("introduction"), max_length=400)
    body = RichTextField(_("text"), features=ARTICLE_FEATURES, blank=True)

    search_fields = [
        *SitePage.search_fields,
        EstonianSearchField("intro", boost=2),
        EstonianSearchField("body"),
    ]

    content_panels = [
        *SitePage.content_panels,
        FieldPanel("date"),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")
