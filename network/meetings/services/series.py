"""Meetings that repeat: a series makes its next meetings ahead of time. REG-09."""

import datetime as dt
import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network.meetings.agenda_reports import next_meeting_after
from network.meetings.models import AgendaItem, Meeting, Series
from network.meetings.policies import SeriesPolicy
from network.meetings.schedule import (
    ZONE,
    Coming,
    Repeat,
    clock_sentence,
    coming,
    first_trouble,
    moment_of,
    next_dates,
)
from network.meetings.services.agenda import begin_agenda
from network.meetings.services.planning import call_off, led_group
from network.models import Region
from portal.accounts.models import User
from portal.base.idempotency import once
from portal.base.versions import VersionConflict, save_versioned

logger = logging.getLogger(__name__)

# So far ahead meetings are made, and never fewer than so many of a series.
AHEAD = dt.timedelta(days=100)
AT_LEAST = 2
# Whatever the rule: nobody plans more than this.
AT_MOST = 60
DAILY = dt.timedelta(days=1)
# Items that an agenda gets by itself: nobody's work is lost with them.
BY_ITSELF = (AgendaItem.Kind.MINUTES, AgendaItem.Kind.ACTIONS, AgendaItem.Kind.NEXT)


@dataclass(frozen=True)
class SeriesPlan:
    """What repeats, as somebody planned it. `starts_on` is the day from which it may begin."""

    repeat: Repeat
    starts_on: dt.date
    starts_at: dt.time
    minutes: int
    title: str = ""
    place: str = ""
    link: str = ""
    is_active: bool = True


@dataclass(frozen=True)
class Change:
    """What a changed series did to its meetings."""

    series: Series
    made: int
    moved: int
    removed: int


def first_dates(plan: SeriesPlan, n: int, day: dt.date) -> list[Coming]:
    """The next dates that `plan` gives from `day` on. Raises ValidationError with the field.

    The first day that fits is the beginning; every second week is counted from there.
    """
    first = plan.repeat.first_day(plan.starts_on)
    if first is None:
        raise ValidationError({_wrong_in(plan): _why_never(plan)})
    trouble = first_trouble(plan.repeat, first, plan.starts_at, ZONE, max(day, first))
    if trouble:
        raise ValidationError({"starts_at": clock_sentence(trouble.day, trouble.clock)})
    found = coming(plan.repeat, first, plan.starts_at, ZONE, n, day)
    if not found:
        raise ValidationError(
            {_wrong_in(plan): _("All days of this series are over. Let it go on for longer.")}
        )
    return found


@transaction.atomic
def add_series(plan: SeriesPlan, *, region: Region, body: str, by: User, key: uuid.UUID) -> Series:
    """Meetings of a group repeat from now on; the next ones are made at once, nobody is invited.

    Raises PermissionDenied, ValidationError.
    """
    day = timezone.localdate()
    group = led_group(region, body, by=by, day=day)
    with once(key, purpose="series_add", by=str(by.pk)) as attempt:
        if attempt.is_first:
            first_dates(plan, 1, day)
            series = Series(group=group)
            _fill(series, plan)
            series.full_clean(exclude=["group"])
            series.save()
            plan_ahead(series, day)
            attempt.result = str(series.pk)
    return Series.objects.get(pk=attempt.result)


@transaction.atomic
def change_series(
    series: Series, plan: SeriesPlan, *, version: int, by: User, key: uuid.UUID
) -> Change:
    """Change what repeats. Meetings that are over, invited or moved by hand stay as they are.

    The others move to the new dates one after the other and keep their agendas; those that the
    new rule has no date for are gone. Raises PermissionDenied, ValidationError, VersionConflict.
    """
    day = timezone.localdate()
    if not SeriesPolicy.allows(by, "lead", series, day):
        raise PermissionDenied
    with once(key, purpose="series_change", by=str(by.pk)) as attempt:
        if not attempt.is_first:
            made, moved, removed = (int(n) for n in attempt.result.split())
            return Change(series, made, moved, removed)
        row = Series.objects.select_for_update().get(pk=series.pk)
        if row.version != version:
            raise VersionConflict(row)
        if plan.is_active:
            first_dates(plan, 1, day)
        free = list(untouched(row))
        _fill(row, plan)
        row.full_clean(exclude=["group"])
        save_versioned(row, version, _FIELDS)
        moved, removed = _replan(row, free, day)
        made = len(plan_ahead(row, day))
        attempt.result = f"{made} {moved} {removed}"
        return Change(row, made, moved, removed)


@transaction.atomic
def plan_ahead(series: Series, day: dt.date) -> list[Meeting]:
    """Make the meetings of `series` that are due to be there on `day`; again makes none."""
    row = Series.objects.select_for_update().select_related("group").get(pk=series.pk)
    made = []
    for one in _open_dates(row, day):
        meeting = Meeting(group=row.group, series=row, series_day=one.day)
        _place(meeting, row, one.day)
        meeting.full_clean(exclude=["group", "series"])
        meeting.save()
        begin_agenda(meeting)
        made.append(meeting)
    return made


