"""The calculator against sums that were worked out by hand; the arithmetic stands beside each."""

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.calculator import Ceiling, Tariff, Use, yearly_costs

LONG_AGO = dt.date(2019, 1, 1)
D = Decimal


def day(text: str) -> dt.date:
    """`15.04.2025`"""
    return dt.datetime.strptime(text, "%d.%m.%Y").date()


def at(*steps: str) -> tuple[Tariff, ...]:
    """`35.00`, or `35.00`, `15.04.2025 40.00`: prices, each from its day on."""
    rows = []
    for step in steps:
        *since, price = step.split()
        rows.append((day(since[0]) if since else LONG_AGO, price))
    ends = [since for since, _price in rows[1:]] + [None]
    return tuple(
        Tariff(D(price), since, end) for (since, price), end in zip(rows, ends, strict=True)
    )


def alone(hours: str, *steps: str) -> Use:
    return Use("individual", D(hours), at(*steps))


def together(hours: str, *steps: str) -> Use:
    return Use("group", D(hours), at(*steps))


def ceiling(yearly: str, since: str = "", until: str = "", monthly: str = "") -> Ceiling:
    return Ceiling(
        D(yearly),
        day(since) if since else LONG_AGO,
        day(until) if until else None,
        D(monthly) if monthly else None,
    )


@dataclass
class Case:
    """`years`: for each the year, cost, what is over, month in which the ceiling is reached."""

    uses: list[Use]
    first: str
    last: str
    years: list[tuple[int, str, str, int | None]]
    ceilings: list[Ceiling]
    spent: str = "0"


