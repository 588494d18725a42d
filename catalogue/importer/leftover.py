"""Cells with euros, per cent or days in columns that were not used: shown, so nothing is lost."""

import re
from dataclasses import dataclass

from catalogue.importer.reading import Reading

EUROS = re.compile(
    r"\d\s*(?:€|eur(?:o|ot|os)?(?!\w)|senti?(?!\w)|%)|€\s*\d|(?<![\d.,])\d+,\d{2}(?!\d)",
    re.IGNORECASE,
)
A_DAY = re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})\b|\b20\d\d-\d\d-\d\d\b")
MOST = 200
WORDS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True)
class Leftover:
    """`heading` of the column as the file has it; `text` of the cell."""

    sheet: int
    row: int
    column: int
    heading: str
    text: str


def words_beside(reading: Reading, sheet: int, row: int) -> list[str]:
    """Texts of a row in columns that are not read, such as “sõidukulu eraldi”; numbers are none."""
    unread = reading.layout_of(sheet, row).unread(reading.sheets[sheet].rows[row - 1])
    return [cell.text for _column, cell in unread if WORDS.search(cell.text)]


def leftovers(reading: Reading) -> list[Leftover]:
    """Cells with an amount or a day beside the prices that were read: “nädalavahetusel 150 €”.

    Of rows that hold a price or say that there is none; at most `MOST`, in the order of the file.
    """
    rows = dict.fromkeys((line.sheet, line.row) for line in reading.lines)
    found = []
    for number, row_number in rows:
        layout = reading.layout_of(number, row_number)
        for column, cell in layout.unread(reading.sheets[number].rows[row_number - 1]):
            if EUROS.search(cell.text) or A_DAY.search(cell.text):
                place = (number, row_number, column.index)
                found.append(Leftover(*place, column.heading, cell.text))
    return found[:MOST]
