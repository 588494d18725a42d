"""The ways around a page obey the same table: feeds, exports, letters, files, map, CMS, keys.

What each may open stands in `tests/matrix.py`; here everybody asks for it by other ways.
"""

import re
import uuid
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from network.cases.models import CaseNoteFile
from network.meetings.models import Action, Decision, Meeting
from network.meetings.services.feeds import make_feed
from network.models import Gap, Resource
from portal.access.routes import routes
from portal.accounts.models import User
from portal.base import outbox
from tests.asking import ask, browser_of, undone
from tests.canaries import met_in, not_for
from tests.deeds import DEEDS, begin, doers
from tests.headers import path_of
from tests.matrix import LED_AWAY, PEOPLE, PUBLIC, SIGNED_OUT, wanted
from tests.world import MINE, UNKNOWN
from tests.world_region import OTHER_REGION, SAME_REGION

KINDS = (MINE, SAME_REGION, OTHER_REGION)
EVERYBODY = tuple(PEOPLE.values())
SIGNED_IN = tuple(who for who in EVERYBODY if who not in (*SIGNED_OUT, LED_AWAY))
IN_CMS = ("editor", "publisher", "administrator")
# Address → the page that says whose rows may stand in it.
EXPORTS = {
    "resource_export": ("resource_detail", ""),
    "resource_list": ("resource_detail", ""),
    "gap_export": ("gap_detail", "?state=all"),
    "gap_list": ("gap_detail", "?state=all"),
    "meeting_export": ("meeting_detail", "?when=all"),
    "meeting_list": ("meeting_detail", "?when=all"),
    "decision_export": ("decision_change", ""),
    "decision_list": ("decision_change", ""),
    "action_export": ("action_detail", "?whose=all&state=all"),
    "action_list": ("action_detail", "?whose=all&state=all"),
}


def may_open(page, persona):
    return {kind for kind in KINDS if wanted(page, "GET", persona, kind) == 200}


@pytest.fixture
def marked(asker):
    """Each thing of each kind has a word of its own, so that a row says whose it is."""
    world, marks = asker.world, {}
    for kind in KINDS:
        ids, mark = world.ids[kind], "Tunnus" + kind.title().replace(" ", "")
        marks[kind] = mark
        Gap.objects.filter(pk=ids["gap_id"]).update(text=mark)
        Meeting.objects.filter(pk=ids["meeting_id"]).update(place=mark)
        Decision.objects.filter(pk=ids["decision_id"]).update(text=mark)
        Action.objects.filter(pk=ids["action_id"]).update(text=mark)
        organisation = Resource.objects.get(pk=ids["resource_id"]).organisation
        organisation.name = mark
        organisation.save()
    return marks


def shown(marks, text):
    return {kind for kind, mark in marks.items() if re.search(rf"{mark}\b", text)}


# --- Lists and exports -------------------------------------------------------------------------


@pytest.mark.parametrize("route", EXPORTS)
def test_a_list_and_its_export_hold_what_their_reader_may_open(asker, marked, route):
    page, query = EXPORTS[route]
    found, allowed = {}, {}
    for persona in SIGNED_IN:
        answer = asker.ask(persona, "GET", reverse(route) + query)
        found[persona] = shown(marked, answer.body.decode())
        allowed[persona] = may_open(page, persona)
        assert found[persona] <= allowed[persona], persona
    # Of two that run at once the list of meetings names one.
    if route != "meeting_list":
        assert found["steering"] == allowed["steering"] == {MINE, SAME_REGION}
    assert found["steering_elsewhere"] == {OTHER_REGION}


def test_words_in_a_list_find_no_more_than_the_list_shows(asker, marked):
    for route, (page, query) in EXPORTS.items():
        for persona in ("stranger", "steering", "network_seat", "steering_elsewhere"):
            for kind, mark in marked.items():
                path = f"{reverse(route)}{query or '?'}&q={mark}"
                text = asker.ask(persona, "GET", path).body.decode()
                # The word that was asked for stands in the field again.
                rows = text.replace(f'value="{mark}"', "").replace(f"q={mark}", "")
                assert kind in may_open(page, persona) or not shown({kind: mark}, rows), route


# --- Calendars ---------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", [who for who in EVERYBODY if who != "nobody"])
def test_a_calendar_feed_holds_the_meetings_that_its_owner_may_open(asker, persona):
    token = make_feed(by=asker.world.people[persona], key=uuid.uuid4())
    answer = ask(Client(), "GET", reverse("calendar_ics", args=[token]))
    if persona == "disabled":
        assert answer.status == 404
        return
    text = answer.body.decode().replace("\r\n ", "")
    ids = {kind: str(asker.world.ids[kind]["meeting_id"]) for kind in KINDS}
    # Whoever has no second factor yet sees nothing here either: no seat, no meeting.
    allowed = set() if persona == LED_AWAY else may_open("meeting_detail", persona)
    assert {kind for kind, pk in ids.items() if pk in text} == allowed
    assert met_in(answer) == set()
    assert answer.wrote == []


# --- Letters -----------------------------------------------------------------------------------

