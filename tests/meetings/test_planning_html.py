"""Pages about when meetings are, in every state, before the HTML checker."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from network.meetings.models import Meeting, Series
from network.meetings.services.inviting import ask_guest, invite_to_meeting
from tests.meetings.factories import Table, planned_meeting, running_meeting, series_of

pytestmark = [pytest.mark.django_db, pytest.mark.java]


def test_every_page_of_planning_is_sound(client, check_html):
    table = Table()
    by = table.coordinator.user
    client.force_login(by)
    pages = {}

    def get(name, *args, **query):
        pages[f"{name} {len(pages)}"] = client.get(reverse(name, args=args), query).text

    def post(name, *args, **fields):
        pages[f"POST {name} {len(pages)}"] = client.post(reverse(name, args=args), fields).text

    series = series_of(table.steering, title="<b>Juhtrühm</b>")
    meeting = planned_meeting(table.steering, series=series, place='Saal "A" & <b>B</b>')
    running = running_meeting(table.steering)

    for name in ("series_add", "meeting_add"):
        get(name)
        post(name, day="eile", begins="x", starts_on="x", often="months", which="day")
    post("series_add", show="1", often="week", weekday="3")
    get("series_change", series.pk)
    for pk in (meeting.pk, running.pk):
        for name in ("meeting_change", "meeting_cancel", "meeting_invite"):
            get(name, pk)
            post(name, pk, version="99", key=str(uuid.uuid4()))
    Meeting.objects.filter(pk=meeting.pk).update(invited_at=None)
    ask_guest(meeting, name="<i>Ülle</i>", by=by, key=uuid.uuid4())
    ask_guest(meeting, position=table.outsider.position, by=by, key=uuid.uuid4())
    invite_to_meeting(meeting, by=by, key=uuid.uuid4())
    get("meeting_invite", meeting.pk)
    get("meeting_change", meeting.pk)
    get("meeting_cancel", meeting.pk)
    post("meeting_invite", meeting.pk, guest="1")

    day = f"{timezone.localdate():%d.%m.%Y}"
    hours = {"begins": "23.00", "ends": "23.30", "version": "1", "key": str(uuid.uuid4())}
    post("meeting_change", meeting.pk, day=day, place="<b>Mujal</b>", **hours)
    Series.objects.update(version=7)
    rule = {"often": "months", "months": ["2", "9"], "which": "2", "weekday": "1"}
    post("series_change", series.pk, starts_on=day, month_day="1", **rule, **hours)

    get("calendar_feed")
    post("calendar_feed", key=str(uuid.uuid4()))
    get("calendar_feed")

    # What succeeded leads elsewhere and has no text.
    pages = {name: page for name, page in pages.items() if page}
    assert all("</html>" in page for page in pages.values())
    assert sum("Keegi teine" in page for page in pages.values()) >= 2
    check_html(pages)
