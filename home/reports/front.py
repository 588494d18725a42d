"""The front page: domains with what they hold, and what there is near home."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from home.querysets import SitePageQuerySet
from home.reports.contacts import municipal_contact
from home.reports.domains import DomainRow, domains
from home.visit import Visit
from network.models import Offer, Organisation
from network.reports.offers import near_ids
from network.reports.places import places
from portal.base.memo import per_statement

NEWS_ON_FRONT = 3


@dataclass(frozen=True)
class DomainTile:
    domain: DomainRow
    components: int
    offers: int


@dataclass
class NearSummary:
    """Offers near the chosen municipality, how many have a free place, whom to call."""

    offers: int = 0
    with_free: int = 0
    contact: Organisation | None = None


@dataclass
class FrontReport:
    visit: Visit
    tiles: list[DomainTile]
    components: int
    near: NearSummary | None
    news: list[Any] = field(default_factory=list)

    @property
    def counties(self) -> list[Any]:
        return places().by_county


def front_report(visit: Visit, components: Any, news: Any) -> FrontReport:
    """Four statements: components by domain, offers by domain, the contact, the latest news.

    The first two are remembered until the public content changes.
    """
    pages: SitePageQuerySet = components.visible().in_language(visit.language)
    pages = pages.filter(component__is_active=True)
    per_domain = pages.order_by().values_list("component__domain_id").annotate(n=Count("pk"))
    by_domain = dict(per_statement(per_domain, lambda: list(per_domain)))
    offers = Offer.objects.published()
    if visit.municipality:
        offers = offers.near(near_ids(visit.municipality), visit.municipality.id)
    offered = (
        offers.order_by()
        .values_list("component__domain_id")
        .annotate(n=Count("pk"), free=Count("pk", filter=Q(free_places__gt=0)))
    )
    counted = {
        domain_id: (number, free)
        for domain_id, number, free in per_statement(offered, lambda: list(offered))
    }
    near = None
    if visit.municipality:
        near = NearSummary(
            sum(number for number, _ in counted.values()),
            sum(free for _, free in counted.values()),
            municipal_contact(visit),
        )
    return FrontReport(
        visit=visit,
        tiles=[
            DomainTile(row, by_domain.get(row.id, 0), counted.get(row.id, (0, 0))[0])
            for row in domains()
        ],
        components=sum(by_domain.values()),
        near=near,
        news=list(
            news.visible().in_language(visit.language).order_by("-date", "-pk")[:NEWS_ON_FRONT]
        ),
    )
