"""A price that is not for one hour of a workday is refused in words; nothing is converted."""

import pytest

from catalogue.importer.amounts import money_in
from catalogue.importer.cells import Cell
from catalogue.importer.plan import State
from catalogue.importer.units import (
    days_in_heading,
    days_of,
    unit_in_heading,
    unit_of,
    unit_stated,
    unit_within,
)
from catalogue.importer.words import Role, heading_role
from tests.catalogue.price_forms import book, table
from tests.catalogue.test_import_reading import asked, read_bytes, refused, taken, worked_out

NAME = "Õppimise toetamine"


def outcome(rows, columns=None):
    """Of a list exempt from VAT: gross prices taken, and rows refused with their codes."""
    made = worked_out(table(rows), answers={"vat": "exempt"}, columns=columns)
    return [gross for *_rest, gross in taken(made)], refused(made)


HOURS = [
    *("tund", "Tund", "tunnis", "1 tund", "h", "1h", "1,0 h", "60 min", "60 minutit", "t"),
    *("in./tund", "tund/in", "€/tund", "eur/h", "1 tund (60 min)", "/h", "tund*", "inimese tund"),
    *("ühe tunni eest", "hour", "1:00", "час"),
]
OTHERS = [
    *("ööpäev", "kord", "kord (1,5 h)", "45 min", "kuu", "1,5 h", "1.5 h", "2 tundi", "0,5 h"),
    *("akadeemiline tund", "ak. tund", "ak h", "a/t", "pool tundi", "30 min", "€/kuu", "päev"),
    *("seanss", "visiit", "tk", "km", "nädal", "24 h", "tund (45 min)", "kord (60 min)"),
    *("0:45", "õppetund", "120 min", "minut"),
]


@pytest.mark.parametrize("text", HOURS)
def test_an_hour_is_known_in_all_its_spellings(text):
    assert unit_of(text).is_hour


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_hour_is_never_taken_for_one(text):
    unit = unit_of(text)
    assert not unit.is_hour
    assert unit.said


@pytest.mark.parametrize("text", ["", "-", "–", "€", "EUR", "eurot", " "])
def test_a_currency_or_a_dash_is_no_unit(text):
    assert not unit_of(text)


def test_a_bare_number_counts_what_its_heading_says():
    assert unit_of("60", "Kestus (min)").is_hour
    assert unit_of("45", "Kestus (min)").said == "45 min"
    assert unit_of("1", "Kestus tundides (h)").is_hour
    assert unit_of("45", "Kestus").said == "45"
    assert not unit_of("45", "Kestus").is_hour


@pytest.mark.parametrize(
    ("heading", "other"),
    [
        *[("Hind €/tund", None), ("Tunnihind", None), ("Ühe tunni maksumus (€)", None)],
        *[("Hind", ""), ("Hind 2026 (grupis, in kohta) km-ta", ""), ("Hind koos km-ga", "")],
        *[("hind (kord)", "kord"), ("Hind €/kuu", "kuu"), ("Ööpäeva hind", "ööpäeva")],
        *[("Hind 45 min", "45 min"), ("Kuuhind", "kuuhind"), ("Päevahind", "päevahind")],
        *[("Hind (akadeemiline tund)", "akadeemiline tund"), ("Hind tööpäeval", "")],
        *[("Hind 2026. aastal", ""), ("Hind nädalavahetusel", ""), ("Korra hind", "korra")],
        ("Hind 60 min", None),
    ],
)
def test_the_heading_of_a_price_names_its_unit(heading, other):
    unit = unit_in_heading(heading)
    assert unit.is_hour == (other is None)
    assert (unit.said if unit.is_other else "") == (other or "")


@pytest.mark.parametrize(
    ("text", "amount", "problem"),
    [
        *[("20 €/45 min", None, "unit"), ("310 €/kuu", None, "unit"), ("310 € kuus", None, "unit")],
        *[
            ("20 € (45 min)", None, "unit"),
            ("45 min 20 €", None, "unit"),
            ("20/45 min", None, "unit"),
        ],
        *[
            ("1 200,00 €/kuu", None, "unit"),
            ("30 eurot kord", None, "unit"),
            ("5 €/km", None, "unit"),
        ],
        *[("12 eurot tund", "12.00", ""), ("30 €/h", "30.00", ""), ("30 €/60 min", "30.00", "")],
        *[("38,5 €/tund", "38.50", ""), ("tund 40 €", "40.00", ""), ("30 € / 1 h", "30.00", "")],
        *[("30 €/tund inimese kohta", "30.00", ""), ("40 €/ak. tund", None, "unit")],
        *[("−5 €/h", None, "negative"), ("40 € + km", None, "no_amount")],
        *[("40 € tööpäeval", "40.00", ""), ("40 € (E–R)", "40.00", "")],
        *[("40 € tööpäevas", None, "no_amount"), ("40 €/tööpäev", None, "no_amount")],
        *[("20 € iga päev", None, "unit"), ("55 € nädalavahetusel", None, "when")],
    ],
)
def test_the_cell_of_a_price_names_its_unit(text, amount, problem):
    money = money_in(Cell(text))
    assert [str(one) for one in money.amounts] == ([amount] if amount else [])
    assert money.problem == problem


