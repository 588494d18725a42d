"""How hard a text is: sentence length, long words, LIX; told on saving, nothing is refused."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from home.upkeep.reading import PLAIN, USUAL, measure, sentences_of, text_of
from portal.access.cms_groups import ensure_cms_groups
from tests.factories import UserFactory
from tests.home.factories import SmallSite

LONG = "See on üks väga pikk lause " + "ja " * 12 + "siin ta lõpeb."


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Üks. Kaks! Kolm? Neli…", 4),
        ("Esimene rida\nteine rida", 2),
        ("Kohtume 1. jaanuaril kell 9.30 vallamajas.", 1),
        ("Abi saab nt. kodus, koolis jne. ja mujalgi.", 1),
        ("Päev on 24.03.2026 ja hind 1 234,50 €.", 1),
        ("… – !", 0),
        ("", 0),
        ("Ilma punktita", 1),
        ("Aasta oli 2026. ", 1),
    ],
)
def test_sentences_are_counted_as_a_reader_would(text: str, sentences: int) -> None:
    assert len(sentences_of(text)) == sentences


def test_lix_is_words_per_sentence_and_the_share_of_long_words() -> None:
    # 8 words, 2 sentences, 2 words of more than six letters: 8/2 + 100*2/8.
    counted = measure("Ema läks koju. Naaber helistas kiiresti tema isale.")

    assert (counted.words, counted.sentences, counted.lix) == (8, 2, 29)
    assert measure("").lix == 0


def test_a_sentence_and_a_word_count_as_hard_only_over_the_limit() -> None:
    fifteen = " ".join(["sõna"] * 15) + "."
    sixteen = " ".join(["sõna"] * 16) + "."
    assert measure(fifteen, USUAL).long_sentences == ()
    assert measure(sixteen, USUAL).long_sentences == (sixteen,)
    assert measure("a" * 14, USUAL).hard_words == ()
    assert measure("a" * 15, USUAL).hard_words == ("a" * 15,)
    assert measure(" ".join(["sõna"] * 11), PLAIN).long_sentences != ()


def test_a_paragraph_and_a_list_row_end_a_sentence() -> None:
    stored = (
        "<h2>Pealkiri</h2><p>Esimene <b>lause</b>.</p><ul><li>üks</li><li>kaks &amp; kolm</li></ul>"
    )

    assert sentences_of(text_of(stored)) == ["Pealkiri", "Esimene lause.", "üks", "kaks & kolm"]


def save(page: Any, who: Client, **fields: Any) -> list[str]:
    """Save `page` in the CMS; what the editor is told."""
    values = {
        "title": page.title,
        "slug": page.slug,
        "intro": "",
        "body": rich_text(""),
        "plain": rich_text(""),
        "comments": inline_formset([]),
    }
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = who.post(address, nested_form_data(values | fields))
    assert answer.status_code == 302, answer.context["form"].errors
    told = [str(message) for message in get_messages(answer.wsgi_request) if message.level == 30]
    # They would still be there at the next saving.
    who.get(address)
    return told


@pytest.fixture
def editor(db: None) -> Client:
    user = UserFactory()
    user.groups.add(ensure_cms_groups()["editors"])
    browser = Client()
    browser.force_login(user)
    return browser


def test_a_hard_text_is_saved_and_the_editor_is_told(site: SmallSite, editor: Client) -> None:
    page = site.content("alustamine")

    told = save(page, editor, intro=LONG)

    page.refresh_from_db()
    assert page.get_latest_revision_as_object().intro == LONG
    assert len(told) == 1


def test_an_easy_text_and_another_language_bring_no_message(
    site: SmallSite, editor: Client
) -> None:
    page = site.content("alustamine")
    assert save(page, editor, intro="Lühike lause.") == []

    english = Locale.objects.get(language_code="en")
    site.front.copy_for_translation(english).save_revision().publish()
    translated = page.copy_for_translation(english)
    assert save(translated, editor, intro=LONG) == []


def test_plain_language_is_measured_more_strictly(site: SmallSite, editor: Client) -> None:
    page = site.content("alustamine")
    eleven = " ".join(["sõna"] * 11) + "."

    assert save(page, editor, intro=eleven) == []
    assert len(save(page, editor, plain=rich_text(f"<p>{eleven}</p>"))) == 1
    assert len(save(page, editor, plain=rich_text("<p>Rehabilitatsioon.</p>"))) == 1


def test_the_editor_page_carries_the_counter_with_the_same_limits(
    site: SmallSite, editor: Client
) -> None:
    page = site.content("alustamine")

    body = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert "portal/js/cms-reading.js" in body
    assert f'"usual": [{USUAL[0]}, {USUAL[1]}], "plain": [{PLAIN[0]}, {PLAIN[1]}]' in body


def test_the_plain_texts_of_the_starter_are_plain() -> None:
    from portal.starter.source import read_yaml

    for key, lines in read_yaml("plain").items():
        counted = measure("\n".join(lines), PLAIN)
        assert counted.long_sentences == (), key
