"""What the regions share is asked as everybody: no trace of a case, no confidential place.

The gap of the world was noted from the case, so every page that shows it could betray it.
"""

import io

import pypdf
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from network.models import Offer
from portal.base.sheets import XLSX
from tests.home.factories import SmallSite
from tests.matrix import PAGE_ROWS, PUBLIC, REGION_ROWS
from tests.test_permission_matrix import address
from tests.world import ALL_CANARIES, KINDS, MINE, NOW, make_world
from tests.world_region import GAP_TEXT, SECRET_ADDRESS, SECRET_LAT, SECRET_LON

pytestmark = pytest.mark.django_db

# Who keeps the place or leads the region: they know where it is.
KNOW_THE_PLACE = ("offer_editor", "steering", "coordinator", "steering_elsewhere")
PLACE = (SECRET_ADDRESS, "57.734", "57,734", "26.918", "26,918", "26.919", "26,919")
# Detail and forms, for those who look after the place; never a list, an export or a title.
WHERE = {"resource_detail", "resource_change", "proposal_decide", "proposal_change"}
# Pages that belong to no case but are of the case's own workers: their tests tell of them.
OF_CASES = {"desk", "case_list", "case_open", "audit_event_list"}
REGION = sorted({route for route, method in REGION_ROWS if method == "GET"})
PAGES = sorted({route for route, method in PAGE_ROWS if method == "GET"} - OF_CASES - {"cms"})


@pytest.fixture(scope="module")
def nothing():
    """The words of the case that no page of a region may say."""
    words = {text.casefold() for text in ALL_CANARIES}
    return words | {"kanaari"}


@pytest.fixture
def world(db, settings, tmp_path):
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    SmallSite()
    with time_machine.travel(NOW, tick=False):
        yield make_world()


def asked(world, persona):
    """Every page of the region that `persona` may open: route and kind → text."""
    client, found = Client(), {}
    user = world.people[persona]
    if user:
        client.force_login(user)
    for route in PAGES:
        found[route, ""] = text_of(client.get(reverse(route)))
    for route in REGION:
        for kind in KINDS:
            found[route, kind] = text_of(client.get(address(world, route, kind)))
    return {place: text for place, text in found.items() if text}


def text_of(answer):
    """What a reader sees of an answer, a PDF too; nothing of one that is no page."""
    if answer.status_code != 200:
        return ""
    body = answer.getvalue() if answer.streaming else answer.content
    if answer["Content-Type"] == "application/pdf":
        pages = pypdf.PdfReader(io.BytesIO(body)).pages
        return "\n".join(page.extract_text() for page in pages)
    if answer["Content-Type"] == XLSX:
        rows = load_workbook(io.BytesIO(body)).active.values
        return "\n".join(str(cell) for row in rows for cell in row)
    # Long lines of calendars are folded.
    return body.decode().replace("\r\n ", "")


def traces(world, text, nothing):
    told = text.casefold()
    ids = (str(world.case.pk), world.case.number, str(world.case.person_id))
    return [word for word in (*nothing, *ids) if word.casefold() in told]


@pytest.mark.parametrize(
    "persona",
    [
        "steering",
        "network_seat",
        "guest",
        "responsible",
        "offer_editor",
        "base",
        "stranger",
        "steering_elsewhere",
    ],
)
def test_no_page_of_a_region_has_a_trace_of_a_case(world, nothing, persona):
    found = asked(world, persona)
    assert {place: traces(world, text, nothing) for place, text in found.items()} == dict.fromkeys(
        found, []
    )
    knows = persona in KNOW_THE_PLACE
    told = {place for place, text in found.items() if any(sign in text for sign in PLACE)}
    assert told == {place for place in told if knows and place[0] in WHERE}


def test_the_pages_that_were_read_do_show_the_gap_and_the_offer(world):
    """Otherwise the test above would be content with empty pages."""
    found = asked(world, "steering")
    for place in (
        ("gap_list", ""),
        ("gap_detail", MINE),
        ("gap_export", ""),
    ):
        assert GAP_TEXT in found[place], place
    assert SECRET_ADDRESS in found["resource_detail", MINE]
    assert {"meeting_detail", "minutes", "minutes_pdf", "meeting_ics"} <= {
        route for route, _kind in found
    }
    assert "meeting_detail" not in {route for route, _kind in asked(world, "stranger")}


def test_the_public_pages_know_neither_the_case_nor_the_place(world, nothing):
    offer = Offer.objects.get(pk=world.ids[MINE]["resource_id"])
    box = f"{SECRET_LON - 0.01},{SECRET_LAT - 0.01},{SECRET_LON + 0.01},{SECRET_LAT + 0.01}"
    paths = [path for path, status in PUBLIC.values() if status == 200]
    paths += [
        reverse("organisation_detail", kwargs={"slug": offer.resource.organisation.slug}),
        f"/otsing/?q={SECRET_ADDRESS}",
        f"/kaart/?q={SECRET_ADDRESS}",
        f"/kaart/?box={box}",
        f"/kaart/?lat={SECRET_LAT}&lon={SECRET_LON}",
        f"/kaart/andmed.geojson?box={box}&zoom=14",
        f"/vajadus-ja-pakkumine/?piirkond={world.here.region.slug}",
    ]
    for path in paths:
        answer = Client().get(path)
        assert answer.status_code == 200, path
        # What was asked for stands in the field again.
        text = text_of(answer).replace(f'value="{SECRET_ADDRESS}"', "")
        assert traces(world, text, nothing) == [], path
        assert GAP_TEXT not in text, path
        if "?" not in path:
            assert not [sign for sign in PLACE if sign in text], path
