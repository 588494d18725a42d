"""The first guides say the words that stand on the screen, and there is one for every role."""

import re

import polib
import pytest

from portal.make.stamps import ROOT

GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


@pytest.fixture(scope="module")
def words() -> set[str]:
    """Every Estonian text of the interface, without its variables."""
    said = set()
    for entry in polib.pofile(str(ROOT / "locale" / "et" / "LC_MESSAGES" / "django.po")):
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            said.add(_plain(text))
    return said


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".:").lower()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_words_in_bold_stand_on_the_screen(guide, words):
    told = {_plain(word) for word in BOLD.findall(guide.read_text())}
    assert told - words - {"rasvases kirjas", "oma nimi", "sisselogimine"} == set()


def test_every_guide_is_on_the_first_page_and_fits_on_one():
    first = (ROOT / "docs" / "guides" / "README.md").read_text()
    for guide in GUIDES:
        if guide.name != "README.md":
            assert f"({guide.name})" in first
        assert len(guide.read_text().splitlines()) <= 60
    assert len(GUIDES) == 9
