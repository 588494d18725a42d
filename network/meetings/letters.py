"""Letters about when a meeting is: invitation, change, cancellation, each with a calendar part.

They name the group, the day, the hour, the place and the titles of the agenda. No case, no person.
"""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation

from network.meetings import calendar
from network.meetings.models import Attendance, Meeting
from network.models import Holding, Seat
from portal.accounts.models import User
from portal.base import mail, outbox

INVITE = "meeting_invite"
CHANGE = "meeting_change"
CANCEL = "meeting_cancel"
# To one guest alone: the meeting goes on without them.
TAKE_BACK = "meeting_take_back"
STILL = (Meeting.State.PLANNED, Meeting.State.RUNNING)


def invited(meeting: Meeting, day: dt.date) -> QuerySet[User]:
    """Open accounts that hold, on `day`, a position which is asked to the meeting."""
    seats = Seat.objects.valid_on(timezone.localdate(meeting.starts_at)).filter(
        region_id=meeting.group.region_id,
        body__in=meeting.group.bodies,
        position_id=OuterRef("position_id"),
    )
    asked = Attendance.objects.filter(Q(is_guest=True) | Exists(seats), meeting=meeting)
    return _holders(asked.values("position_id"), day)


def tell(letter: str, meeting: Meeting, users: QuerySet[User]) -> None:
    """Put one letter for each of `users` into the outbox, in the caller's transaction.

    The same letter about the same state of the meeting goes to the same person once.
    """
    for user in users.exclude(letters=User.Letters.NEVER):
        ids = {
            "meeting": str(meeting.pk),
            "user": str(user.pk),
            "sequence": meeting.calendar_sequence,
        }
        key = f"{meeting.pk}:{meeting.calendar_sequence}:{user.pk}"
        mail.send(letter, ids, key=key)


def holders_of(position_id: Any, day: dt.date) -> QuerySet[User]:
    """Open accounts that hold this position on `day`."""
    return _holders([position_id], day)


def write_invitation(payload: outbox.Payload) -> mail.Letter | None:
    """An invitation, or word of a change; None once a later letter tells more, or all is over."""
    meeting, user = _found(payload)
    if meeting is None or user is None or meeting.state not in STILL:
        return None
    if meeting.calendar_sequence != payload["sequence"]:
        return None
    if not invited(meeting, timezone.localdate()).filter(pk=user.pk).exists():
        return None
    return _letter(meeting, user, "REQUEST")


def write_cancellation(payload: outbox.Payload) -> mail.Letter | None:
    """Word that a meeting is off; None if it is not after all."""
    meeting, user = _found(payload)
    if meeting is None or user is None or meeting.state != Meeting.State.CANCELLED:
        return None
    return _letter(meeting, user, "CANCEL")


def write_taking_back(payload: outbox.Payload) -> mail.Letter | None:
    """Word to a guest who is not asked any more; None if they are, by another position perhaps."""
    meeting, user = _found(payload)
    if meeting is None or user is None or meeting.state not in STILL:
        return None
    if invited(meeting, timezone.localdate()).filter(pk=user.pk).exists():
        return None
    return _letter(meeting, user, "CANCEL")


def _found(payload: outbox.Payload) -> tuple[Meeting | None, User | None]:
    meeting = Meeting.objects.select_related("group__region").filter(pk=payload["meeting"]).first()
    return meeting, User.objects.filter(pk=payload["user"], is_active=True).first()


def _letter(meeting: Meeting, user: User, method: str) -> mail.Letter:
    now = timezone.now()
    guests = Attendance.objects.filter(meeting=meeting, is_guest=True, position__isnull=False)
    held = Holding.objects.valid_on(timezone.localdate(now)).filter(user=user)
    is_guest = guests.filter(position_id__in=held.values("position_id")).exists()
    write = calendar.request if method == "REQUEST" else calendar.cancellation
    with translation.override(user.language):
        part = write(meeting, to=user.email, is_guest=is_guest, now=now)
        group = calendar.summary_of(meeting)
    return mail.Letter(
        to=user.email,
        context={
            "meeting": meeting,
            "group": group,
            "agenda": list(meeting.items.values_list("title", flat=True)),
            "address": calendar.page_of(meeting),
        },
        language=user.language,
        calendar=mail.CalendarPart(part, method, calendar.FILE_NAME),
    )


def _holders(positions: Any, day: dt.date) -> QuerySet[User]:
    holdings = Holding.objects.valid_on(day).filter(
        user_id=OuterRef("pk"), position_id__in=positions
    )
    return User.objects.filter(Exists(holdings), is_active=True)
