"""Files, feeds and records for other people's programs: read only, from anywhere, asked again."""

import csv
import io
import uuid
from xml.etree import ElementTree

import pytest
from django.test import Client
from openpyxl import load_workbook

from catalogue.models import Round
from network.hsds import ids
from tests.factories import UserFactory
from tests.home.factories import SmallSite
from tests.network.factories import (
    CapFactory,
    ComponentFactory,
    OfferFactory,
    OrganisationFactory,
    PriceFactory,
    RoundFactory,
)

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
OPEN = [
    "/teenused/andmed.csv",
    "/teenused/andmed.xlsx",
    "/teenused/andmed.json",
    "/teenused/muudatused.atom",
    "/uudised/uudised.atom",
    "/api/openapi.json",
    "/api/hsds/",
    "/api/hsds/services",
    "/api/hsds/services?full=true",
    "/api/hsds/service_at_locations",
    "/api/hsds/locations",
    "/api/hsds/organizations",
    "/api/hsds/taxonomies",
    "/api/hsds/taxonomy_terms",
]


@pytest.fixture
def site() -> SmallSite:
    """A component with price and ceiling, offered by one organisation, and a piece of news."""
    site = SmallSite()
    component = ComponentFactory(name="=HYPERLINK(1)", code="T-1", slug="tugi")
    round_ = RoundFactory()
    PriceFactory(component=component, round=round_)
    CapFactory(component=component, round=round_)
    site.component(component, for_whom="Täiskasvanutele.")
    site.component(ComponentFactory(name="Hinnata", code="T-2", slug="hinnata"))
    OfferFactory(component=component, price="40.00")
    site.news_item("uus")
    return site


def test_who_has_it_already_is_not_sent_it_again(site, client):
    for address in OPEN:
        first = client.get(address)
        assert first.status_code == 200, address
        again = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
        assert (again.status_code, again.content) == (304, b""), address
        assert client.get(address, HTTP_IF_NONE_MATCH='"muu"').status_code == 200, address


def test_somebody_signed_in_gets_the_same_mark(site, client):
    strange = {address: client.get(address)["ETag"] for address in OPEN}
    client.force_login(UserFactory())
    for address in OPEN:
        own = client.get(address)
        assert own["ETag"] == strange[address], address
        again = client.get(address, HTTP_IF_NONE_MATCH=own["ETag"])
        assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*"), address


def test_the_mark_changes_with_what_is_told_and_not_with_what_is_hidden(site, client):
    before = client.get("/api/hsds/organizations")["ETag"]
    OrganisationFactory(is_public=False)
    assert client.get("/api/hsds/organizations")["ETag"] == before
    OrganisationFactory()
    assert client.get("/api/hsds/organizations")["ETag"] != before


def test_any_site_may_read_and_nobody_may_write(site, client):
    careful = Client(enforce_csrf_checks=True)
    for path in {address.split("?")[0] for address in OPEN}:
        for method in ("get", "head"):
            answer = getattr(client, method)(path, HTTP_ORIGIN="https://mujal.example")
            assert answer["Access-Control-Allow-Origin"] == "*", path
            assert "Access-Control-Allow-Credentials" not in answer, path
        again = client.get(path, HTTP_IF_NONE_MATCH=client.get(path)["ETag"])
        assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*"), path
        asked = client.options(path, HTTP_ACCESS_CONTROL_REQUEST_METHOD="GET")
        assert asked.status_code == 204, path
        assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS", path
        for method in ("post", "put", "delete", "patch"):
            assert getattr(client, method)(path).status_code == 405, path
            assert getattr(careful, method)(path).status_code == 403, path


def test_pages_for_people_are_not_opened_to_other_sites(site, client):
    for address in ("/", "/teenused/", "/konto/sisse/", "/api/"):
        assert "Access-Control-Allow-Origin" not in client.get(address), address


def test_a_slash_at_the_end_may_be_or_not(client):
    for address in ("/api/hsds/services", "/api/hsds/services/", "/api/hsds", "/api/hsds/"):
        assert client.get(address).status_code == 200, address


# --- The catalogue as a file --------------------------------------------------------------------


def test_the_file_has_each_price_and_each_service_without_one(site, client):
    text = client.get("/teenused/andmed.csv").content.decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text))
    assert len({len(row) for row in (heading, *rows)}) == 1
    assert [row[0] for row in rows] == ["T-1", "T-2"]
    assert rows[0][7:13] == ["35.00", "", "35.00", "2025-01-01", "", "2280.00"]
    assert rows[1][7:13] == [""] * 6


