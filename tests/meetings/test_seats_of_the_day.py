"""Whose seat belongs to a meeting is told by the day of the meeting."""

import datetime as dt

import pytest
from django.utils import timezone

from network.meetings.services.running import list_attendance
from network.meetings.services.seats import list_seats, seat_positions
from network.models import Seat
from tests.meetings.factories import Table, in_days, planned_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def former(table):
    """Somebody whose seat in the steering group ended yesterday."""
    worker = table.seat("steering")
    seats = Seat.objects.filter(position=worker.position)
    seats.update(valid_until=timezone.localdate() - dt.timedelta(days=1))
    return worker


def listed(meeting):
    return set(meeting.attendance.values_list("position_id", flat=True))


def test_a_seat_that_is_over_is_not_put_on_the_list(table, former):
    meeting = planned_meeting(table.steering, starts_at=in_days(3))
    meeting.attendance.all().delete()
    list_attendance(meeting)
    assert table.member.position.pk in listed(meeting)
    assert former.position.pk not in listed(meeting)


def test_a_seat_that_is_over_on_the_day_goes_from_the_list(table, former):
    meeting = planned_meeting(table.steering, starts_at=in_days(3))
    meeting.attendance.update_or_create(position=former.position, defaults={"is_guest": False})
    list_seats(meeting)
    assert former.position.pk not in listed(meeting)
    assert former.position not in seat_positions(table.steering, timezone.localdate())
