"""How people ask, on the content that every portal begins with: the right page in the first three.

The questions stand in questions.yaml; nineteen of twenty must lead to their page, and none to
nothing.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from home.models.sections import SEARCHED
from home.reports.search import SearchReport, search_report
from home.visit import visit_from
from portal.base import content_version
from portal.starter.catalogue import load_catalogue
from portal.starter.organisations import load_organisations
from portal.starter.pages import load_pages
from portal.starter.places import load_places
from portal.starter.search import load_synonyms
from tests.plugins.database import kept_for_the_file

QUESTIONS: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("questions.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The starter content, written once for this file and taken back after it."""
    with kept_for_the_file(django_db_blocker):
        load_places()
        load_catalogue()
        load_organisations(timezone.localdate())
        load_pages()
        load_synonyms()
        content_version.move_on()
        yield


@pytest.fixture
def starter(loaded: None, db: None) -> None:
    """The same for one test."""


def ask(question: str) -> SearchReport:
    visit = visit_from(RequestFactory().get("/otsing/"))
    asked = QueryDict(mutable=True)
    asked["q"] = question
    return search_report(visit, asked, SEARCHED)


def first_three(report: SearchReport) -> list[str]:
    return [row.address.strip("/").rpartition("/")[2] for row in report.rows[:3]]


def test_nineteen_of_twenty_questions_find_their_page(starter: None) -> None:
    assert len(QUESTIONS) >= 60
    missed = {
        question: found
        for question, pages in QUESTIONS.items()
        if set(found := first_three(ask(question))).isdisjoint(pages)
    }
    assert len(missed) <= len(QUESTIONS) * 0.05, missed


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("kas te teate kuhu xyzzy pöörduda kui brzz vend kardab bussiga sõita", "valjaspool"),
        ("mul on vaja qwertyuiop psühholoogi aega", "psuhholoogiline"),
        ("zzzzzz kogemusnõustaja yyyyyy wwwwww", "kogemusnoustamine"),
    ],
)
def test_a_word_that_nobody_knows_takes_nothing_away(
    starter: None, question: str, page: str
) -> None:
    found = ask(question)
    assert any(page in address for address in first_three(found))


def test_what_has_only_some_of_the_words_says_so(starter: None) -> None:
    assert ask("kosmoselaeva psühholoog").is_partial
    assert not ask("psühholoog").is_partial


@pytest.mark.parametrize(
    ("typed", "meant", "page"),
    [
        ("kogemusnõustmaine", "kogemusnõustamine", "kogemusnoustamine"),
        ("rataastool", "ratastool", "liikumine-eluruumides"),
        ("psühholog", "psühholoog", "psuhholoogiline-noustamine-ja-psuhhoteraapia"),
    ],
)
def test_a_mistyped_word_is_searched_for_as_it_was_meant_and_that_is_said(
    starter: None, typed: str, meant: str, page: str
) -> None:
    report = ask(typed)
    assert page in first_three(report)
    assert report.suggestion == meant
