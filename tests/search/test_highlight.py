"""What is marked in a result, as pairs and never as markup."""

import pytest

from portal.search.highlight import excerpt, highlight

# The synonyms stand in the database.
pytestmark = pytest.mark.django_db

TEXT = "Toetus elukoha vahetusel: uue kodu leidmine, kogemusnõustajad ja perearstid."


def marked(text: str, query: str) -> list[str]:
    return [fragment for fragment, is_hit in highlight(text, query) if is_hit]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("vahetus", ["vahetusel"]),
        ("elukohavahetus", ["elukoha vahetusel"]),
        ("elukoha vahetus", ["elukoha vahetusel"]),
        ("kogemusnõustaja", ["kogemusnõustajad"]),
        ("noustamine", ["kogemusnõustajad"]),
        ("leida", ["leidmine"]),
        ("arsti", ["perearstid"]),
        ("pereар", []),
        ("kogemusn", ["kogemusnõustajad"]),
        ("ja", ["ja"]),
        ("uus ja", ["uue"]),
        ("", []),
        ('"*\0🙂', []),
    ],
)
def test_inflected_forms_and_compounds_are_marked(query: str, hits: list[str]) -> None:
    assert marked(TEXT, query) == hits


@pytest.mark.parametrize("query", ["vahetus", "elukoha vahetus", "", "perearst kodu", "🙂"])
def test_the_pieces_together_are_the_text(query: str) -> None:
    assert "".join(fragment for fragment, _is_hit in highlight(TEXT, query)) == TEXT


def test_markup_in_a_text_stays_text() -> None:
    pieces = highlight("<b>kodu</b> & kodu", "kodu")
    assert pieces == [("<b>", False), ("kodu", True), ("</b> & ", False), ("kodu", True)]


def test_an_empty_text_is_one_empty_piece() -> None:
    assert highlight("", "kodu") == [("", False)]


def test_an_excerpt_stands_around_the_first_hit() -> None:
    long = (
        "Esimene lause räägib muust. " * 20 + "Siin aga leidub perearstile koht. " + "Lõpp. " * 40
    )
    pieces = excerpt(long, "perearst", length=120)
    text = "".join(fragment for fragment, _is_hit in pieces)
    assert ("perearstile", True) in pieces
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert len(text) <= 124


def test_a_short_text_is_its_own_excerpt() -> None:
    assert "".join(fragment for fragment, _is_hit in excerpt(TEXT, "kodu")) == TEXT
