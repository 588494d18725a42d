"""The map's data: GeoJSON by RFC 7946, clusters by box and zoom, small whatever it holds."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from network.models import Municipality, Offer, Organisation, Resource
from portal.make.stamps import ROOT
from tests.factories import PASSWORD, UserFactory
from tests.home.factories import SmallSite
from tests.home.rfc7946 import faults
from tests.network.factories import (
    ComponentFactory,
    LifeDomainFactory,
    MunicipalityFactory,
    OfferFactory,
    ResourceFactory,
)

FIXTURES = ROOT / "tests" / "data" / "geojson-fixtures"
ADDRESS = "/kaart/andmed.geojson"


def ask(client: Client, query: str = "") -> dict[str, Any]:
    caches["pages"].clear()
    response = client.get(f"{ADDRESS}{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/geo+json"
    answer = json.loads(response.content)
    assert faults(answer) == []
    return answer


def counted(answer: dict[str, Any]) -> int:
    """How many places the answer speaks of."""
    return sum(feature["properties"].get("count", 1) for feature in answer["features"])


@pytest.fixture
def here(site: SmallSite) -> Municipality:
    return MunicipalityFactory(slug="siin", name="Siinne vald", lat=57.80, lon=26.50)


def at(place: Municipality, lat: float, lon: float, **fields: Any) -> Offer:
    return OfferFactory(
        resource__organisation__municipality=place, resource__lat=lat, resource__lon=lon, **fields
    )


@pytest.mark.parametrize(
    "file",
    sorted(FIXTURES.glob("valid/**/*.json")),
    ids=lambda file: f"{file.parent.name}-{file.stem}",
)
def test_the_judge_lets_valid_geojson_pass(file: Path) -> None:
    assert faults(json.loads(file.read_text())) == []


@pytest.mark.parametrize(
    "file",
    sorted(FIXTURES.glob("invalid/**/*.json")),
    ids=lambda file: f"{file.parent.name}-{file.stem}",
)
def test_the_judge_refuses_invalid_geojson(file: Path) -> None:
    assert faults(json.loads(file.read_text())) != []


def test_the_outlines_are_valid_and_wound_as_the_standard_says() -> None:
    outlines = json.loads((ROOT / "portal/static/portal/geo/counties.json").read_text())

    assert faults(outlines) == []
    assert len(outlines["features"]) == 15
    for feature in outlines["features"]:
        shape = feature["geometry"]
        polygons = (
            shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        )
        for outside, *holes in polygons:
            assert _area(outside) > 0
            assert all(_area(hole) < 0 for hole in holes)


def _area(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False))


def test_one_place_is_a_point_with_longitude_first(client: Client, here: Municipality) -> None:
    domain = LifeDomainFactory(slug="meel")
    offer = at(here, 57.8123456, 26.6543219, component=ComponentFactory(name="Nõu", domain=domain))
    organisation = offer.resource.organisation

    answer = ask(client, "?box=26,57,27,58&zoom=9")

    assert answer["bbox"] == [26.65432, 57.81235, 26.65432, 57.81235]
    assert answer["features"] == [
        {
            "type": "Feature",
            "id": offer.pk,
            "geometry": {"type": "Point", "coordinates": [26.65432, 57.81235]},
            "properties": {
                "name": organisation.name,
                "component": "Nõu",
                "domain": "meel",
                "municipality": "Siinne vald",
                "approximate": False,
                "url": f"/asutused/{organisation.slug}/",
            },
        }
    ]


def test_a_place_without_coordinates_stands_at_the_seat_as_approximate(
    client: Client, here: Municipality
) -> None:
    ResourceFactory(kind="community", name="Külakohvik", organisation__municipality=here)

    (feature,) = ask(client)["features"]

    assert feature["geometry"]["coordinates"] == [26.5, 57.8]
    assert feature["properties"] | {"url": ""} == {
        "name": "Külakohvik",
        "component": None,
        "domain": None,
        "municipality": "Siinne vald",
        "approximate": True,
        "url": "",
    }


def test_places_close_together_are_a_cluster_that_comes_apart_when_one_zooms_in(
    client: Client, here: Municipality
) -> None:
    for lat, lon in ((57.80, 26.50), (57.81, 26.51), (57.82, 26.53)):
        at(here, lat, lon)
    at(here, 59.0, 25.0)

    far_out = ask(client, "?zoom=6")
    (cluster,) = [one for one in far_out["features"] if "count" in one["properties"]]
    assert cluster["properties"]["count"] == 3
    assert cluster["bbox"] == [26.5, 57.8, 26.53, 57.82]
    assert cluster["geometry"]["coordinates"] == [26.51333, 57.81]
    assert counted(far_out) == 4

    close = ask(client, "?zoom=14&box=26.45,57.78,26.55,57.83")
    assert [one["properties"].get("count") for one in close["features"]] == [None] * 3


@pytest.mark.parametrize("zoom", range(0, 20, 3))
def test_nothing_is_lost_or_told_twice_at_any_zoom(
    client: Client, here: Municipality, zoom: int
) -> None:
    for number in range(30):
        at(here, 57.6 + number * 0.07, 22 + number * 0.19)

    assert counted(ask(client, f"?zoom={zoom}")) == 30


def test_an_empty_answer_is_valid_and_has_no_bbox(client: Client, here: Municipality) -> None:
    for query in ("", "?box=2,48,3,49&zoom=9"):
        assert ask(client, query) == {"type": "FeatureCollection", "features": []}


def test_the_filters_are_those_of_the_page(client: Client, here: Municipality) -> None:
    group = at(here, 57.8, 26.5, component=ComponentFactory(is_group=True), free_places=1)
    other = at(here, 57.7, 26.95)
    away = MunicipalityFactory(slug="kaugel", lat=59.4, lon=24.7)
    comes = at(away, 59.4, 24.7)
    comes.serves.add(here)

    def found(query: str) -> set[int]:
        return {feature["id"] for feature in ask(client, query)["features"]}

    assert found("?form=group") == found("?free=1") == {group.pk}
    assert found(f"?component={other.component.slug}") == {other.pk}
    assert found("?in=siin&zoom=12") == {group.pk, other.pk}
    assert found("?municipality=siin&zoom=12") == {group.pk, other.pk, comes.pk}
    assert found("?lat=57.8&lon=26.5&zoom=12") == {group.pk, other.pk, comes.pk}
    assert found("?in=siin&box=26.8,57.6,27,57.75") == {other.pk}
    assert found(f"?in=siin&skip={group.pk}") == {other.pk}
    # The municipality that the device remembers changes no answer: one address, one answer.
    client.cookies["vald"] = "siin"
    assert found("?in=kaugel") == {comes.pk}
    assert len(found("?zoom=12")) == 3


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?box=1,2,3", "neli arvu"),
        ("?box=", "neli arvu"),
        ("?box=a,b,c,d", "ei ole koordinaat"),
        ("?box=NaN,57,27,58", "ei ole koordinaat"),
        ("?box=26,57,Infinity,58", "ei ole koordinaat"),
        ("?box=26,57,1e400,58", "ei ole koordinaat"),
        ("?box=57,26,58,27", "lääs, lõuna, ida, põhi"),
        ("?box=27,57,26,58", "lääs enne ida"),
        ("?box=-200,57,26,58", "lääs enne ida"),
        ("?zoom=-1", "täisarv"),
        ("?zoom=9.5", "täisarv"),
        ("?zoom=23", "täisarv"),
        ("?zoom=NaN", "täisarv"),
        ("?zoom=²", "täisarv"),
        ("?lat=26.5&lon=57.8", "vahetusse läinud"),
        ("?lat=48&lon=2", "ei ole Eestis"),
        ("?lat=57.8&lon=", "ei ole koordinaat"),
        ("?skip=x", "täisarvu"),
        ("?skip=" + "9" * 40, "täisarvu"),
        ("?" + "skip=1&" * 101, "täisarvu"),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_with_a_sentence(
    client: Client, here: Municipality, query: str, sentence: str
) -> None:
    response = client.get(f"{ADDRESS}{query}")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    assert sentence in response.json()["error"]


def test_an_answer_is_asked_for_again_and_mostly_not_sent_again(
    client: Client, here: Municipality
) -> None:
    offer = at(here, 57.8, 26.5)
    signed_in = Client()
    signed_in.login(email=UserFactory().email, password=PASSWORD)
    for reader in (client, signed_in):
        first = reader.get(ADDRESS)
        assert any(word in first["Cache-Control"] for word in ("no-cache", "max-age=0"))
        again = reader.get(ADDRESS, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304

        offer.resource.name = f"{offer.resource.name} uus"
        offer.resource.save()

        changed = reader.get(ADDRESS, headers={"If-None-Match": first["ETag"]})
        assert changed.status_code == 200
        assert offer.resource.name in changed.content.decode()


def test_only_reading_is_possible(client: Client, here: Municipality) -> None:
    assert client.post(ADDRESS).status_code == 405


@pytest.fixture
def five_thousand(site: SmallSite) -> None:
    """Places all over the country, three of four in the towns, each with a name of its own."""
    municipalities = [
        MunicipalityFactory(lat=57.6 + number * 0.06, lon=22.2 + number * 0.18)
        for number in range(30)
    ]
    components = ComponentFactory.create_batch(40)
    organisations = Organisation.objects.bulk_create(
        Organisation(
            slug=f"suur-{number}",
            name=f"Toetuse ja nõustamise keskus {number * 7919 % 100_003}",
            kind="provider",
            municipality=municipalities[number % 30],
        )
        for number in range(1000)
    )
    resources = []
    for number in range(5000):
        organisation = organisations[number % 1000]
        spread = 0.02 if number % 4 else 1.0
        place = organisation.municipality
        resources.append(
            Resource(
                organisation=organisation,
                municipality=place,
                state="published",
                lat=min(59.9, max(57.1, place.lat + (number * 37 % 101 / 101 - 0.5) * spread)),
                lon=min(28.9, max(21.1, place.lon + (number * 53 % 103 / 103 - 0.5) * spread * 2)),
            )
        )
    resources = Resource.objects.bulk_create(resources)
    Offer.objects.bulk_create(
        Offer(resource=resource, component=components[resource.pk % 40]) for resource in resources
    )


@pytest.mark.usefixtures("five_thousand")
def test_at_five_thousand_places_an_answer_stays_small_and_costs_three_statements(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    boxes = [
        "",
        "?zoom=7&box=21.5,57.3,28.5,59.9",
        "?zoom=9&box=25.5,57.4,28,58.4",
        # Whoever asks for the whole country as if standing in a street gets clusters too.
        "?zoom=22&box=21,57,29,60",
        "?zoom=22&box=21,58.4,29,58.401",
        "?zoom=12&box=26.4,58.0,26.8,58.2",
    ]
    for query in boxes:
        answer = ask(client, query)
        weight = len(gzip.compress(json.dumps(answer, ensure_ascii=False).encode(), 6))
        assert weight < 30_000, query
        caches["pages"].clear()
        with django_assert_max_num_queries(4):  # and the content version
            client.get(f"{ADDRESS}{query}")
    assert counted(ask(client)) == 5000
    caches["pages"].clear()
    page = client.get("/kaart/", headers={"Accept-Encoding": "gzip"})
    assert page.context["map"].total == 5000
    assert len(page.content) < 30_000
