"""Invitations: to whom, once each, with a calendar part, whatever the mail server does. REG-07."""

import datetime as dt
import uuid

import icalendar
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.meetings.models import Attendance, MeetingGrant
from network.meetings.services.inviting import (
    ask_guest,
    invite_to_meeting,
    positions_to_ask,
    take_back_guest,
)
from network.meetings.services.planning import MeetingPlan, cancel_meeting, change_meeting
from network.models import Seat
from network.services.people import end_seat, start_holding
from portal.access import grants
from portal.accounts.models import User
from portal.base import outbox
from portal.base.models import OutboxItem
from tests.cases.factories import LONG_AGO
from tests.factories import UserFactory
from tests.meetings.factories import Table, in_days, planned_meeting, running_meeting, topic
from tests.meetings.smtp import MailServer

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def meeting(table):
    meeting = planned_meeting(table.steering, place="Antsla vallamaja", title="Salajane nimi")
    topic(meeting, title="Transport töökotta")
    meeting.refresh_from_db()
    return meeting


@pytest.fixture
def server(settings):
    """A mail server that is up."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        settings.EMAIL_TIMEOUT = 2
        yield server


def invite(table, meeting, **fields):
    return invite_to_meeting(meeting, by=table.member.user, key=fields.pop("key", uuid.uuid4()))


def move(table, meeting, **fields):
    meeting.refresh_from_db()
    plan = {"starts_at": meeting.starts_at, "minutes": meeting.minutes, "place": meeting.place}
    return change_meeting(
        meeting,
        MeetingPlan(**plan | fields),
        version=meeting.version,
        by=table.member.user,
        key=uuid.uuid4(),
    )


def call_off(table, meeting):
    meeting.refresh_from_db()
    by = table.member.user
    return cancel_meeting(meeting, version=meeting.version, by=by, key=uuid.uuid4())


def deliver(at=None):
    return outbox.deliver_due(at or timezone.now() + MINUTE)


def receivers(server):
    return sorted(letter["To"] for letter in server.letters)


def addresses(*workers):
    return sorted(worker.user.email for worker in workers)


def event_of(letter):
    """The entry in the calendar part of a letter, with its method."""
    [part] = [p for p in letter.walk() if p.get_content_type() == "text/calendar"]
    read = icalendar.Calendar.from_ical(part.get_content())
    assert part.get_param("method") == read["method"]
    [event] = read.walk("VEVENT")
    return str(read["method"]), event


# --- What goes out ---------------------------------------------------------------------------


def test_everybody_with_a_seat_gets_one_letter_that_a_calendar_reads(table, meeting, server):
    invite(table, meeting)
    deliver()
    deliver()
    assert receivers(server) == addresses(table.member, table.coordinator)
    for letter in server.letters:
        method, event = event_of(letter)
        assert (method, int(event["sequence"])) == ("REQUEST", 0)
        assert str(event["uid"]) == f"{meeting.pk}@tugivork"
        assert event.decoded("dtstart") == meeting.starts_at
        assert str(event["attendee"]) == f"mailto:{letter['To']}"
        [file] = list(letter.iter_attachments())
        assert (file.get_filename(), file.get_content_type()) == (
            "kohtumine.ics",
            "application/ics",
        )
        assert b"METHOD:REQUEST" in file.get_content()
        kinds = [part.get_content_type() for part in letter.walk()]
        assert kinds == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/calendar",
            "application/ics",
        ]


def test_letter_says_when_where_and_what_about_and_names_nobody(table, meeting, server):
    invite(table, meeting)
    deliver()
    [letter] = [one for one in server.letters if one["To"] == table.member.user.email]
    body = letter.get_body(("plain",)).get_content()
    local = timezone.localtime(meeting.starts_at)
    assert f"{local:%d.%m.%Y}" in letter["Subject"]
    for words in ("Antsla vallamaja", "Transport töökotta", "13.00–14.30", str(table.region)):
        assert words in body
    assert reverse("meeting_detail", args=[meeting.pk]) in body
    everything = letter.as_string()
    for secret in (table.coordinator.user.email, str(table.coordinator.user), "Salajane"):
        assert secret not in everything


def test_invited_twice_or_ten_times_gets_one_letter(table, meeting, server):
    key = uuid.uuid4()
    for _ in range(5):
        invite(table, meeting, key=key)
        invite(table, meeting)
    deliver()
    assert receivers(server) == addresses(table.member, table.coordinator)


def test_who_joins_later_gets_theirs_and_the_others_no_second(table, meeting, server):
    invite(table, meeting)
    deliver()
    newcomer = table.seat()
    invite(table, meeting)
    deliver()
    assert receivers(server) == addresses(table.member, table.coordinator, newcomer)
    assert meeting.attendance.count() == 3


def test_holder_of_two_seats_and_a_stand_in_get_one_each(table, meeting, server):
    table.seat(user=table.member.user)
    stand_in = UserFactory()
    start_holding(
        position=table.member.position, user=stand_in, valid_from=LONG_AGO, kind="stand_in"
    )
    invite(table, meeting)
    deliver()
    expected = [*addresses(table.member, table.coordinator), stand_in.email]
    assert receivers(server) == sorted(expected)


def test_who_wants_no_letters_gets_none_and_still_stands_on_the_list(table, meeting, server):
    User.objects.filter(pk=table.coordinator.user.pk).update(letters="never")
    invite(table, meeting)
    deliver()
    assert receivers(server) == addresses(table.member)
    assert meeting.attendance.filter(position=table.coordinator.position).exists()


def test_who_left_before_the_letter_went_gets_none(table, meeting, server):
    invite(table, meeting)
    seat = Seat.objects.get(position=table.coordinator.position)
    end_seat(seat, valid_until=timezone.localdate())
    deliver()
    assert receivers(server) == addresses(table.member)


def test_letter_is_in_the_language_of_its_reader(table, meeting, server):
    User.objects.filter(pk=table.member.user.pk).update(language="en")
    invite(table, meeting)
    deliver()
    subjects = {letter["To"]: letter["Subject"].strip() for letter in server.letters}
    assert subjects[table.member.user.email].startswith("Invitation:")
    assert subjects[table.coordinator.user.email].startswith("Kutse:")


# --- The mail server is down -----------------------------------------------------------------


def test_server_that_is_down_delays_letters_and_each_goes_once(client, table, meeting, settings):
    with MailServer() as gone:
        port = gone.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2
    client.force_login(table.member.user)
    answer = client.post(reverse("meeting_invite", args=[meeting.pk]), {"key": str(uuid.uuid4())})
    # Nothing waits for the server: the page answers, the letters stay in the outbox.
    assert answer.status_code == 302
    now = timezone.now() + MINUTE
    assert deliver(now).put_off == 2
    page = client.get(reverse("meeting_invite", args=[meeting.pk])).text
    assert "2 ootavad meiliserverit" in page
    with MailServer(port) as server:
        for _ in range(4):
            now += dt.timedelta(hours=1)
            deliver(now)
        assert receivers(server) == addresses(table.member, table.coordinator)
        messages = {letter["Message-ID"] for letter in server.letters}
        assert len(messages) == 2
    page = client.get(reverse("meeting_invite", args=[meeting.pk])).text
    assert "2 kirja praeguse aja ja kohaga on läinud" in page


def test_letter_overtaken_by_a_change_is_not_sent_late(table, meeting, server):
    invite(table, meeting)
    move(table, meeting, place="Kanepi")
    deliver()
    assert receivers(server) == addresses(table.member, table.coordinator)
    assert {int(event_of(letter)[1]["sequence"]) for letter in server.letters} == {1}
    assert {str(event_of(letter)[1]["location"]) for letter in server.letters} == {"Kanepi"}


# --- Changes and cancellation ----------------------------------------------------------------


def test_change_after_the_invitations_reaches_the_calendars(table, meeting, server):
    invite(table, meeting)
    deliver()
    later = meeting.starts_at + dt.timedelta(days=1)
    move(table, meeting, starts_at=later)
    move(table, meeting, starts_at=later, title="Teine nimi")
    deliver()
    changes = [
        letter for letter in server.letters if letter["Subject"].strip().startswith("Muutus:")
    ]
    assert sorted(letter["To"] for letter in changes) == addresses(table.member, table.coordinator)
    for letter in changes:
        method, event = event_of(letter)
        # A name alone changes no calendar.
        assert (method, int(event["sequence"])) == ("REQUEST", 1)
        assert str(event["uid"]) == f"{meeting.pk}@tugivork"
        assert event.decoded("dtstart") == later


def test_called_off_meeting_leaves_the_calendars(table, meeting, server):
    invite(table, meeting)
    deliver()
    call_off(table, meeting)
    deliver()
    off = [letter for letter in server.letters if event_of(letter)[0] == "CANCEL"]
    assert sorted(letter["To"] for letter in off) == addresses(table.member, table.coordinator)
    for letter in off:
        event = event_of(letter)[1]
        assert (int(event["sequence"]), str(event["status"])) == (1, "CANCELLED")


def test_nobody_hears_of_a_meeting_that_nobody_was_invited_to(table, meeting, server):
    move(table, meeting, place="Kanepi")
    call_off(table, meeting)
    deliver()
    assert server.letters == []


# --- Guests ----------------------------------------------------------------------------------


def test_guest_sees_this_one_meeting_and_gets_a_letter(client, table, meeting, server):
    other = planned_meeting(table.steering)
    client.force_login(table.member.user)
    url = reverse("meeting_invite", args=[meeting.pk])
    form = {
        "guest": "1",
        "key": str(uuid.uuid4()),
        "position": str(table.outsider.position.pk),
        "name": "",
    }
    for _ in range(2):
        assert client.post(url, form).status_code == 302
    assert meeting.attendance.filter(is_guest=True).count() == 1
    invite(table, meeting)
    deliver()
    assert table.outsider.user.email in receivers(server)
    client.force_login(table.outsider.user)
    assert client.get(reverse("meeting_ics", args=[meeting.pk])).status_code == 200
    assert client.get(reverse("meeting_ics", args=[other.pk])).status_code == 404
    grants_now = MeetingGrant.objects.filter(user=table.outsider.user)
    assert [grant.content_object for grant in grants_now] == [meeting]


def test_guest_asked_after_the_invitations_gets_theirs_at_once(table, meeting, server):
    invite(table, meeting)
    guest = ask_guest(
        meeting, position=table.outsider.position, by=table.member.user, key=uuid.uuid4()
    )
    deliver()
    assert table.outsider.user.email in receivers(server)
    take_back_guest(guest, by=table.member.user)
    deliver()
    last = server.letters[-1]
    assert (last["To"], event_of(last)[0]) == (table.outsider.user.email, "CANCEL")
    assert not MeetingGrant.objects.filter(user=table.outsider.user).exists()
    assert not meeting.attendance.filter(is_guest=True).exists()


def test_guest_who_gets_a_seat_is_a_member_and_holds_no_grant_of_a_guest(table, meeting):
    ask_guest(meeting, position=table.outsider.position, by=table.member.user, key=uuid.uuid4())
    Seat.objects.create(
        position=table.outsider.position, region=table.region, body="steering", valid_from=LONG_AGO
    )
    invite(table, meeting)
    row = meeting.attendance.get(position=table.outsider.position)
    assert not row.is_guest
    assert not MeetingGrant.objects.filter(user=table.outsider.user).exists()


def test_guest_from_outside_stands_on_the_list_by_name(client, table, meeting):
    client.force_login(table.member.user)
    url = reverse("meeting_invite", args=[meeting.pk])
    form = {"guest": "1", "key": str(uuid.uuid4()), "position": "", "name": "Ülle, Tartu Ülikool"}
    client.post(url, form)
    row = meeting.attendance.get(is_guest=True)
    assert (row.guest_name, row.position) == ("Ülle, Tartu Ülikool", None)
    assert "Ülle, Tartu Ülikool" in client.get(url).text
    for _ in range(2):
        assert client.post(url, {"take_back": str(row.pk)}).status_code == 302
    assert not Attendance.objects.filter(pk=row.pk).exists()


def test_guest_is_a_position_or_a_name_and_of_this_region(client, table, meeting):
    elsewhere = Table()
    client.force_login(table.member.user)
    url = reverse("meeting_invite", args=[meeting.pk])
    outsider = str(table.outsider.position.pk)
    for position, name in (
        ("", ""),
        (outsider, "Ülle"),
        (str(elsewhere.outsider.position.pk), ""),
        (str(table.member.position.pk), ""),
        ("7", ""),
    ):
        form = {"guest": "1", "key": str(uuid.uuid4()), "position": position, "name": name}
        answer = client.post(url, form)
        assert answer.status_code == 200
        assert answer.context["form"].errors
    with pytest.raises(ValidationError):
        ask_guest(
            meeting,
            position=elsewhere.outsider.position,
            by=table.member.user,
            key=uuid.uuid4(),
        )
    assert not meeting.attendance.filter(is_guest=True).exists()


def test_row_of_another_meeting_is_not_taken_off(client, table, meeting):
    other = planned_meeting(table.steering)
    guest = ask_guest(other, name="Ülle", by=table.member.user, key=uuid.uuid4())
    client.force_login(table.member.user)
    client.post(reverse("meeting_invite", args=[meeting.pk]), {"take_back": str(guest.pk)})
    assert Attendance.objects.filter(pk=guest.pk).exists()
    # And sends no invitations by mistake.
    assert not OutboxItem.objects.exists()


# --- Who may, and when -----------------------------------------------------------------------


def test_only_who_leads_invites(table, meeting):
    for worker in (table.partner, table.outsider, Table().member):
        with pytest.raises(PermissionDenied):
            invite_to_meeting(meeting, by=worker.user, key=uuid.uuid4())
        with pytest.raises(PermissionDenied):
            ask_guest(meeting, name="Ülle", by=worker.user, key=uuid.uuid4())
    assert not OutboxItem.objects.exists()


@pytest.mark.parametrize("state", ["running", "over"])
def test_meeting_that_has_begun_or_is_past_invites_nobody(client, table, state):
    running = running_meeting(table.steering)
    past = planned_meeting(table.steering, starts_at=in_days(-2))
    meeting = running if state == "running" else past
    client.force_login(table.member.user)
    answer = client.post(reverse("meeting_invite", args=[meeting.pk]), {"key": str(uuid.uuid4())})
    assert answer.status_code == 200
    assert answer.context["refusal"]
    assert not OutboxItem.objects.exists()


def test_grants_are_in_step_after_everything(table, meeting):
    guest = ask_guest(
        meeting, position=table.outsider.position, by=table.member.user, key=uuid.uuid4()
    )
    invite(table, meeting)
    assert grants.differences() == []
    take_back_guest(guest, by=table.member.user)
    assert grants.differences() == []


def test_list_of_the_asked_costs_the_same_whatever_its_length(client, table, meeting):
    client.force_login(table.member.user)
    url = reverse("meeting_invite", args=[meeting.pk])
    counts = []
    for _ in range(2):
        # New organisations move the content version on, and the menu is asked for again.
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
        for _n in range(6):
            table.seat()
            ask_guest(
                meeting,
                position=table.worker().position,
                by=table.member.user,
                key=uuid.uuid4(),
            )
    assert counts[0] == counts[1]
    assert positions_to_ask(meeting).count()
