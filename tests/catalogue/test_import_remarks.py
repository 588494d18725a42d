"""Words beside a price that make it doubtful what it is for: asked about, never passed over."""

import pytest

from catalogue.importer.plan import LEAVE, YES, State
from catalogue.importer.problems import NO_PRICE, OPEN, REFUSED
from catalogue.importer.remarks import remark_in
from tests.catalogue.price_forms import table
from tests.catalogue.test_import_reading import answers_to, asked, refused, taken, worked_out

NAME = "Õppimise toetamine"


@pytest.mark.parametrize(
    "text",
    [
        *["nädalavahetusel ja pühadel", "kehtib ainult laupäeval ja pühapäeval", "öösel", "45 min"],
        *["hind kogu grupi eest", "hind 45 minuti eest", "ööpäev", "Hind on ühe kuu kohta"],
        "Abi kodus ja väljas, ka paberite ajamisel ja poes. Hind kehtib nädalavahetusel. Kokku "
        "lepitakse eelnevalt tugiisikuga.",
    ],
)
def test_what_may_be_no_price_of_an_hour_of_a_workday(text):
    assert remark_in(["", "muu", text]) == text


@pytest.mark.parametrize(
    "text",
    [
        *["sõidukulu eraldi", "tööpäeviti ja nädalavahetusel", "iga päev, ka nädalavahetusel"],
        *["nädalavahetusel +50 %", "nädalavahetusel 150 €", "v.a öösel", "kuni 8 inimest"],
        *["2 tundi nädalas", "tunni hind arvutada", "hind ühe inimese kohta", "1", "01.01.2026"],
        "Toetus kodus, poes, asjaajamisel, vajadusel nädalavahetusel, kokkuleppel tugiisikuga.",
    ],
)
def test_what_says_nothing_of_the_kind(text):
    assert remark_in([text]) == ""


def test_it_is_asked_together_with_everything_else_and_the_answer_counts():
    rows = [
        ["Teenus", "Hind", "Märkused"],
        [NAME, "35", "nädalavahetusel"],
        ["Muu asi", "20", "nädalavahetusel"],
        ["Rakendus kogukonnas", "15", "sõidukulu eraldi"],
    ]
    made = worked_out(table(rows))
    assert [kind for kind, _about in asked(made)] == ["vat", "component", "remark", "form"]
    given = answers_to(made, vat="exempt", component=LEAVE, form="individual", remark=YES)
    assert len(taken(worked_out(table(rows), answers=given))) == 2
    given |= answers_to(made, remark=LEAVE)
    made = worked_out(table(rows), answers=given)
    assert refused(made) == [(2, "not_meant"), (3, "left_out")]
    assert len(made.of(State.NEW)) == 1


def test_a_column_that_was_set_aside_by_hand_is_not_heard():
    rows = [["Teenus", "Ühik", "Hind"], [NAME, "kord", "35"]]
    told = {0: {0: "component", 1: "ignored", 2: "price"}}
    assert [kind for kind, _about in asked(worked_out(table(rows), columns=told))] == ["vat"]


def test_a_code_is_one_sentence():
    codes = [code for some in (REFUSED, OPEN, NO_PRICE) for code in some]
    assert len(codes) == len(set(codes))
