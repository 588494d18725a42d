"""The one writer of calendar files (RFC 5545): letters, the feed and the link on a meeting's page.

An entry holds when, where, which group, and the address of the page; never a person's name, never
what is talked about. A meeting keeps one UID for ever; `calendar_sequence` moves on with changes.
"""

import datetime as dt
from collections.abc import Iterable
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
    vUri,
)

from network.meetings.models import Meeting
from network.meetings.schedule import ZONE

PRODUCT = "-//Tugivork//Kohtumised//ET"
FILE_NAME = "kohtumine.ics"
CONTENT_TYPE = "text/calendar; charset=utf-8"
# How often a calendar may ask again.
REFRESH = "PT4H"


def request(meeting: Meeting, *, to: str, is_guest: bool, now: dt.datetime) -> bytes:
    """The calendar part of an invitation, or of its change, for the one who reads mail at `to`."""
    return _written("REQUEST", [_event(meeting, now, to=to, is_guest=is_guest)])


def cancellation(meeting: Meeting, *, to: str, is_guest: bool, now: dt.datetime) -> bytes:
    """Takes the meeting out of the calendar of whoever reads mail at `to`."""
    return _written("CANCEL", [_event(meeting, now, to=to, is_guest=is_guest, is_off=True)])


def published(meetings: Iterable[Meeting], *, now: dt.datetime, name: str = "") -> bytes:
    """Meetings to add or to follow; with a `name` a calendar that is asked for again and again."""
    return _written("PUBLISH", [_event(meeting, now) for meeting in meetings], name)


def summary_of(meeting: Meeting) -> str:
    """What an entry is called: group and region. Titles are typed by hand and stay on the page."""
    return f"{meeting.group.get_body_display().capitalize()}, {meeting.group.region.name}"


def page_of(meeting: Meeting) -> str:
    """The whole address of the page of a meeting; whoever opens it signs in first."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("meeting_detail", args=[meeting.pk])


def _event(
    meeting: Meeting,
    now: dt.datetime,
    *,
    to: str = "",
    is_guest: bool = False,
    is_off: bool = False,
) -> Event:
    zone = ZoneInfo(ZONE)
    event = Event()
    event.add("uid", f"{meeting.pk}@tugivork")
    event.add("sequence", meeting.calendar_sequence)
    event.add("dtstamp", now.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    event.add("summary", summary_of(meeting))
    if where := meeting.place or meeting.link:
        event.add("location", where)
    lines = [_("Agenda and minutes: %(address)s") % {"address": page_of(meeting)}]
    if meeting.link:
        lines.insert(0, _("Video link: %(address)s") % {"address": meeting.link})
    event.add("description", "\n".join(lines))
    event.add("url", vUri(page_of(meeting)))
    event.add("status", _status(meeting, is_off))
    event.add("organizer", _organizer())
    if to:
        event.add("attendee", _attendee(to, is_guest))
    return event


def _status(meeting: Meeting, is_off: bool) -> str:
    if is_off or meeting.state == Meeting.State.CANCELLED:
        return "CANCELLED"
    is_open = meeting.state == Meeting.State.PLANNED and meeting.invited_at is None
    return "TENTATIVE" if is_open else "CONFIRMED"


def _organizer() -> vCalAddress:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = vText(name or "Tugivõrk")
    return organizer


def _attendee(address: str, is_guest: bool) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["ROLE"] = vText("OPT-PARTICIPANT" if is_guest else "REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    # Nobody reads answers that a calendar sends: who comes is said at the meeting.
    attendee.params["RSVP"] = vText("FALSE")
    return attendee


def _written(method: str, events: list[Event], name: str = "") -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", ZONE)
        calendar.add("x-published-ttl", REFRESH)
        calendar.add("refresh-interval", dt.timedelta(hours=4), {"VALUE": "DURATION"})
    if events:
        days = [event.decoded("dtstart").date() for event in events]
        calendar.add_component(_timezone(min(days), max(days)))
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()


def _timezone(first: dt.date, last: dt.date) -> Timezone:
    """The hours of `ZONE` from `first` to `last`, one part for each change of the clocks.

    icalendar would write one too, but begins summer time an hour late (RFC 5545, 3.6.5: DTSTART
    is the local time that was valid until then).
    """
    zone = Timezone()
    zone.add("tzid", ZONE)
    for change in _changes(first, last):
        before, after = change - dt.timedelta(minutes=1), change
        is_summer = bool(after.astimezone(ZoneInfo(ZONE)).dst())
        part = TimezoneDaylight() if is_summer else TimezoneStandard()
        part.add("dtstart", (change + _offset(before)).replace(tzinfo=None))
        part.add("tzoffsetfrom", _offset(before))
        part.add("tzoffsetto", _offset(after))
        part.add("tzname", after.astimezone(ZoneInfo(ZONE)).tzname())
        zone.add_component(part)
    return zone


def _changes(first: dt.date, last: dt.date) -> list[dt.datetime]:
    """The moments (UTC) at which the clocks change, from the last one before `first` on."""
    # A year back there is always one; a zone without any would begin there.
    moment = dt.datetime.combine(first, dt.time(), tzinfo=dt.UTC) - dt.timedelta(days=366)
    end = dt.datetime.combine(last, dt.time(), tzinfo=dt.UTC) + dt.timedelta(days=2)
    found = []
    while moment < end:
        following = moment + dt.timedelta(days=1)
        if _offset(moment) != _offset(following):
            found.append(_change_between(moment, following))
        moment = following
    before = [change for change in found if change.date() < first][-1:]
    kept = before + [change for change in found if change.date() >= first]
    return kept or [dt.datetime(1970, 1, 1, tzinfo=dt.UTC)]


def _change_between(start: dt.datetime, end: dt.datetime) -> dt.datetime:
    """The hour of that day at which another offset begins; clocks change on the hour."""
    while start < end and _offset(start) != _offset(end):
        start += dt.timedelta(hours=1)
    return start


def _offset(moment: dt.datetime) -> dt.timedelta:
    return moment.astimezone(ZoneInfo(ZONE)).utcoffset() or dt.timedelta(0)
