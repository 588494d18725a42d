"""Price forms as they come: odd layouts, made here or kept in tests/data/price_forms."""

import csv
import io
from pathlib import Path

from openpyxl import Workbook

FOLDER = Path(__file__).parents[1] / "data" / "price_forms"


def kept(name: str) -> bytes:
    """A file of tests/data/price_forms."""
    return (FOLDER / name).read_bytes()


def book(rows, *, merged=(), title="Hinnad", more=()) -> bytes:
    """A workbook of one sheet, or of several: `more` holds title and rows of the others."""
    made = Workbook()
    first = made.active
    first.title = title
    for row in rows:
        first.append(row)
    for area in merged:
        first.merge_cells(area)
    for name, others in more:
        sheet = made.create_sheet(name)
        for row in others:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def table(rows, *, delimiter=";", encoding="utf-8-sig") -> bytes:
    """A csv file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def three_rates() -> bytes:
    """A provider's list: titles, a heading of two rows, merged life domains, footnotes, a sum."""
    rows = [
        ["Näidise Tugikeskus OÜ"],
        ["Hinnakiri alates 01.01.2027", None, None, None, None],
        [],
        ["Eluvaldkond", "Teenuskomponent", "Tunni hind koos KM-ga (€)", None, None, "Märkused"],
        [None, None, "osalejaga", "pereliikmega", "grupis¹", None],
        ["Baastoetus", "1. Teenuse planeerimine", 55, "ei ole rakendatav", "-", None],
        [None, "2. Tegevusplaani elluviimise tagamine", "55,00 €", None, None, None],
        [
            "Vaimne tervis",
            "3. Kogemusnõustamine",
            45.5,
            "ei hinnastata",
            "22,50¹",
            "kuni 8 inimest",
        ],
        [
            None,
            "4. Psühholoogiline nõustamine ja psühhoteraapia*",
            55,
            None,
            "30.00",
            "ainult psühholoog",
        ],
        ["Hõivatus", "5. Töötamise toetamine", "40 eur/h", None, None, None],
        [None, "6. Rakendus kogukonnas", 40, None, 20, None],
        ["Kokku", None, 290.5, None, 72.5, None],
        [],
        ["¹ Grupis on vähemalt kolm inimest."],
        ["* Teenust osutab kutsega psühholoog."],
    ]
    return book(
        rows, merged=("C4:E4", "A4:A5", "B4:B5", "F4:F5", "A6:A7", "A8:A9", "A10:A11", "A2:E2")
    )


def several_sheets() -> bytes:
    """Three sheets: words, prices with names merged over their forms, and a formula among them."""
    prices = [
        ["Komponendi kood", "Komponendi nimetus", "Vorm", "Neto", "KM määr", "Bruto"],
        ["M4", "Kogemusnõustamine", "individuaalne", 35, 0.24, 43.4],
        [None, None, "grupp", 15, 0.24, "=D3*1.24"],
        ["S1", "Sotsiaalsete suhete toetamine", "mõlemad", 20, 0.24, 24.8],
        ["X9", "Kogemusnõustamine", "individuaalne", 35, 0.24, 43.4],
        ["H2", "Töötamise toetamine", "grupis", 20, 0.24, 24.8],
        ["I1", "Igapäevaelu toetamine", "individuaalne", 20, 0.24, 25.9],
    ]
    return book(
        [["Sisukord"], ["Hinnad on järgmisel lehel."]],
        title="Sisu",
        more=[("Hinnad", prices)],
    )


FILES = {
    "kolm_maara.xlsx": three_rates,
    "mitu_lehte.xlsx": several_sheets,
}
