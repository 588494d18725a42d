"""Price forms in their own layouts: what is certain is read, the rest is asked, nothing is lost."""

import datetime as dt
from decimal import Decimal

import pytest

from catalogue.importer.amounts import day_in, money_in, span_in
from catalogue.importer.cells import Cell, from_json, letter, to_json
from catalogue.importer.files import open_file
from catalogue.importer.known import Known, KnownComponent, Slot, Stored, Target
from catalogue.importer.layout import judge
from catalogue.importer.plan import LEAVE, State, plan
from catalogue.importer.reading import read
from catalogue.importer.vat import rate_in_heading, vat_in
from catalogue.importer.words import Role, forms_in, heading_role, loose
from catalogue.models.component import Form
from tests.catalogue.price_forms import book, kept, table

DAY = dt.date(2027, 1, 1)
IND, FAM, GRP = Form.INDIVIDUAL, Form.FAMILY, Form.GROUP
ALONE, BOTH = (IND,), (IND, GRP)
COMPONENTS = [
    ("B1", "Teenuse planeerimine", "", ALONE),
    ("B2", "Tegevusplaani elluviimise tagamine", "", ALONE),
    ("P2", "Riski- ja probleemse käitumise juhtimine", "personaalne-toetus", ALONE),
    ("I1", "Igapäevaelu toetamine", "igapaevaelu", ALONE),
    (
        "H1",
        "Töösarnase või rakendustegevuse toetamine spetsiaalselt kohandatud keskkonnas",
        "hoivatus",
        BOTH,
    ),
    ("H2", "Töötamise toetamine", "hoivatus", ALONE),
    ("H3", "Õppimise toetamine", "hoivatus", ALONE),
    ("H4", "Rakendus kogukonnas", "hoivatus", BOTH),
    ("E1", "Toetus elukoha vahetusel", "eluase", ALONE),
    ("V1", "Vaba aja ja huvitegevuse toetamine", "vaba-aeg", BOTH),
    ("S1", "Sotsiaalsete suhete toetamine", "sotsiaalsed-suhted", BOTH),
    ("M1", "Taastumise ja vaimse tervise haigusega toimetuleku toetamine", "vaimne-tervis", BOTH),
    ("M2", "Vaimse ja motoorse võimekuse arendamine ja säilitamine", "vaimne-tervis", BOTH),
    ("M3", "Psühholoogiline nõustamine ja psühhoteraapia", "vaimne-tervis", BOTH),
    ("M4", "Kogemusnõustamine", "vaimne-tervis", BOTH),
    ("F2", "Füüsilise aktiivsuse toetamine", "fuusiline-tervis", BOTH),
    ("F3", "Teraapiad füüsilise tervise toetamiseks", "fuusiline-tervis", BOTH),
    ("R3", "Kogemusnõustamine perele", "pere", (IND, FAM, GRP)),
    ("R4", "Ajutise hoiu teenus", "pere", (IND, FAM, GRP)),
]
DOMAINS = {
    "personaalne-toetus": ("Personaalne toetus",),
    "igapaevaelu": ("Igapäevaeluga toimetulek",),
    "hoivatus": ("Hõivatus", "Занятость"),
    "eluase": ("Eluase",),
    "vaba-aeg": ("Vaba aeg ja huvitegevus",),
    "sotsiaalsed-suhted": ("Sotsiaalsed suhted",),
    "vaimne-tervis": ("Vaimne tervis",),
    "fuusiline-tervis": ("Füüsiline tervis",),
    "pere": ("Pere toetamine",),
}
KNOWN = Known(
    [KnownComponent(n, *facts) for n, facts in enumerate(COMPONENTS, start=1)],
    DOMAINS,
)
PK = {one.code: str(one.pk) for one in KNOWN.components}
NOWHERE = Target(lambda component: [Slot("voor", "2027–2028")])


def read_bytes(data, columns=None):
    return read(open_file(data, judge), KNOWN.domain_names, columns, KNOWN.names)


