"""Whose seat belongs to a meeting: the list of those who are asked to it."""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from network.meetings.models import Attendance, Group, Meeting
from network.meetings.services.running import list_attendance
from network.models import Position, Seat
from network.services.people import sync_position


def seat_positions(group: Group, day: dt.date) -> QuerySet[Position]:
    """The positions with a seat in `group` on `day`."""
    seats = Seat.objects.valid_on(day).filter(region=group.region_id, body__in=group.bodies)
    return Position.objects.filter(pk__in=seats.values("position_id"), is_active=True)


def list_seats(meeting: Meeting) -> None:
    """Bring the list of attendance in step with the seats of the meeting's day.

    What was said about somebody's coming stays, and so do guests; a guest who has a seat by now
    is a member. Runs in the transaction of the caller, which holds the meeting.
    """
    positions = seat_positions(meeting.group, timezone.localdate(meeting.starts_at))
    list_attendance(meeting)
    members = meeting.attendance.filter(is_guest=False, status=Attendance.Status.UNKNOWN)
    members.exclude(position__in=positions).delete()
    for row in meeting.attendance.filter(position__in=positions, is_guest=True):
        meeting.attendance.filter(pk=row.pk).update(is_guest=False)
        if row.position:
            sync_position(row.position)
