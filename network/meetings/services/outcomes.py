"""What a meeting makes: numbered decisions, and actions that are carried over until done. REG-08.

Decisions and actions are written from the beginning of a meeting until its minutes are approved.
What was agreed stays from then on; whether an action is done, and until when, goes on changing.
"""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from network.meetings.models import Action, AgendaItem, Decision, Group, Meeting
from network.meetings.policies import ActionPolicy, DecisionPolicy
from network.meetings.services.outcome_rules import (
    check_due,
    check_finisher,
    check_position,
    cleaned,
    held_on,
    on_one_line,
    writable,
)
from network.models import Gap, Position
from network.services.gaps import decide_gap, solve_gap
from portal.accounts.models import User
from portal.base.idempotency import once
from portal.base.versions import save_versioned


@transaction.atomic
def add_decision(
    item: AgendaItem, *, text: str, by: User, day: dt.date, key: uuid.UUID | None = None
) -> Decision:
    """Write down what was decided, with the next number of the group in its year.

    If the item is a gap, number and words go back to whoever noted it. The same `key` twice is
    one decision. Raises PermissionDenied, or ValidationError outside the meeting's time.
    """
    with once(key or uuid.uuid4(), purpose="decision_add", by=str(by.pk)) as attempt:
        if attempt.is_first:
            meeting = writable(item.meeting_id, by, day)
            decided_on = held_on(meeting)
            # The group is held until the number is stored, so numbers have no holes or doubles.
            Group.objects.select_for_update().get(pk=meeting.group_id)
            decision = Decision.objects.create(
                group_id=meeting.group_id,
                item=item,
                year=decided_on.year,
                serial=_next_serial(meeting.group_id, decided_on.year),
                text=cleaned(text),
                decided_on=decided_on,
            )
            _answer_gap(item, decision)
            attempt.result = str(decision.pk)
    return Decision.objects.get(pk=attempt.result)


def _next_serial(group_id: uuid.UUID, year: int) -> int:
    taken = Decision.objects.filter(group_id=group_id, year=year)
    return int(taken.aggregate(last=Max("serial"))["last"] or 0) + 1


def _answer_gap(item: AgendaItem, decision: Decision) -> None:
    """The answer of an open gap is the last decision about it; a closed one keeps its answer."""
    if item.gap_id is None:
        return
    gap = Gap.objects.select_for_update().get(pk=item.gap_id)
    if gap.is_open:
        decide_gap(gap, number=decision.number, day=decision.decided_on, answer=decision.text)


@transaction.atomic
def change_decision(
    decision: Decision,
    *,
    text: str,
    version: int,
    by: User,
    day: dt.date,
    key: uuid.UUID | None = None,
) -> Decision:
    """Mend the words; the number stays. An answer made of the old words follows.

    Raises PermissionDenied, ValidationError once the minutes are approved, VersionConflict.
    """
    with once(key or uuid.uuid4(), purpose="decision_change", by=str(by.pk)) as attempt:
        if attempt.is_first:
            if not DecisionPolicy.allows(by, "write", decision, day):
                raise PermissionDenied
            writable(decision.item.meeting_id, by, day)
            before, decision.text = decision.text, cleaned(text)
            save_versioned(decision, version, ["text"])
            _change_answer(decision, before)
            attempt.result = str(decision.pk)
    return Decision.objects.get(pk=attempt.result)


def _change_answer(decision: Decision, before: str) -> None:
    if decision.item.gap_id is None:
        return
    gap = Gap.objects.select_for_update().get(pk=decision.item.gap_id)
    if gap.decision_number != decision.number or gap.answer != before:
        return
    if gap.state == Gap.State.DECIDED:
        decide_gap(gap, number=decision.number, day=decision.decided_on, answer=decision.text)
    elif gap.state == Gap.State.SOLVED and gap.answered_on:
        solve_gap(gap, day=gap.answered_on, answer=decision.text, offer=gap.offer)


