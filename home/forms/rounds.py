"""The table of a round as a form, and the form that begins a new round."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalogue.services import CapCell, PriceCell
from home.fields import EuroField, without_spaces
from home.reports.rounds import CapLine, PriceLine, RoundTable, Section
from portal.base.form_fields import KeyField, RefusableForm, Text, TypedDay

FIELDS = {PriceLine: ("net", "vat_rate", "gross"), CapLine: ("monthly", "yearly")}


class RateField(EuroField):
    """VAT in per cent, such as `24` or `24 %`; empty where exempt."""

    def clean(self, value: Any) -> Decimal | None:
        return super().clean(without_spaces(value).removesuffix("%"))


class CopyRoundForm(RefusableForm):
    """A new round: its name and days; prices and ceilings come from the round that is copied."""

    name = Text(label=_("Name"), max_length=40, help_text=_("Such as 2027–2028."))
    valid_from = TypedDay(label=_("First day"))
    last_day = TypedDay(
        label=_("Last day"), required=False, help_text=_("Empty: until the next round begins.")
    )
    key = KeyField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The end must be later than the beginning."))
        return cleaned

    @property
    def valid_until(self) -> dt.date | None:
        last = self.cleaned_data["last_day"]
        return last + dt.timedelta(days=1) if last else None

    def refuse(self, error: ValidationError) -> None:
        if hasattr(error, "error_dict") and "valid_until" in error.error_dict:
            error.error_dict["last_day"] = error.error_dict.pop("valid_until")
        super().refuse(error)


@dataclass(frozen=True)
class Row:
    """A line of the table with its fields; `theirs` is what stands there now, after a conflict."""

    line: PriceLine | CapLine
    cells: list[forms.BoundField]
    theirs: list[str]


class RoundTableForm(RefusableForm):
    """Every price and ceiling of a round; what differs from what was shown is a change.

    `shown` is the day whose prices the table showed, `version` that of the round then.
    """

    valid_from = TypedDay(
        label=_("The changes hold from"),
        help_text=_("What holds until then ends on the day before, and stays readable."),
    )
    shown = forms.DateField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    key = KeyField()

    def __init__(self, table: RoundTable, *args: Any, **kwargs: Any) -> None:
        self.table, self.is_conflict = table, False
        super().__init__(*args, **kwargs)
        for line in table.lines:
            for name in FIELDS[type(line)]:
                shown = RateField if name == "vat_rate" else EuroField
                self.fields[f"{line.name}-{name}"] = shown(
                    label=f"{_title(line)}: {LABELS[name]}",
                    required=False,
                    initial=_typed(line.stored[name]),
                    widget=forms.TextInput(
                        attrs={"inputmode": "decimal", "size": 8, "autocomplete": "off"}
                    ),
                )

    def sections(self) -> list[tuple[Section, list[Row], list[Row]]]:
        """The table as it is drawn: heading, rows of prices, rows of ceilings."""
        return [
            (section, [self._row(one) for one in section.prices], [*map(self._row, section.caps)])
            for section in self.table.sections
        ]

    def _row(self, line: PriceLine | CapLine) -> Row:
        cells = [self[f"{line.name}-{name}"] for name in FIELDS[type(line)]]
        theirs = [_typed(value) for value in line.stored.values()]
        typed = [without_spaces(cell.value()).removesuffix("€") for cell in cells]
        differs = self.is_conflict and typed != [without_spaces(one) for one in theirs]
        return Row(line, cells, theirs if differs else [])

    def cells(self) -> list[PriceCell | CapCell]:
        """What was changed, ready for the service. After `is_valid()`."""
        changed: list[PriceCell | CapCell] = []
        for line in self.table.lines:
            typed = {
                name: self.cleaned_data.get(f"{line.name}-{name}") for name in FIELDS[type(line)]
            }
            if typed == line.stored:
                continue
            if isinstance(line, CapLine):
                changed.append(CapCell(line.name, line.owner, typed["monthly"], typed["yearly"]))
            else:
                changed.append(self._price_cell(line, typed))
        return changed

    def _price_cell(self, line: PriceLine, typed: dict[str, Decimal | None]) -> PriceCell:
        """Of net and gross the one that was not touched follows the one that was."""
        net, gross, stored = typed["net"], typed["gross"], line.stored
        if stored["net"] is not None and net is not None and gross is not None:
            if gross == stored["gross"]:
                gross = None
            elif net == stored["net"]:
                net = None
        return PriceCell(line.name, line.component, line.form, net, typed["vat_rate"], gross)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for line in self.table.lines:
            if isinstance(line, PriceLine):
                self._judge(line, cleaned)
        return cleaned

    def _judge(self, line: PriceLine, cleaned: dict[str, Any]) -> None:
        """A row is a price or nothing; half of one is a question."""
        typed = {name: cleaned.get(f"{line.name}-{name}") for name in FIELDS[PriceLine]}
        halves = [("net", "gross"), ("gross", "net")] if line.price else []
        emptied = next(
            (
                name
                for name, other in halves
                if typed[name] is None and typed[other] == line.stored[other]
            ),
            None,
        )
        if typed["vat_rate"] is not None and typed["net"] is None and typed["gross"] is None:
            emptied = "net"
        field = f"{line.name}-{emptied}"
        if emptied and field not in self.errors:
            self.add_error(field, _("Write the price, or empty the whole row to have none."))


LABELS = {
    "net": _("without VAT"),
    "vat_rate": _("VAT, %"),
    "gross": _("with VAT"),
    "monthly": _("monthly reference"),
    "yearly": _("yearly ceiling"),
}


def _title(line: PriceLine | CapLine) -> str:
    if isinstance(line, PriceLine):
        return f"{line.component.name}, {FORMS[line.form]}"
    return line.owner.name


FORMS = {
    "individual": _("individually"),
    "family": _("with a family member"),
    "group": _("in a group"),
}


def _typed(value: Decimal | None) -> str:
    """As an Estonian would type it: `35,00`; a rate without needless nought: `24`."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.removesuffix(".0").replace(".", ",")