def worked_out(data, *, answers=None, target=NOWHERE, columns=None):
    reading = read_bytes(data, columns)
    return plan(reading, KNOWN, target, answers=answers or {}, valid_from=DAY, today=DAY)


def taken(made, *states):
    """What would be set: code, form, net, rate, gross as text."""
    return [
        (
            one.aim.component.code,
            one.aim.form.value,
            str(one.aim.net),
            "" if one.aim.vat_rate is None else f"{one.aim.vat_rate.normalize():f}",
            str(one.aim.gross),
        )
        for one in made.of(*(states or (State.NEW, State.CHANGED)))
    ]


def refused(made):
    return [(one.line.row, one.problem) for one in made.of(State.REFUSED)]


def asked(made):
    return [(one.kind, one.about) for one in made.questions]


def answers_to(made, **by_kind):
    """The same answer to every question of a kind."""
    return {one.name: by_kind[one.kind] for one in made.questions if one.kind in by_kind}


# --- Cells -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        *[("65", "65.00"), ("65,00", "65.00"), ("65.00 €", "65.00"), ("€ 65,5", "65.50")],
        *[
            ("40 eur/h", "40.00"),
            ("40 eurot", "40.00"),
            ("40.-", "40.00"),
            ("38,5 €/tund", "38.50"),
        ],
        *[("65,00¹", "65.00"), ("65,00*", "65.00"), ("65,00 1)", "65.00"), ("\u00a065 €", "65.00")],
        *[("1 000,00", "1000.00"), ("1.000,00 €", "1000.00"), ("1,000.00", "1000.00")],
        *[("40.", "40.00"), ("40,00 €.", "40.00")],
    ],
)
def test_an_amount_is_read_however_it_is_written(text, amount):
    assert money_in(Cell(text)).amounts == (Decimal(amount),)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        *[
            ("-5", "negative"),
            ("−5,00 €", "negative"),
            ("30,005", "decimals"),
            ("1.234", "decimals"),
        ],
        *[
            ("27-50", "from_to"),
            ("27 – 50 €", "from_to"),
            ("al 40", "from_to"),
            ("kuni 40 €", "from_to"),
        ],
        *[("tasuta", "free"), ("nelikümmend", "no_amount"), ("40 või 50", "no_amount")],
        *[("1 015,50", "too_dear"), ("12.03.2026", "no_amount"), ("40 inimest", "no_amount")],
    ],
)
def test_what_is_no_price_says_why(text, problem):
    assert money_in(Cell(text)).problem == problem


@pytest.mark.parametrize(
    "text",
    [
        *["ei hinnastata", "Ei ole rakendatav", "-", "–", "hind kokku leppimata", "kokkuleppel"],
        *["EI PAKUTA", "puudub", "ei kohaldata¹", "n/a"],
    ],
)
def test_no_price_is_told_in_many_words(text):
    money = money_in(Cell(text))
    assert money.says_none
    assert not money


def test_an_empty_cell_says_nothing_and_several_amounts_say_all():
    assert not money_in(Cell()).says_none
    assert money_in(Cell("40 / 15")).amounts == (Decimal("40.00"), Decimal("15.00"))


@pytest.mark.parametrize(
    ("text", "value", "is_exempt"),
    [
        *[("24%", "24", False), ("24", "24", False), ("22,0 %", "22.0", False), ("0", "0", False)],
        *[("käibemaksuvaba", None, True), ("ei lisandu", None, True), ("-", None, True)],
        ("ei ole rakendatav", None, True),
    ],
)
def test_vat_is_read(text, value, is_exempt):
    vat = vat_in(Cell(text))
    assert (vat.value, vat.is_exempt) == (Decimal(value) if value else None, is_exempt)


