"""Form fields that read what an Estonian types."""

import calendar
import datetime as dt
import re
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_ALT
from django.utils.translation import gettext_lazy as _

LEAST_HOURS = Decimal("0.25")
MOST_HOURS = Decimal(744)
HOURS = re.compile(r"[0-9]{1,15}(?:\.[0-9]+)?")
EUROS = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]+)?")
# The last number is the year: of four figures, or of two in this century.
YEAR = r"([0-9]{4}|[0-9]{2})"
DAY = re.compile(rf"([0-9]{{1,2}})[./]([0-9]{{1,2}})[./]{YEAR}")
MONTH = re.compile(rf"([0-9]{{1,2}})[./]{YEAR}")
ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?")
NAMED = re.compile(rf"(?:([0-9]{{1,2}})\.?)?([^\W\d_]+)\.?{YEAR}")
LEAST_OF_NAME = 3


def without_spaces(value: Any) -> str:
    """What was typed, as one word: spaces of every kind are left out."""
    return "".join(str(value or "").split())


@cache
def month_names() -> tuple[tuple[str, int], ...]:
    """The names of the months in every language of the portal: an address is sent to others."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for names in (MONTHS, MONTHS_ALT):
                found += [(str(name).lower(), number) for number, name in names.items()]
    return tuple(found)


def month_named(typed: str) -> int:
    """The month with the name `typed`, or its beginning: `märts`, `sept`. ValueError if none."""
    found = {number for name, number in month_names() if name == typed} or {
        number
        for name, number in month_names()
        if len(typed) >= LEAST_OF_NAME and name.startswith(typed)
    }
    if len(found) != 1:
        raise ValueError
    return found.pop()


class HoursField(forms.CharField):
    """Hours such as `4`, `1,5` or `1.5`; a Decimal between 0.25 and the hours of a month.

    Where it is not required, nothing and `0` give None.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)
        self.error_messages["max_length"] = _("Write a number, such as 4 or 1,5.")

    def clean(self, value: Any) -> Decimal | None:
        text = without_spaces(super().clean(value)).replace(",", ".").removesuffix("h")
        if not text and not self.required:
            return None
        if not HOURS.fullmatch(text.removeprefix("-")):
            raise ValidationError(_("Write a number, such as 4 or 1,5."))
        hours = Decimal(text)
        if not hours and not self.required:
            return None
        if not LEAST_HOURS <= hours <= MOST_HOURS:
            raise ValidationError(_("Write between 0,25 and 744 hours a month."))
        if hours != hours.quantize(Decimal("0.01")):
            raise ValidationError(_("Hours have at most two decimals."))
        return hours


class EuroField(forms.CharField):
    """Euros such as `35`, `38,50` or `1 234,50 €`; a Decimal with two decimals, or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)
        self.error_messages["max_length"] = _("Write an amount, such as 35 or 38,50.")

    def clean(self, value: Any) -> Decimal | None:
        text = without_spaces(super().clean(value)).replace(",", ".").removesuffix("€")
        if not text and not self.required:
            return None
        if not EUROS.fullmatch(text):
            raise ValidationError(_("Write an amount, such as 35 or 38,50."))
        amount = Decimal(text)
        if amount < 0:
            raise ValidationError(_("The amount cannot be less than nought."))
        if amount != amount.quantize(Decimal("0.01")):
            raise ValidationError(_("An amount has at most two decimals."))
        return amount


class MonthOrDayField(forms.CharField):
    """A month (`04.2026`, `aprill 2026`) or a day (`15.04.26`, `15. aprill 2026`); None if empty.

    A month means its first day, or its last one with `end=True`.
    """

    def __init__(self, *, end: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)
        self.end = end
        self.error_messages["max_length"] = _("Write a month or a day, such as 04.2026.")

    def clean(self, value: Any) -> dt.date | None:
        text = without_spaces(super().clean(value)).replace(",", ".").rstrip(".").lower()
        if not text and not self.required:
            return None
        try:
            return self._read(text)
        except ValueError:
            raise ValidationError(_("Write a month or a day, such as 04.2026.")) from None

    def _read(self, text: str) -> dt.date:
        if typed := DAY.fullmatch(text):
            return self._date(_year(typed[3]), int(typed[2]), typed[1])
        if typed := ISO.fullmatch(text):
            return self._date(int(typed[1]), int(typed[2]), typed[3])
        if typed := MONTH.fullmatch(text):
            return self._date(_year(typed[2]), int(typed[1]), None)
        if typed := NAMED.fullmatch(text):
            return self._date(_year(typed[3]), month_named(typed[2]), typed[1])
        raise ValueError

    def _date(self, year: int, month: int, day: str | None) -> dt.date:
        """The day, or the first or last of the month. ValueError if there is no such month."""
        first = dt.date(year, month, 1)
        days = calendar.monthrange(year, month)[1]
        if day is None:
            return first.replace(day=days) if self.end else first
        if not 1 <= int(day) <= days:
            raise ValidationError(_("There is no such day."))
        return first.replace(day=int(day))


def _year(typed: str) -> int:
    return int(typed) + 2000 * (len(typed) == 2)
