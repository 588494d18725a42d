"""What a table is made of, whatever file it came in; kept as JSON between upload and decision."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

# What a cell is, beyond its text.
FORMULA, FROM_MERGED = "formula", "merged"


@dataclass(frozen=True)
class Cell:
    """`text` as a person sees it; `number` where the file holds one; `mark` what is special."""

    text: str = ""
    number: Decimal | None = None
    mark: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


EMPTY = Cell()


@dataclass
class Sheet:
    """One table. Rows count from 1, as a spreadsheet shows them; columns from 0."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)

    def cell(self, row: list[Cell], column: int | None) -> Cell:
        return row[column] if column is not None and column < len(row) else EMPTY

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    def numbered(self) -> Iterator[tuple[int, list[Cell]]]:
        return ((number, row) for number, row in enumerate(self.rows, start=1))


def letter(column: int) -> str:
    """`A` for 0, `AB` for 27, as a spreadsheet names its columns."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def to_json(sheets: list[Sheet]) -> list[dict[str, Any]]:
    """Sheets as plain values; a cell is its text, or text, number and mark."""
    return [{"name": s.name, "rows": [[_packed(c) for c in r] for r in s.rows]} for s in sheets]


def from_json(kept: list[dict[str, Any]]) -> list[Sheet]:
    return [Sheet(s["name"], [[_unpacked(c) for c in row] for row in s["rows"]]) for s in kept]


def _packed(cell: Cell) -> Any:
    if cell.number is None and not cell.mark:
        return cell.text
    return [cell.text, "" if cell.number is None else str(cell.number), cell.mark]


def _unpacked(kept: Any) -> Cell:
    if isinstance(kept, str):
        return Cell(kept) if kept else EMPTY
    text, number, mark = kept
    try:
        return Cell(text, Decimal(number) if number else None, mark)
    except InvalidOperation:
        return Cell(text, None, mark)
