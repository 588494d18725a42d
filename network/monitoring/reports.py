"""What a region has and what is said to be missing, line by line. MON-03.

Offers and free places are public facts. Gaps are statements about people's needs: they leave this
file only as `network.disclosure` publishes them, in this one table a region and no other.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F, Sum

from catalogue.models import Component, LifeDomain
from network.disclosure import Figure, protect
from network.models import Gap, Offer, RegionMunicipality
from network.reports.places import MunicipalityRow, places
from portal.base.memo import per_content_version


@dataclass(frozen=True)
class RegionRow:
    """A region and the municipalities that belong to it on the day."""

    slug: str
    name: str
    places: tuple[MunicipalityRow, ...]


@dataclass(frozen=True)
class Line:
    """What a line is about: a component, or (`component_id` is None) the rest of a life domain.

    Without a life domain either: base support, or whatever fits nowhere.
    """

    component_id: int | None
    domain_id: int | None
    slug: str = ""
    name: str = ""


@dataclass(frozen=True)
class Supply:
    """One cell or total. `free` is None where nobody has said; `gaps` as everybody may see it."""

    offers: int
    free: int | None
    gaps: Figure

    @property
    def is_uncovered(self) -> bool:
        """Shown to be missing by several, and nobody offers it."""
        return self.gaps.is_shown and not self.offers


@dataclass(frozen=True)
class SupplyLine:
    line: Line
    cells: tuple[Supply, ...]
    total: Supply


@dataclass(frozen=True)
class SupplyTable:
    """Lines × municipalities of one region, with the totals of both."""

    region: RegionRow
    lines: tuple[SupplyLine, ...]
    columns: tuple[Supply, ...]
    total: Supply


@per_content_version
def regions_on(day: dt.date) -> tuple[RegionRow, ...]:
    """The regions that have municipalities on `day`, both in the order of the alphabet."""
    rows: dict[tuple[str, str], list[MunicipalityRow]] = {}
    memberships = RegionMunicipality.objects.valid_on(day).order_by(
        "region__name", "municipality__name"
    )
    for slug, name, place_id in memberships.values_list(
        "region__slug", "region__name", "municipality_id"
    ):
        rows.setdefault((slug, name), []).append(places().by_id[place_id])
    return tuple(RegionRow(slug, name, tuple(found)) for (slug, name), found in rows.items())


@per_content_version
def supply_table(region: RegionRow) -> SupplyTable:
    """Offers, free places and open gaps of `region`, in four statements.

    A gap counts where it was noted, whichever region noted it, so that it stands in one table only.
    """
    lines = _lines()
    offers, free = _offers(region)
    gaps = _gaps(region, set(lines))
    published = protect([[gaps[line, place.id] for place in region.places] for line in lines])

    def supply(figure: Figure, keys: list[tuple[int | None, int]]) -> Supply:
        known = [free[key] for key in keys if key in free]
        return Supply(
            offers=sum(offers[key] for key in keys),
            free=sum(known) if known else None,
            gaps=figure,
        )

    ids = [line.component_id for line in lines]
    return SupplyTable(
        region=region,
        lines=tuple(
            SupplyLine(
                line,
                tuple(
                    supply(figure, [(line.component_id, place.id)])
                    for figure, place in zip(figures, region.places, strict=True)
                ),
                supply(total, [(line.component_id, place.id) for place in region.places]),
            )
            for line, figures, total in zip(lines, published.cells, published.rows, strict=True)
        ),
        columns=tuple(
            supply(figure, [(pk, place.id) for pk in ids if pk])
            for figure, place in zip(published.columns, region.places, strict=True)
        ),
        total=supply(
            published.total, [(pk, place.id) for pk in ids if pk for place in region.places]
        ),
    )


def _lines() -> list[Line]:
    """Every component in use, after those of a life domain the rest of it, at the end the rest.

    Always all of them: a line that came and went with its gaps would tell of the first one.
    """
    components = Component.objects.filter(is_active=True).order_by(
        F("domain__position").asc(nulls_first=True), "domain__name", "position", "code"
    )
    by_domain: dict[int | None, list[Line]] = {None: []}
    for pk in LifeDomain.objects.values_list("pk", flat=True):
        by_domain[pk] = []
    for pk, domain_id, slug, name in components.values_list("pk", "domain_id", "slug", "name"):
        by_domain[domain_id].append(Line(pk, domain_id, slug, name))
    base = by_domain.pop(None)
    rest = [line for pk, found in by_domain.items() for line in [*found, Line(None, pk)]]
    return [*base, *rest, Line(None, None)]


def _offers(
    region: RegionRow,
) -> tuple[Counter[tuple[int | None, int]], dict[tuple[int | None, int], int]]:
    """Published offers, and free places where they are told, by component and place."""
    rows = (
        Offer.objects.published()
        .filter(
            component__is_active=True,
            resource__municipality_id__in=[place.id for place in region.places],
        )
        .order_by()
        .values_list("component_id", "resource__municipality_id")
        .annotate(n=Count("pk"), free=Sum("free_places"))
    )
    offers: Counter[tuple[int | None, int]] = Counter()
    free: dict[tuple[int | None, int], int] = {}
    for component_id, place_id, number, places_free in rows:
        offers[component_id, place_id] = number
        if places_free is not None:
            free[component_id, place_id] = places_free
    return offers, free


def _gaps(region: RegionRow, lines: set[Line]) -> Counter[tuple[Line, int]]:
    """Open gaps by line and place: true counts, for the filter only."""
    by_component = {line.component_id: line for line in lines if line.component_id}
    counted = (
        Gap.objects.filter(
            state__in=Gap.OPEN, municipality_id__in=[place.id for place in region.places]
        )
        .exclude(kind=Gap.Kind.PRACTICE)
        .order_by()
        .values_list("component_id", "component__domain_id", "domain_id", "municipality_id")
        .annotate(n=Count("pk"))
    )
    gaps: Counter[tuple[Line, int]] = Counter()
    for component_id, domain_of_component, domain_id, place_id, number in counted:
        # A component no longer in use has no line; what is missing is missing all the same.
        line = by_component.get(component_id) or Line(None, domain_id or domain_of_component)
        gaps[line, place_id] += number
    return gaps
