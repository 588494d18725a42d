"""The page of a meeting before, during and after; the list; who may. REG-07, REG-09."""

import pytest
from django.urls import reverse

from tests.meetings.factories import (
    Table,
    gap_item,
    gap_of,
    note_of,
    planned_meeting,
    running_meeting,
    topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    return Table()


def page(client, worker, meeting, **query):
    client.force_login(worker.user)
    return client.get(reverse("meeting_detail", args=[meeting.pk]), query)


def test_smoke(client, table):
    meeting = planned_meeting(table.steering)
    topic(meeting)
    gap_of(table)
    answer = page(client, table.coordinator, meeting)
    assert answer.status_code == 200
    running = running_meeting(table.steering)
    item = gap_item(running, gap_of(table))
    note_of(item, table.coordinator)
    assert page(client, table.coordinator, running, punkt=item.pk).status_code == 200
    assert page(client, table.member, running).status_code == 200
    client.force_login(table.coordinator.user)
    assert client.get(reverse("meeting_list")).status_code == 200
