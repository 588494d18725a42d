"""The page of one meeting, as it is shown before, during and after; also when something failed."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from network.meetings.agenda_forms import GuestForm, ItemForm, NoteForm
from network.meetings.agenda_reports import (
    Agenda,
    AgendaLine,
    agenda_of,
    gap_facts,
    next_meeting_after,
    waiting_gaps,
)
from network.meetings.models import AgendaItem, Meeting
from network.meetings.policies import MeetingPolicy
from network.meetings.reports import attendance_of, members_of, owners_for
from network.meetings.services.ordering import CARRIED
from network.meetings.services.running import WRITTEN
from network.meetings.views.outcome import outcomes_of, undone_of

SUGGESTED = 12
ITEM = "punkt"


@dataclass(frozen=True)
class May:
    """What the reader may do with this meeting now."""

    lead: bool
    write: bool
    propose: bool
    start: bool


def may_with(user: Any, meeting: Meeting, day: dt.date) -> May:
    """Asked of the policy; a state in which it makes no sense is a no too."""
    lead = MeetingPolicy.allows(user, "lead", meeting, day)
    return May(
        lead=lead,
        write=meeting.state in WRITTEN and MeetingPolicy.allows(user, "write", meeting, day),
        propose=MeetingPolicy.allows(user, "propose", meeting, day),
        start=lead
        and meeting.state == Meeting.State.PLANNED
        and timezone.localdate(meeting.starts_at) <= day,
    )


def meeting_page(
    request: HttpRequest,
    meeting: Meeting,
    day: dt.date,
    *,
    item_id: object = None,
    problem: str = "",
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    """The page; `problem` is a sentence on top, `forms` are those that came back with errors."""
    agenda = agenda_of(meeting)
    may = may_with(request.user, meeting, day)
    context: dict[str, Any] = {
        "meeting": meeting,
        "group": meeting.group,
        "agenda": agenda,
        "may": may,
        "day": day,
        "problem": problem,
        "is_today": timezone.localdate(meeting.starts_at) == day,
        "following": next_meeting_after(meeting),
        "act_key": uuid.uuid4(),
    }
    if meeting.state == Meeting.State.PLANNED:
        context |= _before(request, meeting, may, day, forms)
    elif meeting.state != Meeting.State.CANCELLED:
        context |= _during(request, meeting, agenda, may, day, item_id, forms)
    return render(request, "meetings/meeting_detail.html", context, status=status)


def _before(
    request: HttpRequest, meeting: Meeting, may: May, day: dt.date, forms: dict[str, Any]
) -> dict[str, Any]:
    """Who is to come, what waits to be talked about, and a topic of one's own."""
    waiting = list(waiting_gaps(meeting.group)[: SUGGESTED + 1]) if may.lead else []
    members = members_of(meeting.group, timezone.localdate(meeting.starts_at))
    return {
        "members": members,
        "guests": [one for one in attendance_of(meeting).rows if one.row.is_guest],
        "waiting": waiting[:SUGGESTED],
        "is_more_waiting": len(waiting) > SUGGESTED,
        "item_form": forms.get("item_form") or item_form(request, meeting, may, day),
    }


def item_form(request: HttpRequest, meeting: Meeting, may: May, day: dt.date) -> ItemForm | None:
    """An empty form for a topic, for whoever may add one."""
    if not may.propose:
        return None
    positions = owners_for(meeting, request.user, day, only_own=not may.lead)
    only = str(positions[0].pk) if len(positions) == 1 else ""
    return ItemForm(positions=positions, initial={"owner": only})


def _during(
    request: HttpRequest,
    meeting: Meeting,
    agenda: Agenda,
    may: May,
    day: dt.date,
    item_id: object,
    forms: dict[str, Any],
) -> dict[str, Any]:
    """One item at a time: what is known, what was said, what came of it; and who is there."""
    line = agenda.line_of(item_id or request.GET.get(ITEM)) or agenda.current
    context: dict[str, Any] = {
        "line": line,
        "attendance": attendance_of(meeting),
        "guest_form": forms.get("guest_form") or (GuestForm() if may.write else None),
    }
    if line is None:
        return context
    item = line.item
    if may.propose:
        context["item_form"] = forms.get("item_form") or item_form(request, meeting, may, day)
    return context | {
        "next_line": agenda.after(line),
        "notes": item.notes.select_related("written_by"),
        "note_form": forms.get("note_form") or (NoteForm() if may.write else None),
        "facts": gap_facts(item.gap) if item.gap else None,
        "may_carry": may.lead and _is_carriable(meeting, line),
        "outcomes": outcomes_of(item, request.user, day),
        "undone": undone_of(item, request.user, day),
        "wrong_move": forms.get("wrong_move"),
    }


def _is_carriable(meeting: Meeting, line: AgendaLine) -> bool:
    return (
        meeting.is_writable
        and line.item.kind in CARRIED
        and line.item.state != AgendaItem.State.MOVED
        and not line.is_approved
    )


def conflict_words() -> str:
    """Said above the agenda as it is now, to whoever had an older one open."""
    return _("Somebody changed the agenda meanwhile. Here it is as it stands now: try again.")
