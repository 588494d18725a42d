"""Calendar files: RFC 5545 by hand and by two readers, the hour across clock changes, the feed."""

import datetime as dt
import re
import uuid
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.meetings import calendar
from network.meetings.models import CalendarFeed, Meeting
from network.meetings.services.feeds import hash_of, make_feed, take_feed_back
from network.models import Holding, Seat
from network.services.people import close_account, end_holding, end_seat
from tests.meetings.factories import Table, at, guest_at, in_days, planned_meeting, topic

pytestmark = pytest.mark.django_db

TALLINN = ZoneInfo("Europe/Tallinn")
# Weeks before and after both changes of 2027 (28 March, 31 October), and one far away.
DAYS = [
    dt.date(2027, 3, 27),
    dt.date(2027, 3, 28),
    dt.date(2027, 3, 29),
    dt.date(2027, 7, 1),
    dt.date(2027, 10, 30),
    dt.date(2027, 10, 31),
    dt.date(2027, 11, 1),
    dt.date(2028, 2, 29),
]


@pytest.fixture
def table():
    return Table()


def lines_of(content):
    """The unfolded lines of a calendar file, after a look at its bytes (RFC 5545, 3.1)."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    folded = content.split(b"\r\n")
    assert max(len(line) for line in folded) <= 75
    content.decode()
    return re.sub(rb"\r\n[ \t]", b"", content).decode().split("\r\n")[:-1]


def check(content):
    """The grammar of RFC 5545 as far as we write it; return the lines."""
    lines = lines_of(content)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    stack = []
    for line in lines:
        assert re.fullmatch(r"[A-Z-]+(;[A-Z-]+=(\"[^\"]*\"|[^\";:,]*))*:.*", line), line
        assert not re.search(r"[\x00-\x08\x0b-\x1f]", line)
        if line.startswith("BEGIN:"):
            stack.append(line[6:])
        if line.startswith("END:"):
            assert stack.pop() == line[4:]
    assert stack == []
    for name in ("VERSION:2.0", "METHOD:"):
        assert sum(line.startswith(name) for line in lines) == 1
    zones = {line[5:] for line in lines if line.startswith("TZID:")}
    assert {zone for line in lines for zone in re.findall(r";TZID=([^:;]+)", line)} <= zones
    for event in "\n".join(lines).split("BEGIN:VEVENT")[1:]:
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "ORGANIZER"):
            assert len(re.findall(rf"^{name}[;:]", event, re.MULTILINE)) == 1, name
        assert re.search(r"^DTSTAMP:\d{8}T\d{6}Z$", event, re.MULTILINE)
    return lines


def own_offset(lines, local):
    """The offset that the VTIMEZONE gives for a wall-clock time: RFC 5545, 3.6.5, by hand."""
    parts = []
    for part in re.findall(
        r"BEGIN:(?:DAYLIGHT|STANDARD)\n(.*?)\nEND:", "\n".join(lines), re.DOTALL
    ):
        facts = dict(line.split(":", 1) for line in part.split("\n"))
        onset = dt.datetime.strptime(facts["DTSTART"], "%Y%m%dT%H%M%S")
        parts.append((onset, facts["TZOFFSETTO"], facts["TZNAME"]))
    past = [part for part in sorted(parts) if part[0] <= local]
    sign = -1 if past[-1][1].startswith("-") else 1
    return sign * dt.timedelta(hours=int(past[-1][1][1:3]), minutes=int(past[-1][1][3:]))


def meetings_on(table, days, time=dt.time(13)):
    return [planned_meeting(table.steering, starts_at=at(day, time)) for day in days]


def published(meetings, **options):
    return calendar.published(meetings, now=timezone.now(), **options)


# --- The file --------------------------------------------------------------------------------


@pytest.mark.parametrize("time", [dt.time(13), dt.time(2, 30), dt.time(4), dt.time(23, 45)])
def test_hour_on_the_wall_stays_across_both_clock_changes(table, time):
    content = published(meetings_on(table, DAYS, time))
    lines = check(content)
    locals_ = [line.split(":", 1)[1] for line in lines if line.startswith("DTSTART;")]
    assert locals_ == [f"{day:%Y%m%d}T{time:%H%M%S}" for day in DAYS]
    # By hand from the zone that stands in the file, against the zone of the system.
    for day in DAYS:
        local = dt.datetime.combine(day, time)
        assert own_offset(lines, local) == local.replace(tzinfo=TALLINN).utcoffset(), day
    # Two readers of other hands.
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert [event.decoded("dtstart").astimezone(TALLINN).time() for event in events] == [time] * 8
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(content)).between(2027, 2029)
    assert len(found) == len(DAYS)


def test_zone_in_the_file_begins_summer_time_at_three_and_winter_time_at_four(table):
    lines = check(published(meetings_on(table, [dt.date(2027, 7, 1), dt.date(2027, 12, 1)])))
    zone = "\n".join(lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE")])
    onsets = re.findall(r"BEGIN:(\w+)\nDTSTART:(\d{8}T\d{6})\n", zone)
    assert onsets == [("DAYLIGHT", "20270328T030000"), ("STANDARD", "20271031T040000")]
    assert re.findall(r"TZOFFSETTO:(.*)", zone) == ["+0300", "+0200"]


def test_long_and_strange_texts_are_escaped_and_folded(table):
    place = "Õõvõhk; ruum 3, „saal“ \\ teine korrus " + "ä" * 100
    meeting = planned_meeting(
        table.steering, place=place[:160], link="https://meet.example.ee/a?b=c,d"
    )
    content = published([meeting])
    check(content)
    [event] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(event["location"]) == place[:160]
    assert meeting.link in str(event["description"])


@pytest.mark.parametrize("place", ["Saal\r\nATTENDEE:mailto:mari@example.org", "Saal\nEND:VEVENT"])
def test_typed_text_adds_no_property_of_its_own(table, place):
    meeting = planned_meeting(table.steering, place=place)
    lines = check(published([meeting]))
    assert not [line for line in lines if line.startswith("ATTENDEE")]
    assert lines.count("END:VEVENT") == 1


def test_entry_names_group_and_page_and_neither_title_agenda_nor_people(table):
    meeting = planned_meeting(
        table.steering, title="Mall Näidise lugu", minutes_taker=table.member.position
    )
    topic(meeting, title="Transport töökotta")
    guest_at(meeting, table.outsider)
    text = "\n".join(check(published([meeting]))).replace("\\", "")
    assert str(table.region) in text
    assert reverse("meeting_detail", args=[meeting.pk]) in text
    people = [table.member.user, table.coordinator.user, table.outsider.user]
    secrets = ["Mall", "Transport", table.member.position.title, *(user.email for user in people)]
    for secret in secrets:
        assert secret not in text
    assert "ATTENDEE" not in text


def test_invitation_asks_its_reader_alone_and_keeps_uid_while_sequence_moves(table):
    meeting = planned_meeting(table.steering)
    now = timezone.now()
    first = check(calendar.request(meeting, to="a@example.org", is_guest=False, now=now))
    meeting.calendar_sequence = 3
    second = check(calendar.request(meeting, to="b@example.org", is_guest=True, now=now))
    off = check(calendar.cancellation(meeting, to="a@example.org", is_guest=False, now=now))
    uid = f"UID:{meeting.pk}@tugivork"
    assert uid in first
    assert uid in second
    assert uid in off
    assert ("METHOD:REQUEST" in first, "METHOD:CANCEL" in off) == (True, True)
    assert ("SEQUENCE:0" in first, "SEQUENCE:3" in second) == (True, True)
    assert "STATUS:CANCELLED" in off
    [attendee] = [line for line in second if line.startswith("ATTENDEE")]
    assert attendee.endswith(":mailto:b@example.org")
    assert "ROLE=OPT-PARTICIPANT" in attendee
    assert "STATUS:TENTATIVE" in first


def test_empty_calendar_is_a_calendar(table):
    assert "BEGIN:VEVENT" not in check(published([], name="Tugivõrk"))


def test_file_of_one_meeting_is_an_attachment_that_nobody_keeps(client, table):
    meeting = planned_meeting(table.steering)
    client.force_login(table.member.user)
    answer = client.get(reverse("meeting_ics", args=[meeting.pk]))
    check(answer.content)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="kohtumine.ics"'
    assert answer["Cache-Control"] == "no-store"


# --- The feed --------------------------------------------------------------------------------


def feed_url(worker):
    return reverse("calendar_ics", args=[make_feed(by=worker.user, key=uuid.uuid4())])


def uids(answer):
    assert answer.status_code == 200
    return {line[4:40] for line in check(answer.content) if line.startswith("UID:")}


def test_address_is_made_shown_once_and_works_without_a_session(client, table):
    meeting = planned_meeting(table.steering)
    client.force_login(table.member.user)
    page = client.post(reverse("calendar_feed"), {"key": str(uuid.uuid4())})
    [address] = re.findall(r'value="([^"]+\.ics)"', page.text)
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert len(token) * 4 >= 128
    assert page["Cache-Control"] == "no-store"
    assert token not in client.get(reverse("calendar_feed")).text
    feed = CalendarFeed.objects.get()
    assert token not in str(vars(feed))
    assert feed.token_hash == hash_of(token)
    client.logout()
    answer = client.get(reverse("calendar_ics", args=[token]))
    assert uids(answer) == {str(meeting.pk)}
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert "NAME:Tugivõrk" in check(answer.content)


def test_same_form_twice_makes_one_address(client, table):
    client.force_login(table.member.user)
    form = {"key": str(uuid.uuid4())}
    pages = [client.post(reverse("calendar_feed"), form).text for _ in range(2)]
    addresses = {re.findall(r'value="([^"]+\.ics)"', page)[0] for page in pages}
    assert len(addresses) == CalendarFeed.objects.count() == 1


def test_address_taken_back_replaced_or_strange_is_the_same_404(client, table):
    first = feed_url(table.member)
    second = feed_url(table.member)
    assert client.get(second).status_code == 200
    client.force_login(table.member.user)
    client.post(reverse("calendar_feed"), {"take_back": "1"})
    client.logout()
    strange = reverse("calendar_ics", args=["0" * 40])
    answers = []
    for url in (first, second, strange, reverse("calendar_ics", args=["x" * 300])):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
        answers.append((answer.status_code, answer.content, len(queries)))
    assert len(set(answers)) == 1
    assert answers[0][0] == 404


def test_address_of_somebody_else_stays_when_mine_is_taken_back(client, table):
    url = feed_url(table.coordinator)
    feed_url(table.member)
    take_feed_back(by=table.member.user)
    assert client.get(url).status_code == 200


def test_feed_shows_what_its_owner_may_see_and_nothing_else(client, table):
    elsewhere = Table()
    steering, network = planned_meeting(table.steering), planned_meeting(table.network)
    foreign = planned_meeting(elsewhere.steering)
    guest_at(foreign, table.outsider)
    expected = {
        table.member: {steering, network},
        table.coordinator: {steering, network},
        table.partner: {network},
        table.outsider: {foreign},
        elsewhere.member: {foreign},
    }
    for worker, meetings in expected.items():
        found = uids(client.get(feed_url(worker)))
        assert found == {str(meeting.pk) for meeting in meetings}


def test_former_seat_holder_loses_the_meetings_on_the_next_request(client, table):
    planned_meeting(table.steering)
    member, coordinator = feed_url(table.member), feed_url(table.coordinator)
    assert uids(client.get(member))
    today = timezone.localdate()
    end_seat(Seat.objects.get(position=table.member.position), valid_until=today)
    end_holding(Holding.objects.get(position=table.coordinator.position), valid_until=today)
    assert uids(client.get(member)) == uids(client.get(coordinator)) == set()


def test_closed_account_is_like_an_unknown_address(client, table):
    url = feed_url(table.member)
    close_account(table.member.user)
    strange = client.get(reverse("calendar_ics", args=["0" * 40]))
    answer = client.get(url)
    assert (answer.status_code, answer.content) == (404, strange.content)


def test_feed_keeps_a_month_back_and_says_what_is_cancelled(client, table):
    planned_meeting(table.steering, starts_at=in_days(-31))
    recent = planned_meeting(table.steering, starts_at=in_days(-29), state="approved")
    off = planned_meeting(table.steering, state="cancelled")
    coming = planned_meeting(table.steering, invited_at=timezone.now())
    answer = client.get(feed_url(table.member))
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    states = {str(event["uid"])[:36]: str(event["status"]) for event in events}
    assert states == {
        str(recent.pk): "CONFIRMED",
        str(off.pk): "CANCELLED",
        str(coming.pk): "CONFIRMED",
    }


def test_feed_costs_the_same_whatever_the_number_of_meetings(client, table):
    url = feed_url(table.member)
    planned_meeting(table.steering)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
        for n in range(12):
            planned_meeting(table.network, starts_at=in_days(n))
    assert counts[0] == counts[1] <= 3


def test_feed_only_answers_to_reading(client, table):
    url = feed_url(table.member)
    assert client.post(url).status_code == 405
    assert client.head(url).status_code == 200


def test_moved_meeting_keeps_its_uid_in_the_feed(client, table):
    with time_machine.travel(dt.datetime(2027, 3, 20, 10, tzinfo=dt.UTC), tick=False):
        [meeting] = meetings_on(table, [dt.date(2027, 3, 27)])
        url = feed_url(table.member)
        assert uids(client.get(url)) == {str(meeting.pk)}
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=at(dt.date(2027, 3, 29)))
        lines = check(client.get(url).content)
    assert "DTSTART;TZID=Europe/Tallinn:20270329T130000" in lines
    assert f"UID:{meeting.pk}@tugivork" in lines
