"""Who may open what: every route of ours × everybody × whose it is (rules.md 1 to 3).

The tables stand in `tests/matrix.py`, the routes come from the running URLconf; one that stands in
no table fails.
"""

import re
from collections import Counter

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse

from portal.access.routes import routes
from portal.audit.models import AccessEvent
from portal.base.models import IdempotencyKey, OutboxItem
from tests.home.factories import SmallSite
from tests.matrix import (
    CASE_ROWS,
    PAGE_ROWS,
    PEOPLE,
    PUBLIC,
    REGION_ROWS,
    RIGHTS_ROWS,
    SIGNED_OUT,
    STAFF_ROWS,
    in_case,
    in_region,
    in_rights,
    in_staff,
    status,
)
from tests.world import CANARIES, KINDS, MINE, NOW, UNKNOWN, World, make_world

OURS = {route.name: route.path for route in routes() if route.door is None}
PRIVATE_APPS = ("cases", "network", "meetings", "access")
ID = re.compile(r"<(?:uuid|int):(\w+)>")


@pytest.fixture
def world(db, settings, tmp_path):
    """The people and cases of tests/world.py, asked on NOW."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    with time_machine.travel(NOW, tick=False):
        yield make_world()


@pytest.fixture
def clients(world) -> dict[str, Client]:
    """A signed-in browser for each persona; the disabled account was signed in before."""
    found = {}
    for name, user in world.people.items():
        found[name] = Client()
        if user:
            user.is_active, was_active = True, user.is_active
            found[name].force_login(user)
            user.is_active = was_active
    return found


def address(world: World, route: str, kind: str) -> str:
    """The path of `route` with the ids of `kind`."""
    # Two things are notes: those of a case and those of a meeting.
    other = {"note_id": "meeting_note_id"} if route.startswith("meeting_") else {}
    names = ID.findall(OURS[route])
    return reverse(route, kwargs={name: world.ids[kind][other.get(name, name)] for name in names})


def ask(client: Client, method: str, path: str):
    return client.post(path, {}) if method == "POST" else client.get(path)


def everything_stored() -> dict[str, list]:
    """All rows of the private half, to see that nothing has moved."""
    models = [model for label in PRIVATE_APPS for model in apps.get_app_config(label).get_models()]
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in (*models, IdempotencyKey, OutboxItem)
    }


def test_every_route_stands_in_one_table():
    tabled = Counter({name for name, _method in CASE_ROWS})
    tabled.update({name for name, _method in (*REGION_ROWS, *RIGHTS_ROWS, *STAFF_ROWS)})
    tabled.update({name for name, _method in PAGE_ROWS if name != "cms"})
    tabled.update(set(PUBLIC))
    assert set(tabled) == set(OURS)
    assert set(tabled.values()) == {1}


def test_every_address_with_the_id_of_something_private_is_asked_for_all_kinds():
    private = {name for name, path in OURS.items() if ID.search(path) and name not in PUBLIC}
    tables = CASE_ROWS | REGION_ROWS | RIGHTS_ROWS | STAFF_ROWS
    assert private == {name for name, _method in tables}
    assert all((name, "GET") in tables for name in private)


def test_every_persona_of_the_tables_lives_in_the_world(world):
    assert set(world.people) == set(PEOPLE.values())


def ask_everybody(world, clients, route, method, cell_of):
    """Ask for all kinds as everybody; returns what was wrong, and the pages of 404 and 403."""
    wrong, pages, refused = [], {404: set(), 403: set()}, 0
    for kind in KINDS:
        for persona, client in clients.items():
            cell = cell_of(persona, kind)
            if cell == "-":
                continue
            answer = ask(client, method, address(world, route, kind))
            if answer.status_code != status(cell):
                wrong.append(f"{persona}, {kind}: {answer.status_code}, not {status(cell)}")
            if persona not in SIGNED_OUT and answer.status_code in pages:
                pages[answer.status_code].add(answer.content)
                refused += 1
    # Foreign and unknown are one and the same page, and so is every refusal.
    assert len(pages[404]) <= 1
    assert len(pages[403]) <= 1
    return wrong, refused


@pytest.mark.parametrize(("route", "method"), CASE_ROWS)
def test_who_opens_what_of_a_case(world, clients, route, method):
    before, row = everything_stored(), CASE_ROWS[route, method]
    refusals = AccessEvent.objects.filter(outcome=AccessEvent.Outcome.REFUSED)
    refused_before = refusals.count()
    wrong, refused = ask_everybody(
        world, clients, route, method, lambda who, kind: in_case(row, who, kind)
    )
    assert wrong == []
    assert refusals.count() == refused_before + refused
    assert everything_stored() == before


@pytest.mark.parametrize(("route", "method"), REGION_ROWS)
def test_who_opens_what_the_region_shares(world, clients, route, method):
    before, row = everything_stored(), REGION_ROWS[route, method]
    wrong, _refused = ask_everybody(
        world, clients, route, method, lambda who, kind: in_region(row, who, kind)
    )
    assert wrong == []
    assert everything_stored() == before


@pytest.mark.parametrize(("route", "method"), RIGHTS_ROWS)
def test_who_learns_who_sees_what(world, clients, route, method):
    before, row = everything_stored(), RIGHTS_ROWS[route, method]
    wrong, _refused = ask_everybody(
        world, clients, route, method, lambda who, kind: in_rights(row, who, kind)
    )
    assert wrong == []
    assert everything_stored() == before


@pytest.mark.parametrize(("route", "method"), STAFF_ROWS)
def test_who_says_who_holds_what(world, clients, route, method):
    before, row = everything_stored(), STAFF_ROWS[route, method]
    wrong, _refused = ask_everybody(
        world, clients, route, method, lambda who, kind: in_staff(row, who, kind)
    )
    assert wrong == []
    assert everything_stored() == before


@pytest.mark.parametrize(("route", "method"), PAGE_ROWS)
def test_who_opens_the_pages_of_the_private_half(world, clients, route, method):
    path = "/cms/" if route == "cms" else reverse(route)
    before = everything_stored()
    found = {name: ask(client, method, path).status_code for name, client in clients.items()}
    assert found == {name: status(cell) for name, cell in PAGE_ROWS[route, method].items()}
    assert everything_stored() == before


@pytest.mark.parametrize("route", PUBLIC)
def test_public_pages_are_the_same_for_everybody(world, clients, route):
    SmallSite()
    path, wanted = PUBLIC[route]
    found = {name: client.get(path).status_code for name, client in clients.items()}
    assert found == dict.fromkeys(clients, wanted)


@pytest.mark.parametrize(
    ("route", "child"),
    [
        ("team_member_end", "member_id"),
        ("case_note_correct", "note_id"),
        ("case_note_file", "file_id"),
    ],
)
def test_a_part_of_another_case_is_unknown_under_mine(world, clients, route, child):
    """Target checked but source not: the case is mine, its note, file or member is not."""
    answers = []
    for kind in KINDS:
        if kind != MINE:
            ids = {"case_id": world.case.pk, child: world.ids[kind][child]}
            for send in (clients["base"].get, clients["base"].post):
                answers.append(send(reverse(route, kwargs=ids)))
    assert {answer.status_code for answer in answers} <= {404, 405}
    assert len({answer.content for answer in answers if answer.status_code == 404}) == 1


def test_every_child_of_a_case_is_tried_with_a_foreign_parent_too():
    two = {name for name, path in OURS.items() if path.count("<uuid:") > 1}
    assert two == {"team_member_end", "case_note_correct", "case_note_file"}


@pytest.mark.parametrize(
    ("persona", "sees", "never"),
    [
        ("base", {"first_name", "last_name", "phone", "text"}, {"personal_code"}),
        ("additional", {"first_name", "phone"}, {"personal_code", "text", "address", "email"}),
        ("partner", {"first_name", "phone"}, {"personal_code", "text", "address", "email"}),
        ("bare_partner", set(), set(CANARIES)),
        ("lead", set(), set(CANARIES)),
    ],
)
def test_each_role_sees_its_part_of_the_case_page(world, clients, persona, sees, never):
    """The table of rules.md, “Who sees which part of a case”."""
    page = clients[persona].get(address(world, "case_detail", MINE)).content.decode()
    assert {name for name in sees if CANARIES[name] not in page} == set()
    assert {name for name in never if CANARIES[name] in page} == set()
    assert CANARIES["last_name"] not in page.split("</title>")[0]


def test_the_personal_code_is_shown_on_a_click_that_is_logged(world, clients):
    page = clients["base"].post(address(world, "case_code", MINE))
    assert CANARIES["personal_code"] in page.content.decode()
    assert AccessEvent.objects.order_by("sequence").last().actioncode == "case_code"


def test_a_list_shows_the_cases_of_its_reader_and_no_other(world, clients):
    numbers = {}
    for name, client in clients.items():
        if name not in SIGNED_OUT:
            page = client.get(reverse("case_list")).content.decode()
            numbers[name] = world.case.number in page
    assert {name for name, there in numbers.items() if there} == {
        "base",
        "additional",
        "partner",
        "bare_partner",
        # The outline: number, state and review day.
        "lead",
    }


def test_an_address_that_is_no_id_is_the_same_page_as_an_unknown_one(world, clients):
    unknown = clients["base"].get(address(world, "case_detail", UNKNOWN))
    broken = clients["base"].get("/intranet/juhtumid/ei-ole-number/")
    assert (broken.status_code, broken.content) == (404, unknown.content)
