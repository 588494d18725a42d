"""The agenda of a meeting: it fills itself, and whoever leads the meeting puts it in order. REG-09.

Every change of the agenda as a whole happens under the lock of its meeting and moves the version
of the meeting on, so two people who change it at once come one after the other.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from network.meetings.models import AgendaItem, Meeting
from network.meetings.policies import MeetingPolicy
from network.models import Gap
from network.policies import GapPolicy
from network.services.gaps import take_to_agenda
from portal.accounts.models import User

Kind, State = AgendaItem.Kind, AgendaItem.State

# Minutes of time that an item gets unless somebody says otherwise.
MINUTES_OF = {Kind.MINUTES: 5, Kind.ACTIONS: 10, Kind.GAP: 20, Kind.TOPIC: 15, Kind.NEXT: 5}
# While one of these, items come and go.
OPEN = (Meeting.State.PLANNED, Meeting.State.RUNNING)
# Every meeting has its own of the others.
CARRIED = (Kind.MINUTES, Kind.GAP, Kind.TOPIC)


@transaction.atomic
def begin_agenda(meeting: Meeting) -> None:
    """Give `meeting` the items that every meeting has; what is there already stays.

    The approval of the last minutes comes first once there are minutes that wait for it; then
    the unfinished actions; the next meeting comes last. Safe to call again.
    """
    meeting = _locked(meeting)
    kinds = set(meeting.items.values_list("kind", flat=True))
    with override(settings.LANGUAGE_CODE):
        last = _unapproved(meeting)
        if last and not meeting.items.filter(about=last).exists():
            title = _("Approval of the minutes of %(day)s") % {
                "day": f"{timezone.localtime(last.starts_at):%d.%m.%Y}"
            }
            _insert(meeting, 0, kind=Kind.MINUTES, title=title, about=last)
        if Kind.ACTIONS not in kinds:
            place = meeting.items.filter(kind=Kind.MINUTES).count()
            _insert(meeting, place, kind=Kind.ACTIONS, title=_("Unfinished actions"))
        if Kind.NEXT not in kinds:
            _insert(meeting, None, kind=Kind.NEXT, title=_("Next meeting"))


@transaction.atomic
def add_gap(meeting: Meeting, gap: Gap, by: User) -> AgendaItem:
    """Put `gap` on the agenda of `meeting`; if it stands on an open agenda already, that stays.

    Raises PermissionDenied, or ValidationError if the gap is answered or the meeting over.
    """
    day = timezone.localdate()
    meeting = _open_and_led(meeting, by, day)
    gap = Gap.objects.select_for_update().get(pk=gap.pk)
    if gap.region_id != meeting.group.region_id or not GapPolicy.allows(by, "answer", gap, day):
        raise PermissionDenied
    placed = open_items().filter(gap=gap).first()
    if placed:
        return placed
    take_to_agenda(gap)
    # It was carried away from this very meeting and comes back.
    meeting.items.filter(gap=gap, state=State.MOVED).update(state=State.WAITING)
    back = meeting.items.filter(gap=gap).first()
    return back or _insert(
        meeting, _before_next(meeting), kind=Kind.GAP, gap=gap, title=gap_title(gap)
    )


def open_items() -> QuerySet[AgendaItem]:
    """Items that a meeting still has before it."""
    return AgendaItem.objects.filter(
        meeting__state__in=OPEN, state__in=(State.WAITING, State.NOW, State.DONE)
    )


def gap_title(gap: Gap) -> str:
    """What it is about and where, as a title; nothing of it is free text."""
    subject = gap.subject
    with override(settings.LANGUAGE_CODE):
        about = subject.name if subject else gap.get_kind_display()
    return Truncator(f"{about}, {gap.municipality.name}").chars(160)


def next_meeting_after(meeting: Meeting) -> Meeting | None:
    """The next planned meeting of the same group."""
    return (
        Meeting.objects.filter(
            group=meeting.group_id, state=Meeting.State.PLANNED, starts_at__gt=meeting.starts_at
        )
        .order_by("starts_at", "pk")
        .first()
    )


def _unapproved(meeting: Meeting) -> Meeting | None:
    """The last held meeting of the group, if its minutes wait and no agenda has them yet."""
    last = (
        Meeting.objects.held()
        .filter(group=meeting.group_id, starts_at__lt=meeting.starts_at)
        .order_by("-starts_at", "-pk")
        .first()
    )
    if last is None or last.state != Meeting.State.ENDED:
        return None
    elsewhere = open_items().filter(about=last).exclude(meeting=meeting)
    return None if elsewhere.exists() else last


def _locked(meeting: Meeting) -> Meeting:
    return (
        Meeting.objects.select_for_update(of=("self",)).select_related("group").get(pk=meeting.pk)
    )


def _open_and_led(meeting: Meeting, by: User, day: dt.date) -> Meeting:
    """The meeting under lock. Raises PermissionDenied, or ValidationError if it is over."""
    if not MeetingPolicy.allows(by, "lead", meeting, day):
        raise PermissionDenied
    locked = _locked(meeting)
    _check_open(locked)
    return locked


def _check_open(meeting: Meeting) -> None:
    if meeting.state not in OPEN:
        raise ValidationError(_("This meeting is over: its agenda cannot be changed any more."))


def _before_next(meeting: Meeting) -> int | None:
    """The place before the item that closes every meeting, counted from 0; None: at the end."""
    last = meeting.items.last()
    return meeting.items.count() - 1 if last and last.kind == Kind.NEXT else None


def _insert(meeting: Meeting, index: int | None, **fields: Any) -> AgendaItem:
    """A new item before the one at `index`; the places run on without a hole."""
    rows = list(meeting.items.all())
    fields.setdefault("minutes", MINUTES_OF[fields["kind"]])
    item = AgendaItem(meeting=meeting, place=0, **fields)
    rows.insert(len(rows) if index is None else index, item)
    item.place = rows.index(item) + 1
    item.full_clean(exclude=["meeting"])
    item.save()
    _number(rows)
    _moved_on(meeting)
    return item


def _number(rows: list[AgendaItem]) -> None:
    for place, row in enumerate(rows, start=1):
        if row.place != place:
            row.place = place
            AgendaItem.objects.filter(pk=row.pk).update(place=place)


def _moved_on(meeting: Meeting) -> None:
    """The agenda as a whole has changed: whoever has it open from before is told."""
    Meeting.objects.filter(pk=meeting.pk).update(version=F("version") + 1)
    meeting.refresh_from_db(fields=["version"])
