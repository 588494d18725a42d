"""VAT: what a cell or a heading says of it, and which amounts with and without it agree."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalogue.calculator import CENT, gross_of
from catalogue.importer.amounts import NUMBERS, UNIT, number_in
from catalogue.importer.cells import FORMULA, Cell
from catalogue.importer.words import EXEMPT, FOOTNOTE, Role, plain, speaks_of_vat

# The rates of the last years, in per cent; anything else in a column of VAT may be euros.
RATES = tuple(map(Decimal, ("24", "22", "20", "18", "13", "9", "0")))
IN_EUROS = re.compile(r"€|\beur(?:o|ot|os)?\b|\bsumma\b", re.IGNORECASE)
PER_CENT = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d)?)\s*(?:%|protsen)")


@dataclass(frozen=True)
class Amounts:
    """Euros of one hour as the file gives them; `price` where it does not say with or without VAT.

    `vat` in per cent; `is_exempt` where the file says so; both empty where it says nothing.
    """

    price: Decimal | None = None
    net: Decimal | None = None
    gross: Decimal | None = None
    vat: Decimal | None = None
    is_exempt: bool = False

    @property
    def says_vat(self) -> bool:
        return self.is_exempt or self.vat is not None


@dataclass(frozen=True)
class Vat:
    """`value`: euros where `in_euros`; else per cent, unless the amounts tell otherwise."""

    value: Decimal | None = None
    is_exempt: bool = False
    problem: str = ""
    in_euros: bool = False

    def __bool__(self) -> bool:
        return self.value is not None or self.is_exempt or bool(self.problem)


def vat_in(cell: Cell, heading: str = "") -> Vat:
    """What a cell of a VAT column says; per cent or euros is told by it, its heading or the sum."""
    if not cell:
        return Vat()
    if cell.mark == FORMULA:
        return Vat(problem="formula")
    if cell.number is not None:
        number: Decimal | None = cell.number
    else:
        text = FOOTNOTE.sub(" ", cell.text)
        if not NUMBERS.search(text) and EXEMPT.fullmatch(plain(text) or "-"):
            return Vat(is_exempt=True)
        number = number_in(UNIT.sub(" ", text).replace("%", " ").strip())
    if number is None or number < 0:
        return Vat(problem="vat_unknown")
    is_rate = "%" in cell.text
    return Vat(number, in_euros=not is_rate and bool(IN_EUROS.search(f"{cell.text} {heading}")))


def rate_in_heading(heading: str) -> Decimal | None:
    """“Hind km-ga 24 %”: the rate that the heading of a price names; None if none or several."""
    said = plain(heading)
    found = {Decimal(one.replace(",", ".")) for one in PER_CENT.findall(said)}
    return found.pop() if len(found) == 1 and speaks_of_vat(said) and found <= {*RATES} else None


def with_vat(value: Mapping[Role, Decimal], vat: Vat) -> tuple[Amounts, str]:
    """Amounts and VAT of one price, or the code of what is wrong with them."""
    net, gross, price = value.get(Role.NET), value.get(Role.GROSS), value.get(Role.PRICE)
    if vat.problem:
        return Amounts(), vat.problem
    if vat.is_exempt or vat.value == 0:
        if net is not None and gross is not None and net != gross:
            return Amounts(), "sum"
        return Amounts(price, net, gross, is_exempt=True), ""
    if vat.value is None:
        if net is not None and gross is not None and net == gross:
            return Amounts(price, net, gross, is_exempt=True), ""
        return _rate_from(net, gross, price)
    if vat.in_euros:
        return _with_euros(net, gross, price, vat.value)
    rate = vat.value
    if net is not None and gross is not None:
        in_euros = abs(net + rate - gross) <= CENT
        if rate < 1 and not in_euros:
            # A spreadsheet keeps 24 % as 0,24.
            rate *= 100
        if in_euros and abs(gross_of(net, rate) - gross) > CENT:
            return _rate_from(net, gross, price)
        if abs(gross_of(net, rate) - gross) > CENT:
            return Amounts(), "sum"
    elif rate < 1 and rate * 100 in RATES:
        rate *= 100
    elif rate not in RATES:
        return _with_euros(net, gross, price, rate)
    if rate < 1 or rate > 99 or rate != rate.quantize(Decimal("0.1")):
        return Amounts(), "vat_unknown"
    return Amounts(price, net, gross, rate.quantize(Decimal("0.1"))), ""


def _with_euros(
    net: Decimal | None, gross: Decimal | None, price: Decimal | None, euros: Decimal
) -> tuple[Amounts, str]:
    """VAT in euros beside one of the amounts or both: the other is worked out, the rate told."""
    if net is None and gross is None:
        return Amounts(), "vat_unknown"
    if net is None:
        net = (gross or Decimal(0)) - euros
    if gross is None:
        gross = net + euros
    if abs(net + euros - gross) > CENT:
        return Amounts(), "sum"
    return _rate_from(net, gross, price)


def _rate_from(
    net: Decimal | None, gross: Decimal | None, price: Decimal | None
) -> tuple[Amounts, str]:
    """The rate that both amounts give, if it is one of the known ones."""
    if net is None or gross is None:
        return Amounts(price, net, gross), ""
    for rate in reversed(RATES):
        if rate and abs(gross_of(net, rate) - gross) <= CENT:
            return Amounts(price, net, gross, rate), ""
    return Amounts(), "sum"
