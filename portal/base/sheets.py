"""The one writer of tables for spreadsheets: no cell of ours is ever run as a formula.

A cell that a spreadsheet would take for a formula gets an apostrophe in front; so does one that
begins with an apostrophe, so that `as_typed` finds back what was meant.
"""

import csv
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice, zip_longest
from typing import Any, BinaryIO, Protocol

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

# Spreadsheets take the letters õ and ä for what they are only after this mark.
MARK = "\ufeff"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
# A spreadsheet takes at most 31 letters, and none of these, for the name of a sheet.
NOT_IN_NAMES = "[]:*?/\\"
# So many rows tell how wide a column is, and so wide is none of them, in letters.
LOOKED_AT, WIDEST = 200, 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Writable(Protocol):
    """Anything with `write(text)`: a response, a file, standard output."""

    def write(self, text: str, /) -> Any: ...


def neutral(value: Any) -> str:
    """The text of a cell, harmless; numbers stay numbers, nothing becomes an empty cell."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def as_typed(cell: str) -> str:
    """What `neutral` was given."""
    return cell[1:] if cell.startswith("'") else cell


def write_csv(out: Writable, heading: Iterable[Any], rows: Iterable[Iterable[Any]]) -> None:
    """Write heading and rows to `out`, as spreadsheets and machines read it."""
    writer = csv.writer(out)
    writer.writerow([neutral(cell) for cell in heading])
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])


def csv_answer(
    file_name: str, heading: Iterable[Any], rows: Iterable[Iterable[Any]]
) -> HttpResponse:
    """The table as a file to keep, called `file_name` (letters, digits, `-` and `.` only)."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer.write(MARK)
    write_csv(answer, heading, rows)
    return answer


def write_xlsx(
    out: BinaryIO, title: str, heading: Iterable[Any], rows: Iterable[Iterable[Any]]
) -> None:
    """Write one sheet named `title` to `out`; numbers are numbers, text is never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(" " if c in NOT_IN_NAMES else c for c in title)[:31])
    heading, coming = list(heading), iter(rows)
    first = [list(row) for row in islice(coming, LOOKED_AT)]
    for letter, width in _widths([heading, *first]):
        sheet.column_dimensions[letter].width = width
    for row in chain([heading], first, coming):
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    book.save(out)


def _widths(rows: list[list[Any]]) -> list[tuple[str, int]]:
    """Letters of columns, and how wide each is for what stands in its first rows."""
    columns = zip_longest(*rows, fillvalue="")
    return [
        (get_column_letter(number), min(max(map(len, map(neutral, cells))) + 2, WIDEST))
        for number, cells in enumerate(columns, start=1)
    ]


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    """A number as it is; everything else as text that no spreadsheet runs."""
    if value is None or isinstance(value, int | float | Decimal):
        return value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", neutral(value)))
    cell.data_type = "s"
    return cell


def xlsx_answer(
    file_name: str, title: str, heading: Iterable[Any], rows: Iterable[Iterable[Any]]
) -> HttpResponse:
    """The table as a workbook to keep, called `file_name` (letters, digits, `-` and `.` only)."""
    book = BytesIO()
    write_xlsx(book, title, heading, rows)
    answer = HttpResponse(book.getvalue(), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer
