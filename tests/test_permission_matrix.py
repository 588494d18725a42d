"""Who may open what: every route × everybody × every method × whose it is (rules.md 1 to 3).

The tables stand in `tests/matrix.py`, the routes come from the running URLconf; one that stands in
no table fails. What a form that is filled in does, and for whom, stands in `tests/test_deeds.py`.
"""

import functools
import itertools
import os
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from django.urls import reverse

from portal.audit.models import AccessEvent
from tests.addresses import ID, OURS, address, ids_of
from tests.asking import everything_stored, undone
from tests.canaries import not_for
from tests.matrix import (
    LED_AWAY,
    OF_CASES,
    OTHER_METHODS,
    PEOPLE,
    PUBLIC,
    ROWS,
    SIGNED_OUT,
    is_led_away,
    kinds_of,
    wanted,
)
from tests.plugins import templates
from tests.world import CANARIES, KINDS, MINE, UNKNOWN

SET_UP = reverse("mfa_activate_totp")
# Session, who it is, and a savepoint around the view.
AT_THE_DOOR = 4
EVERYBODY = tuple(PEOPLE.values())
OUTSIDE = (*SIGNED_OUT, LED_AWAY)
IS_FULL = os.environ.get("MATRIX") == "full"
CELLS = sorted(ROWS)


@pytest.fixture
def world(asker):
    return asker.world


@pytest.fixture
def clients(asker):
    return asker.browsers


# --- The tables are whole ----------------------------------------------------------------------


def test_every_route_stands_in_one_table():
    tabled = Counter({name: 1 for name, _method in ROWS if name != "cms"})
    tabled.update(set(PUBLIC))
    assert set(tabled) == set(OURS)
    assert set(tabled.values()) == {1}


def test_every_address_with_the_id_of_something_private_is_asked_for_all_kinds():
    private = {name for name, path in OURS.items() if ID.search(path) and name not in PUBLIC}
    assert private == {name for name, _method in ROWS if kinds_of(name) == KINDS}
    assert all((name, "GET") in ROWS for name in private)


def test_every_persona_of_the_tables_lives_in_the_world(world):
    assert set(world.people) == set(EVERYBODY)


# --- Every cell --------------------------------------------------------------------------------


# Nothing has to be typed for these: the button is enough.
BUTTONS = {
    "account_close",
    "agenda_item_step",
    "calendar_feed",
    "case_link_end",
    "meeting_end",
    "membership_end",
    "resource_confirm",
    "resource_publish",
    "resource_withdraw",
    "team_member_end",
}


def chance(*words: str) -> int:
    """A number that is the same every time, and as good as any other."""
    return zlib.crc32(" ".join(words).encode())


def turn_of(route: str, method: str, persona: str) -> str:
    """One of the kinds, another for each route and persona: so all pairs of them are met."""
    kinds = kinds_of(route)
    return kinds[chance(route, method, persona) % len(kinds)]


def asked_for(route: str, method: str) -> Iterator[tuple[str, str]]:
    """Whose thing is asked for, and by whom.

    Everybody asks for mine, and whoever has to do with a kind for that kind. To the rest it is
    foreign: they ask for a kind in turn, and two of them for all, to see that it costs the same.
    Whoever may not send a form sends it filled in (tests/test_deeds.py). MATRIX=full asks it all.
    """
    for kind, persona in itertools.product(kinds_of(route), EVERYBODY):
        cell = wanted(route, method, persona, kind)
        is_refused = cell in {403, 404} or persona in OUTSIDE
        is_foreign = is_refused and kind != MINE
        if not IS_FULL and is_foreign and persona not in ("stranger", "base"):
            if turn_of(route, method, persona) != kind or chance(persona, method, route) % 3:
                continue
        elif not IS_FULL and method == "POST" and is_refused and kind == MINE:
            continue
        yield kind, persona


def aside(method: str):
    """What a button does is done and undone; looking does nothing that would have to be."""
    return undone() if method == "POST" else nullcontext()


@pytest.mark.parametrize(("route", "method"), CELLS, ids=map(" ".join, CELLS))
def test_who_opens_what(asker, world, route, method):
    wrong, pages, costs, logged = [], {404: set(), 403: set()}, {}, set()
    stored = functools.cache(everything_stored)
    for kind, persona in asked_for(route, method):
        path, cell = address(world, route, kind), wanted(route, method, persona, kind)
        is_outside = persona in OUTSIDE
        before = stored() if method == "POST" and cell in {200, 409} and not is_outside else ""
        with aside(method):
            answer = asker.ask(persona, method, path)
            is_done = route in BUTTONS and method == "POST" and cell < 400 and not is_outside
            moved = answer.wrote if not before else answer.wrote and everything_stored() != before
        what = f"{persona}, {kind}:"
        if answer.status != cell:
            wrong.append(f"{what} {answer.status}, not {cell}")
        if bool(moved) != is_done:
            wrong.append(f"{what} wrote {answer.wrote}")
        if leak := not_for(persona, answer):
            wrong.append(f"{what} meets {leak}")
        wrong += [f"{what} no token in {form}" for form in without_token(answer.body)]
        if method == "GET" and (IS_FULL or chance(route, persona, kind) % 12 == 0):
            wrong += [f"{what} HEAD {lack}" for lack in unlike_head(asker, persona, path, answer)]
        if persona == LED_AWAY and is_led_away(route, path):
            wrong += [] if answer.response["Location"].startswith(SET_UP) else [f"{what} not led"]
        elif not is_outside and cell in pages:
            pages[cell].add((answer.body, str(answer.headers()), str(answer.response.cookies)))
            logged.add(answer.logged)
            if cell == 404 and kind != MINE:
                costs.setdefault(persona, {})[kind] = answer.statements
    assert "\n".join(wrong) == ""
    # Foreign and unknown are one and the same page, and so is every refusal.
    assert len(pages[404]) <= 1
    assert len(pages[403]) <= 1
    # They cost the same too, asked and written.
    assert {
        who: kinds for who, kinds in costs.items() if len(set(map(tuple, kinds.values()))) > 1
    } == {}
    if route in OF_CASES:
        assert logged <= {1}


