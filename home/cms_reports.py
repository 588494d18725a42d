"""Reports of the CMS: tables of plain rows, with one writer of files for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports.base import ReportView
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from catalogue.models import Component
from home.upkeep import links, outside, translations, undo, unread, usage
from portal.access.guards import signed_in
from portal.base.sheets import csv_answer, xlsx_answer
from portal.templatetags.ui import day as written_day

# A key of the database is never longer.
MOST_DIGITS = 19
LINK_TROUBLES = {
    links.GONE: _("the page has been deleted"),
    links.HIDDEN: _("the page is not public"),
    links.NO_PAGE: _("there is no page at this address"),
    links.NO_PLACE: _("there is no such place on the page"),
    links.NO_FILE: _("the file has been deleted"),
    links.NOT_WHOLE: _("the address is not whole: it begins with https:// or /"),
}
TRANSLATION_STATES = {
    translations.BEHIND: _("the Estonian text has changed"),
    translations.DRAFT: _("not published yet"),
    translations.MISSING: _("not translated"),
}
PLACES = {
    "page": _("its page"),
    "limit": _("named as “use instead”"),
    "offer": _("offer"),
    "price": _("reference price"),
    "cap": _("ceiling"),
}


@dataclass(frozen=True)
class Cell:
    """A text, and where it leads."""

    text: Any
    url: str = ""


@dataclass(frozen=True)
class Row:
    """`action` is an address that the button of the row posts to."""

    cells: tuple[Cell, ...]
    action: str = ""


class TableReport(ReportView):
    """A report over plain rows; a subclass says its `headings` and makes its `rows()`."""

    results_template_name = "home/cms/table_results.html"
    any_permission_required = ["add", "change", "publish"]
    permission_policy = page_permission_policy
    headings: tuple[Any, ...] = ()
    intro: Any = ""
    empty: Any = _("Nothing to do here.")
    button: Any = ""
    file_name = "aruanne"
    list_export = ["cells"]
    columns: list[Any] = []

    def rows(self) -> Iterable[Row]:
        raise NotImplementedError

    def get_queryset(self) -> Any:
        return list(self.rows())

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context | {
            "headings": self.headings,
            "intro": self.intro,
            "empty": self.empty,
            "button": self.button,
        }

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponse:
        table = [[cell.text for cell in row.cells] for row in self.rows()]
        if spreadsheet_format == self.FORMAT_XLSX:
            title = str(self.page_title)
            return xlsx_answer(f"{self.file_name}.xlsx", title, self.headings, table)
        return csv_answer(f"{self.file_name}.csv", self.headings, table)


def _edit(pk: int | None) -> str:
    return reverse("wagtailadmin_pages:edit", args=[pk]) if pk else ""


class UnreadView(TableReport):
    page_title = _("Not read over for six months")
    header_icon = "time"
    index_url_name = "unread_pages"
    index_results_url_name = "unread_pages_results"
    file_name = "ule-lugemata"
    headings = (_("Page"), _("Type"), _("Language"), _("Last read over"))
    intro = _("Read the page. If everything on it is still right, say so; if not, change it.")
    empty = _("Every page has been read over within six months.")
    button = _("It is right")

    def rows(self) -> Iterable[Row]:
        may = page_permission_policy.user_has_permission(self.request.user, "publish")
        for row in unread.unread_pages(timezone.localdate()):
            day = written_day(row.reviewed_on) if row.reviewed_on else _("never")
            cells = (Cell(row.title, _edit(row.pk)), Cell(row.kind), Cell(row.language), Cell(day))
            yield Row(cells, reverse("confirm_page", args=[row.pk]) if may else "")


class TranslationsView(TableReport):
    page_title = _("Translations out of step")
    header_icon = "site"
    index_url_name = "translations_behind"
    index_results_url_name = "translations_behind_results"
    file_name = "tolked"
    headings = (_("Estonian page"), _("Language"), _("State"), _("What has changed"))
    intro = _(
        "A page without a translation shows its Estonian text and says so. "
        "What has changed is counted from the day the translation was last saved."
    )
    empty = _("All translations are in step with the Estonian text.")

    def rows(self) -> Iterable[Row]:
        for row in translations.translations():
            compare = [row.source, row.since, row.now]
            yield Row(
                (
                    Cell(row.title, _edit(row.source)),
                    Cell(row.language, _edit(row.pk)),
                    Cell(TRANSLATION_STATES[row.state]),
                    Cell(
                        ", ".join(row.changed),
                        reverse("wagtailadmin_pages:revisions_compare", args=compare)
                        if row.changed
                        else "",
                    ),
                )
            )


class BrokenLinksView(TableReport):
    page_title = _("Broken links")
    header_icon = "link"
    index_url_name = "broken_links"
    index_results_url_name = "broken_links_results"
    file_name = "katkised-lingid"
    headings = (_("Page"), _("Language"), _("Words of the link"), _("Leads to"), _("Trouble"))
    empty = _("Every link in the published pages and menus leads somewhere.")

    @property
    def intro(self) -> Any:
        if settings.CHECK_LINKS:
            return _("Links to other sites are asked at once a week.")
        return _("Links to other sites are not asked at here; the administrator can turn it on.")

    def rows(self) -> Iterable[Row]:
        for row in links.broken_links():
            link = row.link
            target = link.target if link.kind == "href" else f"{link.kind} {link.target}"
            yield Row(
                (
                    Cell(link.title, _edit(link.page)),
                    *(Cell(text) for text in (link.language, link.label, target)),
                    Cell(LINK_TROUBLES[row.reason]),
                )
            )
        for found, link in outside.broken_outside():
            since = written_day(timezone.localdate(found.failing_since))
            trouble = _("%(trouble)s, since %(day)s") % {
                "trouble": found.get_state_display(),
                "day": since,
            }
            words = (link.language, link.label, link.target)
            yield Row(
                (Cell(link.title, _edit(link.page)), *(Cell(word) for word in words), Cell(trouble))
            )


class UsageView(TableReport):
    page_title = _("What uses a component")
    header_icon = "list-ul"
    index_url_name = "component_usage"
    index_results_url_name = "component_usage_results"
    file_name = "teenuste-kasutus"
    headings = (
        *(_("Component"), _("Code"), _("Pages"), _("Public offers")),
        *(_("Running prices"), _("Running ceilings"), _("Named by others")),
    )
    intro = _("Look here before you close or rename a component. Plans of people are not counted.")

    def rows(self) -> Iterable[Row]:
        for row in usage.usages(timezone.localdate()):
            place = reverse("component_places", args=[row.component.pk])
            numbers = (row.pages, row.offers, row.prices, row.caps, row.named)
            yield Row(
                (
                    Cell(row.component.name, place),
                    Cell(row.component.code),
                    *(Cell(number) for number in numbers),
                )
            )


class PlacesView(TableReport):
    """Where one component is used, place by place."""

    header_icon = "list-ul"
    index_url_name = None
    file_name = "teenuse-kasutus"
    headings = (_("What"), _("Where"))
    empty = _("Nothing uses it.")

    @property
    def page_title(self) -> str:
        return str(self.component)

    @property
    def component(self) -> Component:
        found: Component = get_object_or_404(Component, pk=self.kwargs["component_id"])
        return found

    def rows(self) -> Iterable[Row]:
        for row in usage.places_of(self.component, timezone.localdate()):
            yield Row((Cell(PLACES[row.kind]), Cell(row.name, _edit(row.page))))


@require_POST
@signed_in
def confirm_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Somebody who may publish says that the page is still right."""
    page = unread.find_main_page(page_id)
    if page is None:
        raise Http404
    unread.confirm_page(page, by=request.user, day=timezone.localdate())
    messages.success(request, _("“%(title)s” is read over.") % {"title": page.title})
    return redirect("unread_pages")