@pytest.mark.parametrize(
    ("text", "role"),
    [
        *[("Ühik", Role.UNIT), ("Arvestusühik", Role.UNIT), ("Mõõtühik", Role.UNIT)],
        *[("Hinna ühik", Role.UNIT), ("Ühik (tund/kord)", Role.UNIT), ("Kestus (min)", Role.UNIT)],
        *[("Ühiku hind", Role.PRICE), ("Hind/ühik", Role.PRICE), ("Kuupäev", None)],
        *[("Mis päeval", Role.WHEN), ("Nädalapäev", Role.WHEN), ("Rida failis", Role.IGNORED)],
        *[("Ei loeta: Hind 2025", Role.IGNORED), ("Hinna kehtivus", Role.FROM)],
    ],
)
def test_headings_of_units_and_days_are_known(text, role):
    assert heading_role(text)[0] == role


@pytest.mark.parametrize("unit", ["tund", "h", "60 min", ""])
def test_a_row_of_an_hour_or_without_a_unit_is_taken(unit):
    assert outcome([["Teenus", "Ühik", "Hind"], [NAME, unit, "20"]]) == (["20.00"], [])


@pytest.mark.parametrize(
    ("unit", "code", "hint"),
    [
        *[("ööpäev", "unit", "ööpäev"), ("kord (1,5 h)", "unit", "kord (1,5 h)")],
        *[("45 min", "unit", "45 min"), ("etapp", "unit_unknown", "etapp")],
    ],
)
def test_a_row_of_another_unit_is_refused_and_says_which(unit, code, hint):
    made = worked_out(
        table([["Teenus", "Ühik", "Hind"], [NAME, unit, "20"]]), answers={"vat": "exempt"}
    )
    (step,) = made.steps
    assert (step.state, step.problem, step.hint) == (State.REFUSED, code, hint)
    # Nothing is asked about a row that is refused anyway.
    assert asked(made) == []


def test_an_empty_unit_is_an_hour_only_where_all_others_are():
    head = ["Teenus", "Ühik", "Hind"]
    hours = [head, [NAME, "tund", "20"], ["Töötamise toetamine", "", "30"]]
    assert outcome(hours) == (["20.00", "30.00"], [])
    mixed = [head, [NAME, "kuu", "20"], ["Töötamise toetamine", "", "30"]]
    assert outcome(mixed) == ([], [(2, "unit"), (3, "unit_empty")])
    said = [head, [NAME, "kuu", "20"], ["Töötamise toetamine", "", "30 €/h"]]
    assert outcome(said) == (["30.00"], [(2, "unit")])


def test_a_merged_unit_holds_for_all_its_rows():
    rows = [
        ["Teenus", "Ühik", "Hind"],
        [NAME, "kord", 20],
        ["Töötamise toetamine", None, 30],
    ]
    made = worked_out(book(rows, merged=["B2:B3"]), answers={"vat": "exempt"})
    assert refused(made) == [(2, "unit"), (3, "unit")]


def test_a_column_of_units_is_known_by_its_cells():
    rows = [["Teenus", "Kuidas", "Hind"], [NAME, "tund", "20"], ["Töötamise toetamine", "kuu", "9"]]
    assert outcome(rows) == (["20.00"], [(3, "unit")])
    assert read_bytes(table(rows)).layouts[0].columns[1].role is Role.UNIT


def test_a_column_of_long_words_is_no_column_of_units():
    words = "Sisaldab eelvestlust ja ühte kohtumist, kord kuus"
    rows = [["Teenus", "Mida sisaldab", "Hind"], [NAME, words, "20"]]
    assert outcome(rows) == (["20.00"], [])


def test_a_first_row_of_prices_is_never_taken_for_a_heading():
    rows = [["Teenus", "Ühik", "Hind"], ["Kogemusnõustamine perele", "tund", ""], [NAME, "h", "20"]]
    assert outcome(rows) == (["20.00"], [])
    rows = [["Teenus", "Ühik", "Hind"], ["Kogemusnõustamine perele", "kuu", "20 €/kuu"]]
    assert outcome(rows) == ([], [(2, "unit")])


