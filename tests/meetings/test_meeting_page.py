"""The page of a meeting before, during and after; the list; who may. REG-07, REG-09."""

import csv
import io
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from network.meetings.models import AgendaItem, Attendance, Meeting, MeetingNote
from network.meetings.policies import MeetingPolicy
from network.meetings.reports import next_meeting
from network.meetings.services.agenda import add_gap
from network.services.people import end_holding
from tests.factories import UserFactory
from tests.meetings.factories import (
    Table,
    decision_of,
    ended_meeting,
    gap_of,
    guest_at,
    in_days,
    note_of,
    planned_meeting,
    running_meeting,
    series_of,
    topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    return Table()


def url(name, meeting, *more):
    return reverse(name, args=[meeting.pk, *more])


def page(client, worker, meeting, **query):
    client.force_login(worker.user)
    return client.get(url("meeting_detail", meeting), query)


def act(client, worker, name, meeting, *more, **data):
    client.force_login(worker.user)
    data = {"key": str(uuid.uuid4())} | data
    return client.post(url(name, meeting, *more), data, headers=data.pop("headers", None))


def version(meeting):
    return Meeting.objects.get(pk=meeting.pk).version


def item_data(**fields):
    return {"title": "Transport", "minutes": "15", "owner": "", "text": ""} | fields


# -- who may -----------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [planned_meeting, running_meeting, ended_meeting])
def test_who_opens_the_page_of_a_meeting(client, table, made):
    meeting = made(table.steering)
    elsewhere = Table()
    guest = table.worker("partner")
    guest_at(meeting, guest)
    former = table.seat("steering")
    end_holding(former.position.holdings.get(), valid_until=timezone.localdate())
    for worker, status in (
        (table.coordinator, 200),
        (table.member, 200),
        (guest, 200),
        (table.partner, 404),
        (table.outsider, 404),
        (former, 404),
        (elsewhere.coordinator, 404),
    ):
        assert page(client, worker, meeting).status_code == status
    client.force_login(UserFactory(is_superuser=True))
    assert client.get(url("meeting_detail", meeting)).status_code == 404
    client.logout()
    assert client.get(url("meeting_detail", meeting)).status_code == 302


def test_a_foreign_meeting_and_an_unknown_one_are_the_same(client, table):
    foreign = planned_meeting(Table().steering)
    client.force_login(table.coordinator.user)
    answers = {
        client.get(reverse("meeting_detail", args=[pk])).content
        for pk in (foreign.pk, uuid.uuid4())
    }
    assert len(answers) == 1


WRITES = [
    ("meeting_start", "planned", False),
    ("meeting_end", "running", False),
    ("agenda_item_add", "running", False),
    ("agenda_gap_add", "planned", False),
    ("agenda_item_change", "planned", True),
    ("agenda_item_move", "planned", True),
    ("agenda_item_remove", "planned", True),
    ("agenda_item_carry", "planned", True),
    ("agenda_item_step", "running", True),
    ("meeting_note_add", "running", True),
    ("attendance_set", "running", False),
    ("attendance_guest", "running", False),
]


@pytest.mark.parametrize(("name", "state", "needs_item"), WRITES)
def test_a_member_who_does_not_lead_is_refused_and_a_stranger_finds_nothing(
    client, table, name, state, needs_item
):
    made = {"planned": planned_meeting, "running": running_meeting}[state]
    meeting = made(table.network)
    more = [meeting.items.first().pk] if needs_item else []
    for worker, status in (
        (table.partner, 403),
        (table.outsider, 404),
        (Table().coordinator, 404),
    ):
        assert act(client, worker, name, meeting, *more).status_code == status
    client.logout()
    assert client.post(url(name, meeting, *more)).status_code == 403
    meeting.refresh_from_db()
    assert (meeting.state, meeting.items.count()) == (state, 2)


@pytest.mark.parametrize("name", [name for name, _state, needs_item in WRITES if needs_item])
def test_an_item_of_another_meeting_is_not_found_through_mine(client, table, name):
    mine, other = running_meeting(table.steering), planned_meeting(Table().steering)
    answer = act(client, table.coordinator, name, mine, other.items.first().pk)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "name", ["meeting_start", "agenda_gap_add", "attendance_set", "attendance_guest"]
)
def test_looking_changes_nothing(client, table, name):
    meeting = planned_meeting(table.steering)
    client.force_login(table.coordinator.user)
    assert client.get(url(name, meeting)).status_code == 405


# -- before ------------------------------------------------------------------------------------


