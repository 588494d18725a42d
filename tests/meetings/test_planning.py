"""A single meeting: planned, moved, called off; who may, and what becomes of the letters."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from network.meetings.models import Group, Meeting
from network.meetings.services.planning import MeetingPlan, add_meeting, change_meeting
from network.models import Gap, Seat
from network.services.people import end_seat
from portal.base.models import OutboxItem
from portal.base.versions import VersionConflict
from tests.cases.factories import Net
from tests.factories import UserFactory
from tests.meetings.factories import (
    Table,
    at,
    gap_item,
    gap_of,
    guest_at,
    in_days,
    planned_meeting,
    running_meeting,
    series_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    return Table()


def typed(table, **fields):
    """What somebody writes into the form of a new meeting."""
    day = timezone.localdate() + dt.timedelta(days=30)
    values = {
        "key": str(uuid.uuid4()),
        "group": f"{table.region.pk}:steering",
        "day": f"{day:%d.%m.%Y}",
        "begins": "13.00",
        "ends": "14.30",
        "place": "Antsla vallamaja",
        "link": "",
        "minutes_taker": "",
        "title": "",
    }
    return values | fields


def stored(meeting, **fields):
    """The form of `meeting` as it is shown now."""
    meeting.refresh_from_db()
    local = timezone.localtime(meeting.starts_at)
    return {
        "key": str(uuid.uuid4()),
        "version": meeting.version,
        "day": f"{local:%d.%m.%Y}",
        "begins": f"{local:%H.%M}",
        "ends": f"{local + dt.timedelta(minutes=meeting.minutes):%H.%M}",
        "place": meeting.place,
        "link": meeting.link,
        "minutes_taker": str(meeting.minutes_taker_id or ""),
        "title": meeting.title,
    } | fields


def letters(kind=""):
    return OutboxItem.objects.filter(key__startswith=f"meeting_{kind}").count()


# --- Who may ---------------------------------------------------------------------------------


def test_who_may_open_which_page(client, table):
    meeting = planned_meeting(table.steering)
    series = series_of(table.steering)
    guest = table.worker()
    guest_at(meeting, guest)
    elsewhere = Table()
    former = table.seat()
    today = timezone.localdate()
    end_seat(Seat.objects.get(position=former.position), valid_until=today)
    pages = {
        "meeting_add": [],
        "series_add": [],
        "meeting_change": [meeting.pk],
        "meeting_cancel": [meeting.pk],
        "meeting_invite": [meeting.pk],
        "series_change": [series.pk],
        "meeting_ics": [meeting.pk],
        "calendar_feed": [],
    }
    #                       add  series change cancel invite series ics feed
    people = {
        "coordinator": (table.coordinator.user, [200, 200, 200, 200, 200, 200, 200, 200]),
        "member": (table.member.user, [200, 200, 200, 200, 200, 200, 200, 200]),
        "partner": (table.partner.user, [403, 403, 404, 404, 404, 404, 404, 200]),
        "guest": (guest.user, [403, 403, 403, 403, 403, 404, 200, 200]),
        "outsider": (table.outsider.user, [403, 403, 404, 404, 404, 404, 404, 200]),
        "elsewhere": (elsewhere.member.user, [200, 200, 404, 404, 404, 404, 404, 200]),
        "former": (former.user, [403, 403, 404, 404, 404, 404, 404, 200]),
        "stranger": (UserFactory(), [403, 403, 404, 404, 404, 404, 404, 200]),
        "superuser": (UserFactory(is_superuser=True), [403, 403, 404, 404, 404, 404, 404, 200]),
    }
    for name, (user, expected) in people.items():
        client.force_login(user)
        found = [client.get(reverse(page, args=ids)).status_code for page, ids in pages.items()]
        assert found == expected, name
    client.logout()
    for page, ids in pages.items():
        answer = client.get(reverse(page, args=ids))
        assert (answer.status_code, "/konto/sisse/" in answer["Location"]) == (302, True)


def test_member_of_the_network_sees_its_meeting_and_does_not_plan_it(client, table):
    meeting = planned_meeting(table.network)
    client.force_login(table.partner.user)
    assert client.get(reverse("meeting_ics", args=[meeting.pk])).status_code == 200
    for page in ("meeting_change", "meeting_cancel", "meeting_invite"):
        assert client.get(reverse(page, args=[meeting.pk])).status_code == 403
        assert client.post(reverse(page, args=[meeting.pk]), {}).status_code == 403
    meeting.refresh_from_db()
    assert (meeting.state, meeting.invited_at) == (Meeting.State.PLANNED, None)


def test_foreign_meeting_and_unknown_one_give_the_same_bytes(client, table):
    meeting = planned_meeting(table.steering)
    client.force_login(Table().member.user)
    for page in ("meeting_change", "meeting_cancel", "meeting_invite", "meeting_ics"):
        foreign = client.get(reverse(page, args=[meeting.pk]))
        unknown = client.get(reverse(page, args=[uuid.uuid4()]))
        assert (foreign.status_code, foreign.content) == (404, unknown.content)


# --- Planning --------------------------------------------------------------------------------


def test_first_meeting_of_a_new_region_needs_no_set_up(client):
    net = Net()
    lead = net.seat(Seat.Body.COORDINATOR)
    client.force_login(lead.user)
    answer = client.post(reverse("meeting_add"), typed(net, group=f"{net.region.pk}:network"))
    meeting = Meeting.objects.get()
    assert answer["Location"] == reverse("meeting_detail", args=[meeting.pk])
    assert (meeting.group.region, meeting.group.body) == (net.region, "network")
    assert (meeting.minutes, meeting.place) == (90, "Antsla vallamaja")
    assert timezone.localtime(meeting.starts_at).hour == 13
    # The agenda has begun, and nobody is invited.
    assert meeting.items.exists()
    assert (meeting.invited_at, letters()) == (None, 0)


def test_same_form_twice_plans_one_meeting(client, table):
    client.force_login(table.member.user)
    form = typed(table)
    places = {client.post(reverse("meeting_add"), form)["Location"] for _ in range(2)}
    assert len(places) == Meeting.objects.count() == 1


def test_nobody_plans_for_a_region_they_do_not_lead(client, table):
    elsewhere = Table()
    client.force_login(table.member.user)
    answer = client.post(reverse("meeting_add"), typed(elsewhere))
    assert answer.status_code == 200
    assert not Meeting.objects.exists()
    assert str(elsewhere.region) not in answer.text


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [
        ("9.30", 9, 30),
        ("9:30", 9, 30),
        ("kell 9.30", 9, 30),
        ("930", 9, 30),
        ("0930", 9, 30),
        ("9", 9, 0),
    ],
)
def test_hour_is_read_as_people_write_it(client, table, written, hour, minute):
    client.force_login(table.member.user)
    client.post(reverse("meeting_add"), typed(table, begins=written, ends="11.00"))
    local = timezone.localtime(Meeting.objects.get().starts_at)
    assert (local.hour, local.minute) == (hour, minute)


WRONG = [
    ({"ends": "12.30"}, "ends", "Lõpp on enne algust"),
    ({"ends": "13.00"}, "ends", "Lõpp on enne algust"),
    ({"begins": "6.00", "ends": "20.00"}, "ends", "10 tunnini"),
    ({"begins": "25.00"}, "begins", "näiteks 9.30"),
    ({"begins": "hommikul"}, "begins", "näiteks 9.30"),
    ({"day": "31.02.2027"}, "day", "Sellist päeva ei ole."),
    ({"day": "varsti"}, "day", "näiteks 24.03.2026"),
    ({"day": "01.01.2020"}, "day", "See päev on möödas"),
    ({"day": "01.01.2207"}, "day", "aastate kaugusel"),
    ({"day": "28.03.2027", "begins": "3.30", "ends": "5.00"}, "begins", "seda tundi ei ole"),
    ({"day": "31.10.2027", "begins": "3.30", "ends": "5.00"}, "begins", "kaks korda"),
    ({"link": "ruum 3"}, "link", "terve aadress"),
    ({"title": "Helistage 5551 2345"}, "title", "5551 2345"),
    ({"group": ""}, "group", "Valige, kes kohtub"),
    ({"group": "1:council"}, "group", "ei ole seal"),
    ({"minutes_taker": str(uuid.uuid4())}, "minutes_taker", "ei ole seal"),
]


@pytest.mark.parametrize(("fields", "name", "words"), WRONG)
def test_wrong_input_gets_a_sentence_beside_its_field_and_is_kept(
    client, table, fields, name, words
):
    # Winter, before both changes of the clocks.
    with time_machine.travel(dt.datetime(2027, 1, 10, 12, tzinfo=dt.UTC), tick=False):
        client.force_login(table.member.user)
        answer = client.post(reverse("meeting_add"), typed(table, place="Kanepi", **fields))
    assert answer.status_code == 200
    assert not Meeting.objects.exists()
    [sentence] = answer.context["form"].errors[name]
    assert words in sentence
    assert "Kanepi" in answer.text


def test_position_without_a_seat_in_the_group_takes_no_minutes(table):
    plan = MeetingPlan(in_days(3), 60, minutes_taker=table.outsider.position)
    with pytest.raises(Exception, match="koht") as caught:
        add_meeting(
            plan, region=table.region, body="steering", by=table.member.user, key=uuid.uuid4()
        )
    assert "minutes_taker" in caught.value.error_dict


# --- Moving ----------------------------------------------------------------------------------


def test_meeting_is_moved_and_keeps_the_day_of_its_series(client, table):
    day = timezone.localdate() + dt.timedelta(days=7)
    meeting = planned_meeting(table.steering, series=series_of(table.steering), series_day=day)
    client.force_login(table.member.user)
    later = day + dt.timedelta(days=1)
    answer = client.post(
        reverse("meeting_change", args=[meeting.pk]),
        stored(meeting, day=f"{later:%d.%m.%Y}", minutes_taker=str(table.member.position.pk)),
    )
    assert answer.status_code == 302
    meeting.refresh_from_db()
    assert timezone.localdate(meeting.starts_at) == later
    assert (meeting.series_day, meeting.minutes_taker) == (day, table.member.position)
    # Nobody was invited, so nobody is told.
    assert (meeting.calendar_sequence, letters()) == (0, 0)


def test_two_who_change_at_once_see_both_texts_and_nothing_is_lost(client, table):
    meeting = planned_meeting(table.steering)
    mine, theirs = stored(meeting, place="Kanepi"), stored(meeting, place="Rõuge", begins="12.00")
    client.force_login(table.coordinator.user)
    assert client.post(reverse("meeting_change", args=[meeting.pk]), theirs).status_code == 302
    client.force_login(table.member.user)
    answer = client.post(reverse("meeting_change", args=[meeting.pk]), mine)
    assert answer.status_code == 409
    for words in ("Kanepi", "Rõuge", "12.00", "13.00"):
        assert words in answer.text
    meeting.refresh_from_db()
    assert meeting.place == "Rõuge"
    form = answer.context["form"]
    again = {name: str(form[name].value() or "") for name in form.fields}
    assert client.post(reverse("meeting_change", args=[meeting.pk]), again).status_code == 302
    meeting.refresh_from_db()
    assert meeting.place == "Kanepi"


def test_stale_version_changes_nothing_in_the_service_either(table):
    meeting = planned_meeting(table.steering)
    plan = MeetingPlan(in_days(9), 60)
    with pytest.raises(VersionConflict):
        change_meeting(meeting, plan, version=99, by=table.member.user, key=uuid.uuid4())
    meeting.refresh_from_db()
    assert meeting.minutes == 90


def test_past_day_may_stay_while_the_place_is_mended(client, table):
    meeting = planned_meeting(table.steering, starts_at=in_days(-1))
    client.force_login(table.member.user)
    answer = client.post(
        reverse("meeting_change", args=[meeting.pk]), stored(meeting, place="Rõuge")
    )
    assert answer.status_code == 302


def test_meeting_that_has_begun_is_not_moved(client, table):
    meeting = running_meeting(table.steering)
    client.force_login(table.member.user)
    for page in ("meeting_change", "meeting_cancel", "meeting_invite"):
        answer = client.post(
            reverse(page, args=[meeting.pk]),
            stored(meeting, day=f"{timezone.localdate():%d.%m.%Y}", begins="10", ends="11"),
        )
        assert answer.status_code == 200
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.RUNNING
    assert meeting.invited_at is None


# --- Calling off -----------------------------------------------------------------------------


def test_called_off_meeting_lets_its_gaps_wait_again(client, table):
    meeting = planned_meeting(table.steering)
    gap = gap_of(table)
    gap_item(meeting, gap)
    meeting.refresh_from_db()
    client.force_login(table.member.user)
    form = {"key": str(uuid.uuid4()), "version": meeting.version}
    for _ in range(2):
        answer = client.post(reverse("meeting_cancel", args=[meeting.pk]), form)
        assert answer["Location"] == reverse("meeting_detail", args=[meeting.pk])
    meeting.refresh_from_db()
    gap.refresh_from_db()
    assert (meeting.state, gap.state) == (Meeting.State.CANCELLED, Gap.State.NEW)
    assert letters() == 0


def test_meeting_changed_meanwhile_is_not_called_off_unseen(client, table):
    meeting = planned_meeting(table.steering)
    client.force_login(table.member.user)
    url = reverse("meeting_cancel", args=[meeting.pk])
    answer = client.post(url, {"key": str(uuid.uuid4()), "version": meeting.version + 7})
    assert answer.status_code == 409
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.PLANNED
    again = client.post(url, {"key": answer.context["key"], "version": meeting.version})
    assert again.status_code == 302


def test_groups_are_made_once_whoever_comes_first(table):
    plan = MeetingPlan(at(timezone.localdate() + dt.timedelta(days=3)), 60)
    for worker in (table.member, table.coordinator):
        add_meeting(plan, region=table.region, body="steering", by=worker.user, key=uuid.uuid4())
    assert Group.objects.filter(region=table.region, body="steering").count() == 1


@pytest.mark.parametrize("key", ["", "nonsense", "7"])
def test_form_without_a_proper_key_or_version_is_no_error(client, table, key):
    meeting = planned_meeting(table.steering)
    client.force_login(table.member.user)
    for page in ("meeting_cancel", "meeting_change"):
        values = stored(meeting) | {"key": key, "version": "x" * 30}
        answer = client.post(reverse(page, args=[meeting.pk]), values)
        assert answer.status_code in (200, 409)
