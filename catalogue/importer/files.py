"""From bytes to cells. What could run, swell or crash is refused in a sentence first."""

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError  # noqa: S405 - only its name: what openpyxl raises

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from catalogue.importer.cells import EMPTY, FORMULA, FROM_MERGED, Cell, Sheet

MAX_BYTES = 5 * 1024 * 1024
# A table of prices is small; what swells beyond this is none.
MAX_UNPACKED = 25 * 1024 * 1024
MAX_PARTS = 300
MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 1_500, 40, 20
MAX_TEXT = 500
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
DELIMITERS = ";,\t|"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# Gives a file with these delimiters a mark: how well its first rows read as a table of prices.
Judge = Callable[[Sheet], int]


def open_file(data: bytes, judge: Judge) -> list[Sheet]:
    """The sheets of an xlsx or csv file that hold anything; raises ValidationError.

    `judge` tells how well a sheet reads; of the possible separators of a csv the best is taken.
    """
    if len(data) > MAX_BYTES:
        raise _no(_("The file is too large. A price list has at most 5 MB."))
    if not data.strip():
        raise _no(_("The file is empty."))
    if data.startswith(OLD_EXCEL):
        raise _no(
            _(
                "This is an old Excel file (xls), or one with a password. "
                "Save it as xlsx and try again."
            )
        )
    if data.startswith(b"PK"):
        sheets = _workbook(data)
    elif data.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")):
        raise _unknown()
    else:
        sheets = [_text(data, judge)]
    sheets = [sheet for sheet in map(_trimmed, sheets) if sheet.rows]
    if not sheets:
        raise _no(_("There is nothing written in the file."))
    return sheets


# --- A workbook --------------------------------------------------------------------------------


def _workbook(data: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive)
            merged = {
                name: _merges(archive, name)
                for name in archive.namelist()
                if name.startswith("xl/worksheets/") and name.endswith(".xml")
            }
        book = load_workbook(
            io.BytesIO(data), read_only=True, data_only=False, keep_links=False, rich_text=False
        )
        return [
            _sheet(one, merged.get(getattr(one, "_worksheet_path", ""), []))
            for one in book.worksheets[:MAX_SHEETS]
            if one.sheet_state == "visible"
        ]
    except (zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError) as error:
        raise _damaged() from error
    except (AttributeError, IndexError, OverflowError, EOFError, OSError, RuntimeError) as error:
        # openpyxl trusts its files: whatever it stumbles over, the file is what is wrong.
        raise _damaged() from error


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Nothing that swells, is locked, holds a program or defines entities of XML."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise _no(_("The file has a password. Save it without one and try again."))
    if any("vbaproject" in name.lower() or "/activex/" in name.lower() for name in names):
        raise _no(_("The file holds macros. Save it as a plain xlsx and try again."))
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise _unknown()
    total = 0
    for entry in entries:
        if len(entries) > MAX_PARTS or entry.file_size > MAX_UNPACKED:
            raise _too_much()
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        # Read once for what it really is: what it says of its size may be a lie.
        with archive.open(entry) as part:
            before = b""
            while piece := part.read(1 << 16):
                total += len(piece)
                if total > MAX_UNPACKED:
                    raise _too_much()
                if b"<!DOCTYPE" in before + piece or b"<!ENTITY" in before + piece:
                    raise _damaged()
                before = piece[-10:]


def _merges(archive: zipfile.ZipFile, name: str) -> list[tuple[int, int, int, int]]:
    """Merged areas as first column, first row, last column, last row, from 1."""
    found = [range_boundaries(ref.decode()) for ref in MERGED.findall(archive.read(name))]
    return [area for area in found if None not in area][:MAX_ROWS]


def _sheet(one: Any, merges: list[tuple[int, int, int, int]]) -> Sheet:
    # What a file says of its own size may be wrong; count for ourselves.
    one.reset_dimensions()
    sheet = Sheet(str(one.title)[:60])
    for number, row in enumerate(one.iter_rows(max_col=MAX_COLUMNS), start=1):
        if number > MAX_ROWS * 2 or len(sheet.rows) > MAX_ROWS:
            raise _too_many_rows()
        sheet.rows.append([_cell(cell) for cell in row])
    for left, top, right, bottom in merges:
        _fill(sheet, left, top, min(right, MAX_COLUMNS), min(bottom, len(sheet.rows)))
    return sheet