def plan_all(now: dt.datetime) -> None:
    """Once a day: every series that goes on makes its next meetings."""
    day = timezone.localdate(now)
    for series in Series.objects.filter(is_active=True):
        try:
            plan_ahead(series, day)
        except (ValueError, ValidationError):
            # One that cannot be read must not keep the others from their meetings.
            logger.exception("series %s", series.pk)


def untouched(series: Series) -> QuerySet[Meeting]:
    """Meetings to come that stand where the series put them, and that nobody knows of yet."""
    now = timezone.now()
    rows = series.meetings.filter(
        state=Meeting.State.PLANNED,
        invited_at__isnull=True,
        starts_at__gt=now,
        minutes=series.minutes,
        place=series.place,
        link=series.link,
    ).exclude(series_day=None)
    planned = [
        row.pk
        for row in rows
        if row.series_day
        and row.starts_at == moment_of(row.series_day, series.starts_at, series.zone)
    ]
    return series.meetings.filter(pk__in=planned).order_by("starts_at")


def _open_dates(series: Series, day: dt.date) -> list[Coming]:
    """The dates up to the horizon on which `series` has no meeting yet.

    A meeting that was moved, or made under an earlier rule, takes the place of the date nearest
    to it: two meetings in one week would be one too many.
    """
    if not series.is_active:
        return []
    dates = next_dates(series, AT_MOST, day)
    due = [one for one in dates if one.day <= day + AHEAD]
    due = due if len(due) >= AT_LEAST else dates[:AT_LEAST]
    days = [one.day for one in dates]
    gaps = [(later - earlier).days for earlier, later in zip(days, days[1:], strict=False)]
    period = min(gaps, default=1)
    had = series.meetings.values_list("series_day", flat=True)
    taken = [day for day in had if day is not None]
    return [one for one in due if all(abs((one.day - there).days) * 2 >= period for there in taken)]


def _replan(series: Series, free: list[Meeting], day: dt.date) -> tuple[int, int]:
    """Move `free` to the open dates of the changed series; return how many moved and went."""
    pks = [meeting.pk for meeting in free]
    # First out of the way of each other: a day of a series is there once.
    series.meetings.filter(pk__in=pks).update(series_day=None)
    dates = _open_dates(series, day)
    moved = 0
    for meeting, one in zip(free, dates, strict=False):
        before = (meeting.starts_at, meeting.minutes, meeting.place, meeting.link)
        _place(meeting, series, one.day)
        moved += before != (meeting.starts_at, meeting.minutes, meeting.place, meeting.link)
        save_versioned(
            meeting,
            meeting.version,
            ["series_day", "title", "starts_at", "minutes", "place", "link"],
        )
    left = free[len(dates) :]
    _let_go(left)
    return moved, len(left)


def _let_go(meetings: Iterable[Meeting]) -> None:
    """Meetings without a date: gone if only the portal worked on them, else cancelled."""
    for meeting in meetings:
        meeting.series_day = None
        if meeting.items.exclude(kind__in=BY_ITSELF).exists() or meeting.attendance.exists():
            call_off(meeting)
            continue
        following = next_meeting_after(meeting)
        meeting.items.all().delete()
        meeting.delete()
        if following:
            begin_agenda(following)


def _place(meeting: Meeting, series: Series, day: dt.date) -> None:
    meeting.series_day = day
    meeting.title = series.title
    meeting.starts_at = moment_of(day, series.starts_at, series.zone)
    meeting.minutes, meeting.place, meeting.link = series.minutes, series.place, series.link


_FIELDS = ["title", "rule", "starts_on", "starts_at", "minutes", "place", "link", "is_active"]


def _fill(series: Series, plan: SeriesPlan) -> None:
    series.rule = plan.repeat.rule
    series.starts_on = plan.repeat.first_day(plan.starts_on) or plan.starts_on
    series.starts_at, series.minutes = plan.starts_at, plan.minutes
    series.title, series.place, series.link = plan.title, plan.place, plan.link
    series.is_active = plan.is_active


def _wrong_in(plan: SeriesPlan) -> str:
    """The field that has to change so that a rule has days."""
    if plan.repeat.times is not None:
        return "times"
    if plan.repeat.until:
        return "until"
    return "month_day" if plan.repeat.month_day else "starts_on"


def _why_never(plan: SeriesPlan) -> str:
    repeat = plan.repeat
    if repeat.times is not None and repeat.times < 1:
        return _("A series has at least one meeting. Write a number from 1 up, or leave it empty.")
    if repeat.until and repeat.until < plan.starts_on:
        return _("The last day is before the first. Write a later last day.")
    if repeat.until:
        first = Repeat(**{**vars(repeat), "until": None}).first_day(plan.starts_on)
        if first:
            return _(
                "No meeting would take place: the first day that fits is %(day)s. "
                "Write a later last day."
            ) % {"day": f"{first:%d.%m.%Y}"}
    return _(
        "No meeting would ever take place: the months chosen have no such day. "
        "Choose another day or another month."
    )