CASES = {
    # A month: 6 × 40 + 2 × 20 = 280. Nine months: 2520. Eight (to November) make 2240, 40 are
    # left; December's 280 are 40 within and 240 over.
    "six hours alone and two in a group from April": Case(
        [alone("6", "40.00"), together("2", "20.00")],
        "01.04.2025",
        "31.12.2025",
        [(2025, "2520.00", "240.00", 12)],
        [ceiling("2280")],
    ),
    # 4 × 35 = 140; × 12 = 1680; 600 are left.
    "a year within the ceiling": Case(
        [alone("4", "35.00")],
        "01.01.2025",
        "31.12.2025",
        [(2025, "1680.00", "0.00", None)],
        [ceiling("2280")],
    ),
    # 4 × 47,50 = 190; × 12 = 2280: used up to the cent at the end of December, nothing over.
    "a year that costs exactly the ceiling": Case(
        [alone("4", "47.50")],
        "01.01.2025",
        "31.12.2025",
        [(2025, "2280.00", "0.00", 12)],
        [ceiling("2280")],
    ),
    # 8 × 45 = 360, over the monthly 305, which is allowed. 10 × 360 = 3600; November's 360: 60
    # within, 300 over; December's 360 over. 12 × 360 = 4320 − 3660 = 660.
    "months over the monthly reference": Case(
        [alone("8", "45.00")],
        "01.01.2024",
        "31.12.2024",
        [(2024, "4320.00", "660.00", 11)],
        [ceiling("3660", monthly="305")],
    ),
    # April has 30 days: 14 at 35, 16 at 40. 6 × 14/30 × 35 = 98; 6 × 16/30 × 40 = 128.
    "a price that changes in the middle of a month": Case(
        [alone("6", "35.00", "15.04.2025 40.00")],
        "01.04.2025",
        "30.04.2025",
        [(2025, "226.00", "0.00", None)],
        [],
    ),
    # July: 9 days at 35,00 and 22 at 38,01: (315 + 836,22) ÷ 31 = 37,1361… → 37,14.
    # Rounded piece by piece it would be 10,16 + 26,97 = 37,13.
    "a line is rounded once, not piece by piece": Case(
        [alone("1", "35.00", "10.07.2025 38.01")],
        "01.07.2025",
        "31.07.2025",
        [(2025, "37.14", "0.00", None)],
        [],
    ),
    # 30,65 without VAT: 22 % makes 37,393 → 37,39; 24 % from 01.07.2025 makes 38,006 → 38,01.
    # June 2 × 37,39 = 74,78; July 2 × 38,01 = 76,02; together 150,80.
    "VAT changes between two months": Case(
        [alone("2", "37.39", "01.07.2025 38.01")],
        "01.06.2025",
        "31.07.2025",
        [(2025, "150.80", "0.00", None)],
        [],
    ),
    # February 2028 has 29 days, 15 of them from the 15th on: 4 × 15/29 × 50 = 3000/29 = 103,448…
    "help that begins in the middle of a leap February": Case(
        [alone("4", "50.00")],
        "15.02.2028",
        "29.02.2028",
        [(2028, "103.45", "0.00", None)],
        [],
    ),
    # 0,5 × 38,01 = 19,005: half a cent goes up. Bankers would say 19,00.
    "half a cent goes up": Case(
        [alone("0.5", "38.01")],
        "01.05.2026",
        "31.05.2026",
        [(2026, "19.01", "0.00", None)],
        [],
    ),
    # Two forms are two lines: 19,005 → 19,01 and 12,125 → 12,13 make 31,14.
    # Rounded together it would be 31,13.
    "two forms are rounded each": Case(
        [alone("0.5", "38.01"), together("0.5", "24.25")],
        "01.05.2026",
        "31.05.2026",
        [(2026, "31.14", "0.00", None)],
        [],
    ),
    # 10 to 20 March are 11 of 31 days: 31 × 11/31 × 10 = 110.
    "some days of one month": Case(
        [alone("31", "10.00")],
        "10.03.2026",
        "20.03.2026",
        [(2026, "110.00", "0.00", None)],
        [],
    ),
    # 2025: 2 × 5 × 40 = 400, over 300 by 100, reached in December. From 01.01.2026 44 an hour and
    # a whole ceiling again: 2 × 220 = 440, over by 140, reached in February.
    "the ceiling begins anew with the calendar year": Case(
        [alone("5", "40.00", "01.01.2026 44.00")],
        "01.11.2025",
        "28.02.2026",
        [(2025, "400.00", "100.00", 12), (2026, "440.00", "140.00", 2)],
        [ceiling("300")],
    ),
    # 2000 + 160 = 2160 in October, 2320 in November: 40 over; December's 160 over. 200 in all.
    "something was used already this year": Case(
        [alone("4", "40.00")],
        "01.10.2025",
        "31.12.2025",
        [(2025, "480.00", "200.00", 11)],
        [ceiling("2280")],
        spent="2000",
    ),
    # Nothing is left from the beginning: 160 are over.
    "more than the ceiling was used already": Case(
        [alone("4", "40.00")],
        "01.12.2025",
        "31.12.2025",
        [(2025, "160.00", "160.00", 12)],
        [ceiling("2280")],
        spent="2300",
    ),
    # 5 × 42 = 210. To November 11 × 210 = 2310 under 2400 (since July); December's 210: 90
    # within, 120 over.
    "the ceiling rises in the middle of the year": Case(
        [alone("5", "42.00")],
        "01.01.2025",
        "31.12.2025",
        [(2025, "2520.00", "120.00", 12)],
        [ceiling("2280", until="01.07.2025"), ceiling("2400", since="01.07.2025")],
    ),
    # 16 to 30 September are 15 of 30 days: 6 × 15/30 × 40 = 120; before that no price is agreed.
    "a price that begins in the middle of a month": Case(
        [alone("6", "16.09.2026 40.00")],
        "01.09.2026",
        "30.09.2026",
        [(2026, "120.00", "0.00", None)],
        [],
    ),
    # Alone (30 days, 10 at 35 and 20 at 36): 3 × (350 + 720) ÷ 30 = 107. Group 1,5 × 12 = 18.
    "one of two forms changes its price": Case(
        [alone("3", "35.00", "11.06.2026 36.00"), together("1.5", "12.00")],
        "01.06.2026",
        "30.06.2026",
        [(2026, "125.00", "0.00", None)],
        [],
    ),
    # Of 2280 for the life domain and 1000 for the component the lower counts: 300 × 4 = 1200.
    "of two ceilings the lower counts": Case(
        [alone("10", "30.00")],
        "01.09.2026",
        "31.12.2026",
        [(2026, "1200.00", "200.00", 12)],
        [ceiling("2280"), ceiling("1000")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_calculator_agrees_with_the_sum_worked_out_by_hand(name: str) -> None:
    case = CASES[name]

    years = yearly_costs(case.uses, case.ceilings, day(case.first), day(case.last), D(case.spent))

    found = [
        (
            year.year,
            str(year.total),
            str(year.over),
            year.reached.first.month if year.reached else None,
        )
        for year in years
    ]
    assert found == case.years


def test_a_day_without_a_price_is_said_and_not_counted() -> None:
    (year,) = yearly_costs(
        [alone("6", "16.09.2026 40.00")], [], day("01.09.2026"), day("30.09.2026")
    )
    (line,) = year.months[0].lines

    assert line.is_unpriced
    assert [(piece.price, piece.days) for piece in line.pieces] == [(None, 15), (D("40.00"), 15)]


def test_a_month_over_the_monthly_reference_is_said_and_allowed() -> None:
    (year,) = yearly_costs(
        [alone("8", "45.00")],
        [ceiling("3660", monthly="305")],
        day("01.01.2024"),
        day("31.01.2024"),
    )

    assert year.months[0].over_monthly
    assert (year.over, year.left) == (D("0.00"), D("3300.00"))


prices = st.decimals("0.01", "99.99", places=2)
days = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))


@given(
    hours=st.decimals("0.25", "200", places=2),
    before=prices,
    after=prices,
    change=days,
    first=days,
    length=st.integers(0, 500),
    yearly=st.decimals("1", "5000", places=2),
)
def test_day_by_day_it_comes_to_the_same(
    hours: Decimal,
    before: Decimal,
    after: Decimal,
    change: dt.date,
    first: dt.date,
    length: int,
    yearly: Decimal,
) -> None:
    last = first + dt.timedelta(days=length)
    tariffs = (Tariff(before, LONG_AGO, change), Tariff(after, change))

    years = yearly_costs([Use("individual", hours, tariffs)], [ceiling(str(yearly))], first, last)

    by_month: dict[tuple[int, int], Fraction] = {}
    for number in range(length + 1):
        one = first + dt.timedelta(days=number)
        price = after if one >= change else before
        share = Fraction(hours) * Fraction(price) / calendar.monthrange(one.year, one.month)[1]
        by_month[one.year, one.month] = by_month.get((one.year, one.month), Fraction(0)) + share
    cents = {key: int(amount * 100 + Fraction(1, 2)) for key, amount in by_month.items()}
    for year in years:
        of_year = [amount for (when, _month), amount in cents.items() if when == year.year]
        assert [int(month.total * 100) for month in year.months] == of_year
        assert year.over == max(D(0), year.total - yearly)
        assert year.within + year.over == year.total
