"""Words: what they are forms of, and what they are made of."""

import unicodedata

import pytest

from portal.search import analysis


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("perearsti", "perearst"),
        ("nõustamisele", "nõustamine"),
        ("kogemusnõustamisel", "kogemusnõustamine"),
        ("taastumist", "taastumine"),
        ("koha", "koht"),
        ("puudega", "puue"),
        ("puuetele", "puue"),
        ("tõlgid", "tõlk"),
        ("rühmas", "rühm"),
        ("koju", "kodu"),
        ("teenuseid", "teenus"),
        ("osutajatele", "osutaja"),
        ("rehabilitatsioonile", "rehabilitatsioon"),
        ("Antslasse", "antsla"),
        ("Võrru", "võru"),
        ("Võrumaal", "võrumaa"),
        ("Valka", "valga"),
        ("noustamisele", "nõustamine"),
        ("tookohta", "töökoht"),
        ("перевозки", "перевозка"),
        ("families", "family"),
        ("2026", "2026"),
    ],
)
def test_a_form_leads_to_its_lemma(word: str, lemma: str) -> None:
    assert analysis.lemmas(word.lower())[0] == lemma


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("kogemusnõustamine", ("kogemus", "nõustamine")),
        ("elukohavahetusel", ("elu", "koht", "vahetus")),
        ("perearstile", ("pere", "arst")),
        ("tugiisikuteenus", ("tugi", "isik", "teenus")),
        ("eneseabirühmas", ("ise", "abi", "rühm")),
        ("töökoht", ("töö", "koht")),
    ],
)
def test_a_compound_knows_its_parts(word: str, parts: tuple[str, ...]) -> None:
    assert analysis.parts(word) == parts


@pytest.mark.parametrize(
    "word", ["liikumine", "toetamine", "ajutine", "kontroll", "spetsialist", "inimene", "teenused"]
)
def test_an_ending_is_no_part(word: str) -> None:
    assert analysis.parts(word) == ()


def test_doing_and_doer_meet_in_the_verb() -> None:
    for word in ("nõustamine", "nõustaja", "nõustada"):
        assert "noustama" in analysis.terms(word)


def test_two_neighbours_are_joined_into_the_word_they_may_be() -> None:
    assert analysis.joined("elukoha", "vahetusel") == "elukohavahetus"
    assert analysis.joined("ja", "vahetusel") is None


def test_only_a_space_makes_neighbours() -> None:
    assert [token.follows for token in analysis.tokens("elukoha vahetus, abi")] == [
        False,
        True,
        False,
    ]


def test_composed_and_decomposed_letters_are_the_same_word() -> None:
    apart = unicodedata.normalize("NFD", "nõustamine")
    assert [token.word for token in analysis.tokens(analysis.normal(apart))] == ["nõustamine"]


def test_a_soft_hyphen_does_not_cut_a_word() -> None:
    assert [token.word for token in analysis.tokens(analysis.normal("nõusta\u00admine"))] == [
        "nõustamine"
    ]


def test_folding_takes_the_dots_in_both_alphabets() -> None:
    assert analysis.fold("õöäüšž жильё") == "ooausz жилье"
