"""What holds for every decision and action that is written down; see `outcomes`."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network.meetings.models import Action, Group, Meeting
from network.meetings.policies import ActionPolicy, MeetingPolicy
from network.models import Position, RegionMembership
from network.wording import refuse_numbers
from portal.accounts.models import User

# A year mistyped: nobody agrees on a day further away.
LONGEST = dt.timedelta(days=5 * 366)


def positions_of(group: Group, day: dt.date) -> QuerySet[Position]:
    """Who may be asked to do something: positions of the organisations of the region's network."""
    organisations = RegionMembership.objects.valid_on(day).filter(region_id=group.region_id)
    return (
        Position.objects.filter(
            is_active=True, organisation_id__in=organisations.values("organisation_id")
        )
        .select_related("organisation")
        .order_by("organisation__name", "title", "pk")
    )


def held_on(meeting: Meeting) -> dt.date:
    """The local day on which the meeting began, or is to begin."""
    return timezone.localdate(meeting.started_at or meeting.starts_at)


def writable(meeting_id: uuid.UUID, by: User, day: dt.date) -> Meeting:
    """The meeting under lock, as long as its minutes are written."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    if not MeetingPolicy.allows(by, "write", meeting, day):
        raise PermissionDenied
    if meeting.state == Meeting.State.APPROVED:
        raise ValidationError(
            _("The minutes are approved: what was decided and agreed stays as it is.")
        )
    if meeting.state not in (Meeting.State.RUNNING, Meeting.State.ENDED):
        raise ValidationError(_("Decisions and actions are written once the meeting has begun."))
    return meeting


def check_position(position: Position, group: Group, day: dt.date) -> None:
    if not positions_of(group, day).filter(pk=position.pk).exists():
        raise ValidationError(
            {
                "position": _(
                    "This position is not in the network of the region any more. Choose another."
                )
            }
        )


def check_due(due: dt.date, day: dt.date) -> None:
    if due < day:
        raise ValidationError({"due": _("This day is past. Choose today or a later day.")})
    if due > day + LONGEST:
        raise ValidationError({"due": _("Look at the year: this is more than five years away.")})


def check_finisher(action: Action, by: User, day: dt.date) -> None:
    if not ActionPolicy.allows(by, "finish", action, day):
        raise PermissionDenied


def cleaned(text: str) -> str:
    """`text` with its line breaks; raises ValidationError if there is none."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ValidationError({"text": _("Write what was decided.")})
    _check_words(text, "text")
    return text


def on_one_line(text: str, name: str = "text") -> str:
    text = " ".join(text.split())
    if name == "text" and not text:
        raise ValidationError({name: _("Write what is to be done.")})
    _check_words(text, name)
    return text


def _check_words(text: str, name: str) -> None:
    """Minutes are read by many: no personal code, no phone, no case number stands in them."""
    try:
        refuse_numbers(text)
    except ValidationError as error:
        raise ValidationError({name: error}) from None
