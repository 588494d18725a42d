"""Form fields that read what an Estonian types."""

import datetime as dt
import re
from calendar import monthrange
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.base.typed_days import NoSuchDay, read_day, read_month

LEAST_HOURS = Decimal("0.25")
MOST_HOURS = Decimal(744)
HOURS = re.compile(r"[0-9]{1,15}(?:\.[0-9]+)?")
EUROS = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]+)?")


def without_spaces(value: Any) -> str:
    """What was typed, as one word: spaces of every kind are left out."""
    return "".join(str(value or "").split())


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
        text = super().clean(value)
        if not text.strip() and not self.required:
            return None
        try:
            day, month = read_day(text), read_month(text)
        except NoSuchDay:
            raise ValidationError(_("There is no such day.")) from None
        if day is None and month is None:
            raise ValidationError(_("Write a month or a day, such as 04.2026."))
        if month and self.end:
            return month.replace(day=monthrange(month.year, month.month)[1])
        return day or month
