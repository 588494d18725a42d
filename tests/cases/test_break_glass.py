"""The emergency look: who may take one, what it opens, how it ends, who judges it."""

import datetime as dt
import uuid

import pytest
import time_machine
from allauth.account.internal.flows import login
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.cases.models import BreakGlass
from network.cases.policies import BreakGlassPolicy, CasePolicy
from network.cases.services.break_glass import (
    break_glass,
    end_break_glass,
    judge_break_glass,
)
from network.services.people import end_holding
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from portal.audit.verify import verify
from portal.base import outbox
from tests.cases.factories import Net, auditor, join, open_case_of, write_note
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

REASON = "Naaber helistas: uks on lahti ja keegi ei vasta. Vaja teada, kellele helistada."
NOW = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def anu(here):
    return here.worker(Role.BASE_SUPPORT)


@pytest.fixture
def colleague(here):
    return here.worker(Role.CASE_MANAGER)


@pytest.fixture
def case(anu):
    found = open_case_of(anu, first_name="Kanaari", last_name="Inimene")
    write_note(found, by=anu, text="Kanaarimärge: uni kaob.")
    return found


def look(case, worker, *, reason=REASON, number=None, key=None):
    return break_glass(
        number=number or case.number,
        reason=reason,
        position=worker.position,
        by=worker.user,
        key=key or uuid.uuid4(),
    )


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def status(client, case, path=""):
    return client.get(f"/intranet/juhtumid/{case.pk}/{path}").status_code


def codes():
    return list(AccessEvent.objects.order_by("sequence").values_list("actioncode", flat=True))


def test_a_worker_of_the_region_reads_one_case_for_an_hour_and_not_a_minute_longer(
    case, anu, colleague, clock
):
    other = open_case_of(anu)
    tab = client_of(colleague.user)
    assert status(tab, case) == 404
    look(case, colleague)
    page = tab.get(f"/intranet/juhtumid/{case.pk}/").content.decode()
    assert "Kanaari" in page
    assert "Kanaarimärge" in page
    assert status(tab, case, "markmed/") == 200
    assert status(tab, other) == 404
    for minutes in (20, 40):
        # Somebody at work: a session that is idle for half an hour would end by itself.
        clock.move_to(NOW + dt.timedelta(minutes=minutes))
        assert status(tab, case) == 200
    clock.move_to(NOW + dt.timedelta(minutes=59, seconds=59))
    assert status(tab, case) == 200
    clock.move_to(NOW + dt.timedelta(minutes=60))
    assert status(tab, case) == 404
    assert status(tab, case, "markmed/") == 404


@pytest.mark.parametrize("path", ["muuda/", "markmed/lisa/", "tiim/kutsu/", "vaatajad/"])
def test_in_an_emergency_a_case_is_read_and_nothing_else(case, colleague, path):
    look(case, colleague)
    assert status(client_of(colleague.user), case, path) == 403


def test_every_look_of_the_hour_says_that_it_was_an_emergency(case, colleague):
    look(case, colleague)
    client_of(colleague.user).get(f"/intranet/juhtumid/{case.pk}/")
    mine = AccessEvent.objects.filter(usercode=str(colleague.user.pk)).order_by("sequence")
    assert [(one.actioncode, one.purpose) for one in mine] == [
        ("break_glass", "emergency"),
        ("case_view", "emergency"),
    ]
    assert mine[1].receiver == colleague.organisation.name
    assert verify().fault is None


def test_who_sees_the_whole_case_hears_of_it_at_once_and_nobody_else(here, case, anu, colleague):
    helper = here.worker(Role.ADDITIONAL_SUPPORT)
    join(case, helper, by=anu)
    outbox.deliver_due(NOW)
    mail.outbox.clear()
    look(case, colleague)
    outbox.deliver_due(NOW)
    assert [letter.to for letter in mail.outbox] == [[anu.user.email]]
    letter = mail.outbox[0].subject + mail.outbox[0].body
    for private in (case.number, "Kanaari", "Naaber", str(case.pk)):
        assert private not in letter


@pytest.mark.parametrize(
    "reason", ["", "kiire", "a" * 40, "ab ab ab ab ab ab ab ab ab ab ab ab ab ab", "  \n " * 30]
)
def test_a_reason_is_a_sentence(case, colleague, reason):
    with pytest.raises(ValidationError):
        look(case, colleague, reason=reason)
    assert not BreakGlass.objects.exists()


