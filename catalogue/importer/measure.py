"""Whether a price is of one hour of a workday, by everything that its table says of it."""

from catalogue.importer.amounts import Money, money_in
from catalogue.importer.cells import Cell, Sheet
from catalogue.importer.layout import Column, Layout, is_heading_again
from catalogue.importer.units import (
    DURATION,
    days_in_heading,
    days_of,
    days_stated,
    unit_of,
    unit_stated,
    unit_within,
)
from catalogue.importer.words import AMOUNTS, Role, plain

# The code of a problem and its hint; both empty where there is none.
Refusal = tuple[str, str]
FINE: Refusal = ("", "")


class Measure:
    """What the tables of a sheet say of units and days, while it is read from top to bottom."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.layout = Layout()
        self.all_hours = True
        # What a line of words above the rows names.
        self.unit, self.days = "", ""

    def begin(self, layout: Layout, *, is_chosen: bool) -> None:
        """A table begins: is every price that it names a unit for of an hour?"""
        units, prices = layout.of(Role.UNIT), layout.of(*AMOUNTS)
        self.layout = layout
        self.all_hours = not any(one.unit.is_other for one in prices)
        if not units:
            return
        for row in self.sheet.rows[max(layout.first - 1, 0) :]:
            if not is_chosen and is_heading_again(layout, row):
                return
            if not any(money_in(self.sheet.cell(row, one.index)) for one in prices):
                continue
            said = [unit_of(self.sheet.cell(row, one.index).text, one.heading) for one in units]
            self.all_hours = self.all_hours and all(one.is_hour for one in said if one)

    def hear(self, row: list[Cell]) -> None:
        """“Hinnad on ühe kuu kohta”: what a line of words says counts for the rows below."""
        said = {cell.text for cell in row if cell}
        if len(said) != 1:
            return
        (text,) = said
        if unit := unit_stated(text):
            self.unit = unit.said if unit.is_other else ""
        if (days := days_stated(text)) is not None:
            self.days = days.said

    def refusal(
        self, row: list[Cell], columns: list[Column], money: Money, named: tuple[str, str]
    ) -> Refusal:
        """Why the price in `columns` is none of an hour of a workday; `named`: name and form."""
        return self._unit(row, columns, money, named) or self._days(row, columns, named) or FINE

    def _unit(
        self, row: list[Cell], columns: list[Column], money: Money, named: tuple[str, str]
    ) -> Refusal | None:
        if money.problem in {"unit", "when"}:
            return money.problem, money.said
        headings = [column.unit for column in columns]
        if other := next((unit for unit in headings if unit.is_other), None):
            return "unit", other.said
        is_hour = money.is_hour or any(unit.is_hour for unit in headings)
        for column in self.layout.of(Role.UNIT):
            unit = unit_of(self.sheet.cell(row, column.index).text, column.heading)
            # The length of a meeting says nothing where the price is told to be of an hour.
            if not unit or unit.is_hour or (is_hour and DURATION.search(plain(column.heading))):
                is_hour = is_hour or unit.is_hour
                continue
            return ("unit" if unit.is_other else "unit_unknown"), unit.said
        if is_hour:
            return None
        if not self.all_hours:
            return "unit_empty", ""
        said = next(filter(None, map(unit_within, named)), self.unit)
        return ("unit", said) if said else None

    def _days(
        self, row: list[Cell], columns: list[Column], named: tuple[str, str]
    ) -> Refusal | None:
        headings = [*(column.days for column in columns), *map(days_in_heading, named)]
        if other := next(filter(None, headings), None):
            return "when", other.said
        said = [days_of(self.sheet.cell(row, one.index).text) for one in self.layout.of(Role.WHEN)]
        if wrong := next((days for days in said if days and not days.is_workday), None):
            return ("when" if wrong.is_other else "when_unknown"), wrong.said
        return ("when", self.days) if self.days and not any(said) else None
