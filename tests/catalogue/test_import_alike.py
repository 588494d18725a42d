"""What an unknown name may mean is found by the words of the language, and shown, never taken."""

import pytest

from catalogue.importer import known as module
from catalogue.importer.known import Known, KnownComponent
from tests.catalogue.price_forms import table
from tests.catalogue.test_import_reading import COMPONENTS, DOMAINS, worked_out

WORDS = {"F3": "füsioteraapia, taastusravi; antakse füsioteraapia alast nõu"}
KNOWN = Known(
    [
        KnownComponent(n, *facts, WORDS.get(facts[0], ""))
        for n, facts in enumerate(COMPONENTS, start=1)
    ],
    DOMAINS,
)


@pytest.mark.parametrize(
    ("said", "domain", "first", "not_among"),
    [
        ("kogemusnõustaja", "vaimne-tervis", "M4", ""),
        ("kogemusnõustaja", "", "M4", ""),
        ("kogemusnõustaja peredele", "", "R3", ""),
        ("huvitegevus ja vaba aeg", "", "V1", "P2"),
        ("ajutine hoid", "", "R4", "P2"),
        ("füsioterapeut", "fuusiline-tervis", "F3", "M4"),
        ("füüsiline aktiivsus", "", "F2", ""),
        ("psühholoogi nõustamine", "", "M3", ""),
        ("Kogemusnoustamine", "", "M4", ""),
        ("Taastumise ja vaimse tervise haigusega", "vaimne-tervis", "M1", ""),
    ],
)
def test_the_likest_component_comes_first(said, domain, first, not_among):
    found = [one.code for one in KNOWN.suggestions(said, domain)]
    assert found[0] == first
    assert not_among not in found


def test_nothing_is_like_what_has_no_word_in_common():
    assert KNOWN.suggestions("kass lammas vihm") == []
    assert KNOWN.suggestions("–") == []


def test_what_people_say_leads_to_what_is_meant():
    from catalogue.importer.alike import words_of

    meant = [(words_of("hooldaja puhkus"), words_of("ajutine hoid"))]

    def of(asked):
        return [one for one in meant if all(any(a & b for b in asked) for a in one[0])]

    known = Known(KNOWN.components, DOMAINS, of)
    assert [one.code for one in known.suggestions("hooldaja puhkus")][:1] == ["R4"]
    assert [one.code for one in KNOWN.suggestions("hooldaja puhkus")][:1] != ["R4"]


def test_names_are_looked_up_once_when_shown_and_at_most_so_many(monkeypatch):
    monkeypatch.setattr(module, "MOST_LOOKED_UP", 2)
    looked_up = []

    class Index:
        def __init__(self, *given):
            pass

        def likest(self, said, domain):
            looked_up.append(said)
            return [1]

    monkeypatch.setattr(module, "Index", Index)
    known = Known(KNOWN.components, DOMAINS)
    for said in ("a b", "a b", "c d", "e f"):
        known.suggestions(said)
    assert looked_up == ["a b", "c d"]


def test_a_plan_looks_for_nothing_that_is_not_shown(monkeypatch):
    monkeypatch.setattr(Known, "suggestions", lambda *given: pytest.fail("nobody asked"))
    made = worked_out(table([["Teenus", "Hind"], ["kass lammas", "20"]]))
    assert [one.kind for one in made.questions] == ["vat", "component"]
