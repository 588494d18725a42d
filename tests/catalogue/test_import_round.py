"""What is refused, written to a file and sent again is read as it was the first time."""

import io
from types import SimpleNamespace

import pytest
from django.utils import translation

from catalogue.importer.headings import heading_of
from catalogue.importer.layout import Column
from catalogue.importer.plan import State
from catalogue.importer.words import Role, heading_role
from catalogue.models.component import Form
from home.reports.price_refused import refused_table
from portal.base.sheets import write_csv, write_xlsx
from tests.catalogue.price_forms import book, kept, table
from tests.catalogue.test_import_reading import asked, read_bytes, worked_out

NAME, OTHER = "Õppimise toetamine", "Kogemusnõustamine"


def two_rows_of_heading():
    rows = [
        ["Näidise Tugi OÜ"],
        ["Eluvaldkond", "Teenuse nimetus", "Mida sisaldab", "Ühik", "Hind 2026 (individuaalne)"]
        + [None, None, "Hind 2026 (grupis, in kohta)", None, "Märkused"],
        [None, None, None, None, "km-ta", "km", "kokku", "km-ta", "kokku", None],
        ["Vaimne tervis", "kogemusnõustaja", "Pikk jutt", "tund", "25,00 €", "6,00 €", "31,00 €"]
        + ["12,-", "14,88 €", None],
        [None, OTHER, "Jutt", "kord (1,5 h)", "42.-", "10.08", "52,08 €", "ei osuta", None, "*"],
        ["Hõivatus", NAME, "Jutt", "tund", "hind kokkuleppel", None, None, None, None, None],
    ]
    merged = ("A2:A3", "B2:B3", "C2:C3", "D2:D3", "J2:J3", "E2:G2", "H2:I2", "A4:A5")
    return book(rows, merged=merged)


FORMS = {
    "heading of two rows": two_rows_of_heading,
    "three rates": lambda: kept("kolm_maara.xlsx"),
    "several sheets": lambda: kept("mitu_lehte.xlsx"),
    "Baltic Windows": lambda: kept("baltic_windows.csv"),
    "domains as rows, two tables": lambda: kept("valdkond_reana.csv"),
    "two prices in a cell": lambda: kept("uks_rida_kaks_vormi.csv"),
    "units and days in headings": lambda: table(
        [
            ["Teenus", "Kestus (min)", "Hind €/kuu", "Hind (grupis) nädalavahetusel", "Hind 2025?"],
            [OTHER, "45", "20", "30", "x"],
            [NAME, "60", "20", "", "y"],
        ]
    ),
    "units told by their cells": lambda: table(
        [["Teenus", "Aeg", "Sisu", "Tunnihind"], [OTHER, "kuu", "kord", "20"], [NAME, "h", "", "?"]]
    ),
    "a price below a name": lambda: book(
        [
            ["Teenus", "Vorm", "Hind", "KM", "Kokku"],
            [NAME, "", 20, 0, 20],
            [OTHER, "üksi", 30, 0, 30],
            [None, "grupis", 15, 0, 15],
        ]
    ),
}
COLUMNS = {
    "told by hand": (
        [["a", "b", "Hind 2024", "Ühik", "d"], [OTHER, "-5", "7", "kuu", "24%"]],
        {0: {0: "component", 1: "gross:group", 2: "ignored", 3: "ignored", 4: "vat"}},
    ),
}


def written(names, rows, kind):
    """The table as the page hands it out."""
    if kind == "csv":
        out = io.StringIO()
        write_csv(out, names, rows)
        return out.getvalue().encode("utf-8-sig")
    book_ = io.BytesIO()
    write_xlsx(book_, "Üle võtmata", names, rows)
    return book_.getvalue()


def facts(made, *, all_rows=False):
    """What was read of the rows of which something is left, in the order of the file."""
    left = {
        (step.line.sheet, step.line.row)
        for step in made.steps
        if step.state in {State.REFUSED, State.OPEN}
        or (step.state is State.NO_PRICE and step.problem)
    }
    return sorted(
        repr(
            (
                step.line.name,
                step.line.name_above,
                step.line.code,
                step.line.domain if step.line.domain != "–" else "",
                step.line.forms,
                step.line.amounts,
                step.state,
                step.problem if step.problem != "twice" else "",
                step.hint if step.problem != "twice" else "",
            )
        )
        for step in made.steps
        if all_rows or (step.line.sheet, step.line.row) in left
    )


def sent_back(data, kind, columns=None):
    """The refused rows of a file, read again: what was read first, and the second time."""
    first = worked_out(data, columns=columns)
    look = SimpleNamespace(plan=first, reading=read_bytes(data, columns))
    names, rows = refused_table(look)
    again = written(names, rows, kind)
    return first, worked_out(again), read_bytes(again)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("form", FORMS)
def test_a_file_of_refused_rows_is_read_as_its_rows_were(form, kind):
    first, second, _reading = sent_back(FORMS[form](), kind)
    assert facts(first)
    assert facts(second, all_rows=True) == facts(first)
    assert {about for _kind, about in asked(second)} <= {about for _kind, about in asked(first)}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_was_told_by_hand_need_not_be_told_again(kind):
    rows, columns = COLUMNS["told by hand"]
    first, second, reading = sent_back(table(rows), kind, columns)
    assert facts(second, all_rows=True) == facts(first)
    assert [column.role for column in reading.layouts[0].columns] == [
        *(Role.COMPONENT, Role.GROSS, Role.IGNORED, Role.IGNORED, Role.VAT),
        *(Role.IGNORED, Role.IGNORED),
    ]


def test_corrected_and_sent_back_the_vat_stays_vat():
    data = two_rows_of_heading()
    look = SimpleNamespace(plan=worked_out(data), reading=read_bytes(data))
    names, rows = refused_table(look)
    assert names[4:9] == [
        *("Hind km-ta (individuaalne)", "Käibemaks (individuaalne)", "Hind km-ga (individuaalne)"),
        *("Hind km-ta (grupis)", "Hind km-ga (grupis)"),
    ]
    mended = [["tund" if cell == "kord (1,5 h)" else cell for cell in row] for row in rows]
    made = worked_out(written(names, mended, "xlsx"))
    assert [(step.aim.component.code, str(step.aim.gross)) for step in made.of(State.NEW)] == [
        ("M4", "52.08")
    ]


def test_a_price_that_is_kept_back_stands_in_the_file_with_its_reason():
    data = table([["Teenus", "Hind"], [NAME, "hind kokkuleppel"], [OTHER, "ei osuta"]])
    look = SimpleNamespace(plan=worked_out(data), reading=read_bytes(data))
    _names, rows = refused_table(look)
    assert [row[0] for row in rows] == [NAME]
    assert "hind kokkuleppel" in rows[0][-1]


@pytest.mark.parametrize("language", ["et", "en"])
def test_the_two_columns_that_are_added_are_never_read(language):
    data = table([["Teenus", "Hind"], [NAME, "-5"]])
    look = SimpleNamespace(plan=worked_out(data), reading=read_bytes(data))
    with translation.override(language):
        names, _rows = refused_table(look)
    assert [heading_role(name)[0] for name in names[-2:]] == [Role.IGNORED, Role.IGNORED]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.IGNORED])
@pytest.mark.parametrize("forms", [(), (Form.FAMILY,), (Form.INDIVIDUAL, Form.GROUP)])
def test_every_role_has_a_heading_by_which_it_is_known(role, forms):
    column = Column(0, "x", role, forms=forms if role in {Role.NET, Role.GROSS, Role.VAT} else ())
    assert heading_role(heading_of(column)) == (role, "")
