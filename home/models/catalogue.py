"""The catalogue as pages: the words about each component, one page per language."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable

from catalogue.models import Component
from home.blocks import ActivityBlock
from home.filters import ComponentFilter
from home.forms.calculator import CalculatorForm
from home.models.base import PLAIN_FEATURES, MainPage, SitePage
from home.panels import MissingPanel
from home.reports.catalogue import catalogue_report, searched_pages
from home.reports.component import component_report
from home.reports.limits import limits_of
from home.visit import visit_from
from portal.search.indexing import EstonianSearchField


class CataloguePage(MainPage):
    """The list of components, with filters."""

    is_fixed = True
    template = "home/component_list.html"
    parent_page_types = ["home.FrontPage"]
    subpage_types = ["home.ComponentPage"]
    max_count_per_parent = 1

    heading = models.CharField(_("heading"), max_length=120, blank=True)
    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [
        *SitePage.content_panels,
        FieldPanel("heading"),
        FieldPanel("intro"),
        *MainPage.plain_panels,
        FieldPanel("reviewed_on"),
    ]

    class Meta:
        verbose_name = _("catalogue")
        verbose_name_plural = _("catalogues")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        visit = visit_from(request)
        searched = searched_pages(visit, request.GET, ComponentPage.objects)
        filters = ComponentFilter(request.GET, searched.pages, visit)
        report = catalogue_report(visit, request.GET, searched, filters)
        return super().get_context(request) | {"catalogue": report}


class ComponentPage(MainPage):
    """The words about one component in one language; the facts stand on `Component`."""

    template = "home/component_detail.html"
    parent_page_types = ["home.CataloguePage"]
    subpage_types: list[str] = []

    component = models.ForeignKey(
        Component,
        verbose_name=_("service component"),
        on_delete=models.PROTECT,
        related_name="pages",
    )
    summary = models.CharField(
        _("in short"), max_length=250, help_text=_("What the person gets, in one or two sentences.")
    )
    explanation = RichTextField(_("what is done"), features=PLAIN_FEATURES, blank=True)
    activities = StreamField(
        [("activity", ActivityBlock())], verbose_name=_("activities"), blank=True
    )
    for_whom = models.TextField(_("for whom"), blank=True)
    forms_text = models.TextField(_("how and where"), blank=True)
    hour_text = models.TextField(_("what an hour contains"), blank=True)
    delivered_by = models.TextField(_("who may deliver it"), blank=True)
    good_to_know = models.TextField(_("good to know"), blank=True)
    begin_text = models.TextField(
        _("how to begin"), blank=True, help_text=_("Only if it differs from the usual way.")
    )
    terms = models.TextField(
        _("search words"),
        blank=True,
        help_text=_("Words people would type, one on a line. Not shown on the page."),
    )
    source = models.CharField(_("source"), max_length=200, blank=True)

    # Not the limits: a page must not be found by what it is not.
    search_fields = [
        *SitePage.search_fields,
        EstonianSearchField("summary", boost=2),
        EstonianSearchField("terms", boost=3),
        EstonianSearchField("explanation"),
        EstonianSearchField("activities"),
        EstonianSearchField("for_whom"),
        EstonianSearchField("forms_text"),
        EstonianSearchField("delivered_by"),
        EstonianSearchField("good_to_know"),
        EstonianSearchField("begin_text"),
    ]

    # What a complete page has; the CMS shows the editor which of them are still empty.
    EXPECTED = (
        "explanation",
        "activities",
        "limits",
        "for_whom",
        "forms_text",
        "hour_text",
        "delivered_by",
    )

    content_panels = [
        MissingPanel(),
        *SitePage.content_panels,
        FieldPanel("component"),
        FieldPanel("summary"),
        FieldPanel("explanation"),
        FieldPanel("activities"),
        InlinePanel("limits", heading=_("What it is not"), label=_("limit")),
        FieldPanel("for_whom"),
        FieldPanel("forms_text"),
        FieldPanel("hour_text"),
        FieldPanel("delivered_by"),
        FieldPanel("good_to_know"),
        FieldPanel("begin_text"),
        *MainPage.plain_panels,
        MultiFieldPanel(
            [FieldPanel("terms"), FieldPanel("source"), FieldPanel("reviewed_on")],
            heading=_("Behind the page"),
        ),
    ]

    class Meta:
        verbose_name = _("component page")
        verbose_name_plural = _("component pages")

    def clean(self) -> None:
        super().clean()
        if self.component_id and self.slug != self.component.slug:
            raise ValidationError(
                {
                    "slug": _("The address of this page is “%(slug)s”, like that of its component.")
                    % {"slug": self.component.slug}
                }
            )

    @cached_property
    def missing(self) -> list[str]:
        """Names of the expected parts that are still empty, in the editor's language."""
        names = []
        for name in self.EXPECTED:
            if name == "limits":
                if not self.limits.all():
                    names.append(str(_("what it is not")))
            elif not getattr(self, name):
                names.append(str(self._meta.get_field(name).verbose_name))
        return names

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        report = component_report(visit_from(request), self.component)
        return super().get_context(request) | {
            "report": report,
            "calculator": CalculatorForm(request.GET, report.rates, report.visit.day),
            "limits": limits_of(
                report.visit, self.limits.select_related("instead"), ComponentPage.objects
            ),
        }


class ComponentLimit(Orderable):
    """Something a component is not, and which component to use instead. CAT-04."""

    page = ParentalKey(ComponentPage, on_delete=models.CASCADE, related_name="limits")
    text = models.CharField(_("it is not …"), max_length=200)
    instead = models.ForeignKey(
        Component,
        verbose_name=_("use instead"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    panels = [FieldPanel("text"), FieldPanel("instead")]

    class Meta(Orderable.Meta):
        verbose_name = _("limit")
        verbose_name_plural = _("limits")

    def __str__(self) -> str:
        return self.text

    @property
    def in_heading(self) -> str:
        """What the row is called among its like in the editor."""
        return self.text
