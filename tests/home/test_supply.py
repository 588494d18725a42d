"""Needs and supply of a region as anybody may read them. MON-03."""

import csv
import io
import re
from html import unescape

import pytest
from django.core.cache import caches
from django.test import Client

from home.reports.supply import Cell, SupplyReport
from home.reports.tiles import tile_places
from network.models import Municipality
from network.reports.places import MunicipalityRow
from portal.base.sheets import as_typed
from tests.home.factories import SmallSite
from tests.monitoring.help import gaps, region_of
from tests.network.factories import MunicipalityFactory, OfferFactory

PAGE = "/vajadus-ja-pakkumine/"
EXPORT = "/vajadus-ja-pakkumine/tabel.csv"


def ask(client: Client, query: str = "", path: str = PAGE) -> SupplyReport:
    caches["pages"].clear()  # a kept page has no context
    response = client.get(f"{path}{query}")
    assert response.status_code == 200
    return response.context["supply"]


def body_of(client: Client, address: str = PAGE) -> str:
    return client.get(address).content.decode()


def cells_of(report: SupplyReport, slug: str) -> tuple[Cell, ...]:
    return next(row.cells for group in report.groups for row in group.rows if row.slug == slug)


def five_places() -> list[Municipality]:
    return [MunicipalityFactory(name=f"{letter} vald", slug=f"{letter}-vald") for letter in "abcde"]


def test_the_first_sentence_says_what_is_missing_most_where_nobody_offers_it(
    site: SmallSite, client: Client
) -> None:
    places = five_places()
    region = region_of(*places, name="Lõunamaa")
    page, other = site.component(title="Kogemusnõustamine"), site.component()
    OfferFactory(component=other.component, resource__municipality=places[1])
    gaps(9, region, places[0], component=page.component)
    gaps(21, region, places[1], component=other.component)

    report = ask(client)

    assert "Kogemusnõustamine" in report.headline
    assert "a vald" in report.headline
    assert "10" in report.headline
    assert other.title not in report.headline
    assert report.supply == "Piirkonnas on 1 pakkumine. 1 teenust ei paku siin veel keegi."
    assert "Lõunamaa" in body_of(client)


def test_the_sentence_tells_when_too_little_was_reported(site: SmallSite, client: Client) -> None:
    region = region_of(*(places := five_places()))
    page = site.component()
    gaps(2, region, places[0], component=page.component)

    report = ask(client)

    assert (
        report.headline == "Katmata vajadusi on märgitud veel nii vähe, et nende arve ei näidata."
    )


def test_only_a_number_that_is_shown_beside_no_offer_is_marked(
    site: SmallSite, client: Client
) -> None:
    places = five_places()
    region = region_of(*places)
    page = site.component()
    OfferFactory(component=page.component, resource__municipality=places[1])
    for place, number in zip(places, (5, 9, 4, 0, 8), strict=True):
        gaps(number, region, place, component=page.component)

    cells = cells_of(ask(client), page.slug)

    assert [cell.supply.is_uncovered for cell in cells] == [True, False, False, False, True]
    assert body_of(client).count('class=" bare"') == 2


def test_each_number_of_offers_is_the_number_of_rows_behind_its_link(
    site: SmallSite, client: Client
) -> None:
    places = five_places()
    region_of(*places)
    elsewhere = MunicipalityFactory(slug="mujal")
    pages = [site.component(), site.component()]
    for number, page in enumerate(pages, start=1):
        for place in places[:3]:
            for free in range(number):
                OfferFactory(
                    component=page.component,
                    resource__municipality=place,
                    resource__is_confidential=free == 1,
                    places=9,
                    free_places=free,
                )
        comes = OfferFactory(component=page.component, resource__municipality=elsewhere)
        comes.serves.add(places[0])

    report = ask(client, "?municipality=b-vald")
    rows = [row for group in report.groups for row in group.rows if row.slug]
    cells = [cell for row in [*rows, report.totals] for cell in (*row.cells, row.total)]

    assert sum(1 for cell in cells if cell.offers_url) == 3 * (3 + 1)
    for cell in cells:
        if not cell.offers_url:
            assert cell.supply.offers == 0
            continue
        assert client.get(cell.offers_url).context["map"].total == cell.supply.offers
        if cell.free_url:
            caches["pages"].clear()
            found = client.get(cell.free_url).context["map"]
            assert sum(row.free_places for row in found.rows) == cell.supply.free