@pytest.mark.parametrize("role", [Role.ADDITIONAL_SUPPORT, Role.PARTNER, Role.ORGANISATION_LEAD])
def test_other_roles_have_no_emergency_look(here, case, role):
    worker = here.worker(role)
    with pytest.raises(PermissionDenied):
        look(case, worker)
    assert client_of(worker.user).get("/intranet/erakorraline/uus/").status_code == 403


def test_a_foreign_region_and_an_unknown_number_look_the_same_and_stand_in_the_log(
    case,
):
    stranger = Net().worker(Role.BASE_SUPPORT)
    tab = client_of(stranger.user)
    # What the process remembers of the site's frame is read once.
    tab.get("/intranet/juhtumid/")
    answers, works = [], []
    for number in (case.number, "ZZZ-999"):
        typed = {"number": number, "reason": REASON, "key": str(uuid.uuid4())}
        show_who(tab)
        with CaptureQueriesContext(connection) as queries:
            answer = tab.post("/intranet/erakorraline/uus/", typed)
        answers.append(scrubbed(answer, number, typed["key"]))
        works.append(len(queries))
    assert answers[0] == answers[1]
    assert works[0] == works[1]
    refused = AccessEvent.objects.filter(actioncode="break_glass", outcome="refused")
    assert refused.count() == 2
    assert not BreakGlass.objects.exists()


def test_a_mended_number_opens_the_case_after_a_wrong_one(case, colleague):
    tab = client_of(colleague.user)
    show_who(tab)
    typed = {"number": "ZZZ-999", "reason": REASON, "key": str(uuid.uuid4())}
    again = tab.post("/intranet/erakorraline/uus/", typed)
    assert REASON in again.content.decode()
    key = again.context["form"]["key"].value()
    typed |= {"number": f" {case.number.lower().replace('-', ' ')} ", "key": key}
    assert tab.post("/intranet/erakorraline/uus/", typed).status_code == 302
    assert status(tab, case) == 200


def test_sent_twice_it_is_one_look_and_one_entry(case, colleague):
    key = uuid.uuid4()
    assert look(case, colleague, key=key) == look(case, colleague, key=key)
    assert codes().count("break_glass") == 1


def test_the_fourth_case_within_a_day_is_refused(here, anu, colleague):
    for _one in range(3):
        look(open_case_of(anu), colleague)
    with pytest.raises(ValidationError):
        look(open_case_of(anu), colleague)


def test_who_sees_the_whole_case_has_no_need_of_it(case, anu):
    with pytest.raises(ValidationError):
        look(case, anu)


def test_an_hour_old_sign_in_is_asked_again_and_the_text_stays(case, colleague, clock):
    tab = client_of(colleague.user)
    page = tab.get("/intranet/erakorraline/uus/")
    assert page.status_code == 302
    assert "next=%2Fintranet%2Ferakorraline%2Fuus%2F" in page.url
    typed = {"number": case.number, "reason": REASON, "key": str(uuid.uuid4())}
    answer = tab.post("/intranet/erakorraline/uus/", typed)
    assert answer.status_code == 200
    assert REASON in answer.content.decode()
    assert not BreakGlass.objects.exists()
    show_who(tab)
    assert tab.post("/intranet/erakorraline/uus/", typed).status_code == 302


def test_who_has_a_passkey_and_no_codes_shows_the_passkey(case, colleague):
    Authenticator.objects.create(
        user=colleague.user, type=Authenticator.Type.WEBAUTHN, data={"name": "võti"}
    )
    page = client_of(colleague.user).get("/intranet/erakorraline/uus/")
    assert page.url.startswith("/konto/kinnita/voti/")


def test_it_is_given_back_by_whoever_took_it_and_by_nobody_else(case, anu, colleague):
    opened = look(case, colleague)
    with pytest.raises(PermissionDenied):
        end_break_glass(opened, by=anu.user)
    assert (
        client_of(anu.user).post(f"/intranet/erakorraline/{opened.pk}/lopeta/").status_code == 404
    )
    tab = client_of(colleague.user)
    assert tab.post(f"/intranet/erakorraline/{opened.pk}/lopeta/").status_code == 302
    assert status(tab, case) == 404


