"""Plain language: the reader switches to it, stays in it, and the kept pages know the two apart."""

import pytest
from django.core.cache import caches
from django.test import Client
from wagtail.models import Locale

from tests.home.factories import SmallSite

USUAL, PLAIN = "Tavaline pikk selgitus.", "Lihtne lühike selgitus."
SWITCH_ON, SWITCH_OFF = "?lihtne=1", "?lihtne=0"


@pytest.fixture
def component(site: SmallSite) -> str:
    page = site.component(explanation=f"<p>{USUAL}</p>", plain=f"<p>{PLAIN}</p>")
    return f"/teenused/{page.slug}/"


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_page_with_plain_language_offers_it(client: Client, component: str) -> None:
    body = read(client, component)

    assert USUAL in body
    assert PLAIN not in body
    assert f"{component}{SWITCH_ON}" in body


def test_the_reader_stays_in_plain_language_until_they_leave_it(
    client: Client, component: str
) -> None:
    client.get(component + SWITCH_ON)

    body = read(client, component)
    assert PLAIN in body
    assert USUAL not in body
    assert f"{component}{SWITCH_OFF}" in body

    client.get(component + SWITCH_OFF)
    body = read(client, component)
    assert USUAL in body
    assert PLAIN not in body


def test_what_one_reader_has_chosen_is_not_shown_to_the_next(component: str) -> None:
    plain, usual = Client(), Client()
    plain.get(component + SWITCH_ON)
    assert PLAIN in read(plain, component)
    assert USUAL in read(usual, component)
    # Both are kept by now, each under its own name.
    assert PLAIN in read(plain, component)
    assert USUAL in read(usual, component)
    assert "lihtne" not in usual.cookies


def test_a_kept_answer_turns_it_on_for_the_second_reader_too(component: str) -> None:
    for reader in (Client(), Client()):
        reader.get(component + SWITCH_ON)
        assert PLAIN in read(reader, component)


def test_a_page_without_plain_language_says_so_to_who_reads_in_it(
    site: SmallSite, client: Client
) -> None:
    page = site.component(explanation=f"<p>{USUAL}</p>")
    address = f"/teenused/{page.slug}/"
    assert "notice" not in read(client, address).partition("<article")[0]

    client.cookies["lihtne"] = "1"
    body = read(client, address)

    assert USUAL in body
    assert f"{address}{SWITCH_OFF}" in body.partition("<article")[0]


@pytest.mark.parametrize("name", ["front", "catalogue", "help", "contact"])
def test_every_main_page_can_carry_it(site: SmallSite, client: Client, name: str) -> None:
    page = getattr(site, name)
    page.plain = f"<p>{PLAIN}</p>"
    page.save_revision().publish()
    address = {
        "front": "/",
        "catalogue": "/teenused/",
        "help": "/abinumbrid/",
        "contact": "/kontakt/",
    }[name]

    assert PLAIN not in read(client, address)
    assert PLAIN in read(client, address + SWITCH_ON)


def test_a_page_of_text_is_replaced_as_a_whole(site: SmallSite, client: Client) -> None:
    site.content("alustamine", intro="Pikk sissejuhatus.", plain=f"<p>{PLAIN}</p>")

    body = read(client, "/alustamine/" + SWITCH_ON)

    assert PLAIN in body
    assert "Pikk sissejuhatus." not in body.partition("<main")[2]


def test_the_switch_keeps_what_else_stands_in_the_address(
    site: SmallSite, client: Client, component: str
) -> None:
    assert "?price=1&amp;lihtne=1" in read(client, f"{component}?price=1")


def test_the_switch_stands_in_the_footer_of_every_public_page(
    site: SmallSite, client: Client
) -> None:
    for address in ("/kaart/", "/uudised/", "/asutused/", "/vajadus-ja-pakkumine/"):
        assert f"{address}{SWITCH_ON}" in read(client, address).partition("<footer")[2]
    # On a page that is not there the choice is kept too.
    client.get(f"/seda-ei-ole/{SWITCH_ON}")
    assert client.cookies["lihtne"].value == "1"


def test_anything_else_in_the_address_or_the_cookie_is_nobodys_choice(
    site: SmallSite, client: Client, component: str
) -> None:
    for word in ("2", "jah", "1' OR 1", ""):
        client.get(f"{component}?lihtne={word}")
        assert "lihtne" not in client.cookies
    client.cookies["lihtne"] = "<script>"
    assert USUAL in read(client, component)


def test_the_english_reader_stays_in_it_and_is_told_that_the_text_is_estonian(
    site: SmallSite, client: Client, component: str
) -> None:
    client.get(f"/en{component}{SWITCH_ON}")

    body = read(client, f"/en{component}")
    assert PLAIN in body
    assert '<div class="prose plain-text" lang="et">' in body


def test_a_translation_has_plain_language_of_its_own(site: SmallSite, client: Client) -> None:
    page = site.content("alustamine", plain=f"<p>{PLAIN}</p>")
    english = Locale.objects.get(language_code="en")
    site.front.copy_for_translation(english).save_revision().publish()
    translated = page.copy_for_translation(english)
    translated.plain = "<p>Short and easy.</p>"
    translated.save_revision().publish()

    assert "Short and easy." in read(client, "/en/alustamine/" + SWITCH_ON)


def test_signed_in_readers_and_uncached_pages_have_the_switch_too(
    site: SmallSite, client: Client, component: str
) -> None:
    caches["pages"].clear()
    answer = client.get(component + SWITCH_ON)
    cookie = answer.cookies["lihtne"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("1", True, "Lax")


@pytest.mark.parametrize("address", ["/intranet/", "/konto/sisse/", "/cms/"])
def test_the_private_half_knows_nothing_of_it(
    site: SmallSite, client: Client, address: str
) -> None:
    assert "lihtne" not in client.get(address + SWITCH_ON).cookies
