"""The price of an hour in each form: what was left out and can be reckoned is reckoned."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from catalogue.calculator import gross_of, to_cents
from catalogue.models.component import Form
from network.forms.fields import EuroField, PerCentField
from network.reports.changes import PRICES, Facts
from portal.base.form_fields import RefusableForm, TypedDay

PRICE_FIELDS = ("net", "vat", "gross", "from")
_PRICE_OF = {
    Form.INDIVIDUAL: _("Price alone"),
    Form.FAMILY: _("Price with a family member"),
    Form.GROUP: _("Price in a group"),
}


class PriceFields(RefusableForm):
    """`day` is today; `shown` holds the facts in front of the writer, None for a new resource."""

    day: dt.date
    shown: Facts | None
    price_forms: list[Form]

    def is_offer(self, cleaned: dict[str, Any]) -> bool:
        """Is it an offer, which alone has prices?"""
        raise NotImplementedError

    def add_prices(self, forms: list[Form]) -> None:
        """Four fields for each of `forms`."""
        self.price_forms = forms
        for form in forms:
            self._add_price(form)

    def _add_price(self, form: Form) -> None:
        name = f"price_{form.value}"
        price = (self.shown or {}).get("prices", {}).get(form.value)
        has_begun = price and dt.date.fromisoformat(price["valid_from"]) <= self.day
        self.fields[f"{name}_net"] = EuroField(label=_("Without VAT, €"))
        self.fields[f"{name}_vat"] = PerCentField(
            label=_("VAT rate, %"), help_text=_("Empty: exempt from VAT.")
        )
        self.fields[f"{name}_gross"] = EuroField(
            label=_("With VAT, €"), help_text=_("What the customer pays for an hour.")
        )
        self.fields[f"{name}_from"] = TypedDay(
            label=_("A new price holds from") if has_begun else _("Holds from"),
            required=False,
            help_text=_("Empty: from today. Such as 24.03.2026."),
        )
        for field in PRICE_FIELDS:
            # Far from its group, in the summary of errors, a field says which price it is of.
            one = self.fields[f"{name}_{field}"]
            one.summary_label = format_lazy(  # type: ignore[attr-defined]
                "{price}, {label}", price=_PRICE_OF[form], label=one.label
            )

    def price_groups(self) -> list[dict[str, Any]]:
        """The fields of the prices, form by form, with the day from which the present one holds."""
        groups = []
        for form in self.price_forms:
            name = f"price_{form.value}"
            price = (self.shown or {}).get("prices", {}).get(form.value)
            groups.append(
                {
                    "form": form.value,
                    "since": dt.date.fromisoformat(price["valid_from"]) if price else None,
                    "fields": [self[f"{name}_{field}"] for field in PRICE_FIELDS],
                }
            )
        return groups

    def price_values(self, facts: Facts) -> dict[str, Any]:
        """The prices in `facts` by the names of the fields."""
        values: dict[str, Any] = {}
        for name, form in PRICES.items():
            if price := facts["prices"].get(form):
                rate, since = price["vat_rate"], dt.date.fromisoformat(price["valid_from"])
                values |= {
                    f"{name}_net": Decimal(price["net"]),
                    f"{name}_vat": None if rate is None else Decimal(rate),
                    f"{name}_gross": Decimal(price["gross"]),
                    f"{name}_from": since if since > self.day else None,
                }
        return values

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.is_offer(cleaned):
            return cleaned
        self.prices: dict[str, Any] = {}
        for form in self.price_forms:
            name = f"price_{form.value}"
            if not any(f"{name}_{field}" in self.errors for field in PRICE_FIELDS):
                try:
                    price = self._price(form.value)
                except ValidationError as error:
                    self.refuse(error)
                else:
                    self.prices |= {form.value: price} if price else {}
        return cleaned

    def _price(self, form: str) -> dict[str, Any] | None:
        """The price of one form as facts; what was left out and can be reckoned is reckoned."""
        typed = {field: self.cleaned_data[f"price_{form}_{field}"] for field in PRICE_FIELDS}
        net, rate, gross = typed["net"], typed["vat"], typed["gross"]
        if net is None and gross is None:
            if rate is not None or typed["from"]:
                raise ValidationError({f"price_{form}_net": _g("Write the price as well.")})
            return None
        before = (self.shown or {}).get("prices", {}).get(form)
        if rate is None and before and before["vat_rate"] is None and None not in (net, gross):
            # Without VAT both are one: what was left as it stood follows what was changed.
            if net == Decimal(before["net"]):
                net = gross
            elif gross == Decimal(before["gross"]):
                gross = net
        if gross is None:
            gross = gross_of(net, rate)
        if net is None:
            net = to_cents(gross * 100 / (100 + (rate or Decimal(0))))
        amounts = {
            "net": f"{net:.2f}",
            "vat_rate": None if rate is None else f"{rate:.1f}",
            "gross": f"{gross:.2f}",
        }
        since = typed["from"]
        if before and amounts == {name: before[name] for name in amounts}:
            # The same price goes on; only one that has not begun can be moved.
            is_moved = since and dt.date.fromisoformat(before["valid_from"]) > self.day
            return before | {"valid_from": since.isoformat()} if is_moved else before
        return amounts | {"valid_from": (since or self.day).isoformat()}