def test_it_ends_with_the_position_that_gave_the_right(case, colleague):
    look(case, colleague)
    tab = client_of(colleague.user)
    holding = colleague.user.holdings.get()
    end_holding(holding, valid_until=timezone.localdate())
    assert status(tab, case) == 404


def test_a_member_with_a_narrow_sight_sees_the_whole_case_for_the_hour(here, anu, case, clock):
    manager = here.worker(Role.CASE_MANAGER)
    join(case, manager, by=anu, role=Role.ADDITIONAL_SUPPORT)
    assert not CasePolicy.allows(manager.user, "see_code", case, NOW.date())
    look(case, manager)
    assert CasePolicy.allows(manager.user, "see_code", case, NOW.date())
    clock.move_to(NOW + dt.timedelta(hours=2))
    assert not CasePolicy.allows(manager.user, "see_code", case, NOW.date())
    assert CasePolicy.allows(manager.user, "view", case, NOW.date())


# --- The queue of those who judge ---------------------------------------------------------------


def test_an_auditor_judges_and_nobody_judges_their_own(here, case, colleague):
    first, second = auditor(), auditor()
    both = here.worker(Role.BASE_SUPPORT, user=first)
    mine = look(case, both)
    theirs = look(case, colleague)
    with pytest.raises(PermissionDenied):
        judge_break_glass(mine, verdict="justified", text="", by=first)
    assert list(BreakGlassPolicy.rows(first, "judge", NOW.date())) == [theirs]
    judge_break_glass(mine, verdict="justified", text="", by=second)
    mine.refresh_from_db()
    assert (mine.verdict, mine.reviewed_by) == ("justified", second)
    with pytest.raises(ValidationError):
        judge_break_glass(mine, verdict="not_justified", text="ikkagi", by=second)


def test_a_no_needs_words(case, colleague):
    opened = look(case, colleague)
    with pytest.raises(ValidationError):
        judge_break_glass(opened, verdict="not_justified", text=" ", by=auditor())


@pytest.mark.parametrize(
    ("who", "expected"),
    [("auditor", 200), ("anu", 404), ("colleague", 404), ("coordinator", 404), ("stranger", 404)],
)
def test_who_finds_the_queue(here, case, anu, colleague, who, expected):
    opened = look(case, colleague)
    people = {
        "auditor": auditor(),
        "anu": anu.user,
        "colleague": colleague.user,
        "coordinator": here.seat("coordinator").user,
        "stranger": UserFactory(),
    }
    tab = client_of(people[who])
    for address in ("/intranet/erakorraline/", f"/intranet/erakorraline/{opened.pk}/"):
        assert tab.get(address).status_code == expected


def test_the_queue_names_no_person_of_a_case_and_shows_what_was_opened(case, colleague):
    opened = look(case, colleague)
    client_of(colleague.user).get(f"/intranet/juhtumid/{case.pk}/")
    tab = client_of(auditor())
    pages = [
        tab.get("/intranet/erakorraline/").content.decode(),
        tab.get("/intranet/erakorraline/?format=csv").content.decode(),
        tab.get(f"/intranet/erakorraline/{opened.pk}/").content.decode(),
    ]
    assert all(case.number in page for page in pages)
    assert not any("Kanaari" in page for page in pages)
    assert "vaatas juhtumit" in pages[2]
    answer = tab.post(f"/intranet/erakorraline/{opened.pk}/", {"verdict": "justified"})
    assert answer.status_code == 302
    assert codes().count("break_glass_judge") == 1


def test_a_look_that_waits_over_a_week_is_overdue(case, colleague, clock):
    look(case, colleague)
    who = auditor()
    clock.move_to(NOW + dt.timedelta(days=8))
    assert "oodanud üle nädala" in client_of(who).get("/intranet/erakorraline/").content.decode()


# --- Help ---------------------------------------------------------------------------------------


def show_who(client):
    """As if the password had been typed this moment."""
    session = client.session
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = session["_auth_user_id"]
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": timezone.now().timestamp()}
    ]
    session.save()


def scrubbed(answer, number, key):
    page = answer.content.decode()
    for value in (number, key, answer.context["form"]["key"].value(), answer.context["csrf_token"]):
        page = page.replace(str(value), "…")
    return page.replace(str(answer.context["csrf_token"]), "…")
