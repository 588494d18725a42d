from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField

from home.blocks import ExampleBlock, StepBlock
from home.models.base import MainPage, SitePage
from home.models.catalogue import ComponentPage
from home.models.news import NewsPage
from home.reports.front import front_report
from home.visit import visit_from


class FrontPage(MainPage):
    """The front page: one question, one search box, the life domains, the municipality."""

    is_fixed = True
    template = "home/front.html"
    max_count_per_parent = 3
    parent_page_types = ["wagtailcore.Page"]

    question = models.CharField(_("question"), max_length=80)
    lead = models.TextField(_("lead"), max_length=300)
    placeholder = models.CharField(_("hint in the search box"), max_length=80, blank=True)
    examples = StreamField(
        [("example", ExampleBlock())], verbose_name=_("example searches"), blank=True
    )
    steps_title = models.CharField(_("heading of the steps"), max_length=80, blank=True)
    steps = StreamField([("step", StepBlock())], verbose_name=_("how help begins"), blank=True)
    near_lead = models.CharField(_("text beside the municipality"), max_length=200, blank=True)

    content_panels = [
        *SitePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("question"),
                FieldPanel("lead"),
                FieldPanel("placeholder"),
                FieldPanel("examples"),
            ],
            heading=_("Top of the page"),
        ),
        FieldPanel("near_lead"),
        MultiFieldPanel(
            [FieldPanel("steps_title"), FieldPanel("steps")], heading=_("How help begins")
        ),
        *MainPage.plain_panels,
        FieldPanel("reviewed_on"),
    ]

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        report = front_report(visit_from(request), ComponentPage.objects, NewsPage.objects)
        return super().get_context(request) | {"front": report}
