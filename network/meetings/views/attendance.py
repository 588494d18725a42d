"""Who was there: one tap for each position, and guests from outside."""

import contextlib
import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from network.meetings.agenda_forms import GuestForm, attendance_said
from network.meetings.policies import MeetingPolicy
from network.meetings.reports import attendance_of
from network.meetings.services.running import add_guest, set_attendance
from network.meetings.views.meeting import found, refused
from network.meetings.views.page import ITEM, meeting_page
from portal.access.guards import guarded, pass_of, user_of


@require_POST
@guarded(MeetingPolicy, "write")
def attendance_set(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """What changed since the page was shown. A script asks for JSON and stays on the page."""
    meeting = found(request, meeting_id)
    known = set(meeting.attendance.values_list("pk", flat=True))
    try:
        said = attendance_said(request.POST, known)
        set_attendance(meeting, said, by=user_of(request))
    except ValidationError as error:
        if _is_script(request):
            return JsonResponse({"problem": " ".join(error.messages)}, status=400)
        return refused(request, meeting_id, error, item_id=request.POST.get(ITEM))
    if _is_script(request):
        return JsonResponse({"words": present_words(found(request, meeting_id))})
    return _back(request, meeting_id)


def present_words(meeting: object) -> str:
    table = attendance_of(meeting)  # type: ignore[arg-type]
    return ngettext(
        "%(present)s of %(total)s present", "%(present)s of %(total)s present", table.present
    ) % {"present": table.present, "total": table.total}


@require_POST
@guarded(MeetingPolicy, "write")
def attendance_guest(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Somebody from outside who came."""
    meeting = found(request, meeting_id)
    form = GuestForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            add_guest(meeting, typed["guest_name"], by=user_of(request), key=typed["key"])
        except ValidationError as error:
            form.refuse(error)
        else:
            return _back(request, meeting_id)
    day, item_id = pass_of(request).day, request.POST.get(ITEM)
    return meeting_page(request, meeting, day, item_id=item_id, guest_form=form)


def _back(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """To the item that was open, at the list of attendance."""
    address = reverse("meeting_detail", args=[meeting_id])
    with contextlib.suppress(ValueError):
        address += f"?{ITEM}={uuid.UUID(request.POST.get(ITEM, ''))}"
    return redirect(f"{address}#kohalolek")


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"
