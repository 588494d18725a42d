"""The case page: each part for whoever sees it, and a 404 for everybody else. CASE-08."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.cases.services.changing import change_case
from network.cases.spine import until_words
from network.services.people import end_holding
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from tests.cases.factories import PERSONAL_CODE, Net, auditor, invite, join, open_case_of
from tests.cases.factories import write_note as note
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NOTICED = "Ei ole nädal aega uksest väljas käinud."


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def anu(here):
    return here.worker()


@pytest.fixture
def case(anu):
    return open_case_of(
        anu,
        last_name="Kask",
        personal_code=PERSONAL_CODE,
        phone="5550 1234",
        address="Kase 3",
        text=NOTICED,
    )


def see(client, user, case):
    client.force_login(user)
    return client.get(reverse("case_detail", args=[case.pk]))


def last_event():
    return AccessEvent.objects.order_by("-sequence").first()


def test_base_support_sees_everything_but_the_code(client, anu, case):
    answer = see(client, anu.user, case)
    for words in ("Mall Kask", case.number, "5550 1234", "Kase 3", NOTICED, anu.position.title):
        assert words in answer.text
    assert PERSONAL_CODE not in answer.text
    assert (last_event().actioncode, last_event().role) == ("case_view", Role.BASE_SUPPORT)
    assert last_event().subjects.get().number == case.number


def test_the_title_and_the_address_name_nobody(client, anu, case):
    answer = see(client, anu.user, case)
    title = re.search("<title>(.*?)</title>", answer.text)[1]
    for words in ("Kask", "Mall", case.number):
        assert words not in title
        assert words not in answer.request["PATH_INFO"]


def test_the_code_is_shown_on_a_click_of_its_own_that_is_logged(client, anu, case):
    client.force_login(anu.user)
    answer = client.post(reverse("case_code", args=[case.pk]))
    assert PERSONAL_CODE in answer.text
    assert last_event().actioncode == "case_code"
    assert answer["Cache-Control"] == "no-store"


def test_a_link_to_the_code_shows_and_logs_nothing(client, anu, case):
    client.force_login(anu.user)
    before = AccessEvent.objects.count()
    answer = client.get(reverse("case_code", args=[case.pk]))
    assert answer["Location"] == reverse("case_detail", args=[case.pk])
    assert AccessEvent.objects.count() == before


def test_an_additional_provider_sees_name_phone_team_and_notes_for_the_team(
    client, here, anu, case
):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    join(case, tiit, by=anu)
    note(case, by=anu, text="Kõigile tiimis.")
    note(case, by=anu, text="Ainult meile kahele.", audience="leads")
    answer = see(client, tiit.user, case)
    for words in ("Mall Kask", "5550 1234", "Kõigile tiimis.", anu.position.title):
        assert words in answer.text
    for words in (NOTICED, "Kase 3", "Ainult meile kahele.", reverse("case_log", args=[case.pk])):
        assert words not in answer.text
    for name in ("case_change", "team_member_invite", "case_log"):
        assert client.get(reverse(name, args=[case.pk])).status_code == 403
    assert client.post(reverse("case_code", args=[case.pk])).status_code == 403


def test_a_partner_sees_what_was_ticked(client, here, anu, case):
    doctor, school = here.worker(Role.PARTNER), here.worker(Role.PARTNER)
    join(case, doctor, by=anu)
    join(case, school, by=anu, parts=["contact", "team"])
    note(case, by=anu, text="Kõigile tiimis.")
    bare = see(client, doctor.user, case).text
    assert case.number in bare
    for words in ("Kask", "M. K.", "5550", NOTICED, "Kõigile tiimis.", here.municipality.name):
        assert words not in bare
    assert anu.position.title not in bare
    more = see(client, school.user, case).text
    for words in ("Mall Kask", "5550 1234", anu.position.title):
        assert words in more
    assert "Kõigile tiimis." not in more


def test_the_lead_of_a_members_organisation_sees_the_outline(client, here, anu, case):
    lead = here.worker(Role.ORGANISATION_LEAD, organisation=anu.organisation)
    note(case, by=anu, text="Kõigile tiimis.")
    answer = see(client, lead.user, case)
    assert answer.status_code == 200
    for words in (case.number, anu.position.title):
        assert words in answer.text
    for words in ("Kask", "Mall", "5550", NOTICED, "Kõigile tiimis.", here.municipality.name):
        assert words not in answer.text
    assert (last_event().role, last_event().receiver) == (
        Role.ORGANISATION_LEAD,
        anu.organisation.name,
    )
    assert client.get(reverse("case_note_list", args=[case.pk])).status_code == 403


def test_nobody_else_knows_that_the_case_is_there(client, here, anu, case):
    there = Net()
    former = here.worker(Role.ADDITIONAL_SUPPORT)
    join(case, former, by=anu)
    end_holding(former.user.holdings.get(), valid_until=timezone.localdate())
    nobodies = [
        here.worker(organisation=anu.organisation).user,
        here.worker(Role.ORGANISATION_LEAD).user,
        here.seat().user,
        here.seat("coordinator").user,
        there.worker().user,
        former.user,
        auditor(),
        UserFactory(is_staff=True, is_superuser=True),
        UserFactory(),
    ]
    pages = set()
    for user in nobodies:
        for pk in (case.pk, uuid.uuid4()):
            client.force_login(user)
            answer = client.get(reverse("case_detail", args=[pk]))
            pages.add((answer.status_code, answer.content))
            event = last_event()
            assert (event.outcome, event.usercode) == ("refused", str(user.pk))
            assert event.subjects.get().subject == str(pk)
            assert event.subjects.get().number == ""
    assert len(pages) == 1
    assert pages.pop()[0] == 404


@pytest.mark.parametrize(
    "name", ["case_detail", "case_change", "team_member_invite", "case_log", "case_note_list"]
)
def test_a_foreign_case_costs_the_same_as_an_unknown_one(client, here, case, name):
    client.force_login(here.worker().user)
    client.get(reverse(name, args=[uuid.uuid4()]))
    statements = []
    for pk in (case.pk, uuid.uuid4()):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name, args=[pk]))
        statements.append(
            [re.sub("'[^']*'|[0-9a-f]{32}|[0-9]+", "", one["sql"]) for one in queries]
        )
    assert statements[0] == statements[1]


def test_whoever_has_not_answered_sees_nothing(client, here, anu, case):
    tiit = here.worker(Role.ADDITIONAL_SUPPORT)
    invite(case, tiit, by=anu)
    assert see(client, tiit.user, case).status_code == 404
    assert tiit.position.title in see(client, anu.user, case).text


def test_a_position_that_ends_closes_the_page_on_the_next_request(client, anu, case):
    assert see(client, anu.user, case).status_code == 200
    end_holding(anu.user.holdings.get(), valid_until=timezone.localdate())
    assert client.get(reverse("case_detail", args=[case.pk])).status_code == 404


def test_a_closed_case_can_be_read_and_not_changed(client, anu, case):
    change_case(
        case,
        state="closed",
        next_review=timezone.localdate(),
        noticing="",
        version=1,
        by=anu.user,
    )
    answer = see(client, anu.user, case)
    assert answer.status_code == 200
    assert reverse("case_note_add", args=[case.pk]) not in answer.text
    assert client.get(reverse("case_change", args=[case.pk])).status_code == 403


def test_how_far_off_a_review_is():
    from datetime import date, timedelta

    day = date(2026, 3, 24)
    said = {until_words(day + timedelta(days=days), day) for days in (-2, -1, 0, 1, 13, 14, 90)}
    assert len(said) == 7
