"""Decisions and actions of one item of an agenda: written, and mended until approval. REG-08."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from network.meetings.models import AgendaItem, Decision, Meeting
from network.meetings.outcome_forms import ActionForm, DecisionChangeForm, DecisionForm
from network.meetings.outcome_reports import ActionRow, actions_of, decisions_of, undone_actions
from network.meetings.policies import ActionPolicy, DecisionPolicy, MeetingPolicy
from network.meetings.services.outcome_rules import positions_of
from network.meetings.services.outcomes import (
    add_action,
    add_decision,
    change_decision,
)
from portal.access.guards import guarded, pass_of, user_of
from portal.base.versions import VersionConflict

# While one of these, decisions and actions are written.
WRITTEN = (Meeting.State.RUNNING, Meeting.State.ENDED)


@dataclass(frozen=True)
class Outcomes:
    """What `meetings/_outcomes.html` shows of one item; without forms nothing can be added."""

    item: AgendaItem
    decisions: list[Decision]
    actions: list[ActionRow]
    decision_form: DecisionForm | None
    action_form: ActionForm | None

    @property
    def may_write(self) -> bool:
        return self.decision_form is not None


@dataclass(frozen=True)
class Undone:
    """What `meetings/_undone_actions.html` shows at the item about unfinished actions."""

    item: AgendaItem
    rows: list[ActionRow]
    # Those that the reader may close or give a new day.
    mine_to_finish: frozenset[uuid.UUID]


def outcomes_of(item: AgendaItem, user: Any, day: dt.date) -> Outcomes:
    """For the page of a meeting: what `item` has made so far, and the two small forms."""
    may_write = item.meeting.state in WRITTEN and MeetingPolicy.allows(
        user, "write", item.meeting, day
    )
    return Outcomes(
        item=item,
        decisions=decisions_of(item),
        actions=actions_of(item, day),
        decision_form=DecisionForm(auto_id="decision-%s") if may_write else None,
        action_form=ActionForm(positions=positions_of(item.meeting.group, day), auto_id="action-%s")
        if may_write
        else None,
    )


def undone_of(item: AgendaItem, user: Any, day: dt.date) -> Undone:
    """For the page of a meeting: the undone actions of its group from earlier meetings."""
    rows = undone_actions(item.meeting.group, day, but=item.meeting)
    mine = ActionPolicy.rows(user, "finish", day).filter(pk__in=[row.action.pk for row in rows])
    return Undone(item, rows, frozenset(mine.values_list("pk", flat=True)))


def to_item(item: AgendaItem) -> HttpResponseRedirect:
    """Back to the page of the meeting, where the item stands."""
    address = reverse("meeting_detail", args=[item.meeting_id])
    return HttpResponseRedirect(f"{address}?{urlencode({'punkt': str(item.pk)})}#otsused")


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(MeetingPolicy, "write")
def decision_add(request: HttpRequest, meeting_id: uuid.UUID, item_id: uuid.UUID) -> HttpResponse:
    """A new decision; the page of its own is for whatever was wrong."""
    item = _item(request, meeting_id, item_id)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            add_decision(
                item,
                text=typed["text"],
                by=user_of(request),
                day=pass_of(request).day,
                key=typed["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            return to_item(item)
    return render(request, "meetings/decision_add.html", {"item": item, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(MeetingPolicy, "write")
def action_add(request: HttpRequest, meeting_id: uuid.UUID, item_id: uuid.UUID) -> HttpResponse:
    """A new action; the page of its own is for whatever was wrong."""
    item, day = _item(request, meeting_id, item_id), pass_of(request).day
    form = ActionForm(
        request.POST if request.method == "POST" else None,
        positions=positions_of(item.meeting.group, day),
    )
    if form.is_valid():
        typed = form.cleaned_data
        try:
            add_action(
                item,
                text=typed["text"],
                position=typed["position"],
                due=typed["due"],
                by=user_of(request),
                day=day,
                key=typed["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            return to_item(item)
    return render(request, "meetings/action_add.html", {"item": item, "form": form})


def _item(request: HttpRequest, meeting_id: uuid.UUID, item_id: uuid.UUID) -> AgendaItem:
    meeting = pass_of(request).find(pk=meeting_id)
    return get_object_or_404(
        AgendaItem.objects.select_related("meeting__group__region"), pk=item_id, meeting=meeting
    )


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(DecisionPolicy, "view")
def decision_change(request: HttpRequest, decision_id: uuid.UUID) -> HttpResponse:
    """One decision; whoever writes the minutes mends its words until they are approved."""
    ticket = pass_of(request)
    found = ticket.find(pk=decision_id)
    decision = _with_words(found.pk)
    may_write = DecisionPolicy.allows(request.user, "write", decision, ticket.day)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = DecisionChangeForm(
        request.POST if request.method == "POST" else None,
        initial=DecisionChangeForm.values_of(decision),
    )
    if form.is_valid():
        typed = form.cleaned_data
        try:
            change_decision(
                decision,
                text=typed["text"],
                version=typed["version"],
                by=user_of(request),
                day=ticket.day,
                key=typed["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        except VersionConflict:
            return _decision_conflict(request, decision_id, form)
        else:
            return redirect("decision_change", decision.pk)
    return _decision_page(request, decision, form, may_write=may_write)


def _decision_page(
    request: HttpRequest, decision: Decision, form: DecisionChangeForm, *, may_write: bool
) -> HttpResponse:
    meeting = decision.item.meeting
    page = {
        "decision": decision,
        "meeting": meeting,
        "form": form if may_write and (meeting.state in WRITTEN or form.is_bound) else None,
        "is_approved": meeting.state == Meeting.State.APPROVED,
        "actions": actions_of(decision.item, pass_of(request).day),
        "sees_meeting": MeetingPolicy.allows(request.user, "view", meeting, pass_of(request).day),
    }
    return render(request, "meetings/decision_detail.html", page)


def _decision_conflict(
    request: HttpRequest, decision_id: uuid.UUID, typed: DecisionChangeForm
) -> HttpResponse:
    """409: both texts, to be put together against what is stored now."""
    decision = _with_words(decision_id)
    page = {
        "decision": decision,
        "yours": typed.cleaned_data["text"],
        # Asked again after both texts were read: another save, so another key.
        "key": uuid.uuid4(),
    }
    return render(request, "meetings/decision_conflict.html", page, status=409)


def _with_words(decision_id: uuid.UUID) -> Decision:
    return Decision.objects.select_related("group__region", "item__meeting", "item__gap").get(
        pk=decision_id
    )
