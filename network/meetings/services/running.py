"""A meeting from its beginning to its end: items one by one, notes, who was there. REG-07."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.meetings.agenda_reports import next_meeting_after, open_items
from network.meetings.models import AgendaItem, Attendance, Meeting, MeetingNote
from network.meetings.outcome_letters import send_actions
from network.meetings.policies import MeetingPolicy
from network.meetings.services.agenda import begin_agenda, check_words, locked
from network.meetings.services.ordering import has_outcome
from network.models import Gap, Seat
from network.services.gaps import take_off_agenda
from portal.accounts.models import User
from portal.base.idempotency import once
from portal.base.versions import VersionConflict, save_versioned

State = AgendaItem.State
# While one of these, minutes are written.
WRITTEN = (Meeting.State.RUNNING, Meeting.State.ENDED)


@transaction.atomic
def start_meeting(meeting: Meeting, *, by: User, now: dt.datetime) -> Meeting:
    """It begins: the first item is taken up, everybody with a seat is on the list of attendance.

    One that runs already stays as it is. Raises PermissionDenied, or ValidationError before its
    day and after its end.
    """
    _check(by, "lead", meeting)
    meeting = locked(meeting)
    if meeting.state == Meeting.State.RUNNING:
        return meeting
    if meeting.state != Meeting.State.PLANNED:
        raise ValidationError(_("This meeting is over or cancelled: it cannot begin."))
    if timezone.localdate(meeting.starts_at) > timezone.localdate(now):
        raise ValidationError(
            _("This meeting is on another day. Move it first if it takes place today.")
        )
    begin_agenda(meeting)
    list_attendance(meeting)
    meeting.refresh_from_db()
    meeting.state, meeting.started_at = Meeting.State.RUNNING, now
    save_versioned(meeting, meeting.version, ["state", "started_at"])
    first = meeting.items.filter(state=State.WAITING).first()
    if first:
        _set_state(first, State.NOW)
    return meeting


@transaction.atomic
def end_meeting(meeting: Meeting, *, by: User, now: dt.datetime) -> Meeting:
    """It is over: the minutes wait for approval, gaps without a decision wait again.

    One that is over stays as it is. Raises PermissionDenied, or ValidationError before it began.
    """
    _check(by, "lead", meeting)
    meeting = locked(meeting)
    if meeting.state in (Meeting.State.ENDED, Meeting.State.APPROVED):
        return meeting
    if meeting.state != Meeting.State.RUNNING:
        raise ValidationError(_("This meeting has not begun."))
    for item in meeting.items.filter(state__in=(State.NOW, State.WAITING)):
        # What a decision or a note stands under was talked about, whoever marked it or not.
        _set_state(item, State.DONE if has_outcome(item) else State.WAITING)
    meeting.state, meeting.ended_at = Meeting.State.ENDED, now
    save_versioned(meeting, meeting.version, ["state", "ended_at"])
    release_gaps(meeting)
    send_actions(meeting, timezone.localdate(now))
    following = next_meeting_after(meeting)
    if following:
        begin_agenda(following)
    return meeting


def release_gaps(meeting: Meeting) -> None:
    """Gaps of a meeting that is over or cancelled wait again, unless another one has them."""
    for gap in Gap.objects.filter(agenda_items__meeting=meeting, state=Gap.State.AGENDA):
        if not open_items().filter(gap=gap).exists():
            take_off_agenda(gap)


@transaction.atomic
def finish_item(item: AgendaItem, *, by: User) -> AgendaItem | None:
    """It is done; gives the next one that waits, which is now taken up."""
    meeting = _recorded(item.meeting, by, (Meeting.State.RUNNING,))
    item = meeting.items.get(pk=item.pk)
    if item.state in (State.WAITING, State.NOW):
        _set_state(item, State.DONE)
    waiting = meeting.items.filter(state__in=(State.WAITING, State.NOW))
    following = waiting.filter(place__gt=item.place).first() or waiting.first()
    if following:
        _only_now(following)
    return following


@transaction.atomic
def take_item(item: AgendaItem, *, by: User) -> AgendaItem:
    """Talk about this one now, out of order or once more."""
    meeting = _recorded(item.meeting, by, (Meeting.State.RUNNING,))
    item = meeting.items.get(pk=item.pk)
    if item.state != State.MOVED:
        _only_now(item)
    return item


@transaction.atomic
def add_note(item: AgendaItem, text: str, *, by: User, key: uuid.UUID) -> MeetingNote:
    """A short entry under an item. Raises PermissionDenied, ValidationError."""
    with once(key, purpose="meeting_note_add", by=str(by.pk)) as attempt:
        if attempt.is_first:
            _recorded(item.meeting, by, WRITTEN)
            check_words(text=text)
            note = MeetingNote(item=item, text=text, written_by=by)
            note.full_clean(exclude=["item"])
            note.save()
            attempt.result = str(note.pk)
    return MeetingNote.objects.get(pk=attempt.result)


@transaction.atomic
def change_note(note: MeetingNote, text: str, *, version: int, by: User) -> MeetingNote:
    """Put an entry right until the minutes are approved. Raises VersionConflict."""
    _recorded(note.item.meeting, by, WRITTEN)
    check_words(text=text)
    note.text = text
    note.full_clean(exclude=["item"])
    save_versioned(note, version, ["text"])
    return note


@transaction.atomic
def remove_note(note: MeetingNote, *, version: int, by: User) -> None:
    """Take an entry back until the minutes are approved. Raises VersionConflict."""
    _recorded(note.item.meeting, by, WRITTEN)
    rows = MeetingNote.objects.filter(pk=note.pk)
    if not rows.filter(version=version).delete()[0]:
        raise VersionConflict(rows.select_related("item__meeting").first())


def list_attendance(meeting: Meeting) -> None:
    """Let everybody with a seat in the group on the day of the meeting stand on its list."""
    day = timezone.localdate(meeting.starts_at)
    there = set(meeting.attendance.values_list("position_id", flat=True))
    seats = Seat.objects.valid_on(day).filter(
        region=meeting.group.region_id, body__in=meeting.group.bodies, position__is_active=True
    )
    positions = set(seats.values_list("position_id", flat=True)) - there
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, position_id=position) for position in sorted(positions)
    )


@transaction.atomic
def set_attendance(meeting: Meeting, said: Mapping[uuid.UUID, str], *, by: User) -> None:
    """Who was there: for each row of `said` its status. Raises PermissionDenied, ValidationError.

    Only what changed is given, so two people who tick at once do not undo each other.
    """
    meeting = _recorded(meeting, by, WRITTEN)
    for row in meeting.attendance.filter(pk__in=said):
        row.status = said[row.pk]
        row.full_clean(exclude=["meeting"])
        row.save(update_fields=["status"])


@transaction.atomic
def add_guest(meeting: Meeting, name: str, *, by: User, key: uuid.UUID) -> Attendance:
    """Somebody from outside who came; they see nothing here."""
    with once(key, purpose="attendance_guest", by=str(by.pk)) as attempt:
        if attempt.is_first:
            _recorded(meeting, by, WRITTEN)
            check_words(guest_name=name)
            guest = Attendance(
                meeting=meeting,
                guest_name=name,
                is_guest=True,
                status=Attendance.Status.PRESENT,
            )
            guest.full_clean(exclude=["meeting"])
            guest.save()
            attempt.result = str(guest.pk)
    return Attendance.objects.get(pk=attempt.result)


def _check(by: User, action: str, meeting: Meeting) -> None:
    if not MeetingPolicy.allows(by, action, meeting, timezone.localdate()):
        raise PermissionDenied


def _recorded(meeting: Meeting, by: User, states: tuple[str, ...]) -> Meeting:
    """The meeting under lock, for whoever writes what happens in it."""
    _check(by, "write", meeting)
    held = locked(meeting)
    if held.state in states:
        return held
    if held.state == Meeting.State.APPROVED:
        raise ValidationError(
            _("The minutes are approved: nothing of this meeting changes any more.")
        )
    if held.state == Meeting.State.ENDED:
        raise ValidationError(_("This meeting is over: its agenda cannot be changed any more."))
    raise ValidationError(_("Begin the meeting first: then it is written down what happens."))


def _only_now(item: AgendaItem) -> None:
    for other in AgendaItem.objects.filter(meeting=item.meeting_id, state=State.NOW):
        if other.pk != item.pk:
            _set_state(other, State.WAITING)
    _set_state(item, State.NOW)


def _set_state(item: AgendaItem, state: str) -> None:
    """The state is no text: whoever edits the words of the item is not disturbed by it."""
    AgendaItem.objects.filter(pk=item.pk).update(state=state)
    item.state = state