LINK = re.compile(r"https?://[^\s<>\"]+")
# Read without a sign-in, by whoever has the letter.
BY_THE_LETTER = ("/konto/kutse/", "/konto/parool/", "/minu/")


@pytest.mark.parametrize("route", sorted(DEEDS))
def test_a_letter_goes_to_those_who_may_open_what_it_is_about(asker, route):
    path, body = begin(asker, route)
    doer = doers(route)[0]
    outbox.deliver_due(timezone.now())
    mail.outbox.clear()
    asker.ask(doer, "POST", path, body(doer))
    outbox.deliver_due(timezone.now())
    for letter in mail.outbox:
        reader = User.objects.filter(email=letter.to[0]).first()
        text = f"{letter.subject} {letter.body}"
        assert not_for("nobody", FakeAnswer(text)) == set()
        for link in LINK.findall(text):
            parts = urlsplit(link)
            if parts.path.startswith(BY_THE_LETTER) or reader is None:
                continue
            answer = ask(browser_of(reader), "GET", parts.path)
            assert answer.status in {200, 302}, (letter.subject, parts.path)


class FakeAnswer:
    """A text in the place of an answer."""

    def __init__(self, text):
        self.body = text.encode()
        self.response = type("R", (), {"headers": {}, "cookies": Client().cookies})


# --- Files, map, sitemap, keys ------------------------------------------------------------------


def test_a_private_file_has_no_public_address(asker):
    stored = CaseNoteFile.objects.get(pk=asker.world.ids[MINE]["file_id"])
    name = next(str(getattr(stored, f.name)) for f in stored._meta.fields if f.name == "file")
    assert not default_storage.exists(name)
    for persona in ("nobody", "base", "administrator"):
        for path in (f"/media/{name}", f"/dokumendid/1/{name}"):
            assert asker.ask(persona, "GET", path).status == 404


@pytest.mark.parametrize("route", ["map_data", "map_export", "sitemap", "robots", "supply_export"])
def test_what_is_public_is_the_same_whoever_asks(asker, route):
    answers = {asker.ask(who, "GET", PUBLIC[route][0]).plain() for who in EVERYBODY}
    assert len(answers) == 1


def test_the_key_of_drafts_is_another_for_everybody(asker):
    keys = [asker.ask(who, "GET", reverse("draft_key")).body for who in SIGNED_IN]
    assert len(set(keys)) == len(SIGNED_IN)


# --- The CMS, and what comes with others' code --------------------------------------------------


def others(door):
    return [route for route in routes() if route.door and route.door.name == door]


@pytest.mark.parametrize("persona", ["nobody", "base", "auditor", "steering", LED_AWAY])
def test_nobody_without_the_right_gets_past_the_door_of_the_cms(asker, persona):
    sent = {302} if persona in ("nobody", LED_AWAY) else {403}
    open_names = {"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}
    wrong = []
    for route in others("cms"):
        if route.name in open_names or "login" in route.name or "password_reset" in route.name:
            continue
        path = path_of(route, asker.world.ids[UNKNOWN], 1)
        for method in ("GET", "POST"):
            answer = asker.ask(persona, method, path)
            if answer.status not in sent | {404} or answer.wrote:
                wrong.append((method, path, answer.status, answer.wrote))
    assert wrong == []


@pytest.mark.parametrize("persona", IN_CMS)
def test_no_page_of_the_cms_knows_a_case(asker, persona):
    case, wrong = asker.world.case, []
    for route in others("cms"):
        path = path_of(route, asker.world.ids[MINE], 1)
        if "failwhale" in path:
            continue  # shows how a fault looks, by raising one
        with undone():
            answer = asker.ask(persona, "GET", path)
        text = answer.body.decode(errors="replace")
        if met_in(answer) or case.number in text or str(case.pk) in text.replace(path, ""):
            wrong.append(path)
    assert wrong == []


def test_what_needs_no_token_in_the_cms_asks_for_it_itself(asker):
    """The views of its API say so to Django and let their own sign-in ask."""
    exempt = [route for route in routes() if getattr(route.view, "csrf_exempt", False)]
    assert {route.path.split("^")[0] for route in exempt} <= {"cms/api/main/"}
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = asker.browsers["publisher"].cookies
    for route in exempt:
        path = path_of(route, {}, 1).replace("ei-ole", "delete")
        answer = ask(strict, "POST", path, {"action": "delete"})
        assert answer.status in {403, 404, 405}, path
        assert answer.wrote == []


def test_a_redirect_of_an_editor_leads_nobody_away_from_what_is_not_theirs(asker):
    case = f"/intranet/juhtumid/{asker.world.case.pk}"
    for path in (case, "/ei-ole-siin"):
        Redirect.objects.create(old_path=path, redirect_link="https://mujal.example/")
    assert asker.ask("nobody", "GET", "/ei-ole-siin/").status == 301
    assert asker.ask("stranger", "GET", f"{case}/").status == 404
    assert asker.ask("base", "GET", f"{case}/").status == 200


def test_there_is_no_admin_of_django():
    assert [route.path for route in routes() if route.name.startswith("admin:")] == []
