"""Asking people to a meeting, and what became of the letters. REG-07."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.meetings.models import Attendance, Meeting
from network.meetings.planning_forms import GuestForm
from network.meetings.planning_reports import asked_to, posted
from network.meetings.policies import MeetingPolicy
from network.meetings.services.inviting import (
    ask_guest,
    invite_to_meeting,
    positions_to_ask,
    take_back_guest,
)
from network.meetings.services.seats import seat_positions
from network.meetings.views.planning import key_of
from portal.access.guards import guarded, pass_of, user_of
from portal.base.idempotency import was_done


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(MeetingPolicy, "lead")
def meeting_invite(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Who is asked, with their guests; one button sends the letters."""
    meeting = pass_of(request).find(pk=meeting_id)
    if request.method != "POST":
        return _page(request, meeting)
    try:
        if "guest" in request.POST:
            return _guest(request, meeting)
        if row := _row(meeting, request.POST.get("take_back", "")):
            take_back_guest(row, by=user_of(request))
            return redirect("meeting_invite", meeting.pk)
        if "take_back" in request.POST:
            # Taken back already.
            return redirect("meeting_invite", meeting.pk)
        invite_to_meeting(meeting, by=user_of(request), key=key_of(request))
    except ValidationError as error:
        return _page(request, meeting, refusal=" ".join(error.messages))
    messages.success(request, _("The invitations are on their way."))
    return redirect("meeting_invite", meeting.pk)


def _guest(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """One more guest; ValidationError if nobody can be asked any more."""
    if was_done(request.POST.get("key", ""), purpose="meeting_guest", by=str(request.user.pk)):
        # The position is asked by now, so the list of the form no longer has it.
        return redirect("meeting_invite", meeting.pk)
    form = GuestForm(request.POST, positions=positions_to_ask(meeting))
    if form.is_valid():
        typed = form.cleaned_data
        ask_guest(
            meeting,
            position=typed["position"],
            name=typed["name"],
            by=user_of(request),
            key=typed["key"],
        )
        return redirect("meeting_invite", meeting.pk)
    return _page(request, meeting, form=form)


def _row(meeting: Meeting, pk: str) -> Attendance | None:
    try:
        return meeting.attendance.filter(pk=uuid.UUID(pk), is_guest=True).first()
    except ValueError:
        return None


def _page(
    request: HttpRequest, meeting: Meeting, *, form: GuestForm | None = None, refusal: str = ""
) -> HttpResponse:
    day = pass_of(request).day
    asked = asked_to(
        meeting, seat_positions(meeting.group, timezone.localdate(meeting.starts_at)), day
    )
    readers = {user.pk for line in asked for user in line.readers}
    return render(
        request,
        "meetings/meeting_invite.html",
        {
            "meeting": meeting,
            "asked": asked,
            "n_letters": len(readers),
            "posted": posted(meeting) if meeting.invited_at else None,
            "agenda": list(meeting.items.all()),
            "is_planned": meeting.state == Meeting.State.PLANNED,
            "form": form or GuestForm(positions=positions_to_ask(meeting)),
            "refusal": refusal,
            "key": uuid.uuid4(),
        },
    )