def test_no_cell_of_the_file_runs(site, client):
    text = client.get("/teenused/andmed.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    book = load_workbook(io.BytesIO(client.get("/teenused/andmed.xlsx").content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]


def test_the_same_as_json_keeps_the_cents(site, client):
    first, second = client.get("/teenused/andmed.json").json()["components"]
    assert first["prices"][0]["gross"] == "35.00"
    assert first["ceilings"][0]["calendar_year"] == "2280.00"
    assert first["for_whom"] == "Täiskasvanutele."
    assert first["url"] == "http://testserver/teenused/tugi/"
    assert (second["prices"], second["ceilings"]) == ([], [])


def test_a_draft_and_a_service_out_of_use_are_not_in_the_file(site, client):
    site.component(ComponentFactory(name="Mustand")).unpublish()
    site.component(ComponentFactory(name="Lõpetatud", is_active=False))
    for ending in ("csv", "json"):
        text = client.get(f"/teenused/andmed.{ending}").content.decode()
        assert "Mustand" not in text
        assert "Lõpetatud" not in text


def test_the_file_costs_the_same_statements_however_long_it_is(
    site, client, django_assert_max_num_queries
):
    for _ in range(5):
        PriceFactory(component=site.component().component, round=Round.objects.get())
    for ending in ("csv", "xlsx", "json"):
        with django_assert_max_num_queries(9):
            assert client.get(f"/teenused/andmed.{ending}").status_code == 200


# --- Feeds --------------------------------------------------------------------------------------


def _entries(client, address):
    feed = ElementTree.fromstring(client.get(address).content)
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert feed.findtext(ATOM + name)
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"http://testserver{address}"
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        for name in ("id", "title", "updated"):
            assert entry.findtext(ATOM + name)
    keys = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(keys)) == len(keys)
    return {entry.findtext(f"{ATOM}title"): entry for entry in entries}


def test_the_news_feed_has_what_is_published_in_each_language(site, client):
    site.news_item("mustand").unpublish()
    for address in ("/uudised/uudised.atom", "/en/uudised/uudised.atom"):
        assert list(_entries(client, address)) == ["Uus"]


def test_the_feed_of_the_catalogue_tells_of_new_prices_ceilings_and_what_is_over(site, client):
    before = _entries(client, "/teenused/muudatused.atom")
    over = site.component(ComponentFactory(name="Lõpetatud"))
    over.component.is_active = False
    over.component.save()
    found = _entries(client, "/teenused/muudatused.atom")
    assert len(before) == 4
    assert len(found) == 5
    assert any("Lõpetatud" in title for title in found)


def test_signs_of_html_in_a_text_stay_signs(site, client):
    site.news_item("tehe", title="1 < 2 & 3", intro="<b>rasvane</b> & 1 < 2")
    entry = _entries(client, "/uudised/uudised.atom")["1 < 2 & 3"]
    summary = entry.find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    assert summary.text == "&lt;b&gt;rasvane&lt;/b&gt; &amp; 1 &lt; 2"


def test_a_feed_with_nothing_in_it_is_still_a_feed_and_stays_the_same(client):
    SmallSite()
    for address in ("/uudised/uudised.atom", "/teenused/muudatused.atom"):
        assert _entries(client, address) == {}
        assert client.get(address).content == client.get(address).content


# --- Ids ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [1, 27, 10_000_000, (1 << 62) - 1])
def test_an_id_leads_back_to_its_row_and_to_no_other_kind(key):
    own = ids.id_of(ids.SERVICE, key)
    assert uuid.UUID(own).version == 8
    assert uuid.UUID(own).variant == uuid.RFC_4122
    assert ids.key_from(ids.SERVICE, own) == key
    assert ids.key_from(ids.LOCATION, own) is None


def test_ids_stay_what_they_are():
    assert ids.id_of(ids.SERVICE, 1) == "a081bfa2-1dd1-8976-8000-000000000001"
    assert ids.id_of(ids.ORGANIZATION, 255) == "1f8233d5-ed47-8f05-8000-0000000000ff"
    assert ids.key_from(ids.SERVICE, "ei-ole") is None
    assert ids.key_from(ids.SERVICE, str(uuid.uuid4())) is None
