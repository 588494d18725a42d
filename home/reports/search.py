"""Search: the ranked hits of the index, then the visible rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page as WagtailPage

from home.addresses import page_address
from home.querysets import SitePageQuerySet
from home.reports.paging import page_of
from home.visit import Visit
from network.models import Offer, Organisation
from portal.search.find import Hit, did_you_mean, find
from portal.search.highlight import excerpt, highlight
from portal.search.question import says_nothing

RESULTS_A_PAGE = 20
SUGGESTIONS = 8
# Nobody turns twenty pages; the words can be made more exact.
MOST_RESULTS = 400
MAX_QUERY = 200
KINDS = ("component", "organisation", "offer", "page", "news")
Key = tuple[type[Any], str]


@dataclass(frozen=True)
class SearchRow:
    """One result: `kind` is one of `KINDS`, fragments are (text, is_hit) pairs."""

    kind: str
    title: list[tuple[str, bool]]
    text: list[tuple[str, bool]]
    address: str
    detail: str = ""
    is_sample: bool = False

    @property
    def label(self) -> str:
        """The title as text."""
        return "".join(text for text, _is_hit in self.title)

    @property
    def kind_label(self) -> str:
        return {
            "component": _("Service"),
            "organisation": _("Organisation"),
            "offer": _("Offer"),
            "page": _("Page"),
            "news": _("News item"),
        }[self.kind]


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
    # Nothing but words that stand in every text.
    is_small: bool = False
    suggestion: str | None = None

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds that were found, with how many of each."""
        labels = {
            "component": _("Services"),
            "organisation": _("Organisations"),
            "offer": _("Offers"),
            "page": _("Pages"),
            "news": _("News"),
        }
        return [
            (kind, f"{labels[kind]} ({self.counts[kind]})") for kind in KINDS if kind in self.counts
        ]

    @property
    def tries(self) -> list[dict[str, str]]:
        """Where to go on from an empty answer."""
        return [{"label": _("All services"), "url": reverse("component_list")}]

    @property
    def is_unanswered(self) -> bool:
        """Was something asked to which nothing visible has the whole answer?"""
        return (
            bool(self.query)
            and not self.kind
            and not self.is_small
            and (self.is_partial or not self.total)
        )


def search_report(
    visit: Visit, asked: QueryDict, models: Sequence[type[WagtailPage]]
) -> SearchReport:
    """Four statements: the search, pages, organisations, offers.

    Another search where a word is in no text, and once after each publish the words that it may
    be a mistyped form of.
    """
    query = asked.get("q", "").replace("\0", "").strip()[:MAX_QUERY]
    report = SearchReport(visit, query)
    if not query:
        return report
    if says_nothing(query):
        report.is_small = True
        return report
    hits, visible = _visible_hits(visit, query, models)
    for hit in hits:
        found = _kind_of(hit.model)
        report.counts[found] = report.counts.get(found, 0) + 1
    report.is_partial = bool(hits) and all(hit.partial for hit in hits)
    kind = asked.get("kind", "")
    if kind in KINDS:
        report.kind = kind
        hits = [hit for hit in hits if _kind_of(hit.model) == report.kind]
    report.total = len(hits)
    report.page = page_of(hits, asked.get("page"), RESULTS_A_PAGE)
    report.rows = [
        _row(hit.model, visible[hit.model, hit.pk], query) for hit in report.page.object_list
    ]
    # Said also where the right word was searched for already: it may not be what was meant.
    report.suggestion = did_you_mean(query)
    return report


def suggested_rows(
    visit: Visit, query: str, models: Sequence[type[WagtailPage]]
) -> list[SearchRow]:
    """The first results for a question that is still being typed."""
    query = query.replace("\0", "").strip()[:MAX_QUERY]
    if len(query) < 2:
        return []
    hits, visible = _visible_hits(visit, query, models, typing=True)
    return [_row(hit.model, visible[hit.model, hit.pk], query) for hit in hits[:SUGGESTIONS]]


def _visible_hits(
    visit: Visit, query: str, models: Sequence[type[WagtailPage]], typing: bool = False
) -> tuple[list[Hit], dict[Key, Any]]:
    """The hits that the visitor may see, in their order, and their rows."""
    most = SUGGESTIONS * 5 if typing else MOST_RESULTS
    hits = find(query, models=[*models, Organisation, Offer], limit=most, typing=typing)
    visible = _visible(visit, hits, models)
    return [hit for hit in hits if (hit.model, hit.pk) in visible], visible


def _kind_of(model: type[Any]) -> str:
    if model is Organisation:
        return "organisation"
    if model is Offer:
        return "offer"
    if hasattr(model, "component"):
        return "component"
    return "news" if model.__name__ == "NewsPage" else "page"


def _visible(
    visit: Visit, hits: Sequence[Hit], models: Sequence[type[WagtailPage]]
) -> dict[Key, Any]:
    """What the visitor may see of the hits, by model and key; plain rows: there may be a thousand.

    Each row begins with its key.
    """
    wanted: dict[type[Any], list[str]] = {}
    for hit in hits:
        wanted.setdefault(hit.model, []).append(hit.pk)
    found: dict[Key, Any] = {}
    by_key = {pk: model for model in models for pk in wanted.get(model, ())}
    if by_key:
        pages = SitePageQuerySet(WagtailPage).visible().in_language(visit.language)
        pages = pages.filter(
            Q(componentpage__isnull=True) | Q(componentpage__component__is_active=True),
            pk__in=list(by_key),
        )
        for row in pages.values_list(*OF_PAGE, named=True):
            found[by_key[str(row.pk)], str(row.pk)] = row
    if keys := wanted.get(Organisation):
        bodies = Organisation.objects.public().filter(pk__in=keys)
        for row in bodies.values_list(*OF_ORGANISATION, named=True):
            found[Organisation, str(row.pk)] = row
    if keys := wanted.get(Offer):
        numbers = [int(key) for key in keys]
        offers = Offer.objects.published().filter(pk__in=numbers, component__is_active=True)
        for row in offers.values_list(*OF_OFFER, named=True):
            found[Offer, str(row.pk)] = row
    return found


OF_ORGANISATION = ("pk", "name", "text", "slug", "municipality__name", "is_sample")
OF_PAGE = (
    "pk",
    "title",
    "search_description",
    "url_path",
    "componentpage__summary",
    "componentpage__component__slug",
    "componentpage__component__domain__name",
)
OF_OFFER = (
    "pk",
    "note",
    "component__name",
    "resource__organisation__name",
    "resource__organisation__slug",
    "resource__organisation__is_sample",
    "resource__municipality__name",
)


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
    if kind == "offer":
        return SearchRow(
            kind,
            highlight(row.component__name, query),
            highlight(f"{row.resource__organisation__name}. {row.note}".strip(), query),
            reverse("organisation_detail", args=[row.resource__organisation__slug]),
            row.resource__municipality__name,
            row.resource__organisation__is_sample,
        )
    if kind == "component":
        return SearchRow(
            kind,
            highlight(row.title, query),
            highlight(row.componentpage__summary, query),
            reverse("component_detail", args=[row.componentpage__component__slug]),
            row.componentpage__component__domain__name or "",
        )
    return SearchRow(
        kind,
        highlight(row.title, query),
        highlight(row.search_description, query),
        page_address(row.url_path),
    )
