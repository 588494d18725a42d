"""The minutes are read, approved and from then on stay as they are. REG-08."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from network.meetings.models import Meeting
from network.meetings.policies import MeetingPolicy
from portal.accounts.models import User
from portal.base.versions import save_versioned


@transaction.atomic
def approve_minutes(meeting: Meeting, *, by: User, day: dt.date) -> Meeting:
    """Approve the minutes of a meeting that is over; approving again changes nothing.

    Raises PermissionDenied, or ValidationError while the meeting has not ended.
    """
    if not MeetingPolicy.allows(by, "lead", meeting, day):
        raise PermissionDenied
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if locked.state == Meeting.State.APPROVED:
        return locked
    if locked.state != Meeting.State.ENDED:
        raise ValidationError(_("Minutes are approved once the meeting has ended."))
    locked.state, locked.approved_on = Meeting.State.APPROVED, day
    save_versioned(locked, locked.version, ["state", "approved_on"])
    return locked
