"""Tables for spreadsheets: no cell runs, and each comes back as it was."""

import csv
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from portal.base.sheets import as_typed, neutral, write_csv, xlsx_answer

NASTY = ["=1+1", "+372 5550", "-3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'quoted", "''", "'=1"]
HARMLESS = ["", "Anu", "õäöü", "a=b", "7KQ-4RD", '"', "a;b,c", "rida\nrida"]


@pytest.mark.parametrize("text", NASTY)
def test_a_cell_that_would_run_gets_an_apostrophe(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_cell_stays(text):
    assert neutral(text) == text


def test_numbers_stay_numbers_and_nothing_is_an_empty_cell():
    assert [neutral(value) for value in (-3, 1.5, None)] == ["-3", "1.5", ""]


@pytest.mark.parametrize("text", NASTY + HARMLESS)
def test_a_table_comes_back_as_it_was(text):
    out = io.StringIO(newline="")
    write_csv(out, ["=heading"], [[text, "end"]])
    heading, row = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert heading == ["'=heading"]
    assert [as_typed(cell) for cell in row] == [text, "end"]


def test_a_workbook_holds_numbers_as_numbers_and_text_that_never_runs():
    answer = xlsx_answer(
        "hinnad.xlsx",
        "Hinnad: 2025/2026",
        ["Nimi", "Hind"],
        [["=1+1", Decimal("35.50")], ["õ\x07", None]],
    )
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Hinnad  2025 2026"]
    rows = [[(cell.value, cell.data_type) for cell in row] for row in book.active]
    assert rows[1] == [("'=1+1", "s"), (35.5, "n")]
    assert rows[2][0] == ("õ", "s")
