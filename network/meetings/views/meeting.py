"""The list of meetings, the page of one, its beginning and its end. REG-07."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from network.meetings.agenda_reports import not_reached
from network.meetings.filters import MeetingFilterForm
from network.meetings.models import Meeting
from network.meetings.policies import GroupPolicy, MeetingPolicy, SeriesPolicy
from network.meetings.reports import (
    DATES_SHOWN,
    PAGE_SIZE,
    MeetingChoice,
    attendance_of,
    chosen_meetings,
    meeting_heading,
    meeting_table,
    next_meeting,
    running_series,
    with_words,
)
from network.meetings.schedule import next_dates
from network.meetings.services.running import end_meeting, start_meeting
from network.meetings.views.page import meeting_page
from network.policies import RegionPolicy
from portal.access.guards import guarded, pass_of, user_of
from portal.base.sheets import csv_answer

# Without a filter so many coming meetings stand above those that were held.
COMING = 10


@require_http_methods(["GET", "HEAD"])
@guarded(MeetingPolicy, "view")
def meeting_list(request: HttpRequest) -> HttpResponse:
    """The next meeting with its one action, the series, what comes and what was held."""
    ticket = pass_of(request)
    visible, day, now = ticket.rows(), ticket.day, timezone.now()
    groups = _groups(request)
    form = MeetingFilterForm(request.GET, groups=groups)
    choice = form.choice()
    following = None if choice.is_any else next_meeting(visible, now)
    listed = choice if choice.is_any else MeetingChoice(state="held", sort=choice.sort)
    page = Paginator(chosen_meetings(visible, listed), PAGE_SIZE).get_page(request.GET.get("page"))
    led = set(GroupPolicy.rows(request.user, "lead", day).values_list("pk", flat=True))
    context: dict[str, Any] = {
        "day": day,
        "form": form,
        "choice": choice,
        "page": page,
        "following": following,
        "leads": bool(led) or _leads_a_region(request),
        "leads_following": following is not None and following.group_id in led,
        "is_today": following is not None and timezone.localdate(following.starts_at) <= day,
    }
    if not choice.is_any:
        coming = with_words(visible.filter(state=Meeting.State.PLANNED)).order_by("starts_at", "pk")
        coming = coming.exclude(pk=following.pk) if following else coming
        rows = list(coming[: COMING + 1])
        series = running_series(SeriesPolicy.rows(request.user, "view", day))
        context |= {
            "coming": rows[:COMING],
            "is_more_coming": len(rows) > COMING,
            "series": [
                (one, next_dates(one, DATES_SHOWN, day), one.group_id in led) for one in series
            ],
        }
    return render(request, "meetings/meeting_list.html", context)


def _groups(request: HttpRequest) -> list[Any]:
    """The groups by which the list is narrowed: those whose meetings the reader sees."""
    rows = GroupPolicy.rows(request.user, "view", pass_of(request).day)
    return list(rows.select_related("region").order_by("region__name", "body"))


def _leads_a_region(request: HttpRequest) -> bool:
    return RegionPolicy.rows(request.user, "lead", pass_of(request).day).exists()


@require_http_methods(["GET", "HEAD"])
@guarded(MeetingPolicy, "view")
def meeting_export(request: HttpRequest) -> HttpResponse:
    """The chosen meetings as a table for a spreadsheet."""
    choice = MeetingFilterForm(request.GET, groups=_groups(request)).choice()
    rows = chosen_meetings(pass_of(request).rows(), choice)
    return csv_answer("kohtumised.csv", meeting_heading(), meeting_table(rows))


@require_http_methods(["GET", "HEAD"])
@guarded(MeetingPolicy, "view")
def meeting_detail(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """The same address before, during and after the meeting."""
    meeting = found(request, meeting_id)
    return meeting_page(request, meeting, pass_of(request).day)


@require_POST
@guarded(MeetingPolicy, "lead")
def meeting_start(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Begin the meeting and show its first item."""
    meeting = found(request, meeting_id)
    try:
        start_meeting(meeting, by=user_of(request), now=timezone.now())
    except ValidationError as error:
        return refused(request, meeting_id, error)
    return redirect("meeting_detail", meeting_id)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(MeetingPolicy, "lead")
def meeting_end(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """The last question, with what is not done yet; then everybody gets word of their actions."""
    meeting = found(request, meeting_id)
    if request.method != "POST":
        if meeting.state != Meeting.State.RUNNING:
            return redirect("meeting_detail", meeting_id)
        context = {
            "meeting": meeting,
            "unsaid": attendance_of(meeting).unknown,
            "waiting": not_reached(meeting).count(),
        }
        return render(request, "meetings/meeting_end.html", context)
    try:
        end_meeting(meeting, by=user_of(request), now=timezone.now())
    except ValidationError as error:
        return refused(request, meeting_id, error)
    messages.success(
        request, _("The meeting is over. Whoever has something to do gets a letter about it.")
    )
    return redirect("meeting_detail", meeting_id)


def found(request: HttpRequest, meeting_id: uuid.UUID) -> Meeting:
    """The meeting with its group, through the policy of the view: 404 or 403 otherwise."""
    meeting: Meeting = pass_of(request).find(pk=meeting_id)
    return Meeting.objects.select_related(
        "group__region", "series", "minutes_taker__organisation"
    ).get(pk=meeting.pk)


def refused(
    request: HttpRequest, meeting_id: uuid.UUID, error: ValidationError, **more: Any
) -> HttpResponse:
    """The page as it is now, with the sentence on top."""
    meeting = found(request, meeting_id)
    problem = " ".join(error.messages)
    return meeting_page(request, meeting, pass_of(request).day, problem=problem, **more)
