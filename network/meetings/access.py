"""Which grants the guests of meetings call for."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from network.meetings.models import Attendance
from network.models import Holding


def expected_grants(users: Iterable[Any] | None) -> set[tuple[Any, str, Any]]:
    """Whoever holds the position of a guest today sees that meeting."""
    holdings = Holding.objects.valid_on(timezone.localdate())
    if users is not None:
        holdings = holdings.filter(user_id__in=users)
    by_position: dict[Any, list[Any]] = {}
    for position, user in holdings.values_list("position_id", "user_id"):
        by_position.setdefault(position, []).append(user)
    guests = Attendance.objects.filter(is_guest=True, position_id__in=by_position)
    return {
        (user, "attend_meeting", meeting)
        for position, meeting in guests.values_list("position_id", "meeting_id")
        for user in by_position[position]
    }