def test_one_gap_more_below_five_changes_no_byte(site: SmallSite, client: Client) -> None:
    places = five_places()
    region = region_of(*places)
    page = site.component()
    gaps(2, region, places[0], component=page.component)
    asked = [PAGE, f"{PAGE}?component={page.slug}", f"/ru{PAGE}", EXPORT]
    before = [client.get(address) for address in asked]

    gaps(1, region, places[0], component=page.component)

    after = [client.get(address) for address in asked]
    assert [one.content for one in before] == [one.content for one in after]
    assert [dict(one.items()) for one in before] == [dict(one.items()) for one in after]


def test_a_change_that_shows_is_on_the_page_at_once(site: SmallSite, client: Client) -> None:
    places = five_places()
    region = region_of(*places)
    page = site.component()
    gaps(4, region, places[0], component=page.component)
    assert "<b>5</b>" not in body_of(client)

    gaps(1, region, places[0], component=page.component)

    assert "<b>5</b>" in body_of(client)


def test_the_table_for_spreadsheets_says_what_the_page_says(
    site: SmallSite, client: Client
) -> None:
    places = five_places()
    region = region_of(*places)
    page = site.component(title="=Töö")
    OfferFactory(
        component=page.component, resource__municipality=places[0], places=3, free_places=2
    )
    gaps(11, region, places[0], component=page.component)

    response = client.get(EXPORT)
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    mine = [row for row in rows if as_typed(row["Teenus"]) == "=Töö"]

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert [(row["Vald või linn"], row["Pakkumised"], row["Vabu kohti"]) for row in mine] == [
        ("a vald", "1", "2"),
        *((f"{letter} vald", "0", "") for letter in "bcde"),
        ("Kogu piirkond", "1", "2"),
    ]
    assert [row["Katmata vajadusi"] for row in mine] == ["10", *["alla 5"] * 4, "10"]
    shown = re.sub(r"<[^>]+>", " ", unescape(body_of(client)))
    assert all(row["Katmata vajadusi"] in shown for row in rows)


def test_a_life_domain_narrows_the_rows_of_the_same_table(site: SmallSite, client: Client) -> None:
    places = five_places()
    region = region_of(*places)
    page, other = site.component(), site.component()
    gaps(11, region, places[0], component=page.component)
    gaps(6, region, places[1], component=other.component)

    whole = ask(client)
    narrow = ask(client, f"?domain={page.component.domain.slug}")

    assert [group.domain.slug for group in narrow.groups] == [page.component.domain.slug]
    assert narrow.totals == whole.totals
    assert cells_of(narrow, page.slug) == cells_of(whole, page.slug)
    export = client.get(f"{EXPORT}?domain={page.component.domain.slug}").content.decode()
    assert page.title in export
    assert other.title not in export


def test_the_municipality_near_home_is_marked_if_it_belongs_here(
    site: SmallSite, client: Client
) -> None:
    north, south = MunicipalityFactory(slug="pohi"), MunicipalityFactory(slug="louna")
    region_of(north, slug="p", name="A põhi")
    region_of(south, slug="l", name="B lõuna")
    site.component()

    assert ask(client).region.slug == "p"
    assert ask(client, "?municipality=louna").region.slug == "l"
    # A link has changed nothing; what was chosen in the form is kept.
    assert (ask(client).region.slug, ask(client).here) == ("p", "")
    client.get("/vajadus-ja-pakkumine/?municipality=louna&remember=")
    assert (ask(client).region.slug, ask(client).here) == ("l", "louna")
    other = ask(client, "?region=p")
    assert (other.region.slug, other.here, other.notes) == ("p", "", [])
    assert len(ask(client, "?region=p&municipality=louna").notes) == 1