def _fill(sheet: Sheet, left: int, top: int, right: int, bottom: int) -> None:
    """What a merged area says counts for each of its cells."""
    if top > len(sheet.rows) or left > len(sheet.rows[top - 1]):
        return
    said = sheet.rows[top - 1][left - 1]
    if not said:
        return
    for row in sheet.rows[top - 1 : bottom]:
        row += [EMPTY] * (right - len(row))
        for column in range(left - 1, right):
            row[column] = row[column] or Cell(said.text, said.number, FROM_MERGED)


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY
    if cell.data_type == "f" or type(value).__name__ in {"ArrayFormula", "DataTableFormula"}:
        return Cell(_clean(str(getattr(value, "text", value)))[:60], None, FORMULA)
    if isinstance(value, bool):
        return Cell(str(value))
    if isinstance(value, int | float):
        # A price of 27,60 is stored as 27.600000000000001.
        number = Decimal(repr(round(value, 6)))
        if not number.is_finite():
            return Cell(str(value))
        if "%" in str(cell.number_format or ""):
            number *= 100
        number = number.normalize() if number else Decimal(0)
        return Cell(f"{number:f}".replace(".", ","), number)
    if isinstance(value, dt.datetime):
        return Cell(f"{value:%d.%m.%Y}")
    if isinstance(value, dt.date):
        return Cell(f"{value:%d.%m.%Y}")
    # Our own writer puts an apostrophe before what a spreadsheet would run.
    return Cell(_clean(str(value)).removeprefix("'"))


# --- Text with separators ----------------------------------------------------------------------


def _text(data: bytes, judge: Judge) -> Sheet:
    text = _decoded(data)
    if re.match(r"\s*<(!|\?xml|html|body|table|svg)", text, re.IGNORECASE):
        raise _unknown()
    found: list[tuple[int, Sheet]] = []
    for delimiter in DELIMITERS:
        if delimiter in text and (sheet := _separated(text, delimiter)):
            found.append((judge(sheet), sheet))
    if not found:
        sheet = _separated(text, ";")
        if sheet is None:
            raise _damaged()
        return sheet
    return max(found, key=lambda one: one[0])[1]


def _decoded(data: bytes) -> str:
    """By its mark, or what it can be: UTF-8, else the letters of Baltic Windows."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(mark):
            try:
                text = data.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    else:
        text = data.decode("cp1257", errors="replace")
    if CONTROL.search(text) or text.count("\ufffd") > 3:
        raise _unknown()
    return text


def _separated(text: str, delimiter: str) -> Sheet | None:
    sheet = Sheet("")
    try:
        # The word with which Excel names the separator to itself is no row.
        lines = io.StringIO(re.sub(r"\Asep=.\r?\n", "", text, flags=re.IGNORECASE), newline="")
        for row in csv.reader(lines, delimiter=delimiter):
            if len(sheet.rows) > MAX_ROWS:
                raise _too_many_rows()
            sheet.rows.append([_written(cell) for cell in row[:MAX_COLUMNS]])
    except csv.Error:
        return None
    return sheet


def _written(text: str) -> Cell:
    """A cell of text; our own writer puts an apostrophe before what would run."""
    text = _clean(text)
    if text.startswith("'"):
        return Cell(text[1:])
    return Cell(text[:60], None, FORMULA) if text.startswith("=") else Cell(text)


# --- Both --------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    return CONTROL.sub("", text.replace("\r\n", "\n")).strip()[:MAX_TEXT]


def _trimmed(sheet: Sheet) -> Sheet:
    """Without empty rows at the end and empty cells at the right."""
    while sheet.rows and not any(sheet.rows[-1]):
        sheet.rows.pop()
    for row in sheet.rows:
        while row and not row[-1]:
            row.pop()
    if len(sheet.rows) > MAX_ROWS:
        raise _too_many_rows()
    return sheet


def _no(sentence: str) -> ValidationError:
    return ValidationError(sentence, code="refused")


def _unknown() -> ValidationError:
    return _no(_("We can read Excel tables (xlsx) and CSV. Save the table as one of these."))


def _damaged() -> ValidationError:
    return _no(_("The file is damaged and cannot be opened. Save it anew and try again."))


def _too_much() -> ValidationError:
    return _no(_("The file holds far more than a price list. Keep only the table of prices in it."))


def _too_many_rows() -> ValidationError:
    return _no(_("The table has more than %(n)s rows. Send it in parts.") % {"n": MAX_ROWS})
