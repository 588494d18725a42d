"""What several forms need: days and hours as people type them, text, rows to choose from, keys."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.base.typed_days import NoSuchDay, read_day

CHOOSE = _("Choose…")
# A list so long that nobody finds anything in it gets a search box (pick.js).
SEARCHABLE = {
    "data-searchable": _("Search in the list"),
    "data-none": _("Nothing on the list is like this."),
}
DAYS = ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"]
TIMES = ["%H.%M"]
HOUR = re.compile(r"(?:kell\s*)?(\d{1,2}?)(?:[.:,\s]?\s*(\d{2}))?[.,]?")


def capped(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Choices that stand alone, as in a list or beside a button, begin with a capital letter."""
    return [(value, capfirst(words)) for value, words in choices]


class Text(forms.CharField):
    """Text is text: without the one character that no database keeps."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\0", "") if isinstance(value, str) else value)


class TypedDay(forms.DateField):
    """`24.03.2026` or `24. märts 2026`; a comma or a space is a slip of the thumb on a phone."""

    default_error_messages = {
        "required": _("Write the day, such as 24.03.2026."),
        "invalid": _("Write the day with points, such as 24.03.2026."),
        "no_such_day": _("There is no such day."),
    }

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        options.setdefault("widget", forms.DateInput(format=DAYS[0], attrs=attrs))
        options.setdefault("input_formats", DAYS)
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            try:
                value = read_day(value) or value.strip()
            except NoSuchDay:
                raise forms.ValidationError(
                    self.error_messages["no_such_day"], code="no_such_day"
                ) from None
        return super().to_python(value)


class TypedTime(forms.TimeField):
    """`9.30`, also `9:30`, `kell 9.30`, `930` or only `9`."""

    default_error_messages = {
        "required": _("Write the time, such as 9.30."),
        "invalid": _("Write the time with a point, such as 9.30."),
    }

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        options.setdefault("widget", forms.TimeInput(format=TIMES[0], attrs=attrs))
        super().__init__(input_formats=TIMES, **options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            typed = HOUR.fullmatch(value.strip().lower())
            value = f"{typed[1]}.{typed[2] or '00'}" if typed else value.strip()
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """What the field shows of a stored hour: `9.30`."""
        return f"{value.hour}.{value:%M}" if isinstance(value, dt.time) else value


class KeyField(forms.UUIDField):
    """The idempotency key of a form: made when the form is shown, kept until it is saved.

    Whoever sends none, or something else, loses the protection from doubling and nothing more.
    """

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("initial", uuid.uuid4)
        super().__init__(**options)

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return super().clean(value) or uuid.uuid4()
        except forms.ValidationError:
            return uuid.uuid4()


class RowChoiceField(forms.TypedChoiceField):
    """A choice among rows that were looked up already; gives the row."""


def give_rows(
    form: forms.Form,
    name: str,
    groups: Iterable[tuple[str, Iterable[tuple[str, str, Any]]]],
    empty: Any = CHOOSE,
) -> None:
    """Give the field `name` its rows. `groups`: heading, and for each row value, words, row."""
    choices: list[Any] = [("", empty)] if empty else []
    rows: dict[str, Any] = {}
    for heading, members in groups:
        listed = list(members)
        rows |= {value: row for value, _words, row in listed}
        named = [(value, words) for value, words, _row in listed]
        choices += [(heading, named)] if heading else named
    field = form.fields[name]
    if isinstance(field, RowChoiceField):
        field.choices, field.coerce = choices, rows.__getitem__


def grouped(rows: Iterable[Any], heading: Any, words: Any, value: Any) -> list[Any]:
    """`rows` in their order, under the heading of each, as `give_rows` takes them."""
    groups: dict[str, list[tuple[str, str, Any]]] = {}
    for row in rows:
        groups.setdefault(heading(row), []).append((value(row), words(row), row))
    return list(groups.items())


class RefusableForm(forms.Form):
    """A form that takes back what a service found wrong, beside the field if it has one."""

    def refuse(self, error: forms.ValidationError) -> None:
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)
