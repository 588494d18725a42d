"""The minutes are read, approved and from then on stay as they are. REG-08."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from network.meetings.minutes import minutes_of
from network.meetings.models import Meeting
from network.meetings.policies import MeetingPolicy
from portal.accounts.models import User
from portal.base.versions import VersionConflict, save_versioned


@transaction.atomic
def approve_minutes(
    meeting: Meeting, *, by: User, day: dt.date, seen: str | None = None
) -> Meeting:
    """Approve the minutes of a meeting that is over; approving again changes nothing.

    `seen` is the fingerprint of the minutes that were read. Raises PermissionDenied,
    ValidationError while the meeting has not ended, VersionConflict if they changed since.
    """
    if not MeetingPolicy.allows(by, "lead", meeting, day):
        raise PermissionDenied
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if locked.state == Meeting.State.APPROVED:
        return locked
    if locked.state != Meeting.State.ENDED:
        raise ValidationError(_("Minutes are approved once the meeting has ended."))
    if seen is not None and minutes_of(locked).fingerprint != seen:
        raise VersionConflict(locked)
    locked.state, locked.approved_on = Meeting.State.APPROVED, day
    save_versioned(locked, locked.version, ["state", "approved_on"])
    return locked
