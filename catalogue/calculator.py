"""Money: decimal only, and the one place where it is rounded.

How `yearly_costs` counts (docs/decisions/0022-how-the-calculator-counts.md):

- the hours of a month are spread evenly over its days; each day counts at the price of that day;
- one line is one form in one month; a line is rounded once, halves up; sums add rounded lines;
- the ceiling is that of a calendar year, whole even if help begins in the middle of it;
- a single month may cost more than the monthly reference, the year no more than the ceiling.
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
ONE_DAY = dt.timedelta(days=1)


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
class Tariff:
    """What an hour costs with VAT from `valid_from` up to, but not on, `valid_until`."""

    price: Decimal
    valid_from: dt.date
    valid_until: dt.date | None = None


@dataclass(frozen=True)
class Use:
    """Hours a month in one form, and the prices that hold for it one after another."""

    form: str
    hours: Decimal
    tariffs: tuple[Tariff, ...]


@dataclass(frozen=True)
class Ceiling:
    """What a calendar year may cost; `monthly` is a reference that a month may exceed."""

    yearly: Decimal
    valid_from: dt.date
    valid_until: dt.date | None = None
    monthly: Decimal | None = None
    is_domain: bool = False


Dated = TypeVar("Dated", Tariff, Ceiling)


@dataclass(frozen=True)
class Piece:
    """Days of a month, one after another, that have one price; None where none is agreed."""

    price: Decimal | None
    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Line:
    """One form in one month. `hours` are those of a whole month of `days_in_month` days."""

    form: str
    hours: Decimal
    days_in_month: int
    pieces: tuple[Piece, ...]

    @property
    def amount(self) -> Decimal:
        """Hours × days ÷ days of the month × price of each piece, rounded once."""
        counted = sum(
            (self.hours * piece.days * piece.price for piece in self.pieces if piece.price), NOTHING
        )
        return to_cents(counted / self.days_in_month)

    @property
    def is_whole(self) -> bool:
        """The whole month at one price: no days have to be shown."""
        return len(self.pieces) == 1 and self.pieces[0].days == self.days_in_month

    @property
    def is_unpriced(self) -> bool:
        return any(piece.price is None for piece in self.pieces)


@dataclass(frozen=True)
class Month:
    """A calendar month. `used` is the cost of the year to its end, `over` what of this month is
    over the ceiling, `left` what the ceiling still leaves."""

    first: dt.date
    last: dt.date
    lines: tuple[Line, ...]
    used: Decimal
    over: Decimal
    ceiling: Ceiling | None

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), NOTHING)

    @property
    def left(self) -> Decimal | None:
        if self.ceiling is None:
            return None
        return max(NOTHING, self.ceiling.yearly - self.used)

    @property
    def over_monthly(self) -> bool:
        """More than the monthly reference: allowed, but said."""
        return bool(
            self.ceiling and self.ceiling.monthly is not None and self.total > self.ceiling.monthly
        )


@dataclass(frozen=True)
class Year:
    """A calendar year; `spent` was used before the first month that is counted."""

    year: int
    spent: Decimal
    months: list[Month] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return sum((month.total for month in self.months), NOTHING)

    @property
    def over(self) -> Decimal:
        return sum((month.over for month in self.months), NOTHING)

    @property
    def within(self) -> Decimal:
        return self.total - self.over

    @property
    def ceiling(self) -> Ceiling | None:
        """The ceiling in force at the end of what is counted."""
        return self.months[-1].ceiling if self.months else None

    @property
    def left(self) -> Decimal | None:
        return self.months[-1].left if self.months else None

    @property
    def reached(self) -> Month | None:
        """The first month at whose end nothing is left under the ceiling."""
        return next((month for month in self.months if month.left == 0), None)


def yearly_costs(
    uses: Sequence[Use],
    ceilings: Sequence[Ceiling],
    first: dt.date,
    last: dt.date,
    spent: Decimal = NOTHING,
) -> list[Year]:
    """What `uses` cost from `first` to `last`, both included, by calendar year and month.

    `spent` is what the first year has cost already. Where two ceilings hold on a day the lower
    one counts.
    """
    years: list[Year] = []
    used = NOTHING
    for begin, end in _months(first, last):
        if not years or years[-1].year != begin.year:
            used = NOTHING if years else spent
            years.append(Year(begin.year, used))
        lines = tuple(_line(use, begin, end) for use in uses)
        total = sum((line.amount for line in lines), NOTHING)
        ceiling = min(_on(ceilings, end), key=lambda one: one.yearly, default=None)
        over = NOTHING
        if ceiling:
            over = total - max(NOTHING, min(total, ceiling.yearly - used))
        used += total
        years[-1].months.append(Month(begin, end, lines, used, over, ceiling))
    return years


def end_of_month(day: dt.date) -> dt.date:
    """The last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _months(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The months from `first` to `last`, the ones at the ends cut."""
    while first <= last:
        end = min(end_of_month(first), last)
        yield first, end
        first = end + ONE_DAY


def _line(use: Use, begin: dt.date, end: dt.date) -> Line:
    pieces: list[Piece] = []
    day = begin
    while day <= end:
        tariff = next(iter(_on(use.tariffs, day)), None)
        changes = [one.valid_from for one in use.tariffs if one.valid_from > day]
        if tariff and tariff.valid_until:
            changes.append(tariff.valid_until)
        until = min([end, *(change - ONE_DAY for change in changes)])
        price = tariff.price if tariff else None
        if pieces and pieces[-1].price == price:
            pieces[-1] = Piece(price, pieces[-1].first, until)
        else:
            pieces.append(Piece(price, day, until))
        day = until + ONE_DAY
    days_in_month = calendar.monthrange(begin.year, begin.month)[1]
    return Line(use.form, use.hours, days_in_month, tuple(pieces))


def _on(rows: Iterable[Dated], day: dt.date) -> list[Dated]:
    return [
        row
        for row in rows
        if row.valid_from <= day and (row.valid_until is None or day < row.valid_until)
    ]
