"""The map: rows, what narrows them, distances, and what an empty answer says. REG-01."""

import csv
import gzip
import io
import re
from decimal import Decimal

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from home.reports.drawing import numbers
from home.reports.map import ROWS_A_PAGE, MapReport
from network.models import Municipality
from portal.make.stamps import ROOT
from portal.management.commands.build_assets import leaflet_files
from tests.home.factories import SmallSite
from tests.network.factories import (
    ComponentFactory,
    LifeDomainFactory,
    MunicipalityFactory,
    OfferFactory,
    OrganisationFactory,
    ResourceFactory,
)


def ask(client: Client, query: str = "", address: str = "/kaart/") -> MapReport:
    caches["pages"].clear()  # a kept page has no context
    response = client.get(f"{address}{query}")
    assert response.status_code == 200
    return response.context["map"]


def ids(report: MapReport) -> list[int]:
    return [row.id for row in report.rows]


def body_of(client: Client, query: str = "") -> str:
    caches["pages"].clear()
    return client.get(f"/kaart/{query}").content.decode()


@pytest.fixture
def here(site: SmallSite) -> Municipality:
    return MunicipalityFactory(slug="siin", name="Siinne vald", seat="Siin", lat=57.80, lon=26.50)


@pytest.fixture
def far(site: SmallSite) -> Municipality:
    return MunicipalityFactory(slug="kaugel", name="Kaugem vald", lat=59.40, lon=24.70)


def at(place: Municipality, **fields: object) -> int:
    """An offer that stands in `place`; its key."""
    return OfferFactory(resource__organisation__municipality=place, **fields).pk


def test_only_what_is_published_by_public_organisations_and_in_use_stands_there(
    site: SmallSite, client: Client
) -> None:
    seen = OfferFactory()
    other_help = ResourceFactory(kind="community", name="Külakohvik")
    OfferFactory(resource__state="draft")
    OfferFactory(resource__state="withdrawn")
    OfferFactory(resource__organisation__is_public=False)
    OfferFactory(component__is_active=False)

    assert sorted(ids(ask(client))) == sorted([seen.pk, other_help.pk])
    assert "Külakohvik" in body_of(client)


def test_the_filters_are_those_of_the_catalogue(site: SmallSite, client: Client) -> None:
    mind = LifeDomainFactory(slug="meel")
    group = OfferFactory(component=ComponentFactory(domain=mind, is_group=True), free_places=0)
    family = OfferFactory(
        component=ComponentFactory(domain=mind, audience="family", is_family=True), free_places=2
    )
    base = OfferFactory(component=ComponentFactory(kind="base", domain=None))
    ResourceFactory(kind="benefit", name="Toetus")

    def found(query: str) -> set[int]:
        return set(ids(ask(client, query)))

    assert found("?domain=meel") == {group.pk, family.pk}
    assert found("?kind=base") == {base.pk}
    assert found("?kind=base&kind=additional") == {group.pk, family.pk, base.pk}
    assert found("?form=group") == {group.pk}
    assert found("?audience=family") == {family.pk}
    assert found("?free=1") == {family.pk}
    assert found(f"?component={base.component.slug}") == {base.pk}
    assert found("?domain=meel&free=1&form=group") == set()


def test_each_choice_counts_the_rows_that_it_would_give(site: SmallSite, client: Client) -> None:
    mind, home = LifeDomainFactory(slug="meel"), LifeDomainFactory(slug="kodu")
    OfferFactory(component=ComponentFactory(domain=mind, is_group=True))
    OfferFactory(component=ComponentFactory(domain=home, is_group=True))
    OfferFactory(component=ComponentFactory(domain=home))

    report = ask(client, "?form=group")

    for facet in report.facets:
        for choice in facet.choices:
            other = "" if facet.name == "form" else "&form=group"
            query = f"?{facet.name}={choice.value}{other}"
            assert ask(client, query).total == choice.count, query


