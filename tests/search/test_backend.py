"""Search inside the CMS: the explorer, choosers and listings go through the backend."""

import pytest
from django.core.management import call_command
from django.db import connection
from modelsearch.query import And, Not, Or, Phrase, PlainText
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry
from wagtail.search.utils import parse_query_string

from home.models import ContentPage
from network.models import Organisation
from portal.search.find import find
from portal.search.maintenance import analyze
from tests.search.library import Library

HOSTILE = ['"', "'", "*", "\0", "🙂", "a" * 10_000, "%s", "title:x", "(((", "-", " "]


def slugs(results: object) -> list[str]:
    return [page.slug for page in results]  # type: ignore[attr-defined]


def test_the_explorer_finds_any_form_best_first(library: Library) -> None:
    found = slugs(Page.objects.search("kogemusnõustamist"))
    assert found[:2] == ["kogemus", "perele-kogemus"]


def test_the_explorer_keeps_its_own_filters_and_order(library: Library) -> None:
    only = ContentPage.objects.filter(slug__startswith="perele").order_by("slug")
    assert slugs(only.search("nõustamine", order_by_relevance=False)) == [
        "perele-kogemus",
        "perele-teraapia",
    ]


def test_a_filter_on_a_column_without_index_field_is_no_error(library: Library) -> None:
    found = get_search_backend().search("hoid", Organisation.objects.filter(phone=""))
    assert [organisation.name for organisation in found] == ["Hommikuudu"]


def test_choosers_complete_the_last_word(library: Library) -> None:
    assert "psuhholoog" in slugs(Page.objects.autocomplete("psühhol"))
    assert "psuhholoog" in slugs(Page.objects.autocomplete("psuhhol"))
    assert "elukoht" in slugs(Page.objects.autocomplete("elukoha vahet"))


def test_choosers_know_other_forms_of_a_whole_word(library: Library) -> None:
    assert "elukoht" in slugs(Page.objects.autocomplete("vahetus"))


def test_results_can_be_counted_cut_and_scored(library: Library) -> None:
    results = Page.objects.search("nõustamine")
    everything = slugs(results)
    assert results.count() == len(everything)
    assert slugs(results[1:3]) == everything[1:3]
    assert [page.slug for page in results.annotate_score("score")] == everything


def test_phrases_and_combined_queries_are_understood(library: Library) -> None:
    assert slugs(Page.objects.search(Phrase("elukoha vahetusel"))) == ["elukoht"]
    assert slugs(Page.objects.search(Phrase("vahetusel elukoha"))) == []
    both = And([PlainText("nõustamine"), PlainText("pere")])
    assert set(slugs(Page.objects.search(both))) >= {"perenou", "perele-kogemus"}
    either = Or([PlainText("kepikõnd"), PlainText("huviring")])
    assert set(slugs(Page.objects.search(either))) == {"trenn", "vabaaeg"}
    without = And([PlainText("kogemusnõustamine"), Not(PlainText("pere"))])
    assert slugs(Page.objects.search(without)) == ["kogemus"]
    assert "kogemus" not in slugs(ContentPage.objects.search(Not(PlainText("kogemusnõustamine"))))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_input_breaks_the_cms_search(text: str, library: Library) -> None:
    for results in (
        Page.objects.search(text),
        Page.objects.autocomplete(text),
        Page.objects.search(Phrase(text)),
        Page.objects.search(text, operator="or"),
        Page.objects.search(parse_query_string(text)[1]),
        get_search_backend().search(text, Organisation, fields=["name"]),
    ):
        results.count()
        list(results)


def test_a_saved_change_is_found_at_once_and_the_old_words_no_more(library: Library) -> None:
    page = ContentPage.objects.get(slug="trenn")
    page.body = "<p>Nüüd hoopis maletamine.</p>"
    page.save()
    assert slugs(Page.objects.search("maletamist")) == ["trenn"]
    assert slugs(Page.objects.search("kepikõnd")) == []
    assert IndexEntry.objects.filter(object_id=str(page.pk)).count() == 1


def test_a_deleted_object_leaves_the_index(library: Library) -> None:
    Organisation.objects.get(name="Tuulelipp").delete()
    assert find("kangakudumine", models=[Organisation]) == []
    assert not IndexEntry.objects.filter(title__contains="tuulelipp").exists()


def test_the_index_can_be_built_anew(library: Library) -> None:
    IndexEntry.objects.all().delete()
    assert find("kogemusnõustamine", models=[ContentPage]) == []
    call_command("update_index", verbosity=0)
    assert len(find("kogemusnõustamine", models=[ContentPage])) == 2


def test_statistics_can_be_gathered_after_a_load(library: Library) -> None:
    analyze()
    assert find("kogemusnõustamine", models=[ContentPage])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one index for both")
def test_the_combined_index_is_there_and_fits_the_search(library: Library) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM wagtailsearch_indexentry"
            " WHERE (title || body) @@ '''abi'' & ''kodu'''::tsquery"
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "search_entry_title_body_gin" in plan
