"""Form fields that read what an Estonian types."""

import calendar
import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

LEAST_HOURS = Decimal("0.25")
MOST_HOURS = Decimal(744)
HOURS = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,2})?")
EUROS = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]+)?")
DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
MONTH = re.compile(r"([0-9]{1,2})[./]([0-9]{4})")
ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?")
NAMED = re.compile(r"([^\W\d_]+)\.?([0-9]{4})")


def without_spaces(value: Any) -> str:
    """What was typed, as one word: spaces of every kind are left out."""
    return "".join(str(value or "").split())


class HoursField(forms.CharField):
    """Hours such as `4`, `1,5` or `1.5`; a Decimal between 0.25 and the hours of a month.

    Where it is not required, nothing and `0` give None.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
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
    """A month (`04.2026`, `aprill 2026`) or a day (`15.04.2026`); a date, or None if empty.

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
        except (ValueError, KeyError):
            raise ValidationError(_("Write a month or a day, such as 04.2026.")) from None

    def _read(self, text: str) -> dt.date:
        if typed := DAY.fullmatch(text):
            return dt.date(int(typed[3]), int(typed[2]), int(typed[1]))
        if (typed := ISO.fullmatch(text)) and typed[3]:
            return dt.date(int(typed[1]), int(typed[2]), int(typed[3]))
        if typed:
            return self._month(int(typed[1]), int(typed[2]))
        if typed := MONTH.fullmatch(text):
            return self._month(int(typed[2]), int(typed[1]))
        if typed := NAMED.fullmatch(text):
            names = {str(name).lower(): number for number, name in MONTHS.items()}
            return self._month(int(typed[2]), names[typed[1]])
        raise ValueError

    def _month(self, year: int, month: int) -> dt.date:
        first = dt.date(year, month, 1)
        return first.replace(day=calendar.monthrange(year, month)[1]) if self.end else first