def test_prices_beside_each_other_are_of_the_units_above_them():
    beside = [["Teenus", "Hind €/tund", "Hind €/ööpäev"], [NAME, "20", "200"]]
    assert outcome(beside) == (["20.00"], [(2, "unit")])
    below = [["Teenus", "Hind", "Hind"], ["", "tund", "ööpäev"], [NAME, "20", "200"]]
    assert outcome(below) == (["20.00"], [(3, "unit")])
    both = [["Teenus", "Hind €/kuu km-ta", "Kokku"], [NAME, "20", "20"]]
    assert outcome(both) == ([], [(2, "unit")])
    silent = [["Teenus", "Hind (üksi)", "Hind €/kuu (grupis)"], ["Kogemusnõustamine", "20", "9"]]
    assert outcome(silent) == ([], [(2, "unit_empty"), (2, "unit")])


def test_a_unit_beside_the_name_or_above_the_rows_counts_unless_an_hour_is_named():
    assert unit_within("Ajutine hoid (ööpäev)") == "ööpäev"
    assert unit_within("Nõustamine, 45 min") == "45 min"
    assert unit_within("Kogemusnõustamine (individuaalne)") == ""
    assert unit_stated("Hinnad on ühe kuu kohta").said == "kuu"
    assert unit_stated("Hinnad on ühe tunni kohta").is_hour
    assert not unit_stated("Hinnakiri kehtib 3 kuud")
    assert outcome([["Teenus", "Hind"], [f"{NAME} (45 min)", "20"]]) == ([], [(2, "unit")])
    above = [["Hinnad on 45 min kohta", ""], ["Teenus", "Hind"], [NAME, "20"]]
    assert outcome(above) == ([], [(3, "unit")])
    between = [
        ["Teenus", "Hind"],
        ["Hind ühe kuu kohta", ""],
        [NAME, "20"],
        ["Hind ühe tunni kohta", ""],
        ["Töötamise toetamine", "30"],
    ]
    assert outcome(between) == (["30.00"], [(3, "unit")])
    hourly = [["Teenus", "Tunnihind", "Kestus"], [NAME, "20", "45 min"]]
    assert outcome(hourly) == (["20.00"], [])


def test_a_column_can_be_told_to_be_of_units_or_of_days_by_hand():
    rows = [["Teenus", "x", "y", "Hind"], [NAME, "etapp", "tööpäev", "20"]]
    told = {0: {0: "component", 1: "unit", 2: "when", 3: "price"}}
    assert outcome(rows, told) == ([], [(2, "unit_unknown")])
    told[0][1] = "ignored"
    assert outcome(rows, told) == (["20.00"], [])
    kept = [["Teenus", "Ühik", "Hind"], [NAME, "kord", "20"]]
    assert outcome(kept, {0: {0: "component", 1: "ignored", 2: "price"}}) == (["20.00"], [])


def test_a_sum_of_many_hours_is_no_price_of_one():
    rows = [["Teenus", "Tunde", "Summa"], [NAME, "10", "300"], ["Töötamise toetamine", "1", "30"]]
    assert outcome(rows) == (["30.00"], [(2, "unit")])
    beside = [["Teenus", "Tunde", "Tunnihind"], [NAME, "10", "30"]]
    assert outcome(beside) == (["30.00"], [])


# --- Days --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("tööpäev", "tööpäeviti", "E–R", "E-R 8–17", "E–P", "iga päev", "argipäev", "kõik päevad"),
        *("tööpäev ja nädalavahetus", "kõigil päevadel, v.a riigipühad", "esmaspäevast reedeni"),
        *("E", "E, K, R", "8–17", "kell 8.00–16.00", "E–R 8–17, L 10–15", "0–24"),
    ],
)
def test_a_workday_or_every_day_passes(text):
    assert days_of(text).is_workday


@pytest.mark.parametrize(
    "text",
    [
        *("nädalavahetus", "nädalavahetusel", "puhkepäev", "püha", "riigipüha", "öö", "öösel"),
        *("õhtu", "tööpäeva õhtu", "L–P", "laupäev", "L, P", "NV"),
        *("L", "18–22", "22.00–6.00", "tööpäeval kell 19–23"),
    ],
)
def test_weekends_holidays_and_nights_do_not(text):
    assert days_of(text).is_other


@pytest.mark.parametrize("text", ["L. Kask", "K. Tamm", "kevadel", "Tallinn"])
def test_what_is_no_day_is_not_taken_for_one(text):
    days = days_of(text)
    assert days
    assert (days.is_workday, days.is_other) == (False, False)


