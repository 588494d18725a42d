"""Who may open what: every route of ours × everybody × whose it is (rules.md 1 to 3).

The routes come from the running URLconf; one that stands in no table here fails. A cell is the
status of the answer; `.` is 404, `-` is not tried here (it would do its work; its own test tells).
Signed out, a page leads to the sign-in (302) and a form gives its text back (403).
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
from tests.world import CANARIES, KINDS, MINE, NOW, OTHER_REGION, UNKNOWN, World, make_world

PEOPLE = {
    "nob": "nobody",
    "str": "stranger",
    "edi": "editor",
    "adm": "administrator",
    "aud": "auditor",
    "ste": "steering",
    "coo": "coordinator",
    "bas": "base",
    "add": "additional",
    "par": "partner",
    "bar": "bare_partner",
    "fme": "former_member",
    "fho": "former_holder",
    "dis": "disabled",
    "inv": "invited",
    "col": "colleague",
    "lea": "lead",
    "oth": "other_region",
}
SIGNED_OUT = ("nobody", "disabled")

# On the case that is “mine”. To every other case everybody is a stranger, but for `other_region`,
# who is to the case of that region what `base` is here.
CASES = """
                        nob str edi adm aud ste coo bas add par bar fme fho dis inv col lea oth
case_detail GET         302  .   .   .   .   .   .  200 200 200 200  .   .  302  .   .  200  .
case_change GET         302  .   .   .   .   .   .  200 403 403 403  .   .  302  .   .  403  .
case_change POST        403  .   .   .   .   .   .  200 403 403 403  .   .  403  .   .  403  .
case_code GET           302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302
case_code POST          403  .   .   .   .   .   .  200 403 403 403  .   .  403  .   .  403  .
case_log GET            302  .   .   .   .   .   .  200 403 403 403  .   .  302  .   .  403  .
team_member_invite GET  302  .   .   .   .   .   .  200 403 403 403  .   .  302  .   .  403  .
team_member_invite POST 403  .   .   .   .   .   .  200 403 403 403  .   .  403  .   .  403  .
team_member_end GET     302  .   .   .   .   .   .  200 403 403 403  .   .  302  .   .  403  .
team_member_end POST    403  .   .   .   .   .   .   -  403 403 403  .   .  403  .   .  403  .
team_member_answer GET  302  .   .   .   .   .   .   .   .   .   .   .   .  302 200  .   .   .
team_member_answer POST 403  .   .   .   .   .   .   .   .   .   .   .   .  403 200  .   .   .
case_note_list GET      302  .   .   .   .   .   .  200 200 200 200  .   .  302  .   .  403  .
case_note_list POST     403  .   .   .   .   .   .  200 200 200 200  .   .  403  .   .  403  .
case_note_add GET       302  .   .   .   .   .   .  200 200 403 403  .   .  302  .   .  403  .
case_note_add POST      403  .   .   .   .   .   .  200 200 403 403  .   .  403  .   .  403  .
case_note_correct GET   302  .   .   .   .   .   .  200  .  403 403  .   .  302  .   .  403  .
case_note_correct POST  403  .   .   .   .   .   .  200  .  403 403  .   .  403  .   .  403  .
case_note_file GET      302  .   .   .   .   .   .  200 200 200  .   .   .  302  .   .  403  .
"""

# Pages of the private half that belong to no case.
PAGES = """
                        nob str edi adm aud ste coo bas add par bar fme fho dis inv col lea oth
