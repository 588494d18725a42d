"""Files that are no price forms: each has its sentence, none is run, none swells."""

import contextlib
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError

from catalogue.importer.files import MAX_BYTES, MAX_ROWS, open_file
from catalogue.importer.layout import judge
from tests.catalogue.price_forms import book, kept, table

GOOD = [["Teenuskomponent", "Hind"], ["Kogemusnõustamine", 35]]


def why(data):
    """The sentence with which a file is refused."""
    with pytest.raises(ValidationError) as refusal:
        open_file(data, judge)
    return refusal.value.messages[0]


def repacked(data, *, add=(), swap=()):
    """The workbook with parts added, or with text in its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            for where, before, after in swap:
                if where == name:
                    part = part.replace(before, after)
            new.writestr(name, part, zipfile.ZIP_DEFLATED)
        for name, part in add:
            new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def test_a_file_that_is_too_large_is_not_opened():
    assert "5 MB" in why(b"a;b\n" * (MAX_BYTES // 4 + 1))


def test_an_empty_file_and_one_with_nothing_in_it():
    assert why(b"") == why(b"  \n ")
    assert why(book([[None, None], [" "]])) != why(b"")


def test_the_old_excel_is_told_to_be_saved_anew():
    assert "xlsx" in why(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7 hinnakiri", b"\x89PNG\r\n\x1a\n", b"<html><table></table>", b"a;b\x00\x01\x02"],
)
def test_what_is_no_table_is_told_which_files_are(data):
    assert "CSV" in why(data)


def test_macros_passwords_and_foreign_archives_are_refused():
    good = book(GOOD)
    assert why(repacked(good, add=[("xl/vbaProject.bin", b"x")]))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as other:
        other.writestr("word/document.xml", "<x/>")
    assert "CSV" in why(out.getvalue())


def test_a_file_that_swells_is_refused_before_it_is_read():
    good = book(GOOD)
    bomb = repacked(good, add=[("xl/worksheets/sheet9.xml", b" " * (30 * 1024 * 1024))])
    assert len(bomb) < MAX_BYTES
    assert "price list" in why(bomb) or "hinnakiri" in why(bomb).lower()


def test_definitions_of_entities_are_refused():
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet'
    part = "xl/worksheets/sheet1.xml"
    assert why(repacked(book(GOOD), swap=[(part, b"<worksheet", laughs)]))


@pytest.mark.parametrize("at", [40, 400, 2000])
def test_a_damaged_workbook_has_a_sentence(at):
    data = book(GOOD)
    assert why(data[:at])
    broken = repacked(data, swap=[("xl/worksheets/sheet1.xml", b"<row", b"<rwo")])
    assert open_file(data, judge)
    # Whether openpyxl stumbles over it or not: never anything but a sentence.
    with contextlib.suppress(ValidationError):
        open_file(broken, judge)


def test_more_rows_than_any_price_list_has_are_refused():
    assert str(MAX_ROWS) in why(table([["Kogemusnõustamine", "35"]] * (MAX_ROWS + 1)))
    assert str(MAX_ROWS) in why(book([["Kogemusnõustamine", 35]] * (MAX_ROWS + 1)))


def test_formulas_are_seen_and_never_worked_out():
    (sheet,) = open_file(book([["Hind"], ["=1+1"]]), judge)
    assert (sheet.rows[1][0].mark, sheet.rows[1][0].number) == ("formula", None)
    (sheet,) = open_file(table([["Hind", "x"], ["=1+1", "y"]]), judge)
    assert sheet.rows[1][0].mark == "formula"


def test_merged_cells_hold_what_the_first_one_says_and_hidden_sheets_are_left_out():
    (sheet,) = open_file(book([["Hõivatus", 1], [None, 2]], merged=["A1:A2"]), judge)
    assert [row[0].text for row in sheet.rows] == ["Hõivatus", "Hõivatus"]
    made = book(GOOD, more=[("Peidus", [["x"]])])
    shown = b'sheetId="2" state="hidden"'
    hidden = repacked(
        made,
        swap=[
            ("xl/workbook.xml", b'sheetId="2" state="visible"', shown),
        ],
    )
    assert [one.name for one in open_file(hidden, judge)] == ["Hinnad"]


def test_the_samples_open():
    for name in ("kolm_maara.xlsx", "mitu_lehte.xlsx", "baltic_windows.csv"):
        assert open_file(kept(name), judge)
