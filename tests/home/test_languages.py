"""Every kind of public page in three languages; one without a translation says so."""

from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from wagtail.models import Locale, Page

from home.models import ContentPage
from home.models.base import SitePage
from tests.home.factories import SmallSite

NOTE = "notice"
# Kind of page -> its address in the small site.
KINDS = {
    "FrontPage": "/",
    "CataloguePage": "/teenused/",
    "ComponentPage": "/teenused/abi/",
    "MapPage": "/kaart/",
    "SupplyPage": "/vajadus-ja-pakkumine/",
    "SearchPage": "/otsing/",
    "OrganisationsPage": "/asutused/",
    "NewsIndexPage": "/uudised/",
    "NewsPage": "/uudised/uudis/",
    "HelpPage": "/abinumbrid/",
    "ContactPage": "/kontakt/",
    "ContentPage": "/alustamine/",
}
WORDS = "Words in the other language"


@pytest.fixture
def pages(site: SmallSite) -> dict[str, Any]:
    """One published Estonian page of each kind."""
    from tests.network.factories import ComponentFactory

    site.component(ComponentFactory(slug="abi"))
    site.news_item("uudis")
    site.content("alustamine", title="Alustamine")
    return {
        type(page.specific).__name__: page.specific for page in Page.objects.filter(depth__gt=1)
    }


def translate(page: Any, language: str, **fields: Any) -> Any:
    """The published translation of `page`, with those above it as the CMS makes them."""
    locale = Locale.objects.get(language_code=language)
    made = page.copy_for_translation(locale, copy_parents=True)
    for name, value in fields.items():
        setattr(made, name, value)
    made.save_revision().publish()
    # This one would still think it is a draft.
    return type(made).objects.get(pk=made.pk)


def note_of(client: Client, address: str) -> tuple[int, str, str]:
    """Status, body, and the part of it where the page says in which language its words are."""
    answer = client.get(address)
    body = answer.content.decode()
    return answer.status_code, body, body.partition("<main")[2][:1500]


def test_every_kind_of_page_is_looked_at_here() -> None:
    def below(model: type[Any]) -> set[str]:
        found = {name for one in model.__subclasses__() for name in below(one)}
        return found if model._meta.abstract else {model.__name__} | found

    assert below(SitePage) == set(KINDS)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_without_a_translation_shows_its_estonian_words_and_says_so(
    pages: dict[str, Any], client: Client, kind: str, language: str
) -> None:
    status, body, top = note_of(client, f"/{language}{KINDS[kind]}")

    assert status == 200
    assert f'<html lang="{language}"' in body
    assert NOTE in top
    assert 'lang="et"' in body.partition("<main")[2]
    # In Estonian the same page needs no note.
    status, body, top = note_of(client, KINDS[kind])
    assert status == 200
    assert '<html lang="et"' in body
    assert "i-languages" not in top


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_translated_page_stands_in_its_own_language_without_a_note(
    pages: dict[str, Any], client: Client, kind: str, language: str
) -> None:
    words = {"question": WORDS} if kind == "FrontPage" else {"title": WORDS}
    translate(pages[kind], language, **words)

    status, body, top = note_of(client, f"/{language}{KINDS[kind]}")

    assert status == 200
    assert WORDS in body
    assert 'lang="et"' not in top
    assert WORDS not in client.get(KINDS[kind]).content.decode()


def test_pages_above_a_translated_one_do_not_pass_estonian_for_english(
    pages: dict[str, Any], client: Client
) -> None:
    translate(pages["ContentPage"], "en", title="How to begin")
    # The CMS has put a mirror of the front page above it.
    assert Page.objects.filter(locale__language_code="en", alias_of__isnull=False).exists()

    status, body, top = note_of(client, "/en/")

    assert status == 200
    assert NOTE in top
    assert 'lang="et"' in body.partition("<main")[2]


def test_a_draft_of_a_translation_leaves_the_estonian_page_in_its_place(
    pages: dict[str, Any], client: Client
) -> None:
    translate(pages["ContentPage"], "en", title=WORDS).unpublish()

    status, body, _top = note_of(client, "/en/alustamine/")

    assert status == 200
    assert "Alustamine" in body
    assert WORDS not in body


def test_an_address_of_another_language_leads_to_the_same_page_in_this_one(
    pages: dict[str, Any], client: Client
) -> None:
    translate(pages["ContentPage"], "en", title="How to begin", slug="how-to-begin")

    assert client.get("/en/how-to-begin/").status_code == 200
    for asked, found in (
        ("/en/alustamine/", "/en/how-to-begin/"),
        ("/how-to-begin/", "/alustamine/"),
        ("/ru/how-to-begin/", "/ru/alustamine/"),
        ("/en/alustamine/?lihtne=1", "/en/how-to-begin/?lihtne=1"),
    ):
        answer = client.get(asked)
        assert (answer.status_code, answer.headers.get("Location")) == (302, found)


def test_a_page_that_was_never_in_estonian_is_found_from_every_language(
    pages: dict[str, Any], client: Client
) -> None:
    english = translate(pages["ContentPage"], "en", title="How to begin", slug="how-to-begin")
    parent = english.get_parent()
    parent.add_child(instance=ContentPage(title="Only", slug="only", locale=english.locale))

    assert client.get("/en/only/").status_code == 200
    for asked in ("/only/", "/ru/only/"):
        assert client.get(asked).headers["Location"] == "/en/only/"


def test_what_is_nowhere_is_nowhere_in_every_language(
    pages: dict[str, Any], client: Client
) -> None:
    translate(pages["ContentPage"], "en", slug="how-to-begin")
    pages["ContentPage"].unpublish()

    for address in ("/seda-ei-ole/", "/en/seda-ei-ole/", "/ru/seda-ei-ole/sugavamal/"):
        assert client.get(address).status_code == 404


def test_the_language_switch_of_every_page_leads_to_a_page(
    pages: dict[str, Any], client: Client
) -> None:
    translate(pages["ContentPage"], "en", title="How to begin", slug="how-to-begin")

    for address in ("/alustamine/", "/en/how-to-begin/"):
        caches["pages"].clear()
        languages = client.get(address).context["frame"].languages
        for language in languages:
            assert client.get(language.url, follow=True).status_code == 200
