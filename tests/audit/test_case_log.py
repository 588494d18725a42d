"""“Who has looked”: for those on the team who see everything, and for nobody else."""

import pytest
from django.urls import reverse

from network.cases.actions import ACTIONS
from network.cases.views import log
from portal.access.roles import Role
from portal.audit.models import AccessEvent
from tests.cases.factories import join, write_note

pytestmark = pytest.mark.django_db


def page(case):
    return reverse("case_log", args=[case.pk])


def test_the_team_sees_who_looked_for_whom_in_which_role_and_what(client, house):
    write_note(house.case, by=house.anu, text="Kanaarilind laulab")
    client.force_login(house.anu.user)
    answer = client.get(page(house.case))
    text = answer.content.decode()
    for word in (house.anu.user.get_full_name(), house.anu.organisation.name, house.case.number):
        assert word in text
    assert "Kanaarilind" not in text
    assert str(ACTIONS["case_note_add"]) in text
    assert str(Role.BASE_SUPPORT.label) in text


def test_looking_at_it_is_an_entry(client, house):
    client.force_login(house.anu.user)
    client.get(page(house.case))
    entry = AccessEvent.objects.order_by("sequence").last()
    assert (entry.actioncode, entry.outcome) == ("case_log", "allowed")
    assert client.get(page(house.case)).context["lines"][0].event == entry


def test_refused_tries_of_others_are_shown_and_other_cases_are_not(client, house):
    client.force_login(house.peeter.user)
    client.get(page(house.case))
    client.force_login(house.anu.user)
    lines = client.get(page(house.case)).context["lines"]
    assert lines[0].event.usercode == str(house.peeter.user.pk)
    assert lines[0].event.outcome == "refused"
    assert all(line.subjects == [house.case.number] for line in lines)


@pytest.mark.parametrize("role", [Role.ADDITIONAL_SUPPORT, Role.PARTNER])
def test_who_does_not_see_everything_is_refused(client, house, role):
    worker = house.here.worker(role)
    join(house.case, worker, by=house.anu)
    client.force_login(worker.user)
    assert client.get(page(house.case)).status_code == 403


def test_a_long_log_is_read_in_pages(client, house, monkeypatch):
    monkeypatch.setattr(log, "PAGE", 2)
    client.force_login(house.anu.user)
    first = client.get(page(house.case))
    rest = client.get(page(house.case), {"before": first.context["older"]})
    numbers = [line.event.sequence for answer in (first, rest) for line in answer.context["lines"]]
    assert len(numbers) == 3
    assert numbers == sorted(numbers, reverse=True)
    assert client.get(page(house.case), {"before": "x'"}).status_code == 200


def test_the_title_of_the_page_names_nobody(client, house):
    client.force_login(house.anu.user)
    head = client.get(page(house.case)).content.decode().split("</title>")[0]
    assert house.case.number not in head
    assert house.anu.user.last_name not in head


def test_alike_looks_of_one_minute_are_one_line(client, house, time_machine):
    time_machine.move_to("2031-03-24 09:00 +0000", tick=False)
    client.force_login(house.anu.user)
    for _ in range(4):
        answer = client.get(page(house.case))
    assert answer.context["alike"][0].n == 3
    assert "3 korda" in answer.text
    time_machine.move_to("2031-03-24 09:01 +0000", tick=False)
    client.get(page(house.case))
    assert [one.n for one in client.get(page(house.case)).context["alike"]][:2] == [1, 4]
