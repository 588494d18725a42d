"""Putting an agenda in order: texts, places, taking off, carrying on to the next meeting."""

import uuid
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.meetings.agenda_reports import next_meeting_after, open_items
from network.meetings.models import AgendaItem, Meeting
from network.meetings.policies import MeetingPolicy
from network.meetings.services.agenda import (
    ItemText,
    before_next,
    check_open,
    check_words,
    insert,
    locked,
    moved_on,
    number,
)
from network.models import Gap
from network.services.gaps import take_off_agenda, take_to_agenda
from portal.accounts.models import User
from portal.base.idempotency import once
from portal.base.versions import VersionConflict, save_versioned

Kind, State = AgendaItem.Kind, AgendaItem.State

# Every meeting has its own of the others.
CARRIED = (Kind.MINUTES, Kind.GAP, Kind.TOPIC)
UP, DOWN = "up", "down"


@transaction.atomic
def change_item(item: AgendaItem, typed: ItemText, *, version: int, by: User) -> AgendaItem:
    """Title, introduction, who introduces it and its minutes, until the minutes are approved.

    Raises VersionConflict if somebody saved it meanwhile, PermissionDenied, ValidationError.
    """
    _check_led(item.meeting, by)
    check_words(title=typed.title, text=typed.text)
    held = locked(item.meeting)
    if not held.is_writable:
        raise ValidationError(
            _("The minutes are approved: nothing of this meeting changes any more.")
        )
    for name, value in vars(typed).items():
        setattr(item, name, value)
    item.full_clean(exclude=["meeting"])
    save_versioned(item, version, vars(typed))
    return item


@transaction.atomic
def move_item(item: AgendaItem, step: str, *, version: int, by: User) -> None:
    """One place `up` or `down`; at the edge it stays. `version` is that of the meeting."""
    meeting = _at_version(item.meeting, version, by)
    rows = list(meeting.items.all())
    place = rows.index(item)
    target = place + (-1 if step == UP else 1)
    if 0 <= target < len(rows):
        rows[place], rows[target] = rows[target], rows[place]
        number(rows)
        moved_on(meeting)


@transaction.atomic
def remove_item(item: AgendaItem, *, version: int, by: User, key: uuid.UUID) -> None:
    """Take an item off that nothing has been written under; its gap waits again."""
    with once(key, purpose="agenda_item_remove", by=str(by.pk)) as attempt:
        if attempt.is_first:
            _remove(item, version, by)
            attempt.result = str(item.pk)


def _remove(item: AgendaItem, version: int, by: User) -> None:
    meeting = _at_version(item.meeting, version, by)
    item = AgendaItem.objects.select_for_update(of=("self",)).select_related("gap").get(pk=item.pk)
    if has_outcome(item):
        raise ValidationError(
            _("Something is written under this item already. Carry it on instead.")
        )
    item.delete()
    number(list(meeting.items.all()))
    moved_on(meeting)
    if item.gap and not open_items().filter(gap=item.gap).exists():
        take_off_agenda(item.gap)


@transaction.atomic
def carry_item(item: AgendaItem, *, version: int, by: User, key: uuid.UUID) -> AgendaItem:
    """Put it on the agenda of the next meeting of the group; what was written stays here.

    Of a meeting that is still planned it goes over as it is; else it stays, marked as moved on.
    Raises PermissionDenied, VersionConflict, or ValidationError if there is no next meeting.
    """
    with once(key, purpose="agenda_item_carry", by=str(by.pk)) as attempt:
        if attempt.is_first:
            attempt.result = str(_carry(item, version, by).pk)
    return AgendaItem.objects.get(pk=attempt.result)


def _carry(item: AgendaItem, version: int, by: User) -> AgendaItem:
    meeting = _at_version(item.meeting, version, by, check=_check_carriable)
    item = AgendaItem.objects.select_for_update(of=("self",)).select_related("gap").get(pk=item.pk)
    found = next_meeting_after(meeting)
    if item.kind not in CARRIED:
        raise ValidationError(_("The next meeting has this item of its own."))
    if found is None:
        raise ValidationError(_("There is no next meeting yet. Plan it first."))
    target = locked(found)
    check_open(target)
    there = target.items.filter(**_same(item)).first()
    if item.gap and item.gap.state in (Gap.State.NEW, Gap.State.AGENDA):
        take_to_agenda(item.gap)
    if meeting.state == Meeting.State.PLANNED:
        item.delete()
        number(list(meeting.items.all()))
    elif item.state != State.MOVED:
        item.state = State.MOVED
        save_versioned(item, item.version, ["state"])
    moved_on(meeting)
    if there:
        return there
    names = ("kind", "title", "text", "owner", "minutes", "gap", "about")
    place = 0 if item.kind == Kind.MINUTES else before_next(target)
    return insert(target, place, **{name: getattr(item, name) for name in names})


def _same(item: AgendaItem) -> dict[str, object]:
    """How the same item is known on another agenda."""
    if item.gap_id:
        return {"gap": item.gap_id}
    if item.about_id:
        return {"about": item.about_id}
    return {"pk": None}


def has_outcome(item: AgendaItem) -> bool:
    """Has anything been written under it?"""
    return item.notes.exists() or item.decisions.exists() or item.made_actions.exists()


def _check_led(meeting: Meeting, by: User) -> None:
    if not MeetingPolicy.allows(by, "lead", meeting, timezone.localdate()):
        raise PermissionDenied


def _check_carriable(meeting: Meeting) -> None:
    if not meeting.is_writable:
        raise ValidationError(
            _("The minutes are approved: nothing of this meeting changes any more.")
        )


def _at_version(
    meeting: Meeting,
    version: int,
    by: User,
    check: Callable[[Meeting], None] = check_open,
) -> Meeting:
    """The meeting under lock, if its agenda is still the one that `by` had open."""
    _check_led(meeting, by)
    held = locked(meeting)
    check(held)
    if held.version != version:
        raise VersionConflict(held)
    return held