def test_words_find_services_and_organisations_in_any_form_and_never_by_address(
    site: SmallSite, client: Client
) -> None:
    page = site.component(ComponentFactory(name="Kogemusnõustamine"))
    service = OfferFactory(component=page.component, resource__address="Lille tänav 3")
    named = OfferFactory(resource__organisation__name="Tammetõru kogemuskoda")
    village = ResourceFactory(kind="community", name="Külakohvik")

    assert ids(ask(client, "?q=kogemusnõustamist")) == [service.pk]
    assert ids(ask(client, "?q=tammetõru")) == [named.pk]
    assert ids(ask(client, "?q=külakohvik")) == [village.pk]
    assert ids(ask(client, "?q=Lille")) == []


def test_near_a_municipality_means_the_same_as_in_the_catalogue(
    client: Client, here: Municipality, far: Municipality
) -> None:
    near, away = at(here), at(far)
    comes = OfferFactory(resource__organisation__municipality=far)
    comes.serves.add(here)

    assert set(ids(ask(client))) == {near, away, comes.pk}
    report = ask(client, "?municipality=siin")
    assert ids(report) == [near, comes.pk]
    assert report.place == "Siinne vald"
    # The cookie that a choice leaves behind says the same.
    client.get("/kaart/?municipality=siin&remember=-")
    assert ids(ask(client)) == [near, comes.pk]
    assert set(ids(ask(client, "?municipality="))) == {near, away, comes.pk}


def test_what_stands_in_a_municipality_can_be_asked_for_by_itself(
    client: Client, here: Municipality, far: Municipality
) -> None:
    next_door = MunicipalityFactory(slug="naaber", lat=57.85, lon=26.60)
    near, away, beside = at(here), at(far), at(next_door)
    comes = OfferFactory(resource__organisation__municipality=far)
    comes.serves.add(here)

    assert ids(ask(client, "?in=siin")) == [near]
    assert set(ids(ask(client, "?in=siin&in=naaber"))) == {near, beside}
    # Where the visitor lives only puts them in order then.
    client.get("/?municipality=naaber&remember=-")
    assert ids(ask(client, "?in=kaugel&in=siin"))[0] == near
    assert set(ids(ask(client, "?in=kaugel"))) == {away, comes.pk}
    assert "atlantis" in " ".join(ask(client, "?in=atlantis&in=siin").question.notes)


def test_nearest_first_and_the_distance_is_counted_from_the_seat(
    client: Client, here: Municipality
) -> None:
    second = at(here, resource__lat=57.90, resource__lon=26.50)  # 11 km to the north
    third = at(here, resource__lat=57.80, resource__lon=26.80)  # 18 km to the east
    first = at(here)

    rows = ask(client, "?municipality=siin").rows

    assert [(row.id, row.km) for row in rows] == [(first, 0), (second, 11), (third, 18)]
    assert [row.number for row in rows] == [1, 2, 3]


def test_near_me_counts_from_where_the_visitor_is_rounded_to_a_kilometre(
    client: Client, here: Municipality, far: Municipality
) -> None:
    near, away = at(here, resource__lat=57.90, resource__lon=26.50), at(far)

    report = ask(client, "?lat=57.80111&lon=26.49999")
    assert report.question.here == (57.8, 26.5)
    assert [(row.id, row.km) for row in report.rows] == [(near, 11)]
    assert ids(ask(client, "?lat=59.4&lon=24.7")) == [away]
    # A municipality chosen in the address says more; the device's memory says less.
    assert ids(ask(client, "?municipality=kaugel&lat=57.8&lon=26.5")) == [away]
    assert ids(ask(client, "?lat=57.8&lon=26.5")) == [near]


