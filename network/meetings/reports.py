"""Meetings as people read them: the list, who was there, the next one on the desk. REG-07."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network.meetings.models import Attendance, Group, Meeting, Series
from network.models import Holding, Position, Seat
from portal.templatetags.ui import day as day_in_words

PAGE_SIZE = 20
MOST_WORDS = 6
DATES_SHOWN = 5
# What the filter calls a state: the states behind it.
STATES = {
    "coming": ("planned", "running"),
    "held": ("ended", "approved"),
    "to_approve": ("ended",),
    "cancelled": ("cancelled",),
}
ORDERS = {"new": ("-starts_at", "pk"), "old": ("starts_at", "pk")}


@dataclass(frozen=True)
class MeetingChoice:
    """What the list shows. `state`: a key of STATES or "" for all."""

    words: str = ""
    group: uuid.UUID | None = None
    state: str = ""
    sort: str = "new"

    @property
    def is_any(self) -> bool:
        return bool(self.words or self.group or self.state)


@dataclass(frozen=True)
class AttendanceRow:
    """A position, or a guest by name, and whether they came."""

    row: Attendance
    who: str
    where: str


@dataclass(frozen=True)
class AttendanceTable:
    rows: list[AttendanceRow]

    @property
    def present(self) -> int:
        return sum(one.row.status == Attendance.Status.PRESENT for one in self.rows)

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def unknown(self) -> int:
        return sum(one.row.status == Attendance.Status.UNKNOWN for one in self.rows)


def with_words(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """With everything that a row of a list says, in one statement."""
    return meetings.select_related("group__region").annotate(
        decisions=Count("items__decisions", distinct=True),
        actions=Count("items__made_actions", distinct=True),
    )


def chosen_meetings(visible: QuerySet[Meeting], choice: MeetingChoice) -> QuerySet[Meeting]:
    """Those of `visible` that are asked for, in the order asked for."""
    meetings = visible.filter(_has_words(choice.words))
    if choice.group:
        meetings = meetings.filter(group_id=choice.group)
    if choice.state:
        meetings = meetings.filter(state__in=STATES[choice.state])
    # Asked by id, so that the rows of the words are not counted as decisions twice.
    found = Meeting.objects.filter(pk__in=meetings.order_by().values("pk"))
    return with_words(found).order_by(*ORDERS[choice.sort])


def _has_words(words: str) -> Q:
    """Every word stands in title, place or agenda. SQLite knows no capital õ: both are asked."""
    wanted = Q()
    for word in words.split()[:MOST_WORDS]:
        somewhere = Q()
        for form in sorted({word, word.lower(), word.capitalize(), word.upper()}):
            somewhere |= Q(title__icontains=form) | Q(place__icontains=form)
            somewhere |= Q(items__title__icontains=form)
        wanted &= somewhere
    return wanted


def next_meeting(visible: QuerySet[Meeting], now: dt.datetime) -> Meeting | None:
    """Of `visible` (the policy's rows for "view") the one that runs, or comes next.

    A meeting whose hour is past and that nobody has begun stays until the end of its day.
    """
    began = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    coming = Meeting.objects.filter(pk__in=visible.order_by().values("pk")).coming(began)
    return coming.select_related("group__region").first()


def attendance_of(meeting: Meeting) -> AttendanceTable:
    """Everybody on the list of `meeting`, members before guests."""
    rows = meeting.attendance.select_related("position__organisation").order_by(
        "is_guest", "position__organisation__name", "position__title", "guest_name", "pk"
    )
    day = timezone.localdate(meeting.starts_at)
    names: dict[Any, list[str]] = {}
    for holding in _holders_on(day).filter(position__in=meeting.attendance.values("position_id")):
        names.setdefault(holding.position_id, []).append(str(holding.user))
    return AttendanceTable([_attendance_row(row, names) for row in rows])


def _holders_on(day: dt.date) -> QuerySet[Holding]:
    return Holding.objects.valid_on(day).filter(user__is_active=True).select_related("user")


def _attendance_row(row: Attendance, names: dict[Any, list[str]]) -> AttendanceRow:
    if row.position is None:
        return AttendanceRow(row, row.guest_name, "")
    where = [row.position.organisation.name, *names.get(row.position_id, [])]
    return AttendanceRow(row, row.position.title, " · ".join(where))


def members_of(group: Group, day: dt.date) -> list[Position]:
    """The positions with a seat in `group` on `day`; `holders` are who holds each."""
    seats = Seat.objects.valid_on(day).filter(region=group.region_id, body__in=group.bodies)
    return list(
        Position.objects.filter(is_active=True, pk__in=seats.values("position_id"))
        .select_related("organisation")
        .prefetch_related(Prefetch("holdings", _holders_on(day), to_attr="holders"))
        .order_by("organisation__name", "title", "pk")
    )


def owners_for(meeting: Meeting, user: Any, day: dt.date, *, only_own: bool) -> list[Position]:
    """The positions that may introduce an item: members and guests; of a member only their own."""
    seats = Seat.objects.valid_on(day).filter(
        region=meeting.group.region_id, body__in=meeting.group.bodies
    )
    guests = meeting.attendance.filter(position__isnull=False)
    positions = Position.objects.filter(
        Q(pk__in=seats.values("position_id")) | Q(pk__in=guests.values("position_id")),
        is_active=True,
    )
    if only_own:
        held = Holding.objects.valid_on(day).filter(user_id=user.pk)
        positions = positions.filter(pk__in=held.values("position_id"))
    return list(positions.select_related("organisation").order_by("organisation__name", "title"))


def running_series(visible: QuerySet[Series]) -> list[Series]:
    """The series that go on."""
    rows = visible.filter(is_active=True).select_related("group__region")
    return list(rows.order_by("group__region__name", "group__body", "starts_on", "pk"))


def meeting_heading() -> list[str]:
    return [
        _("Day"),
        _("Begins"),
        _("Minutes of time"),
        _("Group"),
        _("Name"),
        _("Where"),
        _("State"),
        _("Decisions"),
        _("Actions"),
    ]


def meeting_table(meetings: Iterable[Any]) -> Iterator[list[Any]]:
    """One line for each meeting, for a spreadsheet."""
    for meeting in meetings:
        begins = timezone.localtime(meeting.starts_at)
        yield [
            day_in_words(begins),
            f"{begins:%H:%M}",
            meeting.minutes,
            meeting.group,
            meeting.title,
            meeting.place,
            meeting.get_state_display(),
            meeting.decisions,
            meeting.actions,
        ]
