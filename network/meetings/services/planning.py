"""When a meeting is: planning one, moving it, calling it off. REG-09."""

import datetime as dt
import uuid
from dataclasses import dataclass, fields

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.meetings import letters
from network.meetings.agenda_reports import next_meeting_after
from network.meetings.models import Group, Meeting
from network.meetings.policies import MeetingPolicy
from network.meetings.services.agenda import begin_agenda, locked
from network.meetings.services.running import release_gaps
from network.meetings.services.seats import list_seats, seat_positions
from network.models import Position, Region
from network.policies import RegionPolicy
from portal.accounts.models import User
from portal.base.idempotency import once
from portal.base.versions import VersionConflict, save_versioned

# What the calendars of the invited must learn of.
TOLD = frozenset({"starts_at", "minutes", "place", "link"})


@dataclass(frozen=True)
class MeetingPlan:
    """When and where, as somebody planned it; the names are those of `Meeting`."""

    starts_at: dt.datetime
    minutes: int
    title: str = ""
    place: str = ""
    link: str = ""
    minutes_taker: Position | None = None


def led_group(region: Region, body: str, *, by: User, day: dt.date) -> Group:
    """The group of `region` that `by` leads, made when it first meets. Raises PermissionDenied."""
    if not RegionPolicy.allows(by, "lead", region, day) or body not in Group.Body.values:
        raise PermissionDenied
    return Group.objects.get_or_create(region=region, body=body)[0]


@transaction.atomic
def add_meeting(
    plan: MeetingPlan, *, region: Region, body: str, by: User, key: uuid.UUID
) -> Meeting:
    """Plan a meeting of a group, with the agenda that fills itself. Nobody is invited yet.

    Raises PermissionDenied, ValidationError.
    """
    group = led_group(region, body, by=by, day=timezone.localdate())
    with once(key, purpose="meeting_add", by=str(by.pk)) as attempt:
        if attempt.is_first:
            meeting = Meeting(group=group, **_values(plan))
            _check(meeting)
            meeting.save()
            begin_agenda(meeting)
            attempt.result = str(meeting.pk)
    return Meeting.objects.get(pk=attempt.result)


@transaction.atomic
def change_meeting(
    meeting: Meeting, plan: MeetingPlan, *, version: int, by: User, key: uuid.UUID
) -> Meeting:
    """Change when and where. Whoever was invited hears of it, and so does their calendar.

    Raises PermissionDenied, ValidationError, VersionConflict.
    """
    _check_leads(meeting, by)
    with once(key, purpose="meeting_change", by=str(by.pk)) as attempt:
        if attempt.is_first:
            row = locked(meeting)
            _check_planned(row, version)
            values = _values(plan)
            changed = {name for name, value in values.items() if getattr(row, name) != value}
            for name, value in values.items():
                setattr(row, name, value)
            _check(row)
            is_told = bool(row.invited_at and changed & TOLD)
            row.calendar_sequence += int(is_told)
            save_versioned(row, version, [*values, "calendar_sequence"])
            if is_told:
                list_seats(row)
                day = timezone.localdate()
                letters.tell(letters.CHANGE, row, letters.invited(row, day))
            attempt.result = str(row.pk)
    return Meeting.objects.get(pk=attempt.result)


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, version: int, by: User, key: uuid.UUID) -> Meeting:
    """Call a planned meeting off. Its gaps wait for another; whoever was invited hears of it.

    Raises PermissionDenied, ValidationError, VersionConflict.
    """
    _check_leads(meeting, by)
    with once(key, purpose="meeting_cancel", by=str(by.pk)) as attempt:
        if attempt.is_first:
            row = locked(meeting)
            _check_planned(row, version)
            call_off(row)
            if row.invited_at:
                day = timezone.localdate()
                letters.tell(letters.CANCEL, row, letters.invited(row, day))
            attempt.result = str(row.pk)
    return Meeting.objects.get(pk=attempt.result)


def call_off(meeting: Meeting) -> None:
    """The meeting, under lock, is off: what waited for it waits for the next one."""
    meeting.state = Meeting.State.CANCELLED
    # Calendars take a cancellation only with a later number (RFC 5546, 2.1.4).
    meeting.calendar_sequence += 1
    save_versioned(meeting, meeting.version, ["state", "calendar_sequence"])
    release_gaps(meeting)
    following = next_meeting_after(meeting)
    if following:
        # The minutes that were to be approved here are approved there.
        begin_agenda(following)


def _values(plan: MeetingPlan) -> dict[str, object]:
    return {field.name: getattr(plan, field.name) for field in fields(plan)}


def _check(meeting: Meeting) -> None:
    """Raise ValidationError with the field; whoever takes the minutes has a seat in the group."""
    taker = meeting.minutes_taker
    day = timezone.localdate(meeting.starts_at)
    if taker is not None and taker not in seat_positions(meeting.group, day):
        raise ValidationError(
            {"minutes_taker": _("Choose a position that has a seat in this group on that day.")}
        )
    meeting.full_clean(exclude=["group", "series"])


def _check_leads(meeting: Meeting, by: User) -> None:
    if not MeetingPolicy.allows(by, "lead", meeting, timezone.localdate()):
        raise PermissionDenied


def _check_planned(meeting: Meeting, version: int) -> None:
    if meeting.state != Meeting.State.PLANNED:
        raise ValidationError(
            _("This meeting is %(state)s: its time and place cannot be changed any more.")
            % {"state": meeting.get_state_display()}
        )
    if meeting.version != version:
        raise VersionConflict(meeting)