def test_a_part_of_the_map_is_a_filter_of_the_address(
    client: Client, here: Municipality, far: Municipality
) -> None:
    inside, seat, away = at(here, resource__lat=57.9, resource__lon=26.6), at(here), at(far)

    assert set(ids(ask(client, "?box=26.4,57.7,26.7,58"))) == {inside, seat}
    assert ids(ask(client, "?box=26.55,57.85,26.7,58")) == [inside]
    # It takes the place of what is near, and leaves the order.
    assert ids(ask(client, "?box=24,59,25,60&municipality=siin")) == [away]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?lat=26.5&lon=57.8", "Laius ja pikkus on vahetusse läinud"),
        ("?lat=48.85&lon=2.35", "ei ole Eestis"),
        ("?lat=57.8", "ei ole koordinaat"),
        ("?lat=NaN&lon=26.5", "ei ole koordinaat"),
        ("?lat=1e400&lon=-Infinity", "ei ole koordinaat"),
        ("?box=57.7,26.4,58,26.7", "lääs, lõuna, ida, põhi"),
        ("?box=26.7,57.7,26.4,58", "lääs enne ida"),
        ("?box=2,48,3,49", "ei ole Eestis"),
        ("?box=1,2,3", "neli arvu"),
        ("?box=NaN,57,27,58", "ei ole koordinaat"),
        ("?component=olematu", "olematu"),
        ("?in=atlantis", "atlantis"),
        ("?municipality=atlantis", "atlantis"),
        ("?domain=olematu", "olematu"),
    ],
)
def test_a_place_that_cannot_be_is_named_and_left_out(
    client: Client, here: Municipality, query: str, sentence: str
) -> None:
    offer = at(here)

    assert ids(ask(client, query)) == [offer]
    assert sentence in body_of(client, query)


def test_an_empty_answer_names_the_nearest_with_distance_and_whom_to_call(
    client: Client, here: Municipality, far: Municipality
) -> None:
    OrganisationFactory(kind="municipality", municipality=here, phone="000 1010")
    tartu = MunicipalityFactory(name="Tartu linn", lat=58.38, lon=26.72)
    away, nearer = at(far), at(tartu)
    at(here, component__kind="base")  # near, but not what is asked for

    report = ask(client, "?municipality=siin&kind=additional")

    assert report.total == 0
    assert [(row.id, row.km) for row in report.nearest] == [(nearer, 66), (away, 206)]
    body = body_of(client, "?municipality=siin&kind=additional")
    assert "66\N{NO-BREAK SPACE}km" in body
    assert 'href="tel:0001010"' in body
    # The same from a part of the map without a municipality.
    assert [
        row.id for row in ask(client, "?box=26,57.6,27,58&kind=additional&municipality=").nearest
    ] == [
        nearer,
        away,
    ]


def test_where_nobody_offers_it_at_all_each_choice_can_be_taken_off(
    client: Client, here: Municipality
) -> None:
    at(here)

    report = ask(client, "?form=group&in=siin")

    assert (report.total, report.nearest) == (0, [])
    for way in report.tries:
        assert ask(client, way["url"]).question.notes == []


def test_every_chip_takes_off_its_own_choice_only(client: Client, here: Municipality) -> None:
    offer = OfferFactory(resource__organisation__municipality=here, component__is_group=True)
    query = (
        f"?component={offer.component.slug}&in=siin&box=26,57,27,58&form=group&lat=57.8&lon=26.5"
    )

    chips = ask(client, query).chosen

    # Near me is no choice where a part of the map is looked at.
    assert len(chips) == 4
    for chip in chips:
        left = ask(client, chip.address_without)
        assert {one.label for one in left.chosen} == {one.label for one in chips} - {chip.label}


def test_a_row_tells_what_people_ask_first(client: Client, here: Municipality) -> None:
    at(here, price="40.00", free_places=2, resource__address="Kooli 1")

    row = ask(client).rows[0]

    assert (row.from_price, row.capacity, row.phone) == (Decimal("40.00"), "free", "000 2000")
    body = body_of(client)
    for words in ("40,00\N{NO-BREAK SPACE}€", "2 kohta vaba", "Kooli 1", 'href="tel:0002000"'):
        assert words in body


