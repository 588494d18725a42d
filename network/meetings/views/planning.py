"""When a meeting is: planning one, moving it, calling it off. REG-09."""

import datetime as dt
import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.meetings.models import Meeting
from network.meetings.planning_forms import MeetingForm
from network.meetings.planning_reports import seats_of_regions
from network.meetings.policies import MeetingPolicy
from network.meetings.services.planning import add_meeting, cancel_meeting, change_meeting
from network.meetings.services.seats import seat_positions
from network.meetings.views.conflicts import conflict
from network.policies import RegionPolicy
from portal.access.guards import guarded, pass_of, user_of
from portal.base.versions import VersionConflict

# What the form says until somebody writes something else.
USUAL = {"begins": dt.time(13), "ends": dt.time(14, 30)}


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(RegionPolicy, "lead")
def meeting_add(request: HttpRequest) -> HttpResponse:
    """A single meeting of a group; 403 for whoever leads no region."""
    ticket = pass_of(request)
    regions = list(ticket.rows())
    if not regions:
        raise PermissionDenied
    form = MeetingForm(
        request.POST if request.method == "POST" else None,
        regions=regions,
        seats=seats_of_regions(regions, ticket.day),
        day=ticket.day,
        initial=USUAL | {"group": wanted(request, regions)},
    )
    if form.is_valid():
        region, body = form.cleaned_data["group"]
        try:
            meeting = add_meeting(
                form.plan(),
                region=region,
                body=body,
                by=user_of(request),
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            return redirect("meeting_detail", meeting.pk)
    return render(request, "meetings/meeting_form.html", {"form": form})


def wanted(request: HttpRequest, regions: list[Any]) -> str:
    """The group of the address, as the form names it; the only region's steering group else."""
    wanted = request.GET.get("group", "")
    return wanted or (f"{regions[0].pk}:steering" if len(regions) == 1 else "")


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(MeetingPolicy, "lead")
def meeting_change(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Another time or place; whoever was invited hears of it."""
    ticket = pass_of(request)
    meeting = ticket.find(pk=meeting_id)
    again = partial(MeetingForm, regions=[], seats=_seats(meeting), day=ticket.day, meeting=meeting)
    if request.method != "POST":
        return _form(request, meeting, again(initial=MeetingForm.values_of(meeting)))
    form = again(request.POST)
    if not form.is_valid():
        return _form(request, meeting, form)
    try:
        changed = change_meeting(
            meeting,
            form.plan(),
            version=form.cleaned_data["version"] or 0,
            by=user_of(request),
            key=form.cleaned_data["key"],
        )
    except ValidationError as error:
        form.refuse(error)
        return _form(request, meeting, form)
    except VersionConflict:
        meeting = ticket.find(pk=meeting_id)
        return conflict(
            request,
            form,
            again,
            MeetingForm.values_of(meeting),
            back_url=reverse("meeting_detail", args=[meeting.pk]),
            title=_("Change the meeting"),
        )
    if changed.calendar_sequence > meeting.calendar_sequence:
        messages.success(request, _("The meeting is changed. The invited get a letter about it."))
    return redirect("meeting_detail", meeting.pk)


def _seats(meeting: Meeting) -> Any:
    seats = seat_positions(meeting.group, timezone.localdate(meeting.starts_at)).select_related(
        "organisation"
    )
    return list(seats.order_by("organisation__name", "title"))


def _form(request: HttpRequest, meeting: Meeting, form: MeetingForm) -> HttpResponse:
    return render(request, "meetings/meeting_form.html", {"meeting": meeting, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(MeetingPolicy, "lead")
def meeting_cancel(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """The last question before a meeting is called off."""
    meeting = pass_of(request).find(pk=meeting_id)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            cancel_meeting(
                meeting,
                version=_number(request.POST.get("version", "")),
                by=user_of(request),
                key=key_of(request),
            )
        except ValidationError as error:
            refusal = " ".join(error.messages)
        except VersionConflict:
            refusal, status = _("Somebody changed this meeting meanwhile. Look at it again."), 409
            meeting = pass_of(request).find(pk=meeting_id)
        else:
            return redirect("meeting_detail", meeting.pk)
    return render(
        request,
        "meetings/meeting_cancel.html",
        {
            "meeting": meeting,
            "refusal": refusal,
            "key": key_of(request) if status == 200 else uuid.uuid4(),
        },
        status=status,
    )


def key_of(request: HttpRequest) -> uuid.UUID:
    """The key of the form as it was sent; a new one for a new form."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
