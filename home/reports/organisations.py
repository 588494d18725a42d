"""Organisations of the network: the list, and one with its offers."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.http import QueryDict

from home.reports.paging import key_page_of
from home.visit import Visit
from network.models import Offer, Organisation
from network.reports.offers import UNKNOWN_KM, OfferRow, offer_rows
from network.reports.places import places
from portal.search.find import find

ORGANISATIONS_A_PAGE = 30
OFFERS_ON_PAGE = 100
MAX_QUERY = 200


@dataclass
class OrganisationsReport:
    visit: Visit
    query: str
    kind: str
    page: Page[Organisation]

    @property
    def kinds(self) -> list[tuple[str, Any]]:
        return list(Organisation.Kind.choices)

    @property
    def counties(self) -> list[Any]:
        return places().by_county


def organisations_report(visit: Visit, asked: QueryDict) -> OrganisationsReport:
    """One page of public organisations, nearest first where home is known. Three statements."""
    rows = Organisation.objects.public().select_related("municipality")
    query = asked.get("q", "").strip()[:MAX_QUERY]
    if query:
        rows = rows.filter(pk__in=[hit.pk for hit in find(query, models=[Organisation])])
    kind = asked.get("kind", "")
    if kind in Organisation.Kind.values:
        rows = rows.filter(kind=kind)
    else:
        kind = ""
    if visit.municipality:
        whens = [
            When(municipality_id=pk, then=Value(km))
            for pk, km in places().distances(visit.municipality).items()
        ]
        rows = rows.annotate(
            km=Case(*whens, default=Value(UNKNOWN_KM), output_field=IntegerField())
        ).order_by("km", "name", "pk")
    else:
        rows = rows.order_by("name", "pk")
    page = key_page_of(rows, asked.get("page"), ORGANISATIONS_A_PAGE)
    published = Q(resources__state="published", resources__offer__isnull=False)
    shown = rows.filter(pk__in=page.object_list)
    page.object_list = list(shown.annotate(offers_count=Count("resources", filter=published)))
    return OrganisationsReport(visit, query, kind, page)


@dataclass(frozen=True)
class OrganisationReport:
    visit: Visit
    organisation: Organisation
    offers: list[OfferRow]


def organisation_report(visit: Visit, organisation: Organisation) -> OrganisationReport:
    """An organisation with its published offers and their prices. Two statements."""
    offers = Offer.objects.published().filter(resource__organisation_id=organisation.pk)
    return OrganisationReport(
        visit, organisation, offer_rows(offers, visit.municipality, visit.day, OFFERS_ON_PAGE)
    )
