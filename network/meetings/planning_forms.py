"""The shape of when and where: a meeting, a series, a guest. Days and hours as people type them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from network.meetings.models import Group, Meeting, Series
from network.meetings.models.group import LONGEST, SHORTEST
from network.meetings.schedule import (
    LAST,
    NTH,
    ZONE,
    Clock,
    Often,
    Repeat,
    clock_at,
    clock_sentence,
    moment_of,
)
from network.meetings.services.planning import MeetingPlan
from network.meetings.services.series import SeriesPlan
from network.models import Position, Region
from portal.base.form_fields import (
    SEARCHABLE,
    KeyField,
    RefusableForm,
    RowChoiceField,
    Text,
    TypedDay,
    TypedTime,
    capped,
    give_rows,
    grouped,
)

# A year mistyped: nobody plans a single meeting later than this.
FARTHEST = dt.timedelta(days=3 * 366)
NOBODY = _("Decided at the meeting")
BY_DAY = "day"
# A region and one of its bodies; the group itself is made when it first meets.
Place = tuple[Region, str]


def group_rows(regions: Iterable[Region]) -> list[tuple[str, list[tuple[str, str, Place]]]]:
    """For each region the groups that meet there; choosing one gives region and body."""
    bodies = [(body.value, capfirst(str(body.label))) for body in Group.Body]
    return [
        (region.name, [(f"{region.pk}:{body}", words, (region, body)) for body, words in bodies])
        for region in regions
    ]


class WhenForm(RefusableForm):
    """From when till when on the clock, where, and what it is called."""

    key = KeyField()
    title = Text(
        label=_("Name"),
        required=False,
        max_length=120,
        help_text=_("If it needs one, such as “Planning of the year”. No names of people."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    begins = TypedTime(label=_("Begins at"))
    ends = TypedTime(label=_("Ends at"))
    place = Text(
        label=_("Where"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    link = forms.URLField(
        label=_("Video link"),
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("Write a whole address, such as https://meet.example.ee/a.")},
    )

    @property
    def minutes(self) -> int:
        begins, ends = self.cleaned_data["begins"], self.cleaned_data["ends"]
        return (ends.hour - begins.hour) * 60 + ends.minute - begins.minute

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("begins") and typed.get("ends"):
            if self.minutes <= 0:
                self.add_error("ends", _("The end is before the beginning. Write a later time."))
            elif not SHORTEST <= self.minutes <= LONGEST:
                self.add_error(
                    "ends", _("A meeting takes from 5 minutes to 10 hours. Check both times.")
                )
        return typed

    @staticmethod
    def when_of(row: Meeting | Series, begins: dt.time) -> dict[str, Any]:
        """What is stored, by the names of the fields."""
        ends = dt.datetime.combine(dt.date.min, begins) + dt.timedelta(minutes=row.minutes)
        return {
            "title": row.title,
            "begins": begins,
            "ends": ends.time(),
            "place": row.place,
            "link": row.link,
            "version": row.version,
        }


class MeetingForm(WhenForm):
    """One meeting. `seats` are the positions that may take its minutes."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    group = RowChoiceField(
        label=_("Who meets?"),
        error_messages={"required": _("Choose who meets.")},
    )
    day = TypedDay(label=_("Day"), help_text=_("Such as 24.03.2026."))
    minutes_taker = RowChoiceField(
        label=_("Who takes the minutes?"),
        required=False,
        empty_value=None,
        widget=forms.Select(attrs=SEARCHABLE),
    )

    field_order = (
        "group",
        "day",
        "begins",
        "ends",
        "place",
        "link",
        "minutes_taker",
        "title",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        regions: Iterable[Region],
        seats: Iterable[Position],
        day: dt.date,
        meeting: Meeting | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.today, self.meeting = day, meeting
        if meeting is None:
            give_rows(self, "group", group_rows(regions))
        else:
            del self.fields["group"]
        rows = grouped(seats, lambda row: row.organisation.name, lambda row: row.title, _pk)
        give_rows(self, "minutes_taker", rows, empty=NOBODY)

    @classmethod
    def values_of(cls, meeting: Meeting) -> dict[str, Any]:
        local = timezone.localtime(meeting.starts_at)
        return cls.when_of(meeting, local.time()) | {
            "day": local.date(),
            "minutes_taker": str(meeting.minutes_taker_id or ""),
        }

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        day, begins = typed.get("day"), typed.get("begins")
        if day and not self.errors.get("day") and day != self._stored_day():
            if day < self.today:
                self.add_error("day", _("This day is over. Choose today or a later day."))
            elif day > self.today + FARTHEST:
                self.add_error("day", _("This day is years away. Check the year."))
        if day and begins and (clock := clock_at(day, begins)) != Clock.FINE:
            self.add_error("begins", clock_sentence(day, clock))
        return typed

    def _stored_day(self) -> dt.date | None:
        return timezone.localdate(self.meeting.starts_at) if self.meeting else None

    def plan(self) -> MeetingPlan:
        typed = self.cleaned_data
        return MeetingPlan(
            starts_at=moment_of(typed["day"], typed["begins"], ZONE),
            minutes=self.minutes,
            title=typed["title"],
            place=typed["place"],
            link=typed["link"],
            minutes_taker=typed["minutes_taker"] or None,
        )


class SeriesForm(WhenForm):
    """What repeats, as people say it; `Repeat` makes a rule of it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    group = RowChoiceField(
        label=_("Who meets?"), error_messages={"required": _("Choose who meets.")}
    )
    often = forms.ChoiceField(
        label=_("How often?"),
        choices=capped(Often.choices),
        initial=Often.MONTH,
        widget=forms.RadioSelect,
    )
    months = forms.TypedMultipleChoiceField(
        label=_("In which months?"),
        required=False,
        coerce=int,
        choices=[(number, capfirst(name)) for number, name in MONTHS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    which = forms.ChoiceField(
        label=_("On which day of the month?"),
        required=False,
        initial="1",
        choices=[
            *((str(nth), words) for nth, words in NTH.items()),
            (BY_DAY, _("by the number of the day")),
        ],
    )
    weekday = forms.TypedChoiceField(
        label=_("Weekday"),
        coerce=int,
        required=False,
        empty_value=None,
        choices=[(number, capfirst(name)) for number, name in WEEKDAYS.items()],
    )
    month_day = forms.TypedChoiceField(
        label=_("Day of the month"),
        coerce=int,
        required=False,
        empty_value=None,
        choices=[*((n, f"{n}.") for n in range(1, 32)), (LAST, _("last"))],
    )
    starts_on = TypedDay(
        label=_("From which day on?"),
        help_text=_("The first meeting is on the first day from then on that fits."),
    )
    until = TypedDay(label=_("Last day"), required=False, help_text=_("Empty: it goes on."))
    times = forms.IntegerField(
        label=_("Or so many times"),
        required=False,
        min_value=0,
        max_value=500,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Write a whole number, such as 10.")},
    )
    is_over = forms.BooleanField(
        label=_("The series is over: no more meetings are made"), required=False
    )

    field_order = (
        "group",
        "often",
        "months",
        "which",
        "weekday",
        "month_day",
        "begins",
        "ends",
        "starts_on",
        "until",
        "times",
        "place",
        "link",
        "title",
        "is_over",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        regions: Iterable[Region],
        series: Series | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        if series is None:
            give_rows(self, "group", group_rows(regions))
            del self.fields["is_over"]
        else:
            del self.fields["group"]

    @classmethod
    def values_of(cls, series: Series) -> dict[str, Any]:
        repeat = Repeat.of(series.rule)
        return cls.when_of(series, series.starts_at) | {
            "often": repeat.often,
            "months": list(repeat.months),
            "which": BY_DAY if repeat.month_day else str(repeat.nth or 1),
            "weekday": repeat.weekday,
            "month_day": repeat.month_day or 1,
            "starts_on": series.starts_on,
            "until": repeat.until,
            "times": repeat.times,
            "is_over": not series.is_active,
        }

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("often") == Often.MONTHS and not typed.get("months"):
            self.add_error("months", _("Choose at least one month."))
        if typed.get("until") and typed.get("times") is not None:
            self.add_error("times", _("Write a last day or a number of times, not both."))
        return typed

    def repeat(self) -> Repeat:
        typed = self.cleaned_data
        often = Often(typed["often"])
        by_week = often in (Often.WEEK, Often.FORTNIGHT)
        by_day = not by_week and typed["which"] == BY_DAY
        return Repeat(
            often=often,
            weekday=0 if by_day else typed["weekday"] or 0,
            nth=0 if by_week or by_day else int(typed["which"] or 1),
            month_day=typed["month_day"] or 1 if by_day else 0,
            months=tuple(sorted(typed["months"])) if often == Often.MONTHS else (),
            until=typed["until"],
            times=typed["times"],
        )

    def plan(self) -> SeriesPlan:
        typed = self.cleaned_data
        return SeriesPlan(
            repeat=self.repeat(),
            starts_on=typed["starts_on"],
            starts_at=typed["begins"],
            minutes=self.minutes,
            title=typed["title"],
            place=typed["place"],
            link=typed["link"],
            is_active=not typed.get("is_over", False),
        )

    def refuse(self, error: forms.ValidationError) -> None:
        errors = getattr(error, "error_dict", {})
        if "starts_at" in errors:
            errors["begins"] = errors.pop("starts_at")
        super().refuse(error)


class GuestForm(RefusableForm):
    """Somebody without a seat: a position of the region, or a name from outside."""

    key = KeyField()
    position = RowChoiceField(
        label=_("Position of the network"),
        required=False,
        empty_value=None,
        widget=forms.Select(attrs=SEARCHABLE),
        help_text=_("Sees this one meeting and gets the invitation."),
        error_messages={
            "invalid_choice": _("This position is asked already, or is not in the region.")
        },
    )
    name = Text(
        label=_("Or a guest from outside and where from"),
        required=False,
        max_length=120,
        help_text=_("Only stands in the list; you ask them yourself."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, positions: Iterable[Position]) -> None:
        super().__init__(data)
        rows = grouped(positions, lambda row: row.organisation.name, lambda row: row.title, _pk)
        give_rows(self, "position", rows, empty=_("Choose…"))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if self.errors:
            return typed
        if bool(typed.get("position")) == bool(typed.get("name")):
            self.add_error("position", _("Choose a position or write a name, one of them."))
        return typed


def _pk(row: Any) -> str:
    return str(row.pk)