def test_before_the_meeting_the_agenda_stands_with_its_clock_times(client, table):
    meeting = planned_meeting(table.steering, minutes=20)
    topic(meeting, owner=table.member.position)
    text = page(client, table.coordinator, meeting).text
    for words in ("13.00", "13.10", table.member.organisation.name, "Transport töökotta"):
        assert words in text
    # 10 + 5 + 10 minutes of items in a meeting of 20.
    assert "5\N{NO-BREAK SPACE}min" in text
    assert url("meeting_invite", meeting) in text
    assert url("meeting_start", meeting) not in text


def test_a_member_sees_no_button_that_would_refuse_them(client, table):
    meeting = planned_meeting(table.network)
    text = page(client, table.partner, meeting).text
    assert url("agenda_item_add", meeting) in text
    for name in ("agenda_gap_add", "meeting_invite", "meeting_cancel"):
        assert url(name, meeting) not in text
    assert "/liiguta/" not in text


def test_gaps_that_wait_come_onto_the_agenda_by_one_tap_or_all_at_once(client, table):
    meeting = planned_meeting(table.steering)
    gaps = [gap_of(table) for _ in range(3)]
    foreign = gap_of(Table())
    assert str(gaps[0].pk) in page(client, table.coordinator, meeting).text
    answer = act(client, table.coordinator, "agenda_gap_add", meeting, gap=gaps[0].pk)
    assert answer.status_code == 302
    for wrong in (foreign.pk, uuid.uuid4(), "x", ""):
        answer = act(client, table.coordinator, "agenda_gap_add", meeting, gap=wrong)
        assert answer.status_code == 404
    act(client, table.coordinator, "agenda_gap_add", meeting, all="1")
    on_it = set(meeting.items.filter(kind="gap").values_list("gap_id", flat=True))
    assert on_it == {gap.pk for gap in gaps}


def test_a_topic_is_added_and_what_was_wrong_comes_back_with_the_text(client, table):
    meeting = planned_meeting(table.network)
    form = item_data(title="", text="Pikk jutt sissejuhatuseks.")
    answer = act(client, table.partner, "agenda_item_add", meeting, **form)
    assert answer.status_code == 200
    assert "Pikk jutt sissejuhatuseks." in answer.text
    assert set(answer.context["form"].errors) == {"title"}
    for wrong in ("0", "900", "palju"):
        answer = act(client, table.partner, "agenda_item_add", meeting, **item_data(minutes=wrong))
        assert set(answer.context["form"].errors) == {"minutes"}
    answer = act(
        client, table.partner, "agenda_item_add", meeting, **item_data(title="Isik 38001085718")
    )
    assert set(answer.context["form"].errors) == {"title"}
    form = item_data(owner=str(table.partner.position.pk))
    assert act(client, table.partner, "agenda_item_add", meeting, **form).status_code == 302
    assert meeting.items.get(kind="topic").owner == table.partner.position


def test_a_member_speaks_for_their_own_position_only(client, table):
    meeting = planned_meeting(table.network)
    form = item_data(owner=str(table.member.position.pk))
    answer = act(client, table.partner, "agenda_item_add", meeting, **form)
    assert set(answer.context["form"].errors) == {"owner"}
    assert not meeting.items.filter(kind="topic").exists()


def test_the_words_of_an_item_are_changed(client, table):
    meeting = planned_meeting(table.steering)
    item = topic(meeting)
    form = item_data(title="Buss", minutes="25", version="1")
    assert act(client, table.member, "agenda_item_change", meeting, item.pk, **form)
    item.refresh_from_db()
    assert (item.title, item.minutes, item.version) == ("Buss", 25, 2)


def test_two_who_change_an_item_both_see_both_texts(client, table):
    meeting = planned_meeting(table.steering)
    item = topic(meeting)
    path = ("agenda_item_change", meeting, item.pk)
    act(client, table.member, *path, **item_data(title="Buss", version="1"))
    answer = act(client, table.coordinator, *path, **item_data(title="Rong", version="1"))
    assert answer.status_code == 409
    assert "Buss" in answer.text
    assert "Rong" in answer.text
    item.refresh_from_db()
    assert item.title == "Buss"
    form = answer.context["form"]
    again = {name: form[name].value() or "" for name in ("title", "text", "owner", "minutes")}
    answer = act(client, table.coordinator, *path, **again, version=form["version"].value())
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.title == "Rong"


