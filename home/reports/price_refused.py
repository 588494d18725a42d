"""What of a price list was not taken over, as a table that can be mended and sent again.

Each column stands under a heading by which the reader takes it for the same as before, whatever
the file called it and whatever was told by hand; rows of tables that were read in different ways
stand one table below the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalogue.importer.cells import Cell, Sheet
from catalogue.importer.headings import headings, not_read
from catalogue.importer.layout import Layout, layout_at
from catalogue.importer.plan import State, Step
from catalogue.importer.problems import sentence
from catalogue.importer.reading import ABOVE, Line, Reading
from catalogue.importer.words import Role

if TYPE_CHECKING:
    from home.reports.price_import import Look

UNREAD = frozenset({None, Role.IGNORED})


@dataclass
class _Left:
    """A row of the file of which something is left, and why."""

    line: Line
    reasons: list[str] = field(default_factory=list)


@dataclass
class _Table:
    """Rows that stand under the same headings."""

    heading: list[str]
    rows: list[list[Any]] = field(default_factory=list)
    # Columns that were not read, by their place.
    unread: set[int] = field(default_factory=set)
    score: int = 0


def left_steps(look: Look) -> list[Step]:
    """Steps that are not taken over and say why; a price that is not offered is none of them."""
    left = {State.REFUSED, State.OPEN}
    return [
        step
        for step in look.plan.steps
        if step.state in left or (step.state is State.NO_PRICE and step.problem)
    ]


def refused_table(look: Look) -> tuple[list[str], list[list[Any]]]:
    """What was not taken over, as the file had it, with the reason in the last column."""
    more = [capfirst(_("row of the file")), _("Why it was not taken over")]
    tables: dict[tuple[str, ...], _Table] = {}
    for (number, row), left in sorted(_rows_left(look).items()):
        sheet, layout = look.reading.sheets[number], look.reading.layout_of(number, row)
        heading = _heading(look.reading, number, layout)
        table = tables.setdefault(heading, _Table(list(heading)))
        was_read = {one.index for one in layout.columns if one.role not in UNREAD}
        table.unread |= set(range(sheet.width)) - was_read
        cells = _cells(sheet, layout, row, left.line, len(heading))
        place = f"{sheet.name} {row}".strip()
        table.rows.append([*cells, place, " ".join(left.reasons)])
    width = max((len(heading) for heading in tables), default=0)
    made = [_widened(table, width, more) for table in tables.values()]
    # The reader takes the heading that tells most for the first one.
    made.sort(key=lambda table: -table.score)
    if not made:
        return more, []
    rows = list(made[0].rows)
    for table in made[1:]:
        rows += [[None] * (width + len(more)), table.heading, *table.rows]
    return _without_empty(made, rows)


def _without_empty(
    tables: list[_Table], rows: list[list[Any]]
) -> tuple[list[str], list[list[Any]]]:
    """The table without the columns that were not read and hold nothing in any of its rows.

    An empty column that was read says something: that a row names no unit, for instance.
    """
    unread = set.intersection(*(table.unread for table in tables))
    empty = {
        index for index in unread if not any(row[index] for table in tables for row in table.rows)
    }
    kept = [index for index in range(len(tables[0].heading)) if index not in empty]
    return [tables[0].heading[n] for n in kept], [[row[n] for n in kept] for row in rows]


def _rows_left(look: Look) -> dict[tuple[int, int], _Left]:
    rows: dict[tuple[int, int], _Left] = {}
    for step in left_steps(look):
        why = sentence(step.problem, step.hint)
        if step.state is State.OPEN:
            why = _("Unanswered: %(question)s") % {"question": why}
        left = rows.setdefault((step.line.sheet, step.line.row), _Left(step.line))
        if why not in left.reasons:
            left.reasons.append(why)
    return rows


def _heading(reading: Reading, number: int, layout: Layout) -> tuple[str, ...]:
    """The headings of a row's table; where life domains are rows of their own, one more."""
    found = headings(layout, reading.sheets[number].width)
    return (*found, "Eluvaldkond") if _needs_domain(layout, reading) else tuple(found)


def _needs_domain(layout: Layout, reading: Reading) -> bool:
    """Do life domains stand as rows of their own? They are not in the file."""
    return not layout.of(Role.DOMAIN) and any(line.domain for line in reading.lines)


def _cells(sheet: Sheet, layout: Layout, row: int, line: Line, width: int) -> list[Any]:
    """The row as the file has it, with what it takes from the rows above, which are not there."""
    values: list[Any] = [_value(cell) for cell in sheet.rows[row - 1]]
    values += [""] * (width - len(values))
    domain, name = layout.one(Role.DOMAIN), layout.one(Role.COMPONENT)
    place = domain if domain is not None else sheet.width
    if place < width and not values[place]:
        values[place] = f"{ABOVE}{line.domain}" if line.domain else "–"
    if name is not None and line.name_above and not (line.name or line.code):
        values[name] = f"{ABOVE}{line.name_above}"
    return values


def _value(cell: Cell) -> Any:
    # A plain number, never “2E+1”.
    return Decimal(f"{cell.number:f}") if cell.number is not None else cell.text


def _widened(table: _Table, width: int, more: Iterable[str]) -> _Table:
    """The table as wide as the widest, so that the last two columns are the same in all."""
    lacking = width - len(table.heading)
    own = len(table.heading)
    heading = [*table.heading, *[""] * lacking, *more]
    rows = [[*row[:own], *[""] * lacking, *row[own:]] for row in table.rows]
    layout = _read_again(heading, rows)
    for column in layout.columns:
        # What was not read is not read again either.
        if column.index in table.unread and column.role not in UNREAD:
            heading[column.index] = not_read(heading[column.index])
    return _Table(heading, rows, table.unread, _read_again(heading, rows).score)


def _read_again(heading: list[str], rows: list[list[Any]]) -> Layout:
    sheet = Sheet("", [_as_cells(heading), *map(_as_cells, rows)])
    return layout_at(sheet, 1, sheet.rows[0])


def _as_cells(values: Iterable[Any]) -> list[Cell]:
    return [Cell("" if value is None else str(value)) for value in values]
