"""What the calculator counts with: price lists and ceilings of one component; and what it tells."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalogue.calculator import Ceiling, Month, Tariff, Use, Year, yearly_costs
from catalogue.models import Cap, Component, Price
from catalogue.models.component import Form
from network.models import OfferPrice
from network.reports.offers import OfferRow

REFERENCE = "reference"


@dataclass(frozen=True)
class PriceChoice:
    """A price list to count with: the reference prices, or those of one offer."""

    key: str
    organisation: str = ""
    municipality: str = ""
    is_sample: bool = False
    prices: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True)
class Rates:
    """The price lists and ceilings of a component, all periods; `choices` are those of today."""

    forms: Sequence[Form]
    choices: Sequence[PriceChoice]
    references: Sequence[Price]
    caps: Sequence[Cap]


@dataclass(frozen=True)
class Costs:
    """The answer, by calendar year and month, in euros with VAT."""

    first: dt.date
    last: dt.date
    years: list[Year]

    @property
    def total(self) -> Decimal:
        return sum((year.total for year in self.years), Decimal("0.00"))

    @property
    def months(self) -> list[Month]:
        return [month for year in self.years for month in year.months]

    @property
    def monthly(self) -> Decimal | None:
        """What every month costs, if all cost the same."""
        amounts = {month.total for month in self.months}
        return amounts.pop() if len(amounts) == 1 else None

    @property
    def has_ceiling(self) -> bool:
        return any(month.ceiling for month in self.months)

    @property
    def is_of_domain(self) -> bool:
        return any(month.ceiling and month.ceiling.is_domain for month in self.months)

    @property
    def over_monthly(self) -> list[Month]:
        return [month for month in self.months if month.over_monthly]

    @property
    def is_unpriced(self) -> bool:
        return any(line.is_unpriced for month in self.months for line in month.lines)


def rates_of(
    component: Component,
    offers: Iterable[OfferRow],
    references: Sequence[Price],
    caps: Sequence[Cap],
    day: dt.date,
) -> Rates:
    """Price lists that hold on `day`, providers first: that is what people will be asked.

    No statement of its own: everything was read for the page already.
    """
    choices = [
        PriceChoice(
            key=str(offer.id),
            organisation=offer.organisation,
            municipality=offer.municipality,
            is_sample=offer.is_sample,
            prices=tuple((price.form, price.gross) for price in offer.prices),
        )
        for offer in offers
        if offer.prices
    ]
    running = [price for price in references if price.is_valid_on(day)]
    if running:
        choices.append(
            PriceChoice(REFERENCE, prices=tuple((price.form, price.gross) for price in running))
        )
    return Rates(component.forms, choices, references, caps)


def tariffs_of(rates: Rates, key: str) -> dict[str, tuple[Tariff, ...]]:
    """The prices of every day of the price list `key`, by form; one statement for an offer."""
    rows: Iterable[Price | OfferPrice] = rates.references
    if key != REFERENCE:
        rows = OfferPrice.objects.filter(offer_id=int(key))
    found: dict[str, list[Tariff]] = {}
    for row in sorted(rows, key=lambda one: one.valid_from):
        found.setdefault(row.form, []).append(Tariff(row.gross, row.valid_from, row.valid_until))
    return {form: tuple(tariffs) for form, tariffs in found.items()}


def costs_of(
    rates: Rates,
    hours: dict[str, tuple[Decimal, tuple[Tariff, ...]]],
    first: dt.date,
    last: dt.date,
    spent: Decimal,
) -> Costs:
    """Count `hours` a month by form, each with its prices, from `first` to `last`."""
    uses = [Use(form, amount, tariffs) for form, (amount, tariffs) in hours.items()]
    ceilings = [
        Ceiling(cap.yearly, cap.valid_from, cap.valid_until, cap.monthly, bool(cap.domain_id))
        for cap in rates.caps
    ]
    return Costs(first, last, yearly_costs(uses, ceilings, first, last, spent))
