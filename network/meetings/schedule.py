"""When a series meets: how often in words and as a rule, its days, the hour on the wall. REG-09.

A rule is an RRULE (RFC 5545) without DTSTART, expanded on the local calendar; only then does each
day get its moment, so 13.00 stays 13.00 when the clocks change. Knows no database.
"""

import datetime as dt
import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Self
from zoneinfo import ZoneInfo

import holidays
from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from django.db.models import TextChoices
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ZONE = "Europe/Tallinn"
# A rule without a day in so many years has none: the 29th of February may take eight.
HORIZON = dt.timedelta(days=10 * 366)
DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
NTH = {
    1: gettext_lazy("first"),
    2: gettext_lazy("second"),
    3: gettext_lazy("third"),
    4: gettext_lazy("fourth"),
    5: gettext_lazy("fifth"),
    LAST: gettext_lazy("last"),
}


class Often(TextChoices):
    WEEK = "week", gettext_lazy("every week")
    FORTNIGHT = "fortnight", gettext_lazy("every second week")
    MONTH = "month", gettext_lazy("every month")
    TWO_MONTHS = "two_months", gettext_lazy("every second month")
    QUARTER = "quarter", gettext_lazy("every third month")
    MONTHS = "months", gettext_lazy("in the months I choose")


FREQUENCIES = {"WEEKLY": WEEKLY, "MONTHLY": MONTHLY}
STEPS = {
    Often.WEEK: (WEEKLY, 1),
    Often.FORTNIGHT: (WEEKLY, 2),
    Often.MONTH: (MONTHLY, 1),
    Often.TWO_MONTHS: (MONTHLY, 2),
    Often.QUARTER: (MONTHLY, 3),
    Often.MONTHS: (MONTHLY, 1),
}
# The same without leaving any out.
EACH = {
    Often.FORTNIGHT: Often.WEEK,
    Often.TWO_MONTHS: Often.MONTH,
    Often.QUARTER: Often.MONTH,
}


class Clock(TextChoices):
    """What the clock change does to an hour of a day."""

    FINE = "", ""
    SKIPPED = "skipped", gettext_lazy("does not exist")
    TWICE = "twice", gettext_lazy("comes twice")


@dataclass(frozen=True)
class Repeat:
    """How often, as people say it.

    By weekday: `weekday` (0 is Monday), in months with `nth` (1–5, -1 the last). By day of the
    month: `nth` is 0 and `month_day` 1–31, -1 the last. `until` is the last day that may be.
    """

    often: str
    weekday: int = 0
    nth: int = 0
    month_day: int = 0
    months: tuple[int, ...] = ()
    until: dt.date | None = None
    times: int | None = None

    @classmethod
    def of(cls, rule: str) -> Self:
        """Read a stored rule. Raises ValueError for one that this portal does not write."""
        parts = dict(part.split("=", 1) for part in rule.split(";"))
        step = (FREQUENCIES.get(parts.pop("FREQ", "")), int(parts.pop("INTERVAL", "1")))
        months = tuple(int(month) for month in parts.pop("BYMONTH", "").split(",") if month)
        often = [
            one for one in STEPS if STEPS[one] == step and (one == Often.MONTHS) == bool(months)
        ]
        day = parts.pop("BYDAY", "")
        if not often:
            raise ValueError(f"No series of this portal repeats like {rule}.")
        found = cls(
            often=often[0],
            weekday=DAY_CODES.index(day[-2:]) if day else 0,
            nth=int(day[:-2] or 0),
            month_day=int(parts.pop("BYMONTHDAY", "0")),
            months=months,
            until=_day_of(parts.pop("UNTIL", "")),
            times=int(parts.pop("COUNT")) if "COUNT" in parts else None,
        )
        if parts:
            raise ValueError(f"A rule of this portal has no {', '.join(parts)}.")
        return found

    @property
    def rule(self) -> str:
        """As it is stored. UNTIL is local, like the hour of the series."""
        freq, interval = STEPS[Often(self.often)]
        parts = ["FREQ=WEEKLY" if freq == WEEKLY else "FREQ=MONTHLY"]
        if interval > 1:
            parts.append(f"INTERVAL={interval}")
        if self.months:
            parts.append(f"BYMONTH={','.join(str(month) for month in self.months)}")
        if self.month_day:
            parts.append(f"BYMONTHDAY={self.month_day}")
        else:
            parts.append(f"BYDAY={self.nth or ''}{DAY_CODES[self.weekday]}")
        if self.until:
            parts.append(f"UNTIL={self.until:%Y%m%d}T235959")
        if self.times is not None:
            parts.append(f"COUNT={self.times}")
        return ";".join(parts)

    @property
    def in_words(self) -> str:
        """Such as “every month: fourth Thursday”."""
        words = {"often": str(Often(self.often).label), "day": self._day_in_words()}
        if self.often == Often.MONTHS:
            words["often"] = get_text_list([str(MONTHS[month]) for month in self.months], _("and"))
        return _("%(often)s: %(day)s") % words

    def _day_in_words(self) -> str:
        name = str(WEEKDAYS[self.weekday])
        if self.month_day == LAST:
            return _("last day of the month")
        if self.month_day:
            return _("day %(n)s of the month") % {"n": self.month_day}
        return f"{NTH[self.nth]} {name}" if self.nth else name

    def days(self, starts_on: dt.date, last: dt.date) -> Iterator[dt.date]:
        """The days of a series that starts on `starts_on`, up to and with `last`."""
        freq, interval = STEPS[Often(self.often)]
        by: dict[str, Any] = {"bymonth": self.months or None}
        if self.month_day:
            by["bymonthday"] = self.month_day
        else:
            by["byweekday"] = weekday(self.weekday, self.nth or None)
        found = rrule(
            freq,
            interval=interval,
            dtstart=_midnight(starts_on),
            until=_midnight(min(last, self.until or last)),
            **by,
        )
        return (moment.date() for moment in islice(found, self.times))

    def first_day(self, day: dt.date) -> dt.date | None:
        """The first day from `day` on that fits; from there every second week is counted."""
        each = replace(self, often=EACH.get(Often(self.often), self.often))
        return next(each.days(day, day + HORIZON), None)