def test_an_older_agenda_is_answered_with_the_one_of_now(client, table):
    meeting = planned_meeting(table.steering)
    planned_meeting(table.steering, starts_at=in_days(30))
    item = topic(meeting)
    before = version(meeting)
    act(client, table.member, "agenda_item_move", meeting, item.pk, step="up", version=before)
    for name in ("agenda_item_move", "agenda_item_remove", "agenda_item_carry"):
        answer = act(client, table.coordinator, name, meeting, item.pk, step="up", version=before)
        assert answer.status_code == 409
        assert 'role="alert"' in answer.text
        assert item.title in answer.text
    order = list(meeting.items.values_list("kind", flat=True))
    assert order == ["actions", "topic", "next"]


def test_an_item_taken_off_twice_leads_to_the_same_place(client, table):
    meeting = planned_meeting(table.steering)
    item, key = topic(meeting), str(uuid.uuid4())
    places = set()
    for _ in range(2):
        answer = act(
            client,
            table.member,
            "agenda_item_remove",
            meeting,
            item.pk,
            key=key,
            version=version(meeting),
        )
        places.add(answer["Location"])
    assert len(places) == 1
    assert not AgendaItem.objects.filter(pk=item.pk).exists()


def test_carried_on_the_item_stands_on_the_next_agenda(client, table):
    meeting = running_meeting(table.steering)
    item = topic(meeting)
    path = ("agenda_item_carry", meeting, item.pk)
    answer = act(client, table.member, *path, version=version(meeting))
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    following = planned_meeting(table.steering)
    assert act(client, table.member, *path, version=version(meeting)).status_code == 302
    assert following.items.filter(title=item.title).exists()


# -- during ------------------------------------------------------------------------------------


def test_on_its_day_a_meeting_begins_and_shows_its_first_item(client, table):
    meeting = planned_meeting(table.steering, starts_at=in_days(0))
    assert url("meeting_start", meeting) in page(client, table.member, meeting).text
    answer = act(client, table.member, "meeting_start", meeting)
    assert answer["Location"] == url("meeting_detail", meeting)
    answer = page(client, table.coordinator, meeting)
    assert answer.context["line"].item == meeting.items.first()


def test_one_item_at_a_time_in_any_order(client, table):
    meeting = running_meeting(table.steering)
    item = topic(meeting)
    answer = page(client, table.coordinator, meeting, punkt=item.pk)
    assert answer.context["line"].item == item
    for nonsense in ("", "x", uuid.uuid4(), planned_meeting(table.steering).items.first().pk):
        line = page(client, table.coordinator, meeting, punkt=nonsense).context["line"]
        assert line.item == meeting.items.first()
    first, closing, _last = meeting.items.all()
    answer = act(client, table.member, "agenda_item_step", meeting, first.pk, step="done")
    assert str(closing.pk) in answer["Location"]
    act(client, table.member, "agenda_item_step", meeting, item.pk, step="now")
    assert page(client, table.member, meeting).context["line"].item == item


def test_a_note_is_added_in_place_once_and_read_by_all(client, table):
    meeting = running_meeting(table.network)
    item, key = meeting.items.first(), str(uuid.uuid4())
    for _ in range(2):
        answer = act(
            client,
            table.coordinator,
            "meeting_note_add",
            meeting,
            item.pk,
            text="<b>Ruum</b> on olemas.",
            key=key,
        )
        assert str(item.pk) in answer["Location"]
    assert MeetingNote.objects.count() == 1
    text = page(client, table.partner, meeting, punkt=item.pk).text
    assert "&lt;b&gt;Ruum&lt;/b&gt; on olemas." in text
    assert str(table.coordinator.user) in text
    assert url("meeting_note_add", meeting, item.pk) not in text


def test_a_note_with_a_number_comes_back_with_everything_typed(client, table):
    meeting = running_meeting(table.steering)
    item = meeting.items.last()
    answer = act(
        client,
        table.member,
        "meeting_note_add",
        meeting,
        item.pk,
        text="Pikk jutt ja kood 38001085718 selle sees",
    )
    assert answer.status_code == 200
    assert answer.context["line"].item == item
    assert "Pikk jutt ja kood 38001085718 selle sees" in answer.text
    assert set(answer.context["note_form"].errors) == {"text"}
    assert not MeetingNote.objects.exists()


