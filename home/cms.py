"""What editors find in the CMS beside the pages: facts of the catalogue, menus, a report."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports.base import ReportView
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from catalogue.models import Cap, Component, LifeDomain, Price, Round
from home.models import ComponentPage, Navigation
from network.models import Organisation
from portal.templatetags.ui import day

PERIOD = FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")])
# Lists say the last day, as people do; the database keeps the first day that no longer counts.
PERIOD_COLUMNS = [
    Column(
        "valid_from",
        label=_("First day"),
        accessor=lambda row: day(row.valid_from),
        sort_key="valid_from",
    ),
    Column(
        "valid_until",
        label=_("Last day"),
        accessor=lambda row: day(row.last_day) or None,
        sort_key="valid_until",
    ),
]


class ComponentViewSet(SnippetViewSet):
    model = Component
    icon = "list-ul"
    list_display = ["code", "name", "kind", "domain", "is_active"]
    list_filter = ["kind", "domain", "audience", "is_active"]
    list_export = ["code", "slug", "name", "kind", "domain", "audience", "is_active"]
    search_fields = ["code", "name"]
    ordering = ["position"]
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("slug")]),
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("domain"), FieldPanel("audience")]),
        MultiFieldPanel(
            [FieldPanel("is_individual"), FieldPanel("is_family"), FieldPanel("is_group")],
            heading=_("Forms"),
        ),
        FieldPanel("qualified_only"),
        FieldRowPanel([FieldPanel("position"), FieldPanel("is_active")]),
        FieldPanel("source"),
    ]


class LifeDomainViewSet(SnippetViewSet):
    model = LifeDomain
    icon = "tag"
    list_display = ["name", "slug", "position"]
    search_fields = ["name"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_ru")]),
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("icon"), FieldPanel("position")]),
    ]


class RoundViewSet(SnippetViewSet):
    model = Round
    icon = "calendar"
    list_display = ["name", *PERIOD_COLUMNS]
    panels = [FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]), PERIOD, FieldPanel("note")]


class PriceViewSet(SnippetViewSet):
    """To look up; a price changes in the table of its round (home/views/rounds.py)."""

    model = Price
    inspect_view_enabled = True
    icon = "tag"
    list_display = ["component", "form", "net", "vat_rate", "gross", *PERIOD_COLUMNS]
    list_filter = ["round", "component", "form"]
    panels = [
        FieldRowPanel([FieldPanel("component"), FieldPanel("round"), FieldPanel("form")]),
        FieldRowPanel([FieldPanel("net"), FieldPanel("vat_rate"), FieldPanel("gross")]),
        PERIOD,
        FieldPanel("source"),
    ]


class CapViewSet(SnippetViewSet):
    model = Cap
    inspect_view_enabled = True
    icon = "warning"
    list_display = ["__str__", "round", "monthly", "yearly", *PERIOD_COLUMNS]
    list_filter = ["round"]
    panels = [
        FieldRowPanel([FieldPanel("component"), FieldPanel("domain"), FieldPanel("round")]),
        FieldRowPanel([FieldPanel("monthly"), FieldPanel("yearly")]),
        PERIOD,
        FieldPanel("source"),
    ]


class CatalogueGroup(SnippetViewSetGroup):
    items = (ComponentViewSet, LifeDomainViewSet, RoundViewSet, PriceViewSet, CapViewSet)
    menu_label = _("Catalogue facts")
    menu_icon = "list-ul"
    menu_order = 200


class NavigationViewSet(SnippetViewSet):
    model = Navigation
    icon = "link"
    menu_label = _("Menu and footer")
    add_to_admin_menu = True
    menu_order = 210
    list_display = ["__str__", "locale"]


class OrganisationViewSet(SnippetViewSet):
    """Public facts only: whom to call at a municipality or a provider."""

    model = Organisation
    icon = "group"
    menu_label = _("Organisations")
    add_to_admin_menu = True
    menu_order = 220
    list_display = ["name", "kind", "municipality", "phone", "is_public"]
    list_filter = ["kind", "municipality", "is_public"]
    list_export = ["name", "kind", "registry_code", "municipality", "phone", "email", "website"]
    search_fields = ["name"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("registry_code")]),
        FieldRowPanel([FieldPanel("municipality"), FieldPanel("address")]),
        FieldPanel("text"),
        MultiFieldPanel(
            [
                FieldPanel("contact_role"),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                FieldRowPanel([FieldPanel("hours"), FieldPanel("website")]),
            ],
            heading=_("Contact"),
        ),
        FieldRowPanel([FieldPanel("is_public"), FieldPanel("is_sample")]),
    ]


class MissingTextsView(ReportView):
    """Component pages with the parts that are still empty, in the order of the catalogue."""

    page_title = _("Missing texts")
    header_icon = "warning"
    results_template_name = "home/cms/missing_results.html"
    index_url_name = "missing_texts"
    index_results_url_name = "missing_texts_results"
    any_permission_required = ["change"]
    model = ComponentPage
    list_export = ["title", "locale.language_code", "missing"]
    export_headings = {"locale.language_code": _("Language"), "missing": _("What is missing")}

    @property
    def permission_policy(self) -> Any:
        return ComponentViewSet().permission_policy

    def get_queryset(self) -> Any:
        pages = (
            ComponentPage.objects.select_related("locale")
            .prefetch_related("limits")
            .order_by("component__position")
        )
        return [page for page in pages if page.missing]


__all__ = ["CatalogueGroup", "MissingTextsView", "NavigationViewSet", "OrganisationViewSet"]
