"""A confidential place cannot be found: not by address, box, distance, feed, export or search."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from network.models import Offer, Resource
from tests.home.factories import SmallSite
from tests.network.factories import ComponentFactory, MunicipalityFactory, OfferFactory

STREET = "Kanaarilinnu põik 77"
# Some sixty kilometres from the seat of its municipality.
LAT, LON = 58.3777, 25.5999
SEAT = (57.8012, 26.5034)
TRACES = re.compile(r"Kanaarilinnu|58[.,]3777|25[.,]5999|58[.,]38\b")
AROUND = "25.59,58.37,25.61,58.39"


@pytest.fixture
def offer(site: SmallSite) -> Offer:
    """A shelter whose address is known to the database and to nobody else; and an open house."""
    home = MunicipalityFactory(slug="siin", name="Siinne vald", lat=SEAT[0], lon=SEAT[1])
    MunicipalityFactory(slug="kaugel", lat=59.4, lon=24.7)
    page = site.component(ComponentFactory(name="Varjupaik", slug="varjupaik"))
    OfferFactory(
        resource__organisation__name="Lahtine maja",
        resource__organisation__municipality=home,
        resource__lat=57.9,
        resource__lon=26.6,
    )
    return OfferFactory(
        component=page.component,
        resource__organisation__name="Vaikne maja",
        resource__organisation__slug="vaikne-maja",
        resource__organisation__municipality=home,
        resource__is_confidential=True,
        resource__address=STREET,
        resource__lat=LAT,
        resource__lon=LON,
    )


def addresses() -> list[str]:
    """Everything public that speaks of places, with questions that go for this one."""
    questions = [
        "",
        "?municipality=siin",
        "?municipality=kaugel",
        "?in=siin",
        f"?box={AROUND}",
        "?box=21,57,29,60",
        f"?lat={LAT}&lon={LON}",
        "?lat=58.38&lon=25.6",
        "?lat=57.8&lon=26.5",
        "?q=Kanaarilinnu",
        "?q=58.3777",
        "?q=varjupaik",
        "?component=varjupaik",
    ]
    found = [f"/kaart/andmed.geojson{question}" for question in questions]
    found += [
        f"/kaart/andmed.geojson?zoom={zoom}&box={box}"
        for zoom in (6, 12, 18)
        for box in (AROUND, "21,57,29,60", "26.4,57.7,26.6,57.9")
    ]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            pages = [reverse(name) for name in ("front", "component_list", "search", "map")]
            pages += [reverse("map_export"), reverse("organisation_list")]
            pages += [
                reverse("component_detail", args=["varjupaik"]),
                reverse("organisation_detail", args=["vaikne-maja"]),
            ]
            found += [
                f"{reverse('my_list')}?k=varjupaik&municipality=siin",
                f"{reverse('compare')}?component=varjupaik&municipality=siin",
                f"{reverse('finder')}?who=self&hard=unsure&municipality=siin&step=5",
            ]
            for other in ("supply", "supply_export"):
                try:
                    pages.append(reverse(other))
                except NoReverseMatch:
                    continue
        asked = questions if language == settings.LANGUAGE_CODE else questions[:1]
        found += [f"{page}{question}" for page in pages for question in asked]
    return [*found, "/sitemap.xml", "/robots.txt"]


def answers() -> dict[str, bytes]:
    caches["pages"].clear()
    # A visitor without memory for each question, so that they do not hang on each other.
    return {address: Client().get(address).content for address in addresses()}


def test_its_address_and_coordinates_stand_nowhere(offer: Offer) -> None:
    found = answers()
    for address, content in found.items():
        # What was asked is said back; that such answers hold nothing else says the next test.
        if not TRACES.search(address):
            trace = TRACES.search(content.decode())
            assert trace is None, f"{address}: {trace}"
    assert "Vaikne maja" in found["/kaart/"].decode()


def test_every_answer_is_the_same_wherever_it_really_stands(offer: Offer) -> None:
    before = answers()

    Resource.objects.filter(pk=offer.pk).update(lat=57.2, lon=28.1, address="Mujal 1")
    Resource.objects.get(pk=offer.pk).organisation.save()  # the search reads it anew

    after = answers()
    assert [address for address in before if before[address] != after[address]] == []


def test_it_is_in_no_part_of_the_map_and_as_far_as_the_seat_of_its_municipality(
    offer: Offer, client: Client
) -> None:
    def rows(question: str) -> dict[str, Any]:
        caches["pages"].clear()
        report = Client().get(f"/kaart/{question}").context["map"]
        return {row.organisation: row for row in [*report.rows, *report.nearest]}

    for box in (AROUND, "26.4,57.7,26.6,57.9", "21,57,29,60"):
        found = Client().get(f"/kaart/?box={box}").context["map"].rows
        assert "Vaikne maja" not in [row.organisation for row in found]
        table = Client().get(f"/kaart/nimekiri.csv?box={box}").content.decode()
        assert "Vaikne maja" not in table

    there = Client().get(f"/kaart/?lat={LAT}&lon={LON}").context["map"]
    assert there.rows == []  # nothing is near, says the map to whoever stands before the door
    assert rows(f"?lat={LAT}&lon={LON}")["Vaikne maja"].km == 83
    assert rows("?municipality=siin")["Vaikne maja"].km == 0
    row = rows("?in=siin")["Vaikne maja"]
    assert (row.address, row.lat, row.lon) == ("", None, None)


def test_in_the_data_it_is_a_feature_without_a_place(offer: Offer, client: Client) -> None:
    features = client.get("/kaart/andmed.geojson?component=varjupaik").json()["features"]

    assert [one["geometry"] for one in features] == [None]
    assert features[0]["properties"]["municipality"] == "Siinne vald"
    for zoom in (5, 12):
        for box in (AROUND, "21,57,29,60", "26.4,57.7,26.6,57.9"):
            asked = f"/kaart/andmed.geojson?component=varjupaik&zoom={zoom}&box={box}"
            assert client.get(asked).json()["features"] == []


def test_a_place_made_confidential_leaves_the_map_at_once(offer: Offer, client: Client) -> None:
    open_house = Resource.objects.get(organisation__name="Lahtine maja")
    asked = "/kaart/andmed.geojson?box=26.5,57.8,26.7,58&zoom=12"
    assert [one["id"] for one in client.get(asked).json()["features"]] == [open_house.pk]

    open_house.is_confidential = True
    open_house.save()

    assert client.get(asked).json()["features"] == []