FORM = re.compile(rb"<form\b([^>]*)>(.*?)</form>", re.DOTALL)


def without_token(body: bytes) -> list[str]:
    """Forms that are sent and that nobody could send: an `include … only` drops the token."""
    return [
        head.decode().strip()
        for head, inside in FORM.findall(body)
        # On the page of styles a form leads nowhere.
        if b'method="post"' in head.lower()
        and b'action="#"' not in head
        and b"csrfmiddlewaretoken" not in inside
    ]


def unlike_head(asker, persona, path, answer):
    """What a HEAD of the same page answers otherwise than the GET did."""
    head = asker.ask(persona, "HEAD", path)
    if head.status != answer.status:
        yield f"{head.status}"
    if head.body:
        yield "has a body"
    if head.headers() != answer.headers():
        yield f"{set(head.headers().items()) ^ set(answer.headers().items())}"
    if head.wrote:
        yield f"wrote {head.wrote}"


@pytest.mark.skipif(templates.on_postgres(), reason="no row of the database decides it")
@pytest.mark.parametrize("route", sorted({route for route, _method in ROWS} - {"cms"}))
def test_no_other_method_does_anything(asker, world, route):
    methods = [*OTHER_METHODS, *(m for m in ("GET", "POST") if (route, m) not in ROWS)]
    wrong = []
    for persona, method in itertools.product(EVERYBODY, methods):
        kind = turn_of(route, method, persona)
        if not IS_FULL and chance(route, method, persona) % 3:
            continue
        answer = asker.ask(persona, method, address(world, route, kind))
        # Some guards ask who it is before they ask how: then it is refused as a GET is.
        refusals = {302, 403} if persona in OUTSIDE else {302, 403, 404}
        if (route, "GET") in ROWS:
            refusals &= {wanted(route, "GET", persona, kind), 403}
        if answer.status not in {405, *refusals}:
            wrong.append(f"{persona} {method}: {answer.status}")
        # Nobody was asked whose it is, so it cannot matter: who is signed in, and nothing more.
        if answer.wrote or (answer.status == 405 and len(answer.statements) > AT_THE_DOOR):
            wrong.append(f"{persona} {method}: {answer.statements}")
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("route", PUBLIC)
def test_public_pages_are_the_same_for_everybody(asker, route):
    path, status = PUBLIC[route]
    found = {who: asker.ask(who, "GET", path) for who in EVERYBODY}
    expected = dict.fromkeys(EVERYBODY, status)
    if is_led_away(route, path):
        expected[LED_AWAY] = 302
    assert {who: answer.status for who, answer in found.items()} == expected
    assert [who for who, answer in found.items() if answer.wrote] == []
    # The way back from the state's sign-in is no page to be looked at beforehand.
    if route != "tara_callback":
        some = EVERYBODY if IS_FULL else ("nobody", "base", "administrator", LED_AWAY)
        asked = [(who, unlike_head(asker, who, path, found[who])) for who in some]
        assert [(who, lack) for who, lacks in asked for lack in lacks] == []


# Whose child stands in the address of what, and who may see the parent that is “mine”.
CHILDREN = {
    **dict.fromkeys(
        ["team_member_end", "case_note_correct", "case_note_file", "case_link_end"], "base"
    ),
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


@pytest.mark.parametrize("route", CHILDREN)
def test_a_part_of_another_one_is_unknown_under_mine(asker, world, route):
    """Target checked but source not: the case or meeting is mine, its note, item or file is not.

    The other meeting of the same region is one that the asker leads too.
    """
    parent, child = ID.findall(OURS[route])
    for method in ("GET", "POST"):
        answers = []
        for kind in KINDS:
            if kind != MINE:
                ids = ids_of(world, route, kind) | {parent: world.ids[MINE][parent]}
                assert ids[child] != ids_of(world, route, MINE)[child]
                path = reverse(route, kwargs=ids)
                answers.append(asker.ask(CHILDREN[route], method, path))
        assert {answer.status for answer in answers} in ({404}, {405})
        assert len({answer.body for answer in answers}) == 1
        assert len({tuple(answer.statements) for answer in answers}) == 1
        assert [answer.wrote for answer in answers] == [[], [], []]


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
