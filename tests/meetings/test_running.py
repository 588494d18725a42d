"""A meeting from its beginning to its end: items, notes, who was there. REG-07."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from network.meetings.agenda_reports import agenda_of
from network.meetings.models import Attendance, Meeting, MeetingNote
from network.meetings.services import running
from network.meetings.services.agenda import add_gap
from network.services.people import end_holding
from portal.base.models import OutboxItem
from portal.base.versions import VersionConflict
from tests.meetings.factories import (
    Table,
    action_of,
    decision_of,
    gap_of,
    guest_at,
    in_days,
    note_of,
    planned_meeting,
    running_meeting,
    topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def meeting(table):
    return running_meeting(table.steering)


def start(meeting, worker):
    return running.start_meeting(meeting, by=worker.user, now=timezone.now())


def end(meeting, worker):
    return running.end_meeting(meeting, by=worker.user, now=timezone.now())


def states(meeting):
    return list(meeting.items.values_list("state", flat=True))


def test_a_meeting_begins_with_its_first_item_and_everybody_with_a_seat_on_the_list(table):
    meeting = planned_meeting(table.steering, starts_at=in_days(0))
    for _ in range(2):
        assert start(meeting, table.coordinator).state == "running"
    assert states(meeting) == ["now", "waiting"]
    listed = set(meeting.attendance.values_list("position_id", flat=True))
    assert listed == {table.coordinator.position.pk, table.member.position.pk}


def test_the_whole_network_is_listed_at_a_meeting_of_the_network(table):
    meeting = planned_meeting(table.network, starts_at=in_days(0))
    start(meeting, table.coordinator)
    assert meeting.attendance.count() == 3


def test_a_meeting_does_not_begin_before_its_day_nor_twice(table):
    meeting = planned_meeting(table.steering, starts_at=in_days(1))
    with pytest.raises(ValidationError):
        start(meeting, table.coordinator)
    Meeting.objects.filter(pk=meeting.pk).update(state="cancelled", starts_at=in_days(0))
    with pytest.raises(ValidationError):
        start(meeting, table.coordinator)


def test_only_who_leads_begins_and_ends(table):
    meeting = planned_meeting(table.network, starts_at=in_days(0))
    for worker in (table.partner, table.outsider, Table().coordinator):
        with pytest.raises(PermissionDenied):
            start(meeting, worker)
        with pytest.raises(PermissionDenied):
            end(running_meeting(table.network), worker)


def test_a_done_item_hands_over_to_the_next_that_waits(table, meeting):
    topic(meeting)
    first, closing, last = meeting.items.all()
    assert running.finish_item(first, by=table.member.user) == closing
    assert states(meeting) == ["done", "now", "waiting"]
    running.take_item(last, by=table.member.user)
    assert states(meeting) == ["done", "waiting", "now"]
    assert running.finish_item(last, by=table.member.user) == closing
    assert running.finish_item(closing, by=table.member.user) is None
    assert states(meeting) == ["done", "done", "done"]


def write(item, worker, text="Vald pakub ruumi.", key=None):
    return running.add_note(item, text, by=worker.user, key=key or uuid.uuid4())


def test_who_leads_and_who_takes_the_minutes_write_notes_and_nobody_else(table):
    taker = table.partner
    meeting = running_meeting(table.network, minutes_taker=taker.position)
    other = table.seat("network")
    item = meeting.items.first()
    for worker in (table.coordinator, table.member, taker):
        assert write(item, worker).written_by == worker.user
    for worker in (other, table.outsider, Table().coordinator):
        with pytest.raises(PermissionDenied):
            write(item, worker)
    end_holding(taker.position.holdings.get(), valid_until=timezone.localdate())
    with pytest.raises(PermissionDenied):
        write(item, taker)


def test_a_guest_may_take_the_minutes_of_one_meeting_and_only_of_that(table):
    guest = table.outsider
    meeting = running_meeting(table.steering, minutes_taker=guest.position)
    with pytest.raises(PermissionDenied):
        write(meeting.items.first(), guest)
    guest_at(meeting, guest)
    assert write(meeting.items.first(), guest)
    with pytest.raises(PermissionDenied):
        write(running_meeting(table.steering).items.first(), guest)


def test_the_same_note_sent_twice_is_one(table, meeting):
    item, key = meeting.items.first(), uuid.uuid4()
    assert write(item, table.member, key=key) == write(item, table.member, key=key)
    assert MeetingNote.objects.count() == 1


def test_a_number_in_a_note_is_refused_and_nothing_is_stored(table, meeting):
    with pytest.raises(ValidationError) as refusal:
        write(meeting.items.first(), table.member, "Kood 38001085718")
    assert set(refusal.value.error_dict) == {"text"}
    assert not MeetingNote.objects.exists()


def test_notes_wait_for_the_beginning_and_stay_as_they_are_after_approval(table, meeting):
    planned = planned_meeting(table.steering, starts_at=in_days(9))
    with pytest.raises(ValidationError):
        write(planned.items.first(), table.member)
    note = note_of(meeting.items.first(), table.member)
    end(meeting, table.member)
    running.change_note(note, "Teisiti.", version=1, by=table.coordinator.user)
    Meeting.objects.filter(pk=meeting.pk).update(state="approved")
    with pytest.raises(ValidationError):
        running.change_note(note, "Kolmandat moodi.", version=2, by=table.coordinator.user)
    with pytest.raises(ValidationError):
        running.remove_note(note, version=2, by=table.coordinator.user)
    assert MeetingNote.objects.get().text == "Teisiti."


def test_two_who_change_an_entry_do_not_overwrite_each_other(table, meeting):
    note = note_of(meeting.items.first(), table.member)
    running.change_note(note, "Üks.", version=1, by=table.member.user)
    with pytest.raises(VersionConflict):
        running.change_note(note, "Kaks.", version=1, by=table.coordinator.user)
    with pytest.raises(VersionConflict):
        running.remove_note(note, version=1, by=table.coordinator.user)
    assert MeetingNote.objects.get().text == "Üks."
    running.remove_note(note, version=2, by=table.coordinator.user)
    assert not MeetingNote.objects.exists()


def test_attendance_is_present_excused_or_absent_and_nothing_else(table, meeting):
    rows = list(meeting.attendance.all())
    said = {rows[0].pk: "present", rows[1].pk: "excused"}
    running.set_attendance(meeting, said, by=table.member.user)
    running.set_attendance(meeting, {rows[1].pk: "absent"}, by=table.member.user)
    assert sorted(meeting.attendance.values_list("status", flat=True)) == ["absent", "present"]
    with pytest.raises(ValidationError):
        running.set_attendance(meeting, {rows[0].pk: "asleep"}, by=table.member.user)
    with pytest.raises(PermissionDenied):
        running.set_attendance(meeting, said, by=table.partner.user)


def test_a_row_of_another_meeting_is_not_ticked_through_mine(table, meeting):
    other = running_meeting(Table().steering).attendance.first()
    running.set_attendance(meeting, {other.pk: "present"}, by=table.member.user)
    other.refresh_from_db()
    assert other.status == "unknown"


def test_a_guest_from_outside_is_listed_once_and_sees_nothing(table, meeting):
    key = uuid.uuid4()
    for _ in range(2):
        running.add_guest(meeting, "Perearst, Võru", by=table.member.user, key=key)
    guest = Attendance.objects.get(is_guest=True)
    assert (guest.guest_name, guest.status, guest.position) == ("Perearst, Võru", "present", None)


def test_at_the_end_what_was_talked_about_is_done_and_the_rest_waits(table, meeting):
    first = meeting.items.first()
    note_of(first, table.member)
    for _ in range(2):
        assert end(meeting, table.coordinator).state == "ended"
    assert states(meeting) == ["done", "waiting"]
    untouched = running_meeting(table.steering)
    end(untouched, table.coordinator)
    assert set(states(untouched)) == {"waiting"}
    with pytest.raises(ValidationError):
        end(planned_meeting(table.steering), table.coordinator)


def test_a_gap_without_a_decision_waits_again_and_one_with_a_decision_does_not(table, meeting):
    open_gap, decided = gap_of(table), gap_of(table)
    add_gap(meeting, open_gap, table.member.user)
    item = add_gap(meeting, decided, table.member.user)
    decided.refresh_from_db()
    decided.state = "decided"
    decided.save()
    decision_of(item)
    end(meeting, table.coordinator)
    for gap, state in ((open_gap, "new"), (decided, "decided")):
        gap.refresh_from_db()
        assert gap.state == state


def test_after_the_end_the_next_agenda_asks_for_its_approval(table, meeting):
    following = planned_meeting(table.steering)
    assert not following.items.filter(kind="minutes").exists()
    end(meeting, table.coordinator)
    assert following.items.first().about == meeting


def test_everybody_gets_word_of_their_actions_once(table, meeting):
    action_of(meeting.items.first(), table.member)
    action_of(meeting.items.first(), table.member, due=timezone.localdate() + dt.timedelta(days=3))
    for _ in range(2):
        end(meeting, table.coordinator)
    assert OutboxItem.objects.count() == 1


def test_what_a_decision_stands_under_was_reached_whoever_marked_it(client, table):
    meeting = running_meeting(table.steering)
    second = meeting.items.last()
    decision_of(second)
    client.force_login(table.coordinator.user)
    page = client.get(reverse("meeting_end", args=[meeting.pk]))
    untouched = meeting.items.filter(state="waiting").count() - 1
    assert page.context["waiting"] == untouched
    end(meeting, table.coordinator)
    second.refresh_from_db()
    assert second.state == "done"


def test_the_clock_of_a_meeting_that_is_held_goes_from_its_real_beginning(table):
    began = timezone.now() + dt.timedelta(minutes=25)
    meeting = running_meeting(table.steering, started_at=began)
    agenda = agenda_of(meeting)
    assert agenda.lines[0].begins == began
    assert agenda.minutes == sum(item.minutes for item in meeting.items.all())


def test_the_list_of_attendance_names_who_holds_each_position(client, table, meeting):
    client.force_login(table.coordinator.user)
    page = client.get(reverse("meeting_detail", args=[meeting.pk]))
    shown = " ".join(one.where for one in page.context["attendance"].rows)
    assert str(table.member.user) in shown
