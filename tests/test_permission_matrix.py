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
    OF_REGIONS,
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


def ids_of(world: World, route: str, kind: str) -> dict[str, object]:
    """What stands in the address of `route` for something of `kind`."""
    # Two things are notes: those of a case and those of a meeting.
    other = {"note_id": "meeting_note_id"} if route.startswith("meeting_") else {}
    return {name: world.ids[kind][other.get(name, name)] for name in ID.findall(OURS[route])}


def address(world: World, route: str, kind: str) -> str:
    return reverse(route, kwargs=ids_of(world, route, kind))


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


def ask_everybody(world, clients, route, method, cell_of, among=lambda kind: PEOPLE.values()):
    """Ask for all kinds as everybody (or those `among` them); what was wrong, how many refused."""
    wrong, pages, refused = [], {404: set(), 403: set()}, 0
    for kind in KINDS:
        for persona in among(kind):
            client, cell = clients[persona], cell_of(persona, kind)
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


def in_tens(asked):
    """Ten of `asked` at a time share a world, which takes longer to build than to ask."""
    rows = list(asked)
    return [rows[start : start + 10] for start in range(0, len(rows), 10)]


@pytest.mark.parametrize("some", in_tens(CASE_ROWS), ids=str)
def test_who_opens_what_of_a_case(world, clients, some):
    refusals = AccessEvent.objects.filter(outcome=AccessEvent.Outcome.REFUSED)
    for route, method in some:
        before, row, refused_before = (
            everything_stored(),
            CASE_ROWS[route, method],
            refusals.count(),
        )
        wrong, refused = ask_everybody(
            world, clients, route, method, lambda who, kind, row=row: in_case(row, who, kind)
        )
        assert (route, method, wrong) == (route, method, [])
        assert refusals.count() == refused_before + refused
        assert everything_stored() == before, (route, method)


def who_asks(kind):
    """Everybody for what is mine; for the rest whoever has something to do with a region."""
    return PEOPLE.values() if kind == MINE else OF_REGIONS


@pytest.mark.parametrize("some", in_tens(REGION_ROWS), ids=str)
def test_who_opens_what_the_region_shares(world, clients, some):
    for route, method in some:
        before, row = everything_stored(), REGION_ROWS[route, method]
        wrong, _refused = ask_everybody(
            world,
            clients,
            route,
            method,
            lambda who, kind, row=row: in_region(row, who, kind),
            among=who_asks,
        )
        assert (route, method, wrong) == (route, method, [])
        assert everything_stored() == before, (route, method)


def asked_as_tabled(world, clients, table, cell_of, some):
    """Ask the routes `some` of `table` as everybody; nothing is stored by it."""
    for route, method in some:
        before, row = everything_stored(), table[route, method]
        wrong, _refused = ask_everybody(
            world, clients, route, method, lambda who, kind, row=row: cell_of(row, who, kind)
        )
        assert (route, method, wrong) == (route, method, [])
        assert everything_stored() == before, (route, method)


@pytest.mark.parametrize("some", in_tens(RIGHTS_ROWS), ids=str)
def test_who_learns_who_sees_what(world, clients, some):
    asked_as_tabled(world, clients, RIGHTS_ROWS, in_rights, some)


@pytest.mark.parametrize("some", in_tens(STAFF_ROWS), ids=str)
def test_who_says_who_holds_what(world, clients, some):
    asked_as_tabled(world, clients, STAFF_ROWS, in_staff, some)


@pytest.mark.parametrize("some", in_tens(PAGE_ROWS), ids=str)
def test_who_opens_the_pages_of_the_private_half(world, clients, some):
    for route, method in some:
        path = "/cms/" if route == "cms" else reverse(route)
        before = everything_stored()
        wanted = {who: cell for who, cell in PAGE_ROWS[route, method].items() if cell != "-"}
        found = {who: ask(clients[who], method, path).status_code for who in wanted}
        assert (route, method, found) == (
            route,
            method,
            {who: status(cell) for who, cell in wanted.items()},
        )
        assert everything_stored() == before, (route, method)


def test_public_pages_are_the_same_for_everybody(world, clients):
    SmallSite()
    for route, (path, wanted) in PUBLIC.items():
        found = {name: client.get(path).status_code for name, client in clients.items()}
        assert (route, found) == (route, dict.fromkeys(clients, wanted))


# Whose child stands in the address of what, and who may see the parent that is “mine”.
CHILDREN = {
    **dict.fromkeys(["team_member_end", "case_note_correct", "case_note_file"], "base"),
    **dict.fromkeys(
        [
            "action_add",
            "agenda_item_carry",
            "agenda_item_change",
            "agenda_item_move",
            "agenda_item_remove",
            "agenda_item_step",
            "decision_add",
            "meeting_note_add",
            "meeting_note_change",
        ],
        "steering",
    ),
}


@pytest.mark.parametrize("some", in_tens(CHILDREN), ids=str)
def test_a_part_of_another_one_is_unknown_under_mine(world, clients, some):
    """Target checked but source not: the case or meeting is mine, its note, item or file is not.

    The other meeting of the same region is one that the asker leads too.
    """
    for route in some:
        parent, child = ID.findall(OURS[route])
        answers = []
        for kind in KINDS:
            if kind != MINE:
                ids = ids_of(world, route, kind) | {parent: world.ids[MINE][parent]}
                assert ids[child] != ids_of(world, route, MINE)[child]
                for send in (clients[CHILDREN[route]].get, clients[CHILDREN[route]].post):
                    answers.append(send(reverse(route, kwargs=ids)))
        assert {answer.status_code for answer in answers} <= {404, 405}, route
        assert len({one.content for one in answers if one.status_code == 404}) == 1, route


def test_every_child_of_a_case_or_meeting_is_tried_with_a_foreign_parent_too():
    assert {name for name, path in OURS.items() if path.count("<uuid:") > 1} == set(CHILDREN)


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
