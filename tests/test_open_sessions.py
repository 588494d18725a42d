"""Whatever ends works on the very next request of a session that is open (rules.md 7)."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from network.cases.models import CaseGrant, TeamMember
from network.cases.services.team import end_membership
from network.meetings.services.feeds import make_feed
from network.models import Holding, RegionMembership
from network.services.joining import leave_region
from network.services.people import close_account, end_holding, start_holding
from portal.access.cms_groups import ensure_cms_groups
from portal.access.roles import Role
from portal.access.services import start_role
from tests.cases.factories import Net, Worker, auditor, join, open_case_of, write_note
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
BEGAN = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
TODAY = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def anu(here) -> Worker:
    return here.worker(Role.BASE_SUPPORT)


@pytest.fixture
def tiit(here) -> Worker:
    return here.worker(Role.ADDITIONAL_SUPPORT)


@pytest.fixture
def case(anu, tiit):
    with time_machine.travel(BEGAN, tick=False):
        case = open_case_of(anu)
        join(case, tiit, by=anu)
        write_note(case, by=anu)
    with time_machine.travel(TODAY, tick=True):
        yield case


@pytest.fixture
def session(tiit):
    """Tiit's open tab."""
    browser = Client()
    browser.force_login(tiit.user)
    return browser


def pages(case):
    return [reverse(name, args=[case.pk]) for name in ("case_detail", "case_note_list")]


def seen_by(session, case):
    """What each page answers; and whether the list and the desk name the case."""
    found = {session.get(page).status_code for page in pages(case)}
    for name in ("case_list", "desk"):
        found.add(case.number in session.get(reverse(name)).content.decode())
    return found


def test_a_member_sees_the_case_until_something_ends(session, case):
    assert {session.get(page).status_code for page in pages(case)} == {200}
    assert case.number in session.get(reverse("case_list")).content.decode()


def test_an_ended_membership(session, case, anu, tiit):
    session.get(pages(case)[0])
    end_membership(TeamMember.objects.get(position=tiit.position), by=anu.user)
    assert seen_by(session, case) == {404, False}
    assert not CaseGrant.objects.filter(user=tiit.user).exists()


def test_a_membership_that_began_today_and_was_taken_back(here, case, anu):
    mari = here.worker(Role.ADDITIONAL_SUPPORT)
    member = join(case, mari, by=anu)
    session = Client()
    session.force_login(mari.user)
    assert session.get(pages(case)[0]).status_code == 200
    end_membership(member, by=anu.user)
    assert seen_by(session, case) == {404, False}


def test_an_ended_position(session, case, tiit):
    session.get(pages(case)[0])
    end_holding(Holding.objects.get(user=tiit.user), valid_until=TODAY.date())
    assert seen_by(session, case) == {404, False}


def test_a_form_that_was_open_writes_nothing_any_more(session, case, tiit):
    address = reverse("case_note_add", args=[case.pk])
    assert session.get(address).status_code == 200
    end_holding(Holding.objects.get(user=tiit.user), valid_until=TODAY.date())
    before = case.notes.count()
    assert session.post(address, {"text": "Veel üks"}).status_code == 404
    assert case.notes.count() == before


def test_a_holding_with_a_last_day_ends_by_itself_with_no_job(session, case, tiit):
    end_holding(Holding.objects.get(user=tiit.user), valid_until=TODAY.date() + dt.timedelta(1))
    assert session.get(pages(case)[0]).status_code == 200
    with time_machine.travel(TODAY + dt.timedelta(hours=16), tick=False):  # past midnight here
        session.force_login(tiit.user)
        assert seen_by(session, case) == {404, False}


def test_a_partner_sees_the_case_until_the_day_that_was_set(here, case, anu):
    doctor = here.worker(Role.PARTNER)
    join(case, doctor, by=anu, valid_until=TODAY.date() + dt.timedelta(days=7))
    session = Client()
    for days, wanted in ((6, 200), (7, 404)):
        with time_machine.travel(TODAY + dt.timedelta(days=days), tick=False):
            session.force_login(doctor.user)
            assert session.get(pages(case)[0]).status_code == wanted


def test_a_closed_account(session, case, tiit):
    session.get(pages(case)[0])
    close_account(tiit.user)
    answer = session.get(pages(case)[0])
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_position_that_passes_on_takes_its_cases_along(session, case, tiit):
    mari, second = UserFactory(), Client()
    second.force_login(mari)
    assert second.get(pages(case)[0]).status_code == 404
    end_holding(Holding.objects.get(user=tiit.user), valid_until=TODAY.date())
    start_holding(position=tiit.position, user=mari, valid_from=TODAY.date())
    assert {second.get(page).status_code for page in pages(case)} == {200}
    assert session.get(pages(case)[0]).status_code == 404


