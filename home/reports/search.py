"""Search over components, organisations and pages: one ranked statement, then the visible rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page as WagtailPage

from home.addresses import page_address
from home.querysets import SitePageQuerySet
from home.reports.paging import page_of
from home.visit import Visit
from network.models import Organisation
from portal.search.find import did_you_mean, find
from portal.search.highlight import excerpt, highlight

RESULTS_A_PAGE = 20
MAX_QUERY = 200
KINDS = ("component", "organisation", "page")


@dataclass(frozen=True)
class SearchRow:
    """One result: `kind` is one of `KINDS`, fragments are (text, is_hit) pairs."""

    kind: str
    title: list[tuple[str, bool]]
    text: list[tuple[str, bool]]
    address: str
    detail: str = ""
    is_sample: bool = False


@dataclass
class SearchReport:
    visit: Visit
    query: str
    kind: str = ""
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    page: Page[Any] | None = None
    rows: list[SearchRow] = field(default_factory=list)
    is_partial: bool = False
    suggestion: str | None = None

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds that were found, with how many of each."""
        labels = {
            "component": _("Services"),
            "organisation": _("Organisations"),
            "page": _("Pages"),
        }
        return [
            (kind, f"{labels[kind]} ({self.counts[kind]})") for kind in KINDS if kind in self.counts
        ]

    @property
    def tries(self) -> list[dict[str, str]]:
        """Where to go on from an empty answer."""
        return [{"label": _("All services"), "url": reverse("component_list")}]


def search_report(
    visit: Visit, asked: QueryDict, models: Sequence[type[WagtailPage]]
) -> SearchReport:
    """Four statements: the search, components, organisations, other pages.

    Two more searches where no page has all the words, and once after each publish the words that
    can be proposed.
    """
    query = asked.get("q", "").strip()[:MAX_QUERY]
    report = SearchReport(visit, query)
    if not query:
        return report
    hits = find(query, models=[*models, Organisation])
    visible = _visible(visit, hits, models)
    ranked = [(hit.model, hit.pk) for hit in hits if (hit.model, hit.pk) in visible]
    for model, _pk in ranked:
        kind = _kind_of(model)
        report.counts[kind] = report.counts.get(kind, 0) + 1
    asked_kind = asked.get("kind", "")
    if asked_kind in KINDS:
        report.kind = asked_kind
        ranked = [key for key in ranked if _kind_of(key[0]) == asked_kind]
    report.total = len(ranked)
    report.is_partial = any(hit.partial for hit in hits)
    report.page = page_of(ranked, asked.get("page"), RESULTS_A_PAGE)
    report.rows = [_row(key[0], visible[key], query) for key in report.page.object_list]
    if report.is_partial or not ranked:
        report.suggestion = did_you_mean(query)
    return report


def _kind_of(model: type[Any]) -> str:
    if model is Organisation:
        return "organisation"
    return "component" if hasattr(model, "component") else "page"


def _visible(
    visit: Visit, hits: Any, models: Sequence[type[WagtailPage]]
) -> dict[tuple[type[Any], str], Any]:
    """What the visitor may see of the hits, by model and key; plain rows: there may be a thousand.

    Each row begins with its key.
    """
    wanted: dict[type[Any], list[str]] = {}
    for hit in hits:
        wanted.setdefault(hit.model, []).append(hit.pk)
    found: dict[tuple[type[Any], str], Any] = {}
    other_pages: list[str] = []
    for model, keys in wanted.items():
        if model is Organisation:
            rows = Organisation.objects.public().filter(pk__in=keys)
            for row in rows.values_list(*OF_ORGANISATION, named=True):
                found[model, str(row.pk)] = row
        elif hasattr(model, "component"):
            rows = model.objects.visible().in_language(visit.language)
            rows = rows.filter(pk__in=keys, component__is_active=True)
            for row in rows.values_list(*OF_COMPONENT, named=True):
                found[model, str(row.pk)] = row
        else:
            other_pages += keys
    if other_pages:
        by_key = {pk: model for model, keys in wanted.items() for pk in keys if model in models}
        pages = SitePageQuerySet(WagtailPage).visible().in_language(visit.language)
        for row in pages.filter(pk__in=other_pages).values_list(*OF_PAGE, named=True):
            found[by_key[str(row.pk)], str(row.pk)] = row
    return found


OF_ORGANISATION = ("pk", "name", "text", "slug", "municipality__name", "is_sample")
OF_COMPONENT = ("pk", "title", "summary", "slug", "component__domain__name")
OF_PAGE = ("pk", "title", "search_description", "url_path")


def _row(model: type[Any], row: Any, query: str) -> SearchRow:
    kind = _kind_of(model)
    if kind == "organisation":
        return SearchRow(
            kind,
            highlight(row.name, query),
            excerpt(row.text, query),
            reverse("organisation_detail", args=[row.slug]),
            row.municipality__name,
            row.is_sample,
        )
    if kind == "component":
        return SearchRow(
            kind,
            highlight(row.title, query),
            highlight(row.summary, query),
            reverse("component_detail", args=[row.slug]),
            row.component__domain__name or "",
        )
    return SearchRow(
        kind,
        highlight(row.title, query),
        highlight(row.search_description, query),
        page_address(row.url_path),
    )