def test_the_row_of_a_workday_is_taken_and_the_one_of_a_weekend_refused():
    head = ["Teenus", "Mis päeval", "Hind"]
    rows = [head, [NAME, "tööpäev", "20"], [NAME, "nädalavahetus", "30"], [NAME, "kevadel", "30"]]
    assert outcome(rows) == (["20.00"], [(3, "when"), (4, "when_unknown")])
    assert outcome([head, [NAME, "", "20"]]) == (["20.00"], [])


def test_days_are_known_by_the_cells_and_by_the_headings_of_prices():
    rows = [["Teenus", "Aeg", "Hind"], [NAME, "tööpäev", "20"], [NAME, "öö", "30"]]
    assert outcome(rows) == (["20.00"], [(3, "when")])
    beside = [["Teenus", "Hind tööpäeval", "Hind nädalavahetusel"], [NAME, "20", "30"]]
    assert outcome(beside) == (["20.00"], [(2, "when")])
    below = [["Teenus", "Hind", ""], ["", "tööpäev", "nädalavahetus"], [NAME, "20", "30"]]
    assert outcome(below) == (["20.00"], [(3, "when")])


def test_a_component_of_every_day_life_is_none_of_every_day():
    assert days_in_heading("Igapäevaelu toetamine nädalavahetusel").is_other
    assert not days_in_heading("Igapäevaselt, ka nädalavahetusel")


def test_days_beside_the_form_or_in_a_line_above_the_rows_count():
    form = [["Teenus", "Vorm", "Hind"], [NAME, "individuaalne, nädalavahetusel", "20"]]
    assert outcome(form) == ([], [(2, "when")])
    lines = [
        ["Teenus", "Hind"],
        ["Hinnad nädalavahetusel", ""],
        [NAME, "30"],
        ["Hinnad tööpäeviti", ""],
        [NAME, "20"],
    ]
    assert outcome(lines) == (["20.00"], [(3, "when")])
    extra = [["Nädalavahetusel lisandub hinnale 50%", ""], ["Teenus", "Hind"], [NAME, "20"]]
    assert outcome(extra) == (["20.00"], [])


def test_a_price_column_named_after_a_day_is_no_column_of_days():
    rows = [["Teenus", "Päev"], [NAME, "20"]]
    assert read_bytes(table(rows)).layouts[0].columns[1].role is None


# --- No price, and no row ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["ei osuta", "ei paku", "puudub", "ei kohaldata", "–", "ei", "ei osuta seda teenust"]
)
def test_what_is_not_offered_is_no_price_and_no_fault(text):
    made = worked_out(table([["Teenus", "Hind"], [NAME, text]]))
    assert [(step.state, step.problem) for step in made.steps] == [(State.NO_PRICE, "")]


@pytest.mark.parametrize(
    "text",
    ["kokkuleppel", "hind kokkuleppel", "küsi hinda", "Hinnapäring", "vastavalt kokkuleppele"],
)
def test_a_price_that_is_kept_back_is_no_price_and_says_so(text):
    made = worked_out(table([["Teenus", "Hind"], [NAME, text]]))
    assert [(step.state, step.problem, step.hint) for step in made.steps] == [
        (State.NO_PRICE, "on_request", text)
    ]
    beside = [["Teenus", "Hind (üksi)", "Hind (grupis)"], ["Kogemusnõustamine", "20", text]]
    made = worked_out(table(beside), answers={"vat": "exempt"})
    assert [(step.state, step.hint) for step in made.steps] == [
        (State.NEW, ""),
        (State.NO_PRICE, text),
    ]


def test_a_row_of_one_merged_text_or_with_a_mark_of_notes_is_a_note():
    rows = [
        ["Teenus", "Hind km-ta", "KM", "Hind km-ga"],
        ["Hõivatus", None, None, None],
        [NAME, 20, 0, 20],
        ["* hind kehtib tööpäevadel", None, None, None],
        ["Hinnale lisandub sõidukulu", None, None, None],
        ["Märkus: hind on grupis", "", "", ""],
        ["*Töötamise toetamine", 30, 0, 30],
    ]
    data = book(rows, merged=["A2:D2", "A4:D4", "A5:D5"])
    reading = read_bytes(data)
    assert [(one.row, one.why) for one in reading.passed] == [
        (1, "above"),
        (2, "domain"),
        (4, "note"),
        (5, "text"),
        (6, "note"),
    ]
    made = worked_out(data)
    assert [code for code, *_rest in taken(made)] == ["H3", "H2"]
    assert refused(made) == []
