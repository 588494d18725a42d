"""Amounts that stand beside the prices are shown, so that nobody thinks they were taken."""

from catalogue.importer.leftover import leftovers
from tests.catalogue.price_forms import table
from tests.catalogue.test_import_reading import read_bytes

NAME = "Õppimise toetamine"


def test_cells_with_euros_in_columns_that_are_not_used_are_told():
    rows = [
        ["Hinnad 2026, 5 €", "", "", "", ""],
        ["Teenus", "Mida sisaldab", "Hind", "Märkused", "Miks seda üle ei võetud"],
        [NAME, "sõidukulu 0,30 €/km", "20", "nädalavahetusel 150 €", "Hind on 5 €."],
        ["Kogemusnõustamine", "kuni 8 inimest", "kokkuleppel", "alates 30 eurot", ""],
        ["Rakendus", "", "30", "nädalavahetusel +50%", "laupäeval 17,25"],
        ["Kokku", "", "20", "30 €", ""],
    ]
    found = leftovers(read_bytes(table(rows)))
    assert [(one.row, one.heading, one.text) for one in found] == [
        (3, "Mida sisaldab", "sõidukulu 0,30 €/km"),
        (3, "Märkused", "nädalavahetusel 150 €"),
        (4, "Märkused", "alates 30 eurot"),
        (5, "Märkused", "nädalavahetusel +50%"),
    ]


def test_a_list_without_such_cells_has_none():
    rows = [["Teenus", "Hind", "Märkused"], [NAME, "20 €", "ainult 24 inimest"]]
    assert leftovers(read_bytes(table(rows))) == []


def test_days_in_columns_that_are_not_used_are_told_too():
    rows = [["Teenus", "Hind", "Märkus"], [NAME, "20 €", "hind al. 01.03.2026"]]
    assert [one.text for one in leftovers(read_bytes(table(rows)))] == ["hind al. 01.03.2026"]
