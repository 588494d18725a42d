"""What the documents say is true: links lead somewhere, names exist, settings are described."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from catalogue.models import component as component_words
from portal.make.stamps import ROOT
from portal.starter.people import PEOPLE

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_of_the_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_names_of_models_in_the_glossary_exist() -> None:
    named = set(re.findall(r"`([A-Z][a-z]+[A-Za-z]*)(?:\.[A-Z]+)?`", _glossary()))
    known = {model.__name__ for model in apps.get_models()}
    known |= {name for name in ("Kind", "Form", "Audience") if hasattr(component_words, name)}
    assert len(named) > 10
    assert named - known == set()


def test_no_estonian_term_of_the_glossary_stands_twice() -> None:
    terms = re.findall(r"^\| ([^|]+?) \| [`–]", _glossary(), re.MULTILINE)
    assert len(terms) == len(set(terms))


def test_settings_from_the_environment_are_described_and_the_described_ones_exist() -> None:
    code = "".join(file.read_text() for file in (ROOT / "portal" / "settings").glob("*.py"))
    read = set(re.findall(r"""env(?:iron\.get)?(?:\.[a-z_]+)?\(\s*"([A-Z][A-Z0-9_]+)\"""", code))
    text = (ROOT / "docs" / "operations.md").read_text()
    described = set(re.findall(r"`([A-Z][A-Z0-9_]{3,})`", text)) - {"DJANGO_SETTINGS_MODULE"}
    assert read - described == set()
    assert described - read == set()


def test_readme_names_everybody_one_can_sign_in_as() -> None:
    text = (ROOT / "README.md").read_text()
    assert set(re.findall(r"[a-z]+@tugivork\.example", text)) == {person.email for person in PEOPLE}


def _glossary() -> str:
    return (ROOT / "docs" / "glossary.md").read_text()
