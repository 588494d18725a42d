"""The desk: what waits for me today."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.access.roles import Role
from portal.audit.models import AccessEvent
from tests.cases.factories import Net, invite, open_case_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return Net()


def in_days(days):
    """Travel so that reviews of cases opened today are that much nearer."""
    moment = timezone.now() + dt.timedelta(days=days)
    return time_machine.travel(moment, tick=True)


def test_the_desk_shows_reviews_of_the_week_and_logs_them_as_a_list(here, client):
    anu = here.worker()
    case, foreign = open_case_of(anu), open_case_of(here.worker())
    with in_days(85):
        client.force_login(anu.user)
        page = client.get(reverse("desk")).text
        event = AccessEvent.objects.order_by("-sequence").first()
    assert reverse("case_change", args=[case.pk]) in page
    assert foreign.number not in page
    assert (event.actioncode, event.subjects.get().number) == ("desk", case.number)


def test_a_desk_without_cases_shows_no_case_and_leaves_no_entry(here, client):
    open_case_of(here.worker())
    for user in (UserFactory(), UserFactory(is_superuser=True, is_staff=True), here.seat().user):
        client.force_login(user)
        before = AccessEvent.objects.count()
        assert client.get(reverse("desk")).status_code == 200
        assert AccessEvent.objects.count() == before


def test_a_review_further_off_does_not_wait_today(here, client):
    anu = here.worker()
    case = open_case_of(anu)
    client.force_login(anu.user)
    assert case.number not in client.get(reverse("desk")).text


def test_an_invitation_says_who_asks_and_not_whom_it_is_about(here, client):
    anu, tiit = here.worker(), here.worker(Role.ADDITIONAL_SUPPORT)
    case = open_case_of(anu, last_name="Kask")
    member = invite(case, tiit, by=anu)
    client.force_login(tiit.user)
    page = client.get(reverse("desk")).text
    assert str(anu.user) in page
    assert reverse("team_member_answer", args=[member.pk]) in page
    for words in ("Kask", case.number):
        assert words not in page


def test_ten_due_cases_cost_as_many_statements_as_one(here, client):
    anu = here.worker()
    open_case_of(anu)
    counts = []
    for more in (0, 9):
        for _ in range(more):
            open_case_of(anu)
        with in_days(85):
            client.force_login(anu.user)
            client.get(reverse("desk"))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("desk"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
