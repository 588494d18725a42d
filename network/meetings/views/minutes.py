"""The minutes of a meeting: read, taken along as a PDF, approved. REG-08."""

import io
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.meetings.minutes import MINUTES_OF_MEETING, minutes_of, pdf_of
from network.meetings.models import AgendaItem, Meeting
from network.meetings.policies import MeetingPolicy
from network.meetings.services.approval import approve_minutes
from network.meetings.views.outcome import to_item
from portal.access.guards import guarded, pass_of, user_of
from portal.base.files import serve_private
from portal.base.versions import VersionConflict


@require_safe
@guarded(MeetingPolicy, "view")
def minutes(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """The minutes as a page; before the meeting there are none, so its own page is shown."""
    meeting = pass_of(request).find(pk=meeting_id)
    if meeting.state not in MINUTES_OF_MEETING:
        return redirect("meeting_detail", meeting.pk)
    return _page(request, meeting)


def _page(
    request: HttpRequest, meeting: Meeting, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    day = pass_of(request).day
    read = minutes_of(meeting)
    context: dict[str, Any] = {
        "minutes": read,
        "meeting": read.meeting,
        "day": day,
        "may_approve": read.meeting.state == Meeting.State.ENDED
        and MeetingPolicy.allows(request.user, "lead", meeting, day),
        "may_write": read.meeting.state in (Meeting.State.RUNNING, Meeting.State.ENDED)
        and MeetingPolicy.allows(request.user, "write", meeting, day),
        "refusal": refusal,
        "item_id": _item_id(request),
    }
    return render(request, "meetings/minutes.html", context, status=status)


@require_safe
@guarded(MeetingPolicy, "view")
def minutes_pdf(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponseBase:
    """The minutes as a PDF to keep; its name holds the day and nobody's name."""
    meeting = pass_of(request).find(pk=meeting_id)
    if meeting.state not in MINUTES_OF_MEETING:
        return redirect("meeting_detail", meeting.pk)
    read = minutes_of(meeting)
    return serve_private(
        io.BytesIO(pdf_of(read)),
        name=f"protokoll-{read.day:%Y-%m-%d}.pdf",
        content_type="application/pdf",
    )


@require_POST
@guarded(MeetingPolicy, "lead")
def minutes_approve(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Approve what was read: minutes that changed since are shown once more first (409)."""
    ticket = pass_of(request)
    meeting = ticket.find(pk=meeting_id)
    seen = request.POST.get("seen", "")
    try:
        approve_minutes(meeting, by=user_of(request), day=ticket.day, seen=seen)
    except VersionConflict:
        changed = _("The minutes have changed since you opened them. Read them again.")
        return _page(request, meeting, refusal=changed, status=409)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("meeting_detail", meeting.pk)
    messages.success(request, _("The minutes are approved."))
    item = _approving_item(request, meeting)
    return to_item(item) if item else redirect("minutes", meeting.pk)


def _approving_item(request: HttpRequest, meeting: Meeting) -> AgendaItem | None:
    """The item of the next meeting from which the minutes were opened."""
    item_id = _item_id(request)
    return AgendaItem.objects.filter(pk=item_id, about=meeting).first() if item_id else None


def _item_id(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("punkt", "") or request.GET.get("punkt", ""))
    except ValueError:
        return None