def test_an_entry_is_put_right_and_two_who_do_it_see_both_texts(client, table):
    meeting = running_meeting(table.steering)
    note = note_of(meeting.items.first(), table.member, text="Esimene.")
    path = ("meeting_note_change", meeting, note.pk)
    assert act(client, table.member, *path, text="Teine.", version=1).status_code == 302
    answer = act(client, table.coordinator, *path, text="Kolmas.", version=1)
    assert answer.status_code == 409
    assert "Teine." in answer.text
    assert "Kolmas." in answer.text
    assert act(client, table.coordinator, *path, text="Kolmas.", version=2).status_code == 302
    assert act(client, table.coordinator, *path, remove="1", version=3).status_code == 302
    assert not MeetingNote.objects.exists()
    assert act(client, table.coordinator, *path, text="x", version=3).status_code == 404


def test_a_note_of_another_meeting_is_not_found_through_mine(client, table):
    note = note_of(running_meeting(table.steering).items.first(), table.member)
    mine = running_meeting(table.steering)
    answer = act(client, table.member, "meeting_note_change", mine, note.pk, text="x", version=1)
    assert answer.status_code == 404


def test_attendance_is_one_tap_for_each_and_two_who_tick_do_not_undo_each_other(client, table):
    meeting = running_meeting(table.steering)
    mine, theirs = meeting.attendance.all()
    shown = {f"was-{row.pk}": "unknown" for row in (mine, theirs)}
    first = shown | {f"status-{mine.pk}": "present"}
    second = shown | {f"status-{theirs.pk}": "absent"}
    for form in (first, second):
        assert act(client, table.member, "attendance_set", meeting, **form).status_code == 302
    assert dict(meeting.attendance.values_list("pk", "status")) == {
        mine.pk: "present",
        theirs.pk: "absent",
    }


def test_a_script_stays_on_the_page_and_hears_the_count(client, table):
    meeting = running_meeting(table.steering)
    row = meeting.attendance.first()
    headers = {"Accept": "application/json"}
    form = {f"status-{row.pk}": "present", f"was-{row.pk}": "unknown", "headers": headers}
    said = act(client, table.member, "attendance_set", meeting, **form).json()
    assert "1" in said["words"]
    wrong = {f"status-{row.pk}": "late", f"was-{row.pk}": "present", "headers": headers}
    answer = act(client, table.member, "attendance_set", meeting, **wrong)
    assert (answer.status_code, bool(answer.json()["problem"])) == (400, True)


def test_a_guest_is_written_down_and_a_phone_number_is_not(client, table):
    meeting = running_meeting(table.steering)
    for name in ("", "Perearst 5123 4567"):
        answer = act(client, table.member, "attendance_guest", meeting, guest_name=name)
        assert set(answer.context["guest_form"].errors) == {"guest_name"}
        assert name in answer.text
    answer = act(client, table.member, "attendance_guest", meeting, guest_name="Perearst, Võru")
    assert answer.status_code == 302
    assert Attendance.objects.get(is_guest=True).guest_name == "Perearst, Võru"


def test_the_last_question_says_what_is_not_done_yet(client, table):
    meeting = running_meeting(table.steering)
    client.force_login(table.member.user)
    answer = client.get(url("meeting_end", meeting))
    assert (answer.context["unsaid"], answer.context["waiting"]) == (2, 1)
    meeting.refresh_from_db()
    assert meeting.state == "running"
    assert act(client, table.member, "meeting_end", meeting).status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == "ended"


# -- after -------------------------------------------------------------------------------------


def test_after_the_meeting_the_page_leads_to_the_minutes(client, table):
    meeting = ended_meeting(table.steering)
    item = meeting.items.first()
    text = page(client, table.member, meeting).text
    assert url("minutes", meeting) in text
    assert url("meeting_note_add", meeting, item.pk) in text
    Meeting.objects.filter(pk=meeting.pk).update(state="approved", approved_on=timezone.localdate())
    text = page(client, table.member, meeting).text
    assert url("meeting_note_add", meeting, item.pk) not in text
    answer = act(client, table.member, "meeting_note_add", meeting, item.pk, text="Veel midagi.")
    assert answer.status_code == 200
    assert "Veel midagi." in answer.text
    assert not MeetingNote.objects.exists()


def test_a_cancelled_meeting_can_be_read_and_nothing_more(client, table):
    meeting = planned_meeting(table.steering, state="cancelled")
    item = topic(meeting)
    text = page(client, table.member, meeting).text
    assert item.title in text
    assert "/paevakord/" not in text