@pytest.mark.parametrize(
    "query",
    [
        "?region=atlantis",
        "?domain=atlantis",
        "?municipality=atlantis",
        "?component=atlantis",
        "?region=%00%27&domain=%22",
        "?component=" + "õ" * 300,
    ],
)
def test_what_is_not_known_is_named_and_nothing_breaks(
    site: SmallSite, client: Client, query: str
) -> None:
    region_of(MunicipalityFactory())
    site.component()

    report = ask(client, query)

    assert report.notes
    assert all(len(note) < 200 for note in report.notes)
    assert client.get(f"{EXPORT}{query}").status_code == 200


def test_without_a_region_the_page_says_so(site: SmallSite, client: Client) -> None:
    site.component()

    assert "Ühtegi piirkonda veel ei ole" in body_of(client)
    assert client.get(EXPORT).status_code == 200


def test_tiles_show_one_service_or_all_of_them(site: SmallSite, client: Client) -> None:
    places = five_places()
    region = region_of(*places)
    page = site.component()
    gaps(11, region, places[2], component=page.component)

    every, one = ask(client), ask(client, f"?component={page.slug}")

    assert {tile.cell for tile in every.tiles} == set(every.totals.cells)
    assert {tile.cell for tile in one.tiles} == set(cells_of(one, page.slug))
    assert [tile.name for tile in one.tiles if tile.cell.supply.is_uncovered] == ["c vald"]


@pytest.mark.parametrize("number", [1, 2, 5, 16, 79])
def test_no_two_tiles_share_a_place(number: int) -> None:
    # Many seats at nearly the same spot.
    rows = [
        MunicipalityRow(at, f"v{at}", f"V{at}", "", "", 57.0 + at % 3 / 100, 26.0 + at % 7 / 100)
        for at in range(number)
    ]

    where = tile_places(rows)

    assert len(set(where.values())) == number
    assert all(1 <= column <= 12 and 1 <= line <= 12 for column, line in where.values())
    assert where == tile_places(rows[::-1])


def test_tiles_stand_as_on_the_map() -> None:
    seats = {
        "north": (59.0, 26.0),
        "south": (57.0, 26.0),
        "west": (58.0, 24.0),
        "east": (58.0, 28.0),
    }
    rows = [
        MunicipalityRow(at, slug, slug, "", "", lat, lon)
        for at, (slug, (lat, lon)) in enumerate(seats.items())
    ]

    where = tile_places(rows)
    north, south, west, east = (where[at] for at in range(4))

    assert north[1] < south[1]
    assert west[0] < east[0]


@pytest.mark.parametrize(
    ("prefix", "word"), [("", "alla 5"), ("/en", "below 5"), ("/ru", "меньше 5")]
)
def test_the_page_speaks_three_languages(
    site: SmallSite, client: Client, prefix: str, word: str
) -> None:
    region_of(*five_places())
    site.component()

    assert word in body_of(client, f"{prefix}{PAGE}")
    assert word in body_of(client, f"{prefix}{EXPORT}")


def test_the_page_keeps_its_address_and_is_in_the_map_of_the_site(
    site: SmallSite, client: Client
) -> None:
    assert PAGE in client.get("/sitemap.xml").content.decode()
    assert site.supply.is_fixed


@pytest.mark.parametrize("rows", [1, 15])
def test_the_page_costs_the_same_statements_for_any_number_of_rows(
    site: SmallSite, client: Client, django_assert_max_num_queries, rows: int
) -> None:
    places = [MunicipalityFactory() for _ in range(rows)]
    region = region_of(*places)
    for place in places:
        page = site.component()
        OfferFactory(component=page.component, resource__municipality=place)
        gaps(2, region, place, component=page.component)
    client.get("/teenused/")  # frame, places and domains are kept in the process
    caches["pages"].clear()
    with django_assert_max_num_queries(8):
        client.get(PAGE)
    caches["pages"].clear()
    # The table of the region is kept until something public changes.
    with django_assert_max_num_queries(3):
        client.get(f"{PAGE}?domain=valdkond")
    with django_assert_max_num_queries(3):
        client.get(EXPORT)