def test_a_place_without_coordinates_stands_at_the_seat_and_says_so(
    client: Client, here: Municipality
) -> None:
    at(here)

    row = ask(client).rows[0]

    assert (row.lat, row.lon, row.is_approximate) == (here.lat, here.lon, True)
    assert "Kaardil on koht märgitud valla või linna keskusesse" in body_of(client)


def test_pins_carry_the_numbers_of_the_list_and_lead_to_the_rows(
    client: Client, here: Municipality
) -> None:
    one = at(here, resource__lat=57.95, resource__lon=26.30)
    for _ in range(2):
        at(here, resource__lat=57.70, resource__lon=26.90)

    body = body_of(client, "?municipality=siin")
    pins = ask(client, "?municipality=siin").drawing.pins

    numbered = {row.id: row.number for row in ask(client, "?municipality=siin").rows}
    assert {(pin.label, pin.href) for pin in pins} == {
        (str(numbered[one]), f"#koht-{one}"),
        ("2–3", pins[1].href),
    }
    for pin in pins:
        assert f'id="{pin.href[1:]}"' in body


def test_places_of_other_pages_stand_on_the_map_as_spots_that_lead_to_them(
    client: Client, here: Municipality, far: Municipality
) -> None:
    for _ in range(ROWS_A_PAGE):
        at(far)
    for place in range(3):
        at(here, resource__lat=57.80 + place / 1000, resource__lon=26.50)
    first = ask(client, "?box=21,57,29,60")

    spots = first.drawing.spots

    assert first.page.has_next()
    assert sum(spot.count for spot in spots) == 3
    assert ask(client, f"?{spots[0].query}").total == 3


@pytest.mark.parametrize(
    ("found", "label"),
    [([4], "4"), ([1, 2, 3], "1–3"), ([2, 7], "2, 7"), ([2, 4, 9], "2 +2"), ([5, 6], "5–6")],
)
def test_numbers_on_a_pin_are_short(found: list[int], label: str) -> None:
    assert numbers(found) == label


def test_the_table_holds_the_same_rows_in_the_same_order(
    client: Client, here: Municipality, far: Municipality
) -> None:
    at(far, resource__organisation__name="=Kaugel")
    at(here, resource__organisation__name="Siin", price="40.00")

    response = client.get("/kaart/nimekiri.csv?municipality=siin&box=21,57,29,60")
    rows = list(csv.reader(io.StringIO(response.content.decode())))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert [row[0] for row in rows[1:]] == ["Siin", "'=Kaugel"]
    assert rows[1][5:7] == ["0", "40.00"]


@pytest.mark.parametrize("query", ["", "?municipality=siin", "?q=asutus&form=individual&in=siin"])
def test_the_map_costs_the_same_statements_for_any_number_of_rows(
    client: Client,
    here: Municipality,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    query: str,
) -> None:
    OrganisationFactory(kind="municipality", municipality=here)
    for _ in range(40):
        at(here, price="40")
    client.get("/kaart/?q=muu")  # frame, places and synonyms are kept in the process
    caches["pages"].clear()
    with django_assert_max_num_queries(7):
        client.get(f"/kaart/{query}")


@pytest.mark.parametrize(
    "name",
    ["q", "domain", "form", "free", "component", "in", "box", "lat", "lon", "municipality", "page"],
)
@pytest.mark.parametrize(
    "value",
    [
        "'",
        '"',
        "%00",
        "%F0%9F%92%A9",
        "-1",
        "9" * 30,
        "NaN",
        "%FF%FE",
        "<script>",
        "1e999",
        ",,,",
        "õ" * 900,
    ],
)
def test_no_parameter_can_break_the_map(
    client: Client, here: Municipality, name: str, value: str
) -> None:
    at(here)

    for address in ("/kaart/", "/kaart/nimekiri.csv", "/en/kaart/"):
        assert client.get(f"{address}?{name}={value}").status_code == 200