desk GET                302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
case_list GET           302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
case_list POST          403 200 200 200 200 200 200 200 200 200 200 200 200 403 200 200 200 200
case_open GET           302 403 403 403 403 403 403 200 403 403 403 403 403 302 403 200 403 200
case_open POST          403 403 403 403 403 403 403 200 403 403 403 403 403 403 403 200 403 200
audit_event_list GET    302  .   .   .  200  .   .   .   .   .   .   .   .  302  .   .   .   .
profile GET             302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
draft_key GET           302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
style GET               302 200 200 200 200 200 200 200 200 200 200 200 200 302 200 200 200 200
account_login GET       200 302 302 302 302 302 302 302 302 302 302 302 302 200 302 302 302 302
cms GET                 302 403 200 200 403 403 403 403 403 403 403 403 403 302 403 403 403 403
"""

# The same for everybody, signed in or not: path and status.
PUBLIC = {
    "front": ("/", 200),
    "component_list": ("/teenused/", 200),
    "component_detail": ("/teenused/ei-ole/", 404),
    "organisation_list": ("/asutused/", 200),
    "organisation_detail": ("/asutused/ei-ole/", 404),
    "news_list": ("/uudised/", 200),
    "search": ("/otsing/", 200),
    "wagtail_serve": ("/ei-ole/", 404),
    "wagtailcore_authenticate_with_password": ("/_util/authenticate_with_password/1/1/", 404),
    "healthz": ("/healthz", 200),
    "readyz": ("/readyz", 200),
    "robots": ("/robots.txt", 200),
    "sitemap": ("/sitemap.xml", 200),
    "cms_sign_in": ("/cms/login/", 302),
    "page_sign_in": ("/_util/login/", 302),
    "cms_password_reset": ("/cms/password_reset/", 302),
    "cms_password_reset_step": ("/cms/password_reset/done/", 302),
    "media": ("/media/ei-ole.png", 404),
    "invitation_link": ("/konto/kutse/ei-ole/", 302),
    "invitation_accept": ("/konto/kutse/", 404),
}


def rows_of(table: str) -> dict[tuple[str, str], dict[str, str]]:
    """A table as (route, method) → persona → cell."""
    heading, *lines = table.strip().splitlines()
    names = [PEOPLE[short] for short in heading.split()]
    found = {}
    for line in lines:
        route, method, *cells = line.split()
        assert len(cells) == len(names), line
        found[route, method] = dict(zip(names, cells, strict=True))
    return found


CASE_ROWS, PAGE_ROWS = rows_of(CASES), rows_of(PAGES)
OURS = {route.name: route.path for route in routes() if route.door is None}
PRIVATE_APPS = ("cases", "network", "access")


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
    wanted = re.findall(r"<uuid:(\w+)>", OURS[route])
    return reverse(route, kwargs={name: world.ids[kind][name] for name in wanted})


def expected(route: str, method: str, persona: str, kind: str) -> str:
    """The cell that holds for a case of `kind`."""
    row = CASE_ROWS[route, method]
    if kind == MINE or persona in SIGNED_OUT or row["stranger"] != ".":
        return row[persona]
    if kind == OTHER_REGION and persona == "other_region":
        return row["base"]
    return "."


def status(cell: str) -> int:
    return 404 if cell == "." else int(cell)


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
    tabled.update({name for name, _method in PAGE_ROWS if name != "cms"})
    tabled.update(set(PUBLIC))
    assert set(tabled) == set(OURS)
    assert set(tabled.values()) == {1}


def test_every_address_with_the_id_of_something_private_is_asked_for_all_kinds():
    private = {name for name, path in OURS.items() if "<uuid:" in path}
    assert private == {name for name, _method in CASE_ROWS}
    assert all((name, "GET") in CASE_ROWS for name in private)


def test_every_persona_of_the_tables_lives_in_the_world(world):
    assert set(world.people) == set(PEOPLE.values())


@pytest.mark.parametrize(("route", "method"), CASE_ROWS)
def test_who_opens_what_of_a_case(world, clients, route, method):
    before = everything_stored()
    refused = AccessEvent.objects.filter(outcome=AccessEvent.Outcome.REFUSED).count()
    wrong, pages = [], {404: set(), 403: set()}
    for kind in KINDS:
        for persona, client in clients.items():
            cell = expected(route, method, persona, kind)
            if cell == "-":
                continue
            answer = ask(client, method, address(world, route, kind))
            if answer.status_code != status(cell):
                wrong.append(f"{persona}, {kind}: {answer.status_code}, not {status(cell)}")
            if persona not in SIGNED_OUT and answer.status_code in pages:
                pages[answer.status_code].add(answer.content)
                refused += 1
    assert wrong == []
    # Foreign and unknown are one and the same page, and so is every refusal.
    assert len(pages[404]) <= 1
    assert len(pages[403]) <= 1
    assert AccessEvent.objects.filter(outcome=AccessEvent.Outcome.REFUSED).count() == refused
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
