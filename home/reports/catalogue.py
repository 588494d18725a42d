"""The catalogue list: rows, choices with their counts, and sentences about what was asked."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalogue.calculator import to_cents
from home.reports.contacts import municipal_contact
from home.reports.facets import Choice, Facet, facets_of
from home.reports.paging import key_page_of, page_of
from home.visit import Visit
from network.models import Offer, OfferPrice, Organisation
from network.reports.offers import near_ids, nearest_places
from network.reports.places import places
from portal.search.find import find

ROWS_A_PAGE = 30
MAX_QUERY = 200
# More than this nobody reads; it also bounds the ordering by rank.
MAX_HITS = 200
SORTS = [
    ("", _lazy("by life domain")),
    ("name", _lazy("by name")),
    ("price", _lazy("by price")),
    ("near", _lazy("most offers first")),
]

# To put these in order the offers of every component have to be known.
ORDERED_BY_OFFERS = ("price", "near")


@dataclass(frozen=True)
class ComponentRow:
    """A component in the list; prices in euros with VAT for an hour."""

    title: str
    slug: str
    summary: str
    kind: str
    audience: str
    forms: list[str]
    domain_slug: str
    domain_name: str
    domain_icon: str
    lang: str
    from_price: Decimal | None
    from_form: str
    is_sample: bool
    offers: int
    free: int
    nearest: tuple[str, int] | None


@dataclass
class CatalogueReport:
    visit: Visit
    query: str
    sort: str
    total: int
    page: Page[Any]
    rows: list[ComponentRow]
    facets: list[Facet]
    contact: Organisation | None = None
    is_partial: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def clear_url(self) -> str:
        """The list without any choice, but with what was searched for."""
        kept = {key: value for key, value in self.carry if value}
        return f"?{urlencode(kept)}"

    @property
    def carry(self) -> list[tuple[str, str]]:
        """What the filter form takes along beside its own boxes."""
        return [("q", self.query), ("sort", self.sort)]

    @property
    def tries(self) -> list[dict[str, str]]:
        """Ways on from an empty list: take off one choice, or all of them."""
        ways = [
            {
                "label": _("Without “%(choice)s”") % {"choice": choice.label},
                "url": choice.address_without,
            }
            for choice in self.chosen
        ]
        return [*ways, {"label": _("All services"), "url": "?"}]

    @property
    def near_km(self) -> int:
        return settings.NEAR_KM

    @property
    def counties(self) -> list[Any]:
        return places().by_county

    @property
    def sorts(self) -> list[tuple[str, Any]]:
        return SORTS

    @property
    def chosen(self) -> list[Choice]:
        """The choices that are on, for the chips."""
        return [choice for facet in self.facets for choice in facet.choices if choice.is_on]


@dataclass(frozen=True)
class SearchedPages:
    """The component pages that a visitor may see, narrowed by the search words in `query`.

    `ranked` holds their keys, best first; `is_partial`: no page has all the words.
    """

    pages: Any
    query: str = ""
    ranked: list[int] = field(default_factory=list)
    is_partial: bool = False


def searched_pages(visit: Visit, asked: QueryDict, components: Any) -> SearchedPages:
    """Read the search words out of the address and find their pages. At most three statements."""
    pages = components.visible().in_language(visit.language).filter(component__is_active=True)
    query = asked.get("q", "").strip()[:MAX_QUERY]
    if not query:
        return SearchedPages(pages)
    hits = find(query, models=[components.model], limit=MAX_HITS)
    ranked = [int(hit.pk) for hit in hits]
    return SearchedPages(
        pages.filter(pk__in=ranked), query, ranked, any(hit.partial for hit in hits)
    )


def catalogue_report(
    visit: Visit, asked: QueryDict, searched: SearchedPages, filters: Any
) -> CatalogueReport:
    """The list under `filters` (home.filters.ComponentFilter) in five statements.

    They are: the counts, the keys of the page, its rows, the nearest places, whom to call.
    """
    notes: list[str] = []
    conditions = filters.conditions()
    facets, total = facets_of(filters, conditions, asked)
    sort = asked.get("sort", "")
    if sort not in dict(SORTS):
        notes.append(_("The order “%(value)s” is not known.") % {"value": sort[:60]})
        sort = ""
    for value in filters.unknown_values():
        notes.append(_("The choice “%(value)s” is not known and was left out.") % {"value": value})
    if visit.unknown_municipality:
        notes.append(
            _("There is no municipality “%(value)s”.") % {"value": visit.unknown_municipality}
        )
    fitting = searched.pages.filter(*conditions.values())
    if sort in ORDERED_BY_OFFERS:
        rows = _ordered(_annotated(filters, fitting), sort, searched.ranked)
        page = page_of(rows, asked.get("page"), ROWS_A_PAGE, total)
        found = list(page.object_list)
    else:
        # Prices and offers are looked up for the rows of the page alone.
        keys = _ordered(fitting, sort, searched.ranked)
        page = key_page_of(keys, asked.get("page"), ROWS_A_PAGE, total)
        shown = _annotated(filters, searched.pages.filter(pk__in=page.object_list))
        found = list(_ordered(shown, sort, searched.ranked))
    return CatalogueReport(
        visit=visit,
        query=searched.query,
        sort=sort,
        total=total,
        page=page,
        rows=_rows(found, visit),
        facets=facets,
        contact=municipal_contact(visit),
        is_partial=searched.is_partial,
        notes=notes,
    )


def _annotated(filters: Any, pages: Any) -> Any:
    """Rows with their facts, lowest price of today and number of offers, near home if known."""
    visit = filters.visit
    priced = Offer.objects.published()
    if chosen := visit.municipality:
        priced = priced.near(near_ids(chosen), chosen.id)
    prices = OfferPrice.objects.on(visit.day).filter(
        # One offer at a time: as `offer__in` all published offers would be collected for the list.
        Exists(priced.filter(pk=OuterRef("offer_id"))),
        offer__component_id=OuterRef("component_id"),
    )
    offers = filters.offers().order_by().values("component_id")
    lowest = prices.order_by("gross", "form")
    return pages.select_related("component__domain", "locale").annotate(
        from_price=Subquery(lowest.values("gross")[:1]),
        from_form=Subquery(lowest.values("form")[:1]),
        from_sample=Subquery(lowest.values("offer__resource__organisation__is_sample")[:1]),
        offers_count=Coalesce(Subquery(offers.annotate(n=Count("pk")).values("n")), 0),
        free_count=Coalesce(
            Subquery(offers.filter(free_places__gt=0).annotate(n=Count("pk")).values("n")), 0
        ),
    )


def _ordered(pages: Any, sort: str, ranked: list[int]) -> Any:
    usual = ["component__domain__position", "component__position", "pk"]
    if sort == "name":
        return pages.order_by("title", "pk")
    if sort == "price":
        return pages.order_by(F("from_price").asc(nulls_last=True), *usual)
    if sort == "near":
        return pages.order_by("-offers_count", *usual)
    if ranked:
        places_in_search = [When(pk=pk, then=Value(place)) for place, pk in enumerate(ranked)]
        return pages.order_by(Case(*places_in_search, output_field=IntegerField()))
    # Base support has no life domain and stands first: every plan begins with it.
    return pages.order_by(F("component__domain__position").asc(nulls_first=True), *usual[1:])


def _rows(found: list[Any], visit: Visit) -> list[ComponentRow]:
    nearest: dict[int, tuple[str, int]] = {}
    if visit.municipality:
        far = [page.component_id for page in found if not page.offers_count]
        nearest = nearest_places(far, visit.municipality)
    return [_row(page, visit, nearest.get(page.component_id)) for page in found]


def _row(page: Any, visit: Visit, nearest: tuple[str, int] | None) -> ComponentRow:
    component = page.component
    domain = component.domain
    return ComponentRow(
        title=page.title,
        slug=page.slug,
        summary=page.summary,
        kind=component.kind,
        audience=component.audience,
        forms=[form.value for form in component.forms],
        domain_slug=domain.slug if domain else "base",
        domain_name=domain.name_in(visit.language) if domain else "",
        domain_icon=domain.icon if domain else "route",
        lang="" if page.locale.language_code == visit.language else page.locale.language_code,
        # SQLite hands a subquery of decimals back with all its digits.
        from_price=None if page.from_price is None else to_cents(page.from_price),
        from_form=page.from_form or "",
        is_sample=bool(page.from_sample),
        offers=page.offers_count,
        free=page.free_count,
        nearest=nearest,
    )
