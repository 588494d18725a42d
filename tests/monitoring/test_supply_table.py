"""Offers, free places and gaps of a region, counted by hand. MON-03."""

import datetime as dt

import pytest

from network.disclosure import HELD_BACK, SMALL, Figure
from network.models import Gap, Region
from network.monitoring.reports import SupplyTable, regions_on, supply_table
from portal.base import content_version
from tests.monitoring.help import gaps, region_of
from tests.network.factories import (
    ComponentFactory,
    LifeDomainFactory,
    MunicipalityFactory,
    OfferFactory,
)

DAY = dt.date(2026, 11, 22)
pytestmark = pytest.mark.django_db


def table_of(region: Region) -> SupplyTable:
    return supply_table(next(row for row in regions_on(DAY) if row.slug == region.slug))


def figures(table: SupplyTable) -> dict[str, list[Figure]]:
    """The gaps by name of line; the rest of a domain by its key."""
    return {
        line.line.name or f"rest {line.line.domain_id}": [cell.gaps for cell in line.cells]
        for line in table.lines
    }


def test_a_small_region_is_counted_by_hand() -> None:
    north, south = MunicipalityFactory(name="A vald"), MunicipalityFactory(name="B vald")
    region = region_of(north, south)
    work = LifeDomainFactory()
    jobs, tutor = (
        ComponentFactory(domain=work, name="Töö"),
        ComponentFactory(domain=work, name="Õpe"),
    )
    OfferFactory(component=jobs, resource__municipality=north, places=5, free_places=2)
    OfferFactory(component=jobs, resource__municipality=north, places=5, free_places=0)
    OfferFactory(component=jobs, resource__municipality=south)
    gaps(9, region, north, component=jobs)
    gaps(6, region, south, component=jobs)
    gaps(3, region, north, component=tutor)
    gaps(13, region, south, domain=work)

    table = table_of(region)

    assert [place.name for place in table.region.places] == ["A vald", "B vald"]
    by_name = {line.line.name: line for line in table.lines if line.line.component_id}
    assert [(cell.offers, cell.free) for cell in by_name["Töö"].cells] == [(2, 2), (1, None)]
    assert (by_name["Töö"].total.offers, by_name["Töö"].total.free) == (3, 2)
    assert [(cell.offers, cell.free) for cell in by_name["Õpe"].cells] == [(0, None), (0, None)]
    assert figures(table) == {
        "Töö": [Figure(10), Figure(5)],
        "Õpe": [SMALL, SMALL],
        f"rest {work.pk}": [SMALL, Figure(15)],
        "rest None": [SMALL, SMALL],
    }
    # Each total is as counted by hand, or held back: 15, 3, 13, 0 beside; 12, 19 below; 31 in all.
    right = [Figure(15), SMALL, Figure(15), SMALL, Figure(10), Figure(20), Figure(30)]
    shown = [line.total.gaps for line in table.lines] + [cell.gaps for cell in table.columns]
    shown.append(table.total.gaps)
    assert all(one in (HELD_BACK, true) for one, true in zip(shown, right, strict=True))
    assert (table.total.offers, table.total.free) == (3, 2)
    assert [cell.offers for cell in table.columns] == [2, 1]


def test_totals_with_room_are_shown_as_counted_by_hand() -> None:
    places = [MunicipalityFactory(name=f"{letter} vald") for letter in "ABCDE"]
    region = region_of(*places)
    component = ComponentFactory(name="Töö")
    for place, number in zip(places, (9, 2, 0, 3, 1), strict=True):
        gaps(number, region, place, component=component)

    table = table_of(region)

    assert figures(table)["Töö"] == [Figure(10), SMALL, SMALL, SMALL, SMALL]
    # 9 + 2 + 0 + 3 + 1
    assert [line.total.gaps for line in table.lines if line.line.component_id] == [Figure(15)]
    assert table.total.gaps == Figure(15)