@transaction.atomic
def add_action(
    item: AgendaItem,
    *,
    text: str,
    position: Position,
    due: dt.date,
    by: User,
    day: dt.date,
    key: uuid.UUID | None = None,
) -> Action:
    """Write down what is to be done, by exactly one position, until `due`.

    The same `key` twice is one action. Raises PermissionDenied, or ValidationError with the field.
    """
    with once(key or uuid.uuid4(), purpose="action_add", by=str(by.pk)) as attempt:
        if attempt.is_first:
            meeting = writable(item.meeting_id, by, day)
            check_position(position, meeting.group, day)
            check_due(due, day)
            action = Action(
                group=meeting.group,
                item=item,
                text=on_one_line(text),
                position=position,
                due=due,
                first_due=due,
            )
            action.full_clean()
            action.save()
            attempt.result = str(action.pk)
    return Action.objects.get(pk=attempt.result)


@transaction.atomic
def change_action(
    action: Action,
    *,
    text: str,
    position: Position,
    due: dt.date,
    version: int,
    by: User,
    day: dt.date,
    key: uuid.UUID | None = None,
) -> Action:
    """Mend what was written down, until the minutes are approved.

    While the meeting runs, the day is still being agreed, so the first day follows it. Raises
    PermissionDenied, ValidationError with the field, VersionConflict.
    """
    with once(key or uuid.uuid4(), purpose="action_change", by=str(by.pk)) as attempt:
        if attempt.is_first:
            if not ActionPolicy.allows(by, "write", action, day):
                raise PermissionDenied
            meeting = writable(action.item.meeting_id, by, day)
            if position.pk != action.position_id:
                check_position(position, meeting.group, day)
            if due != action.due:
                check_due(due, day)
            if meeting.state == Meeting.State.RUNNING:
                action.first_due = due
            action.text, action.position, action.due = on_one_line(text), position, due
            action.full_clean()
            save_versioned(action, version, ["text", "position", "due", "first_due"])
            attempt.result = str(action.pk)
    return Action.objects.get(pk=attempt.result)


@transaction.atomic
def close_action(
    action: Action,
    *,
    state: str,
    version: int,
    by: User,
    day: dt.date,
    note: str = "",
    key: uuid.UUID | None = None,
) -> Action:
    """Say that it is done, or no longer needed, and what came of it.

    Raises PermissionDenied, ValidationError with the field, VersionConflict.
    """
    with once(key or uuid.uuid4(), purpose="action_close", by=str(by.pk)) as attempt:
        if attempt.is_first:
            check_finisher(action, by, day)
            if action.state != Action.State.OPEN and action.version == version:
                raise ValidationError(_("This action is closed already."))
            note = on_one_line(note, "note")
            if state == Action.State.DROPPED and not note:
                raise ValidationError({"note": _("Say why it is no longer needed.")})
            action.state, action.note, action.closed_on = state, note, day
            action.full_clean()
            save_versioned(action, version, ["state", "note", "closed_on"])
            attempt.result = str(action.pk)
    return Action.objects.get(pk=attempt.result)


@transaction.atomic
def reopen_action(
    action: Action, *, version: int, by: User, day: dt.date, key: uuid.UUID | None = None
) -> Action:
    """It is to be done after all. What was said of it stays. Raises as `close_action` does."""
    with once(key or uuid.uuid4(), purpose="action_reopen", by=str(by.pk)) as attempt:
        if attempt.is_first:
            check_finisher(action, by, day)
            action.state, action.closed_on = Action.State.OPEN, None
            save_versioned(action, version, ["state", "closed_on"])
            attempt.result = str(action.pk)
    return Action.objects.get(pk=attempt.result)


@transaction.atomic
def move_action(
    action: Action,
    *,
    due: dt.date,
    version: int,
    by: User,
    day: dt.date,
    key: uuid.UUID | None = None,
) -> Action:
    """Give it a new day; the first one stays beside it. Raises as `close_action` does."""
    with once(key or uuid.uuid4(), purpose="action_move", by=str(by.pk)) as attempt:
        if attempt.is_first:
            check_finisher(action, by, day)
            if action.state != Action.State.OPEN and action.version == version:
                raise ValidationError(_("This action is closed already."))
            check_due(due, day)
            action.due = due
            save_versioned(action, version, ["due"])
            attempt.result = str(action.pk)
    return Action.objects.get(pk=attempt.result)
