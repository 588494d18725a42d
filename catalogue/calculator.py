"""Money: decimal only, and the one place where it is rounded."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """Round euros to whole cents, halves up."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def gross_of(net: Decimal, vat_rate: Decimal | None) -> Decimal:
    """The price with VAT: `net` in euros, `vat_rate` in per cent or None where exempt."""
    return to_cents(net * (100 + (vat_rate or Decimal(0))) / 100)


def net_of(gross: Decimal, vat_rate: Decimal | None) -> Decimal:
    """The price without VAT that makes `gross`, as near as cents can."""
    return to_cents(gross * 100 / (100 + (vat_rate or Decimal(0))))


@dataclass(frozen=True)
class Estimate:
    """What a steady number of hours a month costs, in euros with VAT, and when a ceiling is met."""

    hours: Decimal
    price: Decimal
    monthly: Decimal
    yearly: Decimal
    ceiling: Decimal | None
    months_within_ceiling: int

    @property
    def over_ceiling(self) -> bool:
        return self.ceiling is not None and self.yearly > self.ceiling


def estimate(hours: Decimal, price: Decimal, ceiling: Decimal | None) -> Estimate:
    """Cost of `hours` a month at `price` for a full calendar year against its `ceiling`.

    A month may exceed the monthly reference; the year may not exceed the ceiling (CAT-11).
    """
    monthly = to_cents(hours * price)
    months = 12
    if ceiling is not None and monthly > 0:
        months = min(12, int(ceiling // monthly))
    return Estimate(hours, price, monthly, monthly * 12, ceiling, months)
