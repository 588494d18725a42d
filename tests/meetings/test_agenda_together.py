"""Several people change one agenda at the same moment."""

import uuid

import pytest
from django.utils import timezone

from network.meetings.models import Meeting
from network.meetings.services.agenda import ItemText, add_gap, add_topic, begin_agenda
from network.meetings.services.ordering import move_item
from network.meetings.services.running import start_meeting
from portal.base.versions import VersionConflict
from tests.base.together import at_once
from tests.meetings.factories import Table, gap_of, in_days, planned_meeting, topic

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


def test_one_gap_becomes_one_item_and_filling_doubles_nothing():
    table = Table()
    meeting, gap, by = planned_meeting(table.steering), gap_of(table), table.coordinator.user
    items = at_once(lambda: add_gap(meeting, gap, by).pk, MANY)
    assert len(set(items)) == 1
    at_once(lambda: begin_agenda(meeting), MANY)
    assert list(meeting.items.values_list("kind", flat=True)) == ["actions", "gap", "next"]


def test_topics_of_many_stand_in_one_order_without_a_hole():
    table = Table()
    meeting, by = planned_meeting(table.steering), table.member.user
    at_once(lambda: add_topic(meeting, ItemText("Buss"), by=by, key=uuid.uuid4()), MANY)
    assert list(meeting.items.values_list("place", flat=True)) == list(range(1, MANY + 3))


def test_of_many_who_move_an_item_one_does_and_the_others_are_told():
    table = Table()
    meeting, by = planned_meeting(table.steering), table.member.user
    item, version = topic(meeting), Meeting.objects.get(pk=meeting.pk).version

    def move() -> bool:
        try:
            move_item(item, "up", version=version, by=by)
        except VersionConflict:
            return False
        return True

    assert sum(at_once(move, MANY)) == 1
    assert list(meeting.items.values_list("kind", flat=True)) == ["actions", "topic", "next"]


def test_a_meeting_begun_by_many_begins_once():
    table = Table()
    meeting, by = planned_meeting(table.steering, starts_at=in_days(0)), table.member.user
    at_once(lambda: start_meeting(meeting, by=by, now=timezone.now()), MANY)
    meeting.refresh_from_db()
    assert meeting.state == "running"
    assert meeting.items.filter(state="now").count() == 1
    assert meeting.attendance.count() == 2