def test_a_page_costs_the_same_with_any_number_of_items_notes_and_gaps(client, table):
    planned, meeting = planned_meeting(table.steering), running_meeting(table.steering)
    waiting = gap_of(table)
    item = topic(meeting)
    note_of(item, table.member)
    table.seat("steering")

    def cost(shown, **query):
        page(client, table.coordinator, shown, **query)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("meeting_detail", shown), query).status_code == 200
        return len(queries)

    before = cost(planned), cost(meeting, punkt=item.pk)
    for _ in range(5):
        add_gap(planned, gap_of(table), table.coordinator.user)
        gap_of(table)
        topic(meeting)
        note_of(item, table.member)
        decision_of(item)
        guest = table.worker("partner")
        guest_at(meeting, guest, status="present")
        guest_at(planned, guest)
    assert waiting.agenda_items.count() == 0
    assert (cost(planned), cost(meeting, punkt=item.pk)) == before


# -- the list ----------------------------------------------------------------------------------


def listed(client, worker, **query):
    client.force_login(worker.user)
    return client.get(reverse("meeting_list"), query)


def test_the_list_shows_the_next_meeting_the_series_and_what_was_held(client, table):
    held = ended_meeting(table.steering)
    soon = planned_meeting(table.steering)
    later = planned_meeting(table.steering, starts_at=in_days(30))
    foreign = planned_meeting(Table().steering, place="Kaugel eemal")
    series_of(table.steering)
    answer = listed(client, table.coordinator)
    assert answer.context["following"] == soon
    for meeting in (soon, later, held):
        assert (
            url("meeting_detail", meeting) in answer.text or url("minutes", meeting) in answer.text
        )
    assert str(foreign.pk) not in answer.text
    assert len(answer.context["series"][0][1]) == 5
    assert url("meeting_invite", soon) in answer.text
    partner = listed(client, table.partner)
    assert str(soon.pk) not in partner.text


def test_a_running_meeting_comes_first_and_todays_stays_until_it_is_begun(table):
    visible = Meeting.objects.all()
    now = timezone.now()
    today = planned_meeting(table.steering, starts_at=in_days(0, now.time().replace(hour=0)))
    planned_meeting(table.steering, starts_at=in_days(3))
    assert next_meeting(visible, now) == today
    assert next_meeting(visible.none(), now) is None


def test_an_empty_list_says_what_to_do_first(client, table):
    assert reverse("series_add") in listed(client, table.coordinator).text
    assert reverse("series_add") not in listed(client, table.partner).text
    nobody = listed(client, table.outsider)
    assert nobody.status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "coming"}, {"soon"}),
        ({"state": "held"}, {"held"}),
        ({"q": "TÖÖKOTTA"}, {"soon"}),
        ({"q": "kultuurimaja"}, {"held"}),
        ({"q": "50% ' \0 _"}, set()),
        ({"state": "nonsense", "sort": "x", "group": "y", "page": "z"}, {"soon", "held"}),
    ],
)
def test_the_list_is_narrowed_and_nonsense_is_left_out(client, table, query, found):
    soon = planned_meeting(table.steering)
    topic(soon)
    held = ended_meeting(table.steering, place="Kultuurimaja")
    answer = listed(client, table.member, **query)
    names = {soon: "soon", held: "held"}
    rows = list(answer.context["page"].object_list)
    if "state" in query and query["state"] == "nonsense":
        assert rows == [held]
        assert answer.context["following"] == soon
    else:
        assert {names[row] for row in rows} == found


def test_the_table_holds_what_the_list_holds(client, table):
    ended_meeting(table.steering, title="=1+1")
    ended_meeting(Table().steering)
    client.force_login(table.member.user)
    answer = client.get(reverse("meeting_export"), {"state": "held"})
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert len(rows) == 2
    assert rows[1][4] == "'=1+1"


def test_a_list_costs_the_same_with_any_number_of_meetings(client, table):
    def cost():
        listed(client, table.member)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("meeting_list")).status_code == 200
        return len(queries)

    ended_meeting(table.steering)
    planned_meeting(table.steering)
    planned_meeting(table.steering, starts_at=in_days(20))
    before = cost()
    for days in range(3, 9):
        decision_of(ended_meeting(table.steering, starts_at=in_days(-days)).items.first())
        planned_meeting(table.steering, starts_at=in_days(20 + days))
    assert cost() == before


def test_a_signed_out_visitor_has_no_next_meeting(table):
    planned_meeting(table.steering)
    day = timezone.localdate()
    for nobody in (AnonymousUser(), table.outsider.user, table.partner.user):
        assert next_meeting(MeetingPolicy.rows(nobody, "view", day), timezone.now()) is None
    assert next_meeting(MeetingPolicy.rows(table.member.user, "view", day), timezone.now())
