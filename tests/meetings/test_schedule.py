"""Rules in words and as text, their days, and the hour on the wall across the clock changes."""

import datetime as dt
import itertools
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from network.meetings.schedule import (
    HORIZON,
    LAST,
    Clock,
    Often,
    Repeat,
    clock_at,
    coming,
    first_trouble,
    holiday_on,
    moment_of,
    next_dates,
)

DAY = dt.date(2027, 1, 1)
ONE_PM = dt.time(13)
ZONE = "Europe/Tallinn"

# Words of a rule, its text, and its first days from 1 January 2027 (a Friday) on.
RULES = [
    (Repeat(Often.WEEK, weekday=3), "FREQ=WEEKLY;BYDAY=TH", ["07.01", "14.01", "21.01"]),
    (
        Repeat(Often.FORTNIGHT, weekday=3),
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
        ["07.01", "21.01", "04.02"],
    ),
    (
        Repeat(Often.MONTH, weekday=3, nth=4),
        "FREQ=MONTHLY;BYDAY=4TH",
        ["28.01", "25.02", "25.03"],
    ),
    (
        Repeat(Often.MONTH, weekday=4, nth=LAST),
        "FREQ=MONTHLY;BYDAY=-1FR",
        ["29.01", "26.02", "26.03"],
    ),
    (
        Repeat(Often.TWO_MONTHS, month_day=15),
        "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15",
        ["15.01", "15.03", "15.05"],
    ),
    (Repeat(Often.MONTH, month_day=31), "FREQ=MONTHLY;BYMONTHDAY=31", ["31.01", "31.03", "31.05"]),
    (
        Repeat(Often.QUARTER, month_day=LAST),
        "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1",
        ["31.01", "30.04", "31.07"],
    ),
    (
        Repeat(Often.MONTHS, weekday=1, nth=1, months=(2, 9)),
        "FREQ=MONTHLY;BYMONTH=2,9;BYDAY=1TU",
        ["02.02", "07.09", "01.02"],
    ),
    (
        Repeat(Often.WEEK, weekday=0, times=2),
        "FREQ=WEEKLY;BYDAY=MO;COUNT=2",
        ["04.01", "11.01"],
    ),
    (
        Repeat(Often.WEEK, weekday=0, until=dt.date(2027, 1, 11)),
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270111T235959",
        ["04.01", "11.01"],
    ),
]


@pytest.mark.parametrize(("repeat", "text", "days"), RULES)
def test_rule_is_written_read_and_has_its_days(repeat, text, days):
    assert repeat.rule == text
    assert Repeat.of(text) == repeat
    first = repeat.first_day(DAY)
    found = itertools.islice(repeat.days(first, first + HORIZON), 3)
    assert [f"{day:%d.%m}" for day in found] == days


@pytest.mark.parametrize(
    "text", ["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=5;BYDAY=TH", "", "FREQ=WEEKLY;BYHOUR=4"]
)
def test_rule_that_the_portal_does_not_write_is_not_read(text):
    with pytest.raises(ValueError):
        Repeat.of(text)


def test_every_second_week_is_counted_from_the_first_day_that_fits():
    # A Friday: the Thursday of that week is over, the next one is six days away, not thirteen.
    repeat = Repeat(Often.FORTNIGHT, weekday=3)
    assert repeat.first_day(DAY) == dt.date(2027, 1, 7)


@pytest.mark.parametrize(
    "repeat",
    [
        Repeat(Often.MONTHS, month_day=31, months=(2,)),
        Repeat(Often.MONTHS, month_day=31, months=(2, 4, 6)),
        Repeat(Often.WEEK, times=0),
        Repeat(Often.WEEK, until=dt.date(2026, 12, 31)),
        Repeat(Often.MONTH, weekday=3, nth=4, until=dt.date(2027, 1, 27)),
    ],
)
def test_rule_without_any_day_has_no_first_day(repeat):
    assert repeat.first_day(DAY) is None


def test_leap_day_comes_even_if_it_takes_eight_years():
    repeat = Repeat(Often.MONTHS, month_day=29, months=(2,))
    assert repeat.first_day(dt.date(2096, 3, 1)) == dt.date(2104, 2, 29)


