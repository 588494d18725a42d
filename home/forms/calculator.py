"""What the calculator asks: which price, how many hours in which form, from when to when."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from catalogue.calculator import Tariff
from catalogue.models.component import Form
from home.fields import EuroField, HoursField, MonthOrDayField
from home.reports.calculator import (
    Costs,
    PriceChoice,
    Rates,
    costs_of,
    tariffs_of,
)

HOURS_AT_FIRST = "4"
# The first round of the model; nothing is known of earlier prices.
FIRST_YEAR = 2019
YEARS_AHEAD = 5
MOST_MONTHS = 36


class CalculatorForm(forms.Form):
    """Hours a month in each form of a component, counted from `begin` to `end`.

    Nothing is worked out before something was asked; then what is not asked has its usual value.
    """

    price = forms.ChoiceField(
        label=_("Price"), error_messages={"invalid_choice": _("Choose a price from the list.")}
    )
    individual = HoursField(label=_("Hours a month alone"), required=False)
    family = HoursField(label=_("Hours a month with a family member"), required=False)
    group = HoursField(label=_("Hours a month in a group"), required=False)
    begin = MonthOrDayField(
        label=_("From"),
        required=False,
        help_text=_("A month or a day, such as 04.2026. Empty: from next month."),
    )
    end = MonthOrDayField(
        label=_("Until"), end=True, required=False, help_text=_("Empty: to the end of the year.")
    )
    spent = EuroField(
        label=_("Used already this year, €"),
        required=False,
        help_text=_("Empty: nothing has been used of the yearly ceiling."),
    )

    def __init__(self, asked: QueryDict, rates: Rates, day: dt.date) -> None:
        self.rates, self.day = rates, day
        self.is_asked = any(name in asked for name in self.base_fields)
        usual = {
            "price": rates.choices[0].key if rates.choices else "",
            "begin": f"{_next_month(day):%m.%Y}",
        }
        given = {name: asked[name] for name in self.base_fields if name in asked}
        hours = [form.value for form in rates.forms]
        if not any(name in given for name in hours):
            usual[hours[0]] = HOURS_AT_FIRST
        super().__init__(usual | given)
        for form in Form:
            if form not in rates.forms:
                del self.fields[form.value]
        price = cast(forms.ChoiceField, self.fields["price"])
        price.choices = [(choice.key, choice.key) for choice in rates.choices]
        for name, field in self.fields.items():
            if name != "price":
                field.widget.attrs |= {"autocomplete": "off"}
            if name in Form.values or name == "spent":
                field.widget.attrs |= {"inputmode": "decimal", "class": "num"}

    @property
    def choices(self) -> Sequence[PriceChoice]:
        return self.rates.choices

    @property
    def chosen(self) -> str:
        return str(self.data["price"])

    @property
    def typed(self) -> list[forms.BoundField]:
        """Everything but the price, in the order it is asked."""
        return [self[name] for name in self.fields if name != "price"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        hours = {form.value: cleaned.get(form.value) for form in self.rates.forms}
        if not any(hours.values()) and not any(name in self.errors for name in hours):
            self.add_error(next(iter(hours)), _("Write how many hours a month."))
        begin = cleaned.get("begin") or _next_month(self.day)
        end = cleaned.get("end") or dt.date(begin.year, 12, 31)
        latest = self.day.year + YEARS_AHEAD
        for name in ("begin", "end"):
            day = cleaned.get(name)
            if day and not FIRST_YEAR <= day.year <= latest:
                self.add_error(
                    name,
                    _("Write a year between %(first)s and %(last)s.")
                    % {"first": FIRST_YEAR, "last": latest},
                )
        months = (end.year - begin.year) * 12 + end.month - begin.month + 1
        if not {"begin", "end"} & set(self.errors):
            if end < begin:
                self.add_error("end", _("The end must be later than the beginning."))
            elif months > MOST_MONTHS:
                self.add_error(
                    "end", _("At most %(months)s months at once.") % {"months": MOST_MONTHS}
                )
        return cleaned | {"begin": begin, "end": end}

    @cached_property
    def costs(self) -> Costs | None:
        """What it comes to; None while nothing was asked or something is wrong beside its field."""
        if not self.is_asked or not self.rates.choices or not self.is_valid():
            return None
        asked = self.cleaned_data
        hours = {
            form.value: cast(Decimal, asked[form.value])
            for form in self.rates.forms
            if asked.get(form.value)
        }
        tariffs: dict[str, tuple[Tariff, ...]] = tariffs_of(self.rates, asked["price"])
        for form in hours:
            if not tariffs.get(form):
                self.add_error(form, _("This price list has no price for this form."))
        if self.errors:
            return None
        return costs_of(
            self.rates,
            {form: (amount, tariffs[form]) for form, amount in hours.items()},
            asked["begin"],
            asked["end"],
            asked.get("spent") or Decimal(0),
        )


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