@dataclass(frozen=True)
class Coming:
    """One date of a series: its day, its moment, and what to know about it."""

    day: dt.date
    starts_at: dt.datetime
    holiday: str = ""
    clock: str = Clock.FINE


def next_dates(series: Any, n: int, day: dt.date) -> list[Coming]:
    """The next `n` dates from `day` on that the rule of `series` gives (meetings.Series)."""
    repeat = Repeat.of(series.rule)
    return coming(repeat, series.starts_on, series.starts_at, series.zone, n, day)


def coming(
    repeat: Repeat, starts_on: dt.date, time: dt.time, zone: str, n: int, day: dt.date
) -> list[Coming]:
    """The next `n` dates from `day` on; fewer if the series ends before."""
    last = max(day, starts_on) + HORIZON
    later = (one for one in repeat.days(starts_on, last) if one >= day)
    return [
        Coming(one, moment_of(one, time, zone), holiday_on(one), clock_at(one, time, zone))
        for one in islice(later, n)
    ]


def first_trouble(
    repeat: Repeat, starts_on: dt.date, time: dt.time, zone: str, day: dt.date
) -> Coming | None:
    """The first date from `day` on whose hour the clocks skip or repeat."""
    for one in repeat.days(starts_on, max(day, starts_on) + HORIZON):
        clock = clock_at(one, time, zone)
        if one >= day and clock:
            return Coming(one, moment_of(one, time, zone), clock=clock)
    return None


def moment_of(day: dt.date, time: dt.time, zone: str = ZONE) -> dt.datetime:
    """The moment at which the clock on the wall shows `time` on `day`, the first if it does twice.

    Of an hour that is skipped it gives the same distance after the change; forms refuse those.
    """
    local = dt.datetime.combine(day, time, tzinfo=ZoneInfo(zone))
    return local.astimezone(dt.UTC).astimezone(ZoneInfo(zone))


def clock_at(day: dt.date, time: dt.time, zone: str = ZONE) -> Clock:
    """Does the hour exist on that day, and once only?"""
    local = dt.datetime.combine(day, time, tzinfo=ZoneInfo(zone))
    # Compared without the zone: within one zone only the hands of the clock count.
    if moment_of(day, time, zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        return Clock.SKIPPED
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        return Clock.TWICE
    return Clock.FINE


def clock_sentence(day: dt.date, clock: str) -> str:
    """What is wrong with an hour of `day`, and what to do."""
    said = {"day": f"{day:%d.%m.%Y}"}
    if clock == Clock.SKIPPED:
        return _("On %(day)s the clocks go forward and skip this hour. Choose another time.") % said
    return _("On %(day)s the clocks go back and this hour comes twice. Choose another time.") % said


def holiday_on(day: dt.date) -> str:
    """The name of the public holiday, or nothing."""
    return _holidays(day.year).get(day, "")


@functools.lru_cache(maxsize=32)
def _holidays(year: int) -> dict[dt.date, str]:
    return dict(holidays.country_holidays("EE", years=year, language="et"))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


def _day_of(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text[:8]) if text else None
