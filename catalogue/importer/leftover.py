"""Cells with euros, per cent or days in columns that were not used: shown, so nothing is lost."""

import re
from dataclasses import dataclass

from catalogue.importer.cells import FROM_MERGED
from catalogue.importer.reading import Reading
from catalogue.importer.words import OURS, Role

EUROS = re.compile(
    r"\d\s*(?:€|eur(?:o|ot|os)?(?!\w)|senti?(?!\w)|%)|€\s*\d|(?<![\d.,])\d+,\d{2}(?!\d)",
    re.IGNORECASE,
)
A_DAY = re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})\b|\b20\d\d-\d\d-\d\d\b")
MOST = 200


@dataclass(frozen=True)
class Leftover:
    """`heading` of the column as the file has it; `text` of the cell."""

    sheet: int
    row: int
    column: int
    heading: str
    text: str


def leftovers(reading: Reading) -> list[Leftover]:
    """Cells with an amount or a day beside the prices that were read: “nädalavahetusel 150 €”.

    Of rows that hold a price or say that there is none; at most `MOST`, in the order of the file.
    """
    rows = dict.fromkeys((line.sheet, line.row) for line in reading.lines)
    found = []
    for number, row_number in rows:
        layout = reading.layout_of(number, row_number)
        known = {column.index: column for column in layout.columns}
        for index, cell in enumerate(reading.sheets[number].rows[row_number - 1]):
            column = known.get(index)
            if column and column.role not in {None, Role.IGNORED}:
                continue
            if column and column.heading.casefold() in OURS:
                continue
            if not cell or cell.mark == FROM_MERGED:
                continue
            if EUROS.search(cell.text) or A_DAY.search(cell.text):
                heading = column.heading if column else ""
                found.append(Leftover(number, row_number, index, heading, cell.text))
    return found[:MOST]
