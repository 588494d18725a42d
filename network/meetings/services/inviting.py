"""Asking people to a meeting: whoever has a seat, and guests. REG-07."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network.meetings import letters
from network.meetings.models import Attendance, Meeting
from network.meetings.policies import MeetingPolicy
from network.meetings.services.agenda import locked
from network.meetings.services.seats import list_seats, seat_positions
from network.models import Position, RegionMembership
from network.services.people import sync_position
from portal.accounts.models import User
from portal.base.idempotency import once
from portal.base.versions import save_versioned


@transaction.atomic
def invite_to_meeting(meeting: Meeting, *, by: User, key: uuid.UUID) -> Meeting:
    """Send an invitation to everybody who is asked; to those who have it already none again.

    Raises PermissionDenied, or ValidationError once the meeting has begun or is off.
    """
    with once(key, purpose="meeting_invite", by=str(by.pk)) as attempt:
        if attempt.is_first:
            row = _planned(meeting, by)
            now = timezone.now()
            if row.starts_at <= now:
                raise ValidationError(
                    _("The time of this meeting is over. Move it to a later time first.")
                )
            list_seats(row)
            if row.invited_at is None:
                row.invited_at = now
                save_versioned(row, row.version, ["invited_at"])
            letters.tell(letters.INVITE, row, letters.invited(row, timezone.localdate(now)))
            attempt.result = str(row.pk)
    return Meeting.objects.get(pk=attempt.result)


def positions_to_ask(meeting: Meeting) -> QuerySet[Position]:
    """Positions that may be asked as guests: of the region's organisations, without a seat."""
    day = timezone.localdate()
    organisations = RegionMembership.objects.valid_on(day).filter(region=meeting.group.region_id)
    seated = seat_positions(meeting.group, timezone.localdate(meeting.starts_at))
    asked = meeting.attendance.filter(position__isnull=False)
    return (
        Position.objects.filter(
            is_active=True, organisation_id__in=organisations.values("organisation_id")
        )
        .exclude(pk__in=seated.values("pk"))
        .exclude(pk__in=asked.values("position_id"))
        .select_related("organisation")
        .order_by("organisation__name", "title", "pk")
    )


@transaction.atomic
def ask_guest(
    meeting: Meeting,
    *,
    position: Position | None = None,
    name: str = "",
    by: User,
    key: uuid.UUID,
) -> Attendance:
    """Ask a position to this one meeting, which it then sees; or note a guest from outside.

    Where invitations have gone out the position gets its own at once. Raises PermissionDenied,
    ValidationError.
    """
    with once(key, purpose="meeting_guest", by=str(by.pk)) as attempt:
        if attempt.is_first:
            row = _planned(meeting, by)
            if position is not None and position not in positions_to_ask(row):
                raise ValidationError(
                    {"position": _("This position is asked already, or is not in the region.")}
                )
            guest = Attendance(meeting=row, position=position, guest_name=name, is_guest=True)
            guest.full_clean(exclude=["meeting"])
            guest.save()
            if position is not None:
                sync_position(position)
                if row.invited_at:
                    holders = letters.holders_of(position.pk, timezone.localdate())
                    letters.tell(letters.INVITE, row, holders)
            attempt.result = str(guest.pk)
    return Attendance.objects.get(pk=attempt.result)


@transaction.atomic
def take_back_guest(guest: Attendance, *, by: User) -> None:
    """A guest is not asked any more: sees the meeting no longer, and their calendar hears of it."""
    row = _planned(guest.meeting, by)
    found = row.attendance.filter(pk=guest.pk, is_guest=True).select_related("position").first()
    if found is None:
        return
    found.delete()
    if found.position is not None:
        sync_position(found.position)
        if row.invited_at:
            holders = letters.holders_of(found.position_id, timezone.localdate())
            letters.tell(letters.TAKE_BACK, row, holders)


def _planned(meeting: Meeting, by: User) -> Meeting:
    """The meeting under lock. Raises PermissionDenied, or ValidationError if it is not ahead."""
    if not MeetingPolicy.allows(by, "lead", meeting, timezone.localdate()):
        raise PermissionDenied
    row = locked(meeting)
    if row.state != Meeting.State.PLANNED:
        raise ValidationError(
            _("This meeting is %(state)s: nobody can be asked to it any more.")
            % {"state": row.get_state_display()}
        )
    return row
