"""How people reach a meeting: as its guests, or by a seat in the group that meets."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.explain import by_position, holdings_between, seat_reaches, steps_of
from network.meetings.models import Attendance, Meeting, MeetingGrant
from network.meetings.policies import MeetingPolicy
from portal.access.reach import Kind, Reach, Thing, register, shared_days
from portal.templatetags.ui import day_time


def meeting_reaches(
    day: dt.date,
    since: dt.date,
    *,
    users: Collection[Any] | None = None,
    things: Collection[Any] | None = None,
) -> Iterator[Reach]:
    """Guests. Of given meetings also the seats of their groups; those of a person stand with
    the region, which opens all meetings of the group at once."""
    yield from _guests(day, since, users, things)
    if things is None:
        return
    for meeting in Meeting.objects.filter(pk__in=things).select_related("group"):
        group = meeting.group
        seats = seat_reaches(
            day,
            since,
            users=users,
            things=[group.region_id],
            bodies=group.bodies,
            needs_grant=False,
        )
        for seat in seats:
            yield Reach(
                seat.user_id,
                meeting.pk,
                seat.steps,
                valid_from=seat.valid_from,
                valid_until=seat.valid_until,
                is_over=seat.is_over,
            )


def _guests(
    day: dt.date, since: dt.date, users: Collection[Any] | None, things: Collection[Any] | None
) -> Iterator[Reach]:
    holders = holdings_between(since, day, users=users)
    guests = Attendance.objects.filter(
        is_guest=True, position_id__in=holders.order_by().values("position_id")
    )
    if things is not None:
        guests = guests.filter(meeting_id__in=things)
    found = list(guests)
    held = by_position(holders.filter(position_id__in={row.position_id for row in found}))
    for row in found:
        for holding in held.get(row.position_id, []):
            if days := shared_days(day, holding):
                yield Reach(
                    holding.user_id,
                    row.meeting_id,
                    (_("guest of the meeting"), *steps_of(holding)),
                    needs_grant=True,
                    **days,
                )


def meeting_names(ids: Collection[Any]) -> dict[Any, Thing]:
    """A meeting by its group and its hour; its title belongs to those who meet."""
    rows = Meeting.objects.filter(pk__in=ids).select_related("group__region")
    return {row.pk: Thing(row.pk, f"{row.group}, {day_time(row.starts_at)}") for row in rows}


MEETING = Kind(
    "meeting",
    gettext_lazy("Meetings as a guest"),
    meeting_reaches,
    meeting_names,
    told={
        "view": gettext_lazy("sees the meeting"),
        "lead": gettext_lazy("prepares and runs it"),
        "write": gettext_lazy("writes the minutes"),
    },
    policy=MeetingPolicy,
    grant=MeetingGrant,
    route="rights_of_meeting",
    is_whole=False,
    order=40,
)


def register_kinds() -> None:
    """Called once, when the app is ready."""
    register(MEETING)
