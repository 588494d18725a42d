"""A series: its form, the meetings it makes ahead, and what a change of it touches. REG-09."""

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from network.meetings.models import Meeting, Series
from network.meetings.schedule import Often, Repeat
from network.meetings.services.planning import cancel_meeting
from network.meetings.services.series import (
    AHEAD,
    SeriesPlan,
    add_series,
    change_series,
    plan_ahead,
    plan_all,
)
from portal.base.versions import VersionConflict
from tests.meetings.factories import Table, topic

pytestmark = pytest.mark.django_db

# A Monday in January.
NOW = dt.datetime(2027, 1, 4, 10, tzinfo=dt.UTC)
TODAY = dt.date(2027, 1, 4)


@pytest.fixture(autouse=True)
def in_january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def table():
    return Table()


def plan(**fields):
    """Every fourth Thursday at 13.00."""
    values = {
        "repeat": Repeat(Often.MONTH, weekday=3, nth=4),
        "starts_on": TODAY,
        "starts_at": dt.time(13),
        "minutes": 90,
        "place": "Antsla vallamaja",
    }
    return SeriesPlan(**values | fields)


def weekly(weekday=3, **fields):
    return plan(repeat=Repeat(Often.WEEK, weekday=weekday), **fields)


def made(table, of=None, **fields):
    return add_series(
        of or plan(),
        region=table.region,
        body="steering",
        by=table.member.user,
        key=fields.pop("key", uuid.uuid4()),
    )


def changed(table, series, to, **fields):
    series.refresh_from_db()
    return change_series(
        series,
        to,
        version=fields.pop("version", series.version),
        by=table.member.user,
        key=uuid.uuid4(),
    )


def days(series):
    meetings = series.meetings.exclude(state="cancelled").order_by("starts_at")
    return [f"{timezone.localtime(meeting.starts_at):%d.%m %H.%M}" for meeting in meetings]


def typed(table, **fields):
    values = {
        "key": str(uuid.uuid4()),
        "group": f"{table.region.pk}:steering",
        "often": "month",
        "which": "4",
        "weekday": "3",
        "month_day": "1",
        "begins": "13.00",
        "ends": "14.30",
        "starts_on": "04.01.2027",
        "until": "",
        "times": "",
        "place": "Antsla vallamaja",
        "link": "",
        "title": "",
    }
    return values | fields


# --- Made ahead ------------------------------------------------------------------------------


def test_meetings_are_made_a_hundred_days_ahead_each_with_its_agenda(table):
    series = made(table)
    assert days(series) == ["28.01 13.00", "25.02 13.00", "25.03 13.00"]
    for meeting in series.meetings.all():
        assert meeting.items.exists()
        assert (meeting.minutes, meeting.place) == (90, "Antsla vallamaja")
        assert meeting.invited_at is None


def test_at_least_two_are_made_however_rare_they_are(table):
    series = made(table, plan(repeat=Repeat(Often.MONTHS, month_day=15, months=(9,))))
    assert [meeting.starts_at.year for meeting in series.meetings.order_by("starts_at")] == [
        2027,
        2028,
    ]


def test_planning_ahead_again_makes_none_and_later_makes_the_next(table):
    series = made(table)
    assert plan_ahead(series, TODAY) == []
    plan_all(NOW + dt.timedelta(days=30))
    plan_all(NOW + dt.timedelta(days=30))
    assert days(series)[-1] == "22.04 13.00"
    assert series.meetings.count() == 4


def test_cancelled_and_moved_meetings_are_not_made_again(table):
    series = made(table, weekly())
    first, second = series.meetings.order_by("starts_at")[:2]
    cancel_meeting(first, version=first.version, by=table.member.user, key=uuid.uuid4())
    Meeting.objects.filter(pk=second.pk).update(starts_at=second.starts_at + dt.timedelta(days=1))
    before = series.meetings.count()
    assert plan_ahead(series, TODAY) == []
    assert series.meetings.count() == before


def test_series_that_cannot_be_read_does_not_stop_the_others(table, caplog):
    broken = made(table)
    Series.objects.filter(pk=broken.pk).update(rule="FREQ=HOURLY")
    fine = made(table, weekly())
    Meeting.objects.all().update(series_day=None, series=None)
    plan_all(NOW)
    assert fine.meetings.exists()
    assert str(broken.pk) in caplog.text


def test_ended_series_makes_no_more(table):
    series = made(table, weekly())
    change = changed(table, series, weekly(is_active=False))
    assert change.removed > 10
    assert not series.meetings.exists()
    plan_all(NOW)
    assert not series.meetings.exists()


