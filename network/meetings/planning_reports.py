"""What the pages about planning show: the dates a series would have, who is asked to a meeting."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from network.meetings import letters
from network.meetings.models import Attendance, Meeting
from network.models import Holding, Position, Seat
from portal.accounts.models import User
from portal.base import mail
from portal.base.models import OutboxItem


@dataclass(frozen=True)
class Asked:
    """One line of the list of those who are asked. Without `position` a guest from outside."""

    position: Position | None
    guest: Attendance | None
    holders: list[User] = field(default_factory=list)

    @property
    def words(self) -> str:
        if self.position is not None:
            return self.position.title
        return self.guest.guest_name if self.guest else ""

    @property
    def readers(self) -> list[User]:
        """Those of the holders who want letters."""
        return [user for user in self.holders if user.letters != User.Letters.NEVER]


@dataclass(frozen=True)
class Posted:
    """What became of the letters about the meeting as it stands now."""

    sent: int
    waiting: int
    failed: int


def asked_to(meeting: Meeting, seats: Any, day: dt.date) -> list[Asked]:
    """Who is asked: `seats` (positions of the group on that day), then guests. Two statements."""
    positions = list(seats.select_related("organisation").order_by("organisation__name", "title"))
    seated = {position.pk for position in positions}
    guests = [
        row
        for row in meeting.attendance.select_related("position__organisation")
        if row.is_guest and row.position_id not in seated
    ]
    asked = [*positions, *(row.position for row in guests if row.position)]
    holders = _holders([position.pk for position in asked], day)
    return [
        *(Asked(position, None, holders.get(position.pk, [])) for position in positions),
        *(Asked(row.position, row, holders.get(row.position_id, [])) for row in guests),
    ]


def _holders(positions: list[Any], day: dt.date) -> dict[Any, list[User]]:
    found: dict[Any, list[User]] = {}
    holdings = Holding.objects.valid_on(day).filter(position_id__in=positions, user__is_active=True)
    for holding in holdings.select_related("user").order_by("user__last_name", "user_id"):
        found.setdefault(holding.position_id, []).append(holding.user)
    return found


def posted(meeting: Meeting) -> Posted:
    """How many letters about the meeting as it is now have gone, wait, or were given up."""
    about = Q()
    for letter in (letters.INVITE, letters.CHANGE, letters.CANCEL):
        about |= Q(key__startswith=f"{letter}:{meeting.pk}:{meeting.calendar_sequence}:")
    rows = OutboxItem.objects.filter(about, kind=mail.KIND)
    states: Mapping[str, int] = dict(
        rows.values_list("state").annotate(n=Count("pk")).values_list("state", "n")
    )
    return Posted(
        sent=states.get(OutboxItem.State.SENT, 0),
        waiting=states.get(OutboxItem.State.PENDING, 0),
        failed=states.get(OutboxItem.State.FAILED, 0),
    )


def seats_of_regions(regions: Any, day: dt.date) -> Any:
    """Positions with a seat in any body of `regions` on `day`: who may take minutes there."""
    seats = Seat.objects.valid_on(day).filter(region__in=regions)
    return (
        Position.objects.filter(pk__in=seats.values("position_id"), is_active=True)
        .select_related("organisation")
        .order_by("organisation__name", "title")
    )