class UndoView(WagtailAdminTemplateMixin, TemplateView):
    """One look at what would change, one button that brings the version before back."""

    template_name = "home/cms/undo.html"
    page_title = _("Undo the last change")
    header_icon = "history"

    @cached_property
    def page(self) -> Page:
        found: Page = get_object_or_404(Page, pk=self.kwargs["page_id"], depth__gt=1)
        if not found.permissions_for_user(self.request.user).can_publish():
            raise PermissionDenied
        return found

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        title = str(self.page.get_admin_display_title())
        here = {"url": "", "label": self.page_title, "sublabel": title}
        return [*self.breadcrumbs_items, {"url": _edit(self.page.pk), "label": title}, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change = undo.last_change(self.page)
        drafted = self.page.has_unpublished_changes
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"page": self.page, "change": change, "drafted": drafted}

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        seen = request.POST.get("seen", "")
        known = int(seen) if seen.isdecimal() and len(seen) < MOST_DIGITS else 0
        if undo.undo_last_change(self.page, seen=known, by=request.user):
            messages.success(request, _("The version before is public again."))
        else:
            messages.error(
                request, _("The page has changed meanwhile. Look again before you undo.")
            )
            return redirect("undo_page", page_id)
        return redirect("wagtailadmin_pages:edit", page_id)


REPORTS = (
    (UnreadView, "yle-lugemata", 40),
    (TranslationsView, "tolked", 60),
    (BrokenLinksView, "lingid", 70),
    (UsageView, "teenuste-kasutus", 80),
)


def urls() -> list[Any]:
    """The addresses of the reports, below that of the CMS."""
    found = [
        path("pages/<int:page_id>/vota-tagasi/", signed_in(UndoView.as_view()), name="undo_page"),
        path("aruanded/kinnita/<int:page_id>/", confirm_page, name="confirm_page"),
        path(
            "aruanded/teenuste-kasutus/<int:component_id>/",
            signed_in(PlacesView.as_view()),
            name="component_places",
        ),
    ]
    for view, word, _order in REPORTS:
        name, results = view.index_url_name, view.index_results_url_name
        whole, part = view.as_view(), view.as_view(results_only=True)
        found.append(path(f"aruanded/{word}/", signed_in(whole), name=name))
        found.append(path(f"aruanded/{word}/tulemused/", signed_in(part), name=results))
    return found
