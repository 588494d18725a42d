"""The public search: what may be seen, of which kinds, at what cost, and what is kept of it."""

import datetime as dt

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from home import questions
from home.models import UnansweredQuestion
from portal.base import content_version
from tests.home.factories import SmallSite
from tests.network.factories import OfferFactory, OrganisationFactory

DAY = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _nothing_waits():
    questions._waiting.clear()
    yield
    questions._waiting.clear()


def text_of(client: Client, query: str, **more: str) -> str:
    return client.get("/otsing/", {"q": query, **more}).content.decode()


def suggestions(client: Client, query: str) -> list[dict[str, str]]:
    return client.get(reverse("search_suggestions"), {"q": query}).json()["suggestions"]


def test_results_can_be_narrowed_to_one_kind(site: SmallSite, client: Client) -> None:
    component = site.component(title="Lumelabidamine").component
    site.content("lumelabidamise-kord")
    site.news_item("lumelabidamine-algab")
    OfferFactory(component=component, note="Lumelabidamine iga päev")
    OrganisationFactory(name="Lumelabidamise Ühing")

    page = text_of(client, "lumelabidamine")
    for kind in ("component", "organisation", "offer"):
        assert f"kind={kind}" in page
    assert "</mark> Ühing" not in text_of(client, "lumelabidamine", kind="component")
    assert "</mark> Ühing" in text_of(client, "lumelabidamine", kind="organisation")


def test_what_a_visitor_may_not_see_is_neither_found_nor_suggested(
    site: SmallSite, client: Client
) -> None:
    draft = site.content("kangakudumine")
    locked = site.content("kangakudumisest")
    PageViewRestriction.objects.create(page=locked, restriction_type="login")
    Page.objects.filter(pk=draft.pk).update(live=False)
    OrganisationFactory(name="Kangakudumise Maja", is_public=False)
    content_version.move_on()

    assert suggestions(client, "kangakud") == []
    page = text_of(client, "kangakudumine")
    assert "Kangakudumise Maja" not in page
    assert "/kangakudumi" not in page.replace("q=kangakudumine", "")


@pytest.mark.parametrize("question", ["ja või kui on ei see", "ja", "kas ma oma"])
def test_small_words_alone_find_nothing_and_say_why(
    site: SmallSite, client: Client, question: str
) -> None:
    site.component(explanation="<p>Kui on vaja, siis see ja teine.</p>")

    report = client.get("/otsing/", {"q": question}).context["search"]

    assert (report.is_small, report.total, report.is_unanswered) == (True, 0, False)


def test_small_words_beside_others_are_no_hindrance(site: SmallSite, client: Client) -> None:
    assert not client.get("/otsing/", {"q": "kui on üürivõlg"}).context["search"].is_small


def test_suggestions_lead_to_pages_while_a_word_is_unfinished(
    site: SmallSite, client: Client
) -> None:
    site.component(title="Lumelabidamine")
    found = suggestions(client, "lumel")
    assert found[0]["label"] == "Lumelabidamine"
    assert client.get(found[0]["address"]).status_code == 200
    assert suggestions(client, "l") == []
    assert suggestions(client, "") == []


ODD = [
    "'",
    '"abi',
    "a\0b",
    "%",
    "🙂",
    "x" * 5000,
    "((",
    "-",
    "\ud800",
    "NOT",
    "abi* OR (",
    "1" * 99,
]


@pytest.mark.parametrize("address", ["/otsing/", "/otsing/soovitused/"])
def test_no_question_breaks_a_page(site: SmallSite, client: Client, address: str) -> None:
    site.component(title="Lumelabidamine")
    for query in ODD:
        asked = {"q": query.encode("utf-8", "surrogatepass").decode("utf-8", "replace")}
        assert client.get(address, asked).status_code == 200
        assert client.get(address, asked | {"kind": "'", "page": "zz"}).status_code == 200


def test_a_search_costs_five_statements_whatever_it_finds(
    site: SmallSite, client: Client, django_assert_max_num_queries
) -> None:
    component = site.component(title="Lumelabidamine").component
    for number in range(12):
        site.content(f"lumelabidamine-{number}")
        OfferFactory(component=component, note="lumelabidamine")
    text_of(client, "soojendus")
    client.get("/teenused/")
    caches["pages"].clear()
    with django_assert_max_num_queries(5):
        text_of(client, "lumelabidamine")


# --- Questions without an answer -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("kus on saun", "kus on saun"),
        ("Mari Maasikas Antsla", "antsla"),
        ("mari maasikas haiglas", "haiglas"),
        ("minu poeg Jaan Tamm", "minu poeg"),
        ("helista 5123 4567 abi", "helista abi"),
        ("38001085718 psühholoog", "psühholoog"),
        ("kiri mari@naidis.example", "kiri"),
        ("Xqzwtson vajab tuge", "vajab tuge"),
        ("baby sitter", "baby sitter"),
        ("психолог", "психолог"),
        ("qzxw", ""),
        ("\0\0 🙂", ""),
    ],
)
def test_names_numbers_and_words_of_no_language_are_left_out(asked: str, kept: str) -> None:
    assert questions.plain_words(asked) == kept


def test_what_nothing_answers_is_counted_by_words_and_month_and_nothing_else(
    site: SmallSite, client: Client
) -> None:
    site.component(title="Lumelabidamine")
    for _time in range(2):
        text_of(client, "saunapäev")
    text_of(client, "Saunapäev ")
    text_of(client, "lumelabidamine")
    text_of(client, "lumelabidamine", kind="news")
    assert not UnansweredQuestion.objects.exists()

    questions.write_down()
    questions.write_down()

    row = UnansweredQuestion.objects.get()
    assert (row.words, row.count, row.state, row.month.day) == ("saunapäev", 3, "new", 1)
    columns = {field.name for field in UnansweredQuestion._meta.concrete_fields}
    assert columns == {"id", "month", "words", "count", "state", "municipality"}


@pytest.mark.django_db
def test_the_same_words_of_two_months_are_two_rows() -> None:
    for day in (DAY, DAY.replace(month=12), DAY.replace(day=1)):
        questions.note("saunapäev", day)
    questions.write_down()
    counts = dict(UnansweredQuestion.objects.values_list("month", "count"))
    assert counts == {dt.date(2026, 11, 1): 2, dt.date(2026, 12, 1): 1}


@pytest.mark.django_db
def test_rubbish_fills_neither_the_memory_nor_the_table(monkeypatch) -> None:
    monkeypatch.setattr(questions, "MOST_WAITING", 2)
    monkeypatch.setattr(questions, "MOST_A_MONTH", 3)
    for word in ("saun", "järv", "mets", "saun"):
        questions.note(word, DAY)
    assert questions.write_down() == 2
    for word in ("kask", "kuusk"):
        questions.note(word, DAY)
    questions.write_down()
    assert UnansweredQuestion.objects.count() == 3


def test_a_page_without_an_answer_is_made_anew_each_time(site: SmallSite, client: Client) -> None:
    answer = client.get("/otsing/", {"q": "saunapäev"})
    assert "private" in answer.headers["Cache-Control"]
    site.component(title="Lumelabidamine")
    kept = client.get("/otsing/", {"q": "lumelabidamine"})
    assert "private" not in kept.headers.get("Cache-Control", "")