def test_hour_of_the_wall_stays_when_the_clocks_change(table):
    series = made(table, weekly(6))
    plan_all(NOW + dt.timedelta(days=250))
    hours = {
        (timezone.localtime(meeting.starts_at).hour, meeting.starts_at.astimezone(dt.UTC).hour)
        for meeting in series.meetings.all()
    }
    assert hours == {(13, 11), (13, 10)}


# --- Changed ---------------------------------------------------------------------------------


def test_change_moves_what_is_to_come_and_untouched_and_keeps_its_agenda(table):
    series = made(table, weekly())
    first = series.meetings.order_by("starts_at")[0]
    item = topic(first, title="Transport")
    n = series.meetings.count()
    change = changed(table, series, weekly(1, starts_at=dt.time(9, 30)))
    assert days(series)[:2] == ["05.01 09.30", "12.01 09.30"]
    assert (change.moved, change.removed) == (n, 0)
    item.refresh_from_db()
    assert item.meeting == first


def test_invited_and_moved_meetings_stay_and_take_the_place_of_their_week(table):
    series = made(table, weekly())
    invited, moved = series.meetings.order_by("starts_at")[:2]
    Meeting.objects.filter(pk=invited.pk).update(invited_at=NOW)
    Meeting.objects.filter(pk=moved.pk).update(starts_at=moved.starts_at + dt.timedelta(hours=2))
    changed(table, series, weekly(1))
    # Thursdays that people know of stay; no Tuesday is put beside them.
    assert days(series)[:4] == ["07.01 13.00", "14.01 15.00", "19.01 13.00", "26.01 13.00"]


def test_meetings_without_a_date_go_unless_somebody_worked_on_them(table):
    series = made(table, weekly())
    kept, *_rest = series.meetings.order_by("-starts_at")
    topic(kept, title="Transport")
    changed(table, series, plan())
    kept.refresh_from_db()
    assert kept.state == Meeting.State.CANCELLED
    assert len(days(series)) == 3
    assert series.meetings.count() == 4


def test_change_of_the_place_alone_moves_no_date(table):
    series = made(table)
    before = days(series)
    pks = set(series.meetings.values_list("pk", flat=True))
    changed(table, series, plan(place="Rõuge"))
    assert days(series) == before
    assert set(series.meetings.values_list("pk", flat=True)) == pks
    assert set(series.meetings.values_list("place", flat=True)) == {"Rõuge"}


def test_same_change_twice_is_one(table):
    series = made(table)
    key = uuid.uuid4()
    changes = [
        change_series(series, weekly(), version=1, by=table.member.user, key=key) for _ in range(2)
    ]
    assert changes[0].made == changes[1].made
    series.refresh_from_db()
    assert series.version == 2


def test_stale_version_changes_nothing(table):
    series = made(table)
    with pytest.raises(VersionConflict):
        changed(table, series, weekly(), version=7)
    assert len(days(series)) == 3


# --- The form --------------------------------------------------------------------------------


def test_series_is_made_from_the_form(client, table):
    client.force_login(table.member.user)
    form = typed(table, title="Juhtrühma koosolek")
    answers = [client.post(reverse("series_add"), form, follow=True) for _ in range(2)]
    series = Series.objects.get()
    assert (series.rule, series.starts_on) == ("FREQ=MONTHLY;BYDAY=4TH", dt.date(2027, 1, 28))
    assert (series.minutes, series.zone) == (90, "Europe/Tallinn")
    assert "3 kohtumist" in answers[0].text


def test_form_shows_the_stored_series_and_saves_it_unchanged(client, table):
    series = made(table, plan(repeat=Repeat(Often.MONTHS, month_day=-1, months=(2, 9), times=5)))
    client.force_login(table.member.user)
    url = reverse("series_change", args=[series.pk])
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    values["starts_on"] = f"{values['starts_on']:%d.%m.%Y}"
    values = {
        name: value for name, value in values.items() if value is not None and value is not False
    }
    answer = client.post(url, values)
    assert answer.status_code == 302, answer.context["form"].errors
    before, rule = days(series), series.rule
    series.refresh_from_db()
    assert (series.rule, days(series)) == (rule, before)


