"""Meetings in people's own calendars: one file, and an address that is asked again and again."""

import datetime as dt
import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from network.meetings import calendar
from network.meetings.models import Meeting
from network.meetings.policies import MeetingPolicy
from network.meetings.services.feeds import feed_of, find_feed, make_feed, take_feed_back
from network.meetings.views.planning import key_of
from portal.access.guards import guarded, pass_of, public, signed_in, user_of

# How far back a calendar keeps showing meetings, and how many it gets at most.
BACK = dt.timedelta(days=30)
MOST = 500


@require_safe
@guarded(MeetingPolicy, "view")
def meeting_ics(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """One meeting as a file that any calendar opens."""
    meeting = pass_of(request).find(pk=meeting_id)
    answer = HttpResponse(
        calendar.published([meeting], now=timezone.now()), content_type=calendar.CONTENT_TYPE
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{calendar.FILE_NAME}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@sensitive_variables("address")
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """My calendar address: made, shown this once, taken back."""
    user, address = user_of(request), ""
    if request.method == "POST":
        if "take_back" in request.POST:
            take_feed_back(by=user)
            return redirect("calendar_feed")
        token = make_feed(by=user, key=key_of(request))
        # Shown in this one answer and kept nowhere, so there is no page to lead to.
        address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("calendar_ics", args=[token])
    return render(
        request,
        "meetings/calendar.html",
        {"feed": feed_of(user), "address": address, "key": uuid.uuid4()},
    )


@require_safe
@public
@sensitive_variables("token")
def calendar_ics(request: HttpRequest, token: str) -> HttpResponse:
    """The meetings that the owner of this address may see now; nothing of a session is asked.

    Unknown, taken back and a closed account are the same 404.
    """
    feed = find_feed(token)
    if feed is None:
        raise Http404
    now = timezone.now()
    day = timezone.localdate(now)
    meetings = (
        MeetingPolicy.rows(feed.user, "view", day)
        .filter(starts_at__gte=now - BACK)
        .select_related("group__region")
        .order_by("starts_at", "pk")[:MOST]
    )
    with translation.override(feed.user.language):
        text = calendar.published(list[Meeting](meetings), now=now, name="Tugivõrk")
    answer = HttpResponse(text, content_type=calendar.CONTENT_TYPE)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Content-Disposition"] = 'inline; filename="tugivork.ics"'
    return answer
