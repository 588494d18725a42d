"""The agenda of a meeting fills itself, and takes gaps and topics. REG-09.

Every change of the agenda as a whole happens under the lock of its meeting and moves the version
of the meeting on, so two people who change it at once come one after the other.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from network.meetings.agenda_reports import OPEN, open_items
from network.meetings.models import AgendaItem, Meeting
from network.meetings.policies import MeetingPolicy
from network.models import Gap, Position
from network.policies import GapPolicy
from network.services.gaps import take_to_agenda
from network.wording import refuse_numbers
from portal.accounts.models import User
from portal.base.idempotency import once

Kind, State = AgendaItem.Kind, AgendaItem.State

# Minutes of time that an item gets unless somebody says otherwise.
MINUTES_OF = {Kind.MINUTES: 5, Kind.ACTIONS: 10, Kind.GAP: 20, Kind.TOPIC: 15, Kind.NEXT: 5}
TITLE_LENGTH = 160


@dataclass(frozen=True)
class ItemText:
    """What is typed about an item."""

    title: str
    text: str = ""
    owner: Position | None = None
    minutes: int = MINUTES_OF[Kind.TOPIC]


@transaction.atomic
def begin_agenda(meeting: Meeting) -> None:
    """Give `meeting` the items that every meeting has; what is there already stays.

    The approval of the last minutes comes first once there are minutes that wait for it; then
    the unfinished actions; the next meeting comes last. Safe to call again.
    """
    meeting = locked(meeting)
    kinds = set(meeting.items.values_list("kind", flat=True))
    # What is stored is read by everybody, whatever the language of whoever made it.
    with override(settings.LANGUAGE_CODE):
        last = _unapproved(meeting)
        if last and not meeting.items.filter(about=last).exists():
            title = _("Approval of the minutes of %(day)s") % {
                "day": f"{timezone.localtime(last.starts_at):%d.%m.%Y}"
            }
            insert(meeting, 0, kind=Kind.MINUTES, title=title, about=last)
        if Kind.ACTIONS not in kinds:
            place = meeting.items.filter(kind=Kind.MINUTES).count()
            insert(meeting, place, kind=Kind.ACTIONS, title=_("Unfinished actions"))
        if Kind.NEXT not in kinds:
            insert(meeting, None, kind=Kind.NEXT, title=_("Next meeting"))


@transaction.atomic
def add_gap(meeting: Meeting, gap: Gap, by: User) -> AgendaItem:
    """Put `gap` on the agenda of `meeting`; if it stands on an open agenda already, that stays.

    Raises PermissionDenied, or ValidationError if the gap is answered or the meeting over.
    """
    day = timezone.localdate()
    meeting = open_and_led(meeting, by, day)
    gap = Gap.objects.select_for_update().get(pk=gap.pk)
    if gap.region_id != meeting.group.region_id or not GapPolicy.allows(by, "answer", gap, day):
        raise PermissionDenied
    placed = open_items().filter(gap=gap).first()
    if placed:
        return placed
    take_to_agenda(gap)
    # It was carried on from this very meeting and comes back.
    if meeting.items.filter(gap=gap).update(state=State.WAITING):
        moved_on(meeting)
        return meeting.items.get(gap=gap)
    return insert(meeting, before_next(meeting), kind=Kind.GAP, gap=gap, title=gap_title(gap))


@transaction.atomic
def add_topic(meeting: Meeting, typed: ItemText, *, by: User, key: uuid.UUID) -> AgendaItem:
    """Put a topic on the agenda, before the item that closes it.

    A member may while the meeting is planned, whoever leads it also while it runs. Raises
    PermissionDenied, ValidationError.
    """
    if not MeetingPolicy.allows(by, "propose", meeting, timezone.localdate()):
        raise PermissionDenied
    with once(key, purpose="agenda_item_add", by=str(by.pk)) as attempt:
        if attempt.is_first:
            check_words(title=typed.title, text=typed.text)
            meeting = locked(meeting)
            check_open(meeting)
            item = insert(meeting, before_next(meeting), kind=Kind.TOPIC, **vars(typed))
            attempt.result = str(item.pk)
    return AgendaItem.objects.get(pk=attempt.result)


def gap_title(gap: Gap) -> str:
    """What it is about and where, as a title; nothing of it is free text."""
    subject = gap.subject
    with override(settings.LANGUAGE_CODE):
        about = subject.name if subject else gap.get_kind_display()
    return Truncator(f"{about}, {gap.municipality.name}").chars(TITLE_LENGTH)


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


def locked(meeting: Meeting) -> Meeting:
    """The meeting as it is now; nobody else changes it or its agenda until the commit."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("group")
    return rows.get(pk=meeting.pk)


def open_and_led(meeting: Meeting, by: User, day: dt.date) -> Meeting:
    """The meeting under lock. Raises PermissionDenied, or ValidationError if it is over."""
    if not MeetingPolicy.allows(by, "lead", meeting, day):
        raise PermissionDenied
    held = locked(meeting)
    check_open(held)
    return held


def check_open(meeting: Meeting) -> None:
    """Raise ValidationError if items no longer come and go."""
    if meeting.state not in OPEN:
        raise ValidationError(_("This meeting is over: its agenda cannot be changed any more."))


def check_words(**texts: str) -> None:
    """Raise ValidationError with the field whose text says a number that is somebody's."""
    wrong: dict[str, ValidationError] = {}
    for name, text in texts.items():
        try:
            refuse_numbers(text)
        except ValidationError as error:
            wrong[name] = error
    if wrong:
        raise ValidationError(wrong)


def before_next(meeting: Meeting) -> int | None:
    """The place before the item that closes every meeting, counted from 0; None: at the end."""
    last = meeting.items.last()
    return meeting.items.count() - 1 if last and last.kind == Kind.NEXT else None


def insert(meeting: Meeting, index: int | None, **fields: Any) -> AgendaItem:
    """A new item before the one at `index`; the places run on without a hole."""
    rows = list(meeting.items.all())
    fields.setdefault("minutes", MINUTES_OF[fields["kind"]])
    item = AgendaItem(meeting=meeting, place=0, **fields)
    rows.insert(len(rows) if index is None else index, item)
    item.place = rows.index(item) + 1
    item.full_clean(exclude=["meeting"])
    item.save()
    number(rows)
    moved_on(meeting)
    return item


def number(rows: list[AgendaItem]) -> None:
    """Let the items stand in the order of `rows`."""
    for place, row in enumerate(rows, start=1):
        if row.place != place:
            row.place = place
            AgendaItem.objects.filter(pk=row.pk).update(place=place)


def moved_on(meeting: Meeting) -> None:
    """The agenda as a whole has changed: whoever has it open from before is told."""
    Meeting.objects.filter(pk=meeting.pk).update(version=F("version") + 1)
    meeting.refresh_from_db(fields=["version"])