def test_next_five_dates_stand_beside_the_choices_and_holidays_are_marked(client, table):
    client.force_login(table.member.user)
    form = typed(table, which="day", month_day="24", starts_on="01.11.2027")
    # Asked for by the button: what is still empty is no mistake yet.
    answer = client.post(reverse("series_add"), form | {"show": "1", "place": "", "group": ""})
    assert answer.status_code == 200
    assert not answer.context["form"].errors
    shown = re.findall(r"<b>(\d\d\.\d\d\.\d{4})</b>", answer.text)
    assert shown == ["24.11.2027", "24.12.2027", "24.01.2028", "24.02.2028", "24.03.2028"]
    assert "jõululaupäev" in answer.text
    assert "iseseisvuspäev" in answer.text
    assert not Series.objects.exists()
    # And without leaving the form.
    piece = client.get(reverse("series_dates"), form)
    assert re.findall(r"<b>(\d\d\.\d\d\.\d{4})</b>", piece.text) == shown
    assert "<html" not in piece.text


def test_dates_are_shown_to_who_leads_a_region_only(client, table):
    url = reverse("series_dates")
    assert client.get(url, typed(table)).status_code == 302
    for worker, status in ((table.member, 200), (table.partner, 403), (table.outsider, 403)):
        client.force_login(worker.user)
        assert client.get(url, typed(table)).status_code == status
    client.force_login(table.member.user)
    assert client.post(url, typed(table)).status_code == 405


WRONG = [
    (
        {"often": "months", "months": ["2"], "which": "day", "month_day": "31"},
        "month_day",
        "kunagi",
    ),
    ({"often": "months"}, "months", "vähemalt üks kuu"),
    ({"until": "01.01.2027"}, "until", "enne esimest"),
    ({"until": "27.01.2027"}, "until", "28.01.2027"),
    ({"times": "0"}, "times", "vähemalt üks kohtumine"),
    ({"times": "palju"}, "times", "täisarv"),
    ({"times": "5", "until": "01.12.2027"}, "times", "mitte mõlemat"),
    ({"ends": "12.00"}, "ends", "enne algust"),
    ({"often": "week", "weekday": "6", "begins": "3.30", "ends": "5"}, "begins", "28.03.2027"),
    (
        {"often": "week", "weekday": "6", "begins": "3.30", "ends": "5", "starts_on": "01.06.2027"},
        "begins",
        "31.10.2027",
    ),
    ({"starts_on": "31.02.2027"}, "starts_on", "Sellist päeva ei ole."),
    ({"starts_on": "varsti"}, "starts_on", "24.03.2026"),
    ({"starts_on": "01.01.2020", "until": "01.02.2020"}, "until", "möödas"),
    ({"often": "hourly"}, "often", "ei ole seal"),
    ({"weekday": "9"}, "weekday", "ei ole seal"),
]


@pytest.mark.parametrize(("fields", "name", "words"), WRONG)
def test_rule_without_days_or_hours_gets_its_sentence_and_is_kept(
    client, table, fields, name, words
):
    client.force_login(table.member.user)
    answer = client.post(reverse("series_add"), typed(table, title="Sügis", **fields))
    assert answer.status_code == 200
    assert not Series.objects.exists()
    assert words in " ".join(str(error) for error in answer.context["form"].errors[name])
    assert "Sügis" in answer.text
    # The dates beside say the same, and never fail.
    piece = client.get(reverse("series_dates"), typed(table, **fields))
    assert piece.status_code == 200
    assert (words in piece.text) == (name != "ends")


def test_two_who_change_a_series_at_once_see_both(client, table):
    series = made(table)
    client.force_login(table.coordinator.user)
    url = reverse("series_change", args=[series.pk])
    mine = typed(table, version=1, place="Rõuge", often="week")
    assert client.post(url, typed(table, version=1, place="Kanepi")).status_code == 302
    answer = client.post(url, mine)
    assert answer.status_code == 409
    for words in ("Rõuge", "Kanepi", "Iga kuu"):
        assert words in answer.text
    series.refresh_from_db()
    assert series.place == "Kanepi"


def test_service_asks_for_a_rule_that_occurs(table):
    with pytest.raises(ValidationError) as caught:
        made(table, plan(repeat=Repeat(Often.MONTHS, month_day=31, months=(2,))))
    assert "month_day" in caught.value.error_dict
    assert not Series.objects.exists()


def test_series_page_costs_the_same_whatever_the_number_of_meetings(
    client, table, django_assert_max_num_queries
):
    series = made(table, weekly(), key=uuid.uuid4())
    assert series.meetings.filter(starts_at__lte=NOW + AHEAD).count() > 10
    client.force_login(table.member.user)
    client.get(reverse("series_change", args=[series.pk]))
    with django_assert_max_num_queries(14):
        client.get(reverse("series_change", args=[series.pk]))