@pytest.mark.parametrize("state", [Gap.State.NEW, Gap.State.AGENDA, Gap.State.DECIDED])
def test_a_gap_counts_until_it_is_solved(state: str) -> None:
    place = MunicipalityFactory()
    region = region_of(place)
    component = ComponentFactory(name="Töö")
    gaps(8, region, place, component=component, state=state)

    assert figures(table_of(region))["Töö"] == [Figure(10)]


@pytest.mark.parametrize(
    "about",
    [
        {"state": Gap.State.SOLVED},
        {"state": Gap.State.ASIDE},
        {"kind": Gap.Kind.PRACTICE},
    ],
)
def test_what_is_solved_put_aside_or_good_practice_is_no_gap(about: dict[str, str]) -> None:
    place = MunicipalityFactory()
    region = region_of(place)
    component = ComponentFactory(name="Töö")
    gaps(8, region, place, component=component, **about)

    assert figures(table_of(region))["Töö"] == [SMALL]


def test_gaps_of_a_component_no_longer_in_use_stay_with_its_life_domain() -> None:
    place = MunicipalityFactory()
    region = region_of(place)
    component = ComponentFactory(name="Vana", is_active=False)
    OfferFactory(component=component, resource__municipality=place)
    gaps(8, region, place, component=component)

    table = table_of(region)

    assert figures(table) == {
        f"rest {component.domain_id}": [Figure(10)],
        "rest None": [SMALL],
    }
    assert table.total.offers == 0


def test_offers_that_the_public_does_not_see_are_not_counted() -> None:
    place = MunicipalityFactory()
    region = region_of(place)
    component = ComponentFactory()
    for about in (
        {"resource__state": "draft"},
        {"resource__state": "withdrawn"},
        {"resource__organisation__is_public": False},
    ):
        OfferFactory(component=component, resource__municipality=place, free_places=1, **about)

    assert table_of(region).total.offers == 0
    assert table_of(region).total.free is None


def test_a_confidential_place_counts_in_its_municipality_like_any_other() -> None:
    place = MunicipalityFactory()
    region = region_of(place)
    OfferFactory(resource__municipality=place, resource__is_confidential=True, free_places=3)

    assert (table_of(region).columns[0].offers, table_of(region).columns[0].free) == (1, 3)


def test_each_gap_stands_in_one_region_only_and_moves_with_its_municipality() -> None:
    here, there = MunicipalityFactory(), MunicipalityFactory()
    north = region_of(here, slug="pohi", name="Põhi")
    south = region_of(there, slug="louna", name="Lõuna")
    component = ComponentFactory(name="Töö")
    gaps(8, north, here, component=component)
    # Noted by the neighbours: it is missing where it is missing.
    gaps(8, north, there, component=component)

    assert figures(table_of(north))["Töö"] == [Figure(10)]
    assert figures(table_of(south))["Töö"] == [Figure(10)]

    membership = north.memberships.get()
    membership.valid_until = dt.date(2026, 1, 1)
    membership.save()
    content_version.move_on()
    assert [row.slug for row in regions_on(DAY)] == ["louna"]


def test_the_lines_are_the_same_with_and_without_gaps() -> None:
    place = MunicipalityFactory()
    region = region_of(place)
    component = ComponentFactory()
    before = [line.line for line in table_of(region).lines]
    gaps(1, region, place, domain=component.domain)
    gaps(1, region, place)

    assert [line.line for line in table_of(region).lines] == before


@pytest.mark.parametrize("rows", [1, 12])
def test_a_table_costs_four_statements_for_any_number_of_rows(
    django_assert_num_queries, rows: int
) -> None:
    places = [MunicipalityFactory() for _ in range(rows)]
    region = region_of(*places)
    for place in places:
        component = ComponentFactory()
        OfferFactory(component=component, resource__municipality=place)
        gaps(2, region, place, component=component)
    row = next(iter(regions_on(DAY)))

    with django_assert_num_queries(4):
        supply_table.__wrapped__(row)  # type: ignore[attr-defined]