def test_a_leader_who_stops_leading(here, case, anu):
    lead = here.worker(Role.ORGANISATION_LEAD, organisation=anu.organisation)
    session = Client()
    session.force_login(lead.user)
    assert session.get(pages(case)[0]).status_code == 200
    assert case.number in session.get(reverse("case_list")).content.decode()
    end_holding(Holding.objects.get(user=lead.user), valid_until=TODAY.date())
    assert seen_by(session, case) == {404, False}


def test_a_leader_whose_worker_leaves_the_team(here, case, anu, tiit):
    lead = here.worker(Role.ORGANISATION_LEAD, organisation=tiit.organisation)
    session = Client()
    session.force_login(lead.user)
    assert session.get(pages(case)[0]).status_code == 200
    end_membership(TeamMember.objects.get(position=tiit.position), by=anu.user)
    assert seen_by(session, case) == {404, False}


def test_an_auditor_whose_role_ends(case):
    user = auditor()
    session = Client()
    session.force_login(user)
    assert session.get(reverse("audit_event_list")).status_code == 200
    user.portal_roles.update(valid_until=TODAY.date())
    assert session.get(reverse("audit_event_list")).status_code == 404


def test_a_grant_that_was_left_over_opens_nothing(session, case, tiit):
    """Grant, membership and holding are all asked at each request."""
    TeamMember.objects.filter(position=tiit.position).update(valid_until=TODAY.date())
    assert CaseGrant.objects.filter(user=tiit.user, content_object=case).exists()
    assert seen_by(session, case) == {404, False}


def test_a_membership_without_its_grant_opens_nothing(session, case, tiit):
    CaseGrant.objects.filter(user=tiit.user).delete()
    assert session.get(pages(case)[0]).status_code == 404


def test_a_closed_account_loses_tab_download_calendar_link_and_invitation(here, case, anu, tiit):
    """Everything that could still be opened: asked before and right after."""
    token = make_feed(by=tiit.user, key=uuid.uuid4())
    feed, download = reverse("calendar_ics", args=[token]), reverse("action_export")
    tab, anybody = Client(), Client()
    tab.force_login(tiit.user)
    assert tab.get(download).status_code == anybody.get(feed).status_code == 200
    lead = here.worker(Role.ORGANISATION_LEAD, organisation=tiit.organisation)
    boss = Client()
    boss.force_login(lead.user)
    answer = boss.post(reverse("account_close", args=[tiit.user.pk]), {"key": str(uuid.uuid4())})
    assert answer.status_code == 302
    assert tab.get(download).status_code == tab.get(pages(case)[0]).status_code == 302
    assert anybody.get(feed).status_code == 404
    assert not Holding.objects.filter(user=tiit.user, valid_until__isnull=True).exists()
    assert not CaseGrant.objects.filter(user=tiit.user).exists()


def test_whoever_is_let_in_again_after_a_closed_account_begins_with_nothing(case, tiit):
    tiit.user.groups.set(ensure_cms_groups().values())
    start_role(tiit.user, Role.AUDITOR, valid_from=BEGAN.date())
    close_account(tiit.user)
    tiit.user.is_active = True
    tiit.user.save()
    session = Client()
    session.force_login(tiit.user)
    assert seen_by(session, case) == {404, False}
    assert session.get(reverse("audit_event_list")).status_code == 404
    assert not tiit.user.groups.exists()


def test_a_stand_in_that_has_ended(here, case, tiit):
    mari, session = here.worker(Role.PARTNER), Client()
    stand_in = start_holding(
        position=tiit.position,
        user=mari.user,
        valid_from=TODAY.date() - dt.timedelta(3),
        valid_until=TODAY.date() + dt.timedelta(5),
        kind=Holding.Kind.STAND_IN,
    )
    session.force_login(mari.user)
    assert session.get(pages(case)[0]).status_code == 200
    end_holding(stand_in, valid_until=TODAY.date())
    assert seen_by(session, case) == {404, False}


def test_an_organisation_that_has_left_the_region(here, session, case, tiit):
    coordinator = here.seat("coordinator")
    assert session.get(pages(case)[0]).status_code == 200
    membership = RegionMembership.objects.get(organisation=tiit.organisation)
    leave_region(membership, by=coordinator.user, key=uuid.uuid4())
    assert seen_by(session, case) == {404, False}