def test_the_map_is_a_fixed_page_in_all_languages_and_in_the_sitemap(
    site: SmallSite, client: Client
) -> None:
    for address in ("/kaart/", "/en/kaart/", "/ru/kaart/"):
        assert client.get(address).status_code == 200
    assert "/kaart/</loc>" in client.get("/sitemap.xml").content.decode()
    site.map.slug = "asukohad"
    with pytest.raises(ValidationError):
        site.map.full_clean()


def test_words_of_the_editors_stand_above_the_map_at_once(site: SmallSite, client: Client) -> None:
    client.get("/kaart/")

    site.map.heading = "Abi kodu lähedal"
    site.map.save_revision().publish()

    assert "Abi kodu lähedal" in client.get("/kaart/").content.decode()


def test_a_withdrawn_offer_is_gone_at_once_and_a_confirmed_one_is_there(
    client: Client, here: Municipality
) -> None:
    offer = OfferFactory(
        resource__organisation__municipality=here, resource__organisation__name="Päevakoda"
    )
    for address in ("/kaart/", "/kaart/andmed.geojson", "/kaart/nimekiri.csv"):
        assert "Päevakoda" in client.get(address).content.decode()

    offer.resource.state = "withdrawn"
    offer.resource.save()

    for address in ("/kaart/", "/kaart/andmed.geojson", "/kaart/nimekiri.csv"):
        assert "Päevakoda" not in client.get(address).content.decode()


def test_the_page_comes_out_of_the_page_cache_without_a_query(
    here: Municipality, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    at(here)
    Client().get("/kaart/?municipality=siin&box=26,57,27,58")
    Client().get("/kaart/andmed.geojson?box=26,57,27,58&zoom=9")

    with django_assert_max_num_queries(1):  # the content version, at most once a second
        Client().get("/kaart/?municipality=siin&box=26,57,27,58")
        Client().get("/kaart/andmed.geojson?box=26,57,27,58&zoom=9")


def test_map_tiles_are_asked_of_the_one_host_that_is_set_and_on_the_map_only(
    site: SmallSite, settings: object
) -> None:
    plain = Client().get("/kaart/")
    assert "data-tiles" not in plain.content.decode()
    settings.MAP_TILES_URL = "https://tiles.example/{z}/{x}/{-y}.png"  # type: ignore[attr-defined]
    settings.MAP_TILES_ATTRIBUTION = "Kaart: Näidisamet"  # type: ignore[attr-defined]
    caches["pages"].clear()

    client = Client()
    page = client.get("/kaart/")

    assert "img-src 'self' data: https://tiles.example;" in page["Content-Security-Policy"] + ";"
    assert "Kaart: Näidisamet" in page.content.decode()
    for address in ("/", "/teenused/", "/konto/sisse/", "/kaart/andmed.geojson"):
        assert "tiles.example" not in client.get(address)["Content-Security-Policy"]
    assert "tiles.example" not in plain["Content-Security-Policy"]


def test_the_map_weighs_little_and_its_script_comes_on_top_only_there(
    client: Client, here: Municipality
) -> None:
    for _ in range(ROWS_A_PAGE * 2):
        at(here, price="40.00", free_places=1)
    static = ROOT / "portal" / "static" / "portal"
    leaflet = leaflet_files()

    page = len(gzip.compress(body_of(client).encode(), 6))
    styles = [static / "css" / name for name in ("tokens.css", "public.css", "map.css")]
    first_sight = page + sum(len(gzip.compress(file.read_bytes(), 6)) for file in styles)
    live = [leaflet["leaflet.js"], leaflet["leaflet.css"]]
    live += [(static / name).read_bytes() for name in ("js/map.js", "geo/counties.json")]

    assert first_sight < 45_000
    assert sum(len(gzip.compress(content, 6)) for content in live) < 60_000
    # Every picture that Leaflet's style asks for is taken along, and no dead link stops the build.
    assert b"sourceMappingURL" not in leaflet["leaflet.js"]
    asked = re.findall(rb"url\((images/[^)]+)\)", leaflet["leaflet.css"])
    assert {name.decode() for name in asked} <= set(leaflet)