def test_vat_in_words_that_nobody_knows_is_a_problem():
    assert vat_in(Cell("vastavalt seadusele")).problem == "vat_unknown"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *[("01.01.2025", dt.date(2025, 1, 1)), ("1.1.2025 a.", dt.date(2025, 1, 1))],
        *[("2025-01-01", dt.date(2025, 1, 1)), ("31.02.2025", None), ("jaanuar", None)],
    ],
)
def test_a_day_is_read(text, day):
    assert day_in(text) == day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("01.01.2026", dt.date(2026, 1, 1), None),
        ("alates 1.3.2026", dt.date(2026, 3, 1), None),
        ("01.01.2026–31.12.2026", dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
        ("1.3. - 31.12.2026", dt.date(2026, 3, 1), dt.date(2026, 12, 31)),
        ("01.03.2026 kuni 01.06.2027", dt.date(2026, 3, 1), dt.date(2027, 6, 1)),
        ("kuni 31.12.2026", None, dt.date(2026, 12, 31)),
        ("2026. aasta", dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    ],
)
def test_a_span_of_days_is_read(text, first, last):
    span = span_in(text)
    assert (span.first, span.last) == (first, last)


@pytest.mark.parametrize(
    "text", ["tähtajatu", "31.12.2026–01.01.2026", "jaanuar–märts", "kuni otsuseni", ""]
)
def test_what_is_no_span_of_days(text):
    assert span_in(text) is None


@pytest.mark.parametrize(
    ("heading", "rate"),
    [
        *[("Hind km-ga 24 %", "24"), ("Hind (sh käibemaks 9%)", "9"), ("Hind + km 22%", "22")],
        *[("Hind 24 %", None), ("Hind km 9% / 24%", None), ("Hind km-ga", None)],
        ("Hind km-ga, tõus 7 %", None),
    ],
)
def test_the_heading_of_a_price_names_its_vat(heading, rate):
    assert rate_in_heading(heading) == (Decimal(rate) if rate else None)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        *[("Teenuskomponent", Role.COMPONENT), ("TEENUSE NIMETUS", Role.COMPONENT)],
        *[("Eluvaldkond", Role.DOMAIN), ("Komponendi kood", Role.CODE), ("Töö maht", Role.FORM)],
        *[("Hind", Role.PRICE), ("Ühe tunni maksumus (€)", Role.PRICE), ("Tunnihind", Role.PRICE)],
        *[("Hind koos KM-ga", Role.GROSS), ("Hind km-ta, eurot", Role.NET), ("Neto", Role.NET)],
        *[("Hind (ilma käibemaksuta)", Role.NET), ("Maksumus sh km", Role.GROSS)],
        *[("KM", Role.VAT), ("Käibemaksu määr, %", Role.VAT), ("Kehtib alates", Role.FROM)],
        *[("Märkused", Role.IGNORED), ("Abivajaduse hindamine", None), ("Tellija", None)],
        *[("Hind koos või ilma km-ga ja km-ta", None), ("price_gross", Role.GROSS)],
        *[("Цена с НДС", Role.GROSS), ("Компонент услуги", Role.COMPONENT)],
    ],
)
def test_headings_are_known_by_their_words(text, role):
    assert heading_role(text)[0] == role


def test_a_misspelt_heading_is_taken_for_one_that_is_alike_and_says_so():
    assert heading_role("Teenuskomponnent") == (Role.COMPONENT, "teenuskomponent")
    assert heading_role("Teenuskomponent") == (Role.COMPONENT, "")


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        *[("individuaalne tegevus", (IND,)), ("Grupis", (GRP,)), ("rühmatöö", (GRP,))],
        *[("individuaalne ja grupitegevus", BOTH), ("pereliikmega", (FAM,)), ("distants", ())],
        *[("mitte grupis", ()), ("osalejaga", (IND,)), ("üksi", (IND,)), ("", ())],
    ],
)
def test_forms_are_known_by_their_stems(text, forms):
    assert forms_in(text) == forms


def test_names_are_compared_without_numbers_footnotes_and_cut_words():
    same = {
        loose(text)
        for text in ("Kogemusnõustamine", "4. kogemusnõustamine¹", "Kogemus-\nnõustamine *")
    }
    assert len(same) == 1
    assert loose("Riski- ja probleemse käitumise juhtimine") != loose("Riskijuhtimine")


