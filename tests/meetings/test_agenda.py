"""The agenda fills itself, takes gaps and topics, and is put in order. REG-09."""

import pytest

from network.meetings.services.agenda import add_gap, begin_agenda
from tests.meetings.factories import Table, ended_meeting, gap_of, planned_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    return Table()


def kinds(meeting):
    return list(meeting.items.values_list("kind", flat=True))


def test_an_agenda_fills_itself_and_filling_again_changes_nothing(table):
    meeting = planned_meeting(table.steering)
    assert kinds(meeting) == ["actions", "next"]
    begin_agenda(meeting)
    assert kinds(meeting) == ["actions", "next"]


def test_the_last_minutes_are_approved_first(table):
    last = ended_meeting(table.steering)
    meeting = planned_meeting(table.steering)
    assert kinds(meeting) == ["minutes", "actions", "next"]
    assert meeting.items.first().about == last


def test_a_gap_stands_before_the_next_meeting_and_once(table):
    meeting, gap = planned_meeting(table.steering), gap_of(table)
    first = add_gap(meeting, gap, table.coordinator.user)
    assert add_gap(meeting, gap, table.member.user) == first
    assert kinds(meeting) == ["actions", "gap", "next"]
    gap.refresh_from_db()
    assert gap.state == "agenda"