@given(
    often=st.sampled_from(
        [Often.WEEK, Often.FORTNIGHT, Often.MONTH, Often.TWO_MONTHS, Often.QUARTER]
    ),
    weekday=st.integers(0, 6),
    nth=st.sampled_from([1, 2, 3, 4, LAST]),
    start=st.dates(dt.date(2026, 1, 1), dt.date(2035, 12, 31)),
)
def test_days_are_those_that_the_stored_rule_gives_to_another_reader(often, weekday, nth, start):
    in_weeks = often in (Often.WEEK, Often.FORTNIGHT)
    repeat = Repeat(often, weekday=weekday, nth=0 if in_weeks else nth)
    first = repeat.first_day(start)
    judge = rrulestr(repeat.rule, dtstart=dt.datetime.combine(first, ONE_PM))
    expected = [moment.date() for moment in itertools.islice(judge, 8)]
    assert list(itertools.islice(repeat.days(first, first + HORIZON), 8)) == expected
    assert start <= first < start + dt.timedelta(days=36)


def test_hour_on_the_wall_stays_across_both_changes_of_the_clocks():
    repeat = Repeat(Often.WEEK, weekday=6)
    dates = coming(repeat, dt.date(2027, 3, 14), ONE_PM, ZONE, 40, DAY)
    assert {one.starts_at.hour for one in dates} == {13}
    in_utc = [one.starts_at.astimezone(dt.UTC).hour for one in dates]
    # 28 March and 31 October 2027.
    assert in_utc[:3] == [11, 11, 10]
    assert [one.day for one in dates if one.starts_at.astimezone(dt.UTC).hour == 10][-1] == dt.date(
        2027, 10, 24
    )


@pytest.mark.parametrize(
    ("day", "time", "clock"),
    [
        (dt.date(2027, 3, 28), dt.time(2, 59), Clock.FINE),
        (dt.date(2027, 3, 28), dt.time(3, 0), Clock.SKIPPED),
        (dt.date(2027, 3, 28), dt.time(3, 59), Clock.SKIPPED),
        (dt.date(2027, 3, 28), dt.time(4, 0), Clock.FINE),
        (dt.date(2027, 10, 31), dt.time(2, 59), Clock.FINE),
        (dt.date(2027, 10, 31), dt.time(3, 0), Clock.TWICE),
        (dt.date(2027, 10, 31), dt.time(3, 59), Clock.TWICE),
        (dt.date(2027, 10, 31), dt.time(4, 0), Clock.FINE),
        (dt.date(2027, 3, 27), dt.time(3, 30), Clock.FINE),
    ],
)
def test_skipped_and_repeated_hours_are_known(day, time, clock):
    assert clock_at(day, time) == clock


def test_series_at_night_names_its_first_date_in_a_skipped_hour():
    night = dt.time(3, 30)
    found = first_trouble(Repeat(Often.WEEK, weekday=6), dt.date(2027, 1, 3), night, ZONE, DAY)
    assert (found.day, found.clock) == (dt.date(2027, 3, 28), Clock.SKIPPED)
    weekdays = Repeat(Often.WEEK, weekday=3)
    assert first_trouble(weekdays, dt.date(2027, 1, 7), night, ZONE, DAY) is None


def test_moment_is_aware_and_shows_the_hour_asked_for():
    moment = moment_of(dt.date(2027, 7, 1), dt.time(9, 30))
    assert moment.tzinfo == ZoneInfo(ZONE)
    assert (moment.hour, moment.minute) == (9, 30)


def test_next_dates_of_a_series_begin_on_the_day_asked_for():
    series = SimpleNamespace(
        rule="FREQ=MONTHLY;BYDAY=4TH", starts_on=dt.date(2026, 1, 1), starts_at=ONE_PM, zone=ZONE
    )
    found = next_dates(series, 2, dt.date(2027, 2, 25))
    assert [one.day for one in found] == [dt.date(2027, 2, 25), dt.date(2027, 3, 25)]


def test_public_holidays_are_named():
    assert holiday_on(dt.date(2026, 12, 24)) == "jõululaupäev"
    assert holiday_on(dt.date(2026, 12, 23)) == ""
    [one] = coming(Repeat(Often.MONTH, month_day=24), DAY, ONE_PM, ZONE, 1, dt.date(2027, 2, 1))
    assert one.holiday == "iseseisvuspäev"


@pytest.mark.parametrize(
    ("repeat", "words"),
    [
        (Repeat(Often.WEEK, weekday=3), "iga nädal: neljapäev"),
        (Repeat(Often.MONTH, weekday=3, nth=4), "iga kuu: neljas neljapäev"),
        (
            Repeat(Often.MONTHS, weekday=0, nth=LAST, months=(1, 9)),
            "jaanuar ja september: viimane esmaspäev",
        ),
        (Repeat(Often.QUARTER, month_day=15), "iga kolmas kuu: 15. kuupäev"),
        (Repeat(Often.TWO_MONTHS, month_day=LAST), "üle kuu: kuu viimane päev"),
    ],
)
def test_rule_is_said_in_words(repeat, words):
    with translation.override("et"):
        assert repeat.in_words == words