def test_columns_are_called_as_in_a_spreadsheet():
    assert [letter(n) for n in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_cells_come_back_from_being_kept_as_they_were():
    sheets = open_file(kept("kolm_maara.xlsx"), judge)
    again = from_json(to_json(sheets))
    assert [(one.name, one.rows) for one in again] == [(one.name, one.rows) for one in sheets]


# --- Whole forms -------------------------------------------------------------------------------


def test_a_list_with_three_rates_merged_domains_and_footnotes_asks_only_for_the_vat():
    made = worked_out(kept("kolm_maara.xlsx"))
    assert asked(made) == [("vat", "")]
    made = worked_out(kept("kolm_maara.xlsx"), answers={"vat": "exempt"})
    assert taken(made) == [
        ("B1", "individual", "55.00", "", "55.00"),
        ("B2", "individual", "55.00", "", "55.00"),
        ("M4", "individual", "45.50", "", "45.50"),
        ("M4", "group", "22.50", "", "22.50"),
        ("M3", "individual", "55.00", "", "55.00"),
        ("M3", "group", "30.00", "", "30.00"),
        ("H2", "individual", "40.00", "", "40.00"),
        ("H4", "individual", "40.00", "", "40.00"),
        ("H4", "group", "20.00", "", "20.00"),
    ]
    assert refused(made) == []


def test_a_price_with_vat_is_parted_by_the_rate_that_was_answered():
    made = worked_out(kept("kolm_maara.xlsx"), answers={"vat": "24"})
    assert ("B1", "individual", "44.35", "24", "55.00") in taken(made)


def test_titles_footnotes_and_sums_are_shown_and_not_lost():
    reading = read_bytes(kept("kolm_maara.xlsx"))
    passed = {one.row: one.why for one in reading.passed}
    assert passed == {
        1: "above", 2: "above", 4: "above", 5: "above", 12: "sum", 14: "note", 15: "note"
    }  # fmt: skip
    read_rows = {line.row for line in reading.lines}
    written = {n for n, row in reading.sheets[0].numbered() if any(row)}
    assert read_rows | set(passed) == written


def test_baltic_windows_with_cut_words_and_domains_named_once():
    made = worked_out(kept("baltic_windows.csv"))
    assert taken(made) == [
        ("P2", "individual", "35.00", "", "35.00"),
        ("M4", "individual", "35.00", "", "35.00"),
        ("M4", "group", "35.00", "", "35.00"),
        ("F2", "individual", "32.50", "24", "40.30"),
    ]
    assert refused(made) == [(7, "too_dear"), (11, "decimals")]
    # A cut name is asked about, with the likely one on top; a row without a price asks nothing.
    assert asked(made) == [("component", "Vaimne tervis · Taastumise ja vaimse tervise haigusega")]
    assert made.questions[0].suggested[0][0] == PK["M1"]
    assert [one.line.row for one in made.of(State.NO_PRICE)] == [10]


def test_an_answer_makes_the_row_clear_and_leaving_out_refuses_it():
    data = kept("baltic_windows.csv")
    made = worked_out(data)
    made_clear = worked_out(data, answers=answers_to(made, component=PK["M1"]))
    assert ("M1", "individual", "40.00", "", "40.00") in taken(made_clear)
    left_out = worked_out(data, answers=answers_to(made, component="leave"))
    assert (8, "left_out") in refused(left_out)


def test_a_row_with_two_prices_or_unknown_forms_is_asked_about():
    data = kept("uks_rida_kaks_vormi.csv")
    made = worked_out(data)
    assert taken(made) == []
    assert asked(made) == [
        ("vat", ""),
        ("component", "Pereteraapia"),
        ("form", "individuaalne/grupp (1)"),
        ("form", "individuaalne/grupp (2)"),
        ("form", "vajadusel ka kaugteenusena"),
    ]
    assert refused(made) == [(7, "from_to"), (8, "negative")]
    answers = answers_to(made, vat="exempt", component="leave") | {
        made.questions[2].name: "individual",
        made.questions[3].name: "group",
        made.questions[4].name: "all",
    }
    assert taken(worked_out(data, answers=answers)) == [
        ("M4", "individual", "40.00", "", "40.00"),
        ("M4", "group", "15.00", "", "15.00"),
        ("S1", "individual", "25.00", "", "25.00"),
        ("S1", "group", "25.00", "", "25.00"),
        ("V1", "individual", "25.00", "", "25.00"),
        ("V1", "group", "25.00", "", "25.00"),
        ("H2", "individual", "38.00", "", "38.00"),
    ]


def test_domains_as_rows_and_a_second_table_below_with_other_headings():
    made = worked_out(kept("valdkond_reana.csv"), answers={"vat": "24"})
    assert taken(made) == [
        ("H1", "individual", "30.00", "24", "37.20"),
        ("H1", "group", "12.00", "24", "14.88"),
        ("H3", "individual", "30.00", "24", "37.20"),
        ("R3", "individual", "35.00", "24", "43.40"),
        ("R3", "group", "18.00", "24", "22.32"),
        ("E1", "individual", "30.00", "24", "37.20"),
    ]
    reading = read_bytes(kept("valdkond_reana.csv"))
    assert reading.layouts[0].columns[0].alike == "teenuskomponent"


def test_several_sheets_with_codes_vat_as_a_share_and_a_formula():
    made = worked_out(kept("mitu_lehte.xlsx"))
    assert taken(made) == [
        ("M4", "individual", "35.00", "24", "43.40"),
        ("S1", "individual", "20.00", "24", "24.80"),
        ("S1", "group", "20.00", "24", "24.80"),
    ]
    assert refused(made) == [(3, "formula"), (6, "not_in_form"), (7, "sum")]


def test_a_list_without_headings_is_read_once_the_columns_are_told():
    data = kept("ilma_paiseta.csv")
    assert not read_bytes(data).has_table
    assert worked_out(data).steps == []
    told = {0: {0: "component", 1: "gross:individual"}}
    made = worked_out(data, answers={"vat": "exempt"}, columns=told)
    assert taken(made) == [
        ("M4", "individual", "45.00", "", "45.00"),
        ("H2", "individual", "40.00", "", "40.00"),
        ("H3", "individual", "40.00", "", "40.00"),
    ]


HEAD = ["Teenuskomponent", "Vorm", "Hind km-ta", "KM", "Hind km-ga"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1257"])
def test_separator_and_letters_of_a_csv_are_found_out(delimiter, encoding):
    rows = [HEAD, ["Õppimise toetamine", "individuaalne", "30,00", "24%", "37,20"]]
    made = worked_out(table(rows, delimiter=delimiter, encoding=encoding))
    assert taken(made) == [("H3", "individual", "30.00", "24", "37.20")]


def test_vat_in_euros_is_told_from_vat_in_per_cent_by_the_sum():
    rows = [HEAD, ["Õppimise toetamine", "", "30,00", "7,20", "37,20"]]
    assert taken(worked_out(table(rows))) == [("H3", "individual", "30.00", "24", "37.20")]
    wrong = [HEAD, ["Õppimise toetamine", "", "30,00", "7,20", "38,20"]]
    assert refused(worked_out(table(wrong))) == [(2, "sum")]


@pytest.mark.parametrize(
    ("heading", "vat"), [("KM", "8,40"), ("KM", "8,4 €"), ("Käibemaks €", "8,4"), ("KM", "24%")]
)
def test_vat_in_euros_beside_one_amount_is_never_taken_for_a_rate(heading, vat):
    rows = [["Teenus", "Hind km-ta", heading], ["Õppimise toetamine", "35,00", vat]]
    assert [one[2:] for one in taken(worked_out(table(rows)))[:1]] == [("35.00", "24", "43.40")]
    rows = [["Teenus", "Hind", "KM"], ["Õppimise toetamine", "35,00", "8,40"]]
    assert refused(worked_out(table(rows))) == [(2, "vat_unknown")]


def test_a_rate_in_the_heading_of_the_price_asks_for_no_vat():
    rows = [["Teenus", "Vorm", "Hind km-ga 24 %"], ["Õppimise toetamine", "individuaalne", "37,20"]]
    made = worked_out(table(rows))
    assert (asked(made), taken(made)) == ([], [("H3", "individual", "30.00", "24", "37.20")])


def test_where_both_amounts_are_one_the_rate_of_the_heading_does_not_count():
    rows = [["Teenus", "Hind km-ta", "Hind km-ga (24 %)"], ["Õppimise toetamine", "14", "14"]]
    assert taken(worked_out(table(rows))) == [("H3", "individual", "14.00", "", "14.00")]


def test_a_price_without_vat_alone_is_not_taken_to_have_that_of_another_column():
    rows = [["Teenus", "Hind km-ta", "Hind km-ga (24 %)"], ["Õppimise toetamine", "14", ""]]
    assert asked(worked_out(table(rows))) == [("vat", "")]


def test_taxes_and_days_are_known_under_other_headings():
    rows = [
        ["Teenus", "Eur tunnis (maksuta)", "Maks %", "Eur tunnis (maksuga)", "Hinna algus"],
        ["Õppimise toetamine", "30", "24", "37,20", "1. jaan 2027"],
    ]
    (step,) = worked_out(table(rows)).of(State.NEW)
    assert (step.aim.net, step.aim.gross) == (Decimal("30.00"), Decimal("37.20"))
    assert step.aim.valid_from == dt.date(2027, 1, 1)
    rows = [["Teenus", "Hind", "Hinna aeg"], ["Õppimise toetamine", "30", "01.02.2026"]]
    roles = [column.role for column in read_bytes(table(rows)).layouts[0].columns]
    assert roles == [Role.COMPONENT, Role.PRICE, Role.FROM]


def test_a_column_of_names_is_known_by_its_cells():
    rows = [
        ["Mida", "Kuidas", "Hind", "KM"],
        ["Õppimise toetamine", "üksi", "30", "vaba"],
        ["Muu asi", "üksi", "30", "vaba"],
        ["Rakendus kogukonnas", "rühmas", "15", "vaba"],
    ]
    made = worked_out(table(rows))
    assert len(taken(made)) == 2
    assert asked(made) == [("component", "Muu asi")]


def test_a_form_that_nobody_knows_is_asked_about_also_where_there_is_only_one():
    rows = [["Teenus", "Vorm", "Hind", "KM"], ["Õppimise toetamine", "veebis", "30", "vaba"]]
    assert asked(worked_out(table(rows))) == [("form", "veebis")]


def test_what_is_no_amount_stands_in_the_reason():
    rows = [["Teenus", "Hind"], ["Õppimise toetamine", "1O,90"]]
    (step,) = worked_out(table(rows)).of(State.REFUSED)
    assert (step.problem, step.hint) == ("no_amount", "1O,90")


def test_of_a_name_that_is_left_out_nothing_more_is_asked():
    rows = [["Teenus", "Hind", "Märkus"], ["Muu asi", "30", "öösel"]]
    made = worked_out(table(rows))
    assert [kind for kind, _about in asked(made)] == ["vat", "component", "remark"]
    left = worked_out(table(rows), answers=answers_to(made, component=LEAVE))
    assert [kind for kind, _about in asked(left)] == ["component"]


def test_a_column_of_forms_is_known_by_its_cells():
    rows = [
        ["Teenus", "Kuidas tehakse", "Hind", "KM"],
        ["Rakendus kogukonnas", "üksi", "35", "vaba"],
        ["Rakendus kogukonnas", "rühmas", "15", "vaba"],
    ]
    made = worked_out(table(rows))
    assert asked(made) == []
    assert [one[1] for one in taken(made)] == ["individual", "group"]


def test_a_heading_that_is_only_alike_is_no_column_of_forms_without_forms():
    rows = [["Teenuse liik", "Teenus", "Hind"], ["Füsioteraapia", "Õppimise toetamine", "35"]]
    assert [column.role for column in read_bytes(table(rows)).layouts[0].columns][0] is None


def test_days_and_amounts_under_headings_of_two_rows():
    rows = [
        ["Teenuse rühm", "Teenus", "Tunnihind, eurot", "", "Kehtib", "", "Märkused"],
        ["", "", "ilma km-ta", "koos km-ga (24%)", "alates", "kuni", ""],
        ["Nõu", "Õppimise toetamine", "30", "37,20", "01.01.2026", "31.12.2090", ""],
    ]
    made = worked_out(table(rows))
    assert (asked(made), taken(made)) == ([], [("H3", "individual", "30.00", "24", "37.20")])
    (step,) = made.of(State.NEW)
    assert (step.line.valid_from, step.line.valid_to.year) == (dt.date(2026, 1, 1), 2090)


def test_a_span_of_days_is_no_day_of_the_week():
    rows = [["Mis ajal", "Teenus", "Vorm", "Hind", "KM"]]
    rows += [["01.01.2026-31.12.2090", "Õppimise toetamine", "üks inimene", "30", "vaba"]]
    for heading in ("Mis ajal", "Periood"):
        rows[0][0] = heading
        (step,) = worked_out(table(rows)).of(State.NEW)
        assert step.aim.valid_from == dt.date(2026, 1, 1)


def test_two_prices_in_one_row_lead_to_the_columns():
    rows = [["Teenus", "Hind", "Hind"], ["Õppimise toetamine", "30", "37,20"]]
    made = worked_out(table(rows), answers={"vat": "exempt"})
    assert refused(made) == [(2, "twice_here"), (2, "twice_here")]


def test_a_price_that_the_file_ends_before_it_begins_is_refused():
    head = ["Teenus", "Vorm", "Hind", "KM", "Kehtib kuni"]
    row = ["Õppimise toetamine", "individuaalne", "35", "vaba"]
    over = worked_out(table([head, [*row, "31.12.2024"]]))
    assert refused(over) == [(2, "ended")]
    assert len(taken(worked_out(table([head, [*row, "31.12.2090"]])))) == 1
    rows = [[*head[:4], "Kehtivus"], [*row, "01.02.2026–31.12.2090"]]
    (step,) = worked_out(table(rows)).of(State.NEW)
    assert step.aim.valid_from == dt.date(2026, 2, 1)
    unknown = [[*head[:4], "Kehtivus"], [*row, "tähtajatu"]]
    assert len(taken(worked_out(table(unknown)))) == 1


def test_two_prices_for_the_same_day_refuse_each_other_and_the_same_twice_is_one():
    rows = [
        HEAD,
        ["Õppimise toetamine", "", "30", "0", "30"],
        ["Õppimise toetamine", "", "31", "0", "31"],
        ["Töötamise toetamine", "", "40", "0", "40"],
        ["Töötamise toetamine", "", "40", "0", "40"],
    ]
    made = worked_out(table(rows))
    assert refused(made) == [(2, "twice"), (3, "twice")]
    assert made.of(State.REFUSED)[0].hint == "3"
    assert taken(made) == [("H2", "individual", "40.00", "", "40.00")]


def test_an_unknown_domain_is_asked_about_only_where_it_tells_components_apart():
    head = ["Valdkond", "Komponent", "Hind", "KM", "Kokku"]
    clear = [head, ["Kodu", "Toetus elukoha vahetusel", "30", "0", "30"]]
    made = worked_out(table(clear))
    assert asked(made) == []
    assert [code for code, *_rest in taken(made)] == ["E1"]
    twins = Known(
        [
            KnownComponent(1, "E1", "Nõustamine", "eluase", ALONE),
            KnownComponent(2, "H1", "Nõustamine", "hoivatus", ALONE),
        ],
        DOMAINS,
    )
    rows = [head, ["Kodu", "Nõustamine", "30", "0", "30"], ["", "Nõustamine", "30", "0", "30"]]
    reading = read_bytes(table(rows))
    made = plan(reading, twins, NOWHERE, answers={}, valid_from=DAY, today=DAY)
    assert asked(made) == [("domain", "Kodu")]
    answers = answers_to(made, domain="eluase")
    made = plan(reading, twins, NOWHERE, answers=answers, valid_from=DAY, today=DAY)
    assert [step.aim.component.code for step in made.of(State.NEW)] == ["E1"]
    made = plan(
        reading, twins, NOWHERE, answers=answers_to(made, domain="any"), valid_from=DAY, today=DAY
    )
    assert [kind for kind, _about in asked(made)] == ["domain", "component"]


def test_a_name_under_another_domain_or_code_than_in_the_catalogue_is_asked_about():
    rows = [
        ["Kood", "Valdkond", "Komponent", "Hind", "KM", "Kokku"],
        ["", "Hõivatus", "Kogemusnõustamine", "30", "0", "30"],
        ["H2", "", "Õppimise toetamine", "30", "0", "30"],
    ]
    made = worked_out(table(rows))
    assert [one.problem for one in made.of(State.OPEN)] == ["contradiction", "contradiction"]
    assert taken(made) == []


def test_a_price_below_a_name_is_asked_about_unless_the_cells_are_merged():
    rows = [HEAD, ["Kogemusnõustamine", "üksi", 30, 0, 30], [None, "grupis", 15, 0, 15]]
    made = worked_out(book(rows))
    assert asked(made) == [("component", "↑ Kogemusnõustamine")]
    assert taken(worked_out(book(rows, merged=["A2:A3"]))) == [
        ("M4", "individual", "30.00", "", "30.00"),
        ("M4", "group", "15.00", "", "15.00"),
    ]


def test_what_stands_already_stays_and_what_differs_says_from_what():
    stored = Stored(Decimal("30.00"), None, Decimal("30.00"), dt.date(2026, 1, 1))
    target = Target(
        lambda component: [Slot("voor", "")],
        {
            ("voor", int(PK["H3"]), "individual"): [stored],
            ("voor", int(PK["H2"]), "individual"): [stored],
        },
    )
    rows = [
        HEAD,
        ["Õppimise toetamine", "", "30", "0", "30"],
        ["Töötamise toetamine", "", "40", "0", "40"],
        ["Rakendus kogukonnas", "grupis", "20", "0", "20"],
    ]
    made = worked_out(table(rows), target=target)
    assert [one.state for one in made.steps] == [State.SAME, State.CHANGED, State.NEW]
    assert made.steps[1].before == stored
    other = worked_out(table(rows), target=NOWHERE)
    assert made.sign != other.sign


def test_a_price_of_the_very_same_day_is_replaced_only_when_somebody_says_that_it_was_wrong():
    stored = Stored(Decimal("30.00"), None, Decimal("30.00"), DAY)
    target = Target(
        lambda component: [Slot("voor", "")],
        {("voor", int(PK["H3"]), "individual"): [stored]},
    )
    rows = [HEAD, ["Õppimise toetamine", "", "31", "0", "31"]]
    made = worked_out(table(rows), target=target)
    assert asked(made) == [("clash", "")]
    yes = worked_out(table(rows), target=target, answers={"clash": "yes"})
    assert yes.of(State.CHANGED)[0].aim.corrects
    no = worked_out(table(rows), target=target, answers={"clash": "leave"})
    assert refused(no) == [(2, "left_out")]


def test_a_thousand_rows_of_rubbish_are_refused_each_for_itself():
    rows = [HEAD] + [[f"Mis iganes {n}", "kuidagi", "palju", "?", "−1"] for n in range(1000)]
    made = worked_out(table(rows))
    assert len(made.of(State.REFUSED)) == 1000
    assert taken(made) == []


def test_answers_that_are_no_answers_leave_the_row_open():
    data = kept("baltic_windows.csv")
    made = worked_out(data)
    for nonsense in ("999999", "²", "<script>", "H1"):
        again = worked_out(data, answers=answers_to(made, component=nonsense))
        assert len(again.of(State.OPEN)) == 1
