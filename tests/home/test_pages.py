"""The other public pages, languages, the municipality kept on the device, and what stays fixed."""

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Locale, PageViewRestriction

from tests.home.factories import SmallSite
from tests.network.factories import (
    ComponentFactory,
    MunicipalityFactory,
    OfferFactory,
    OrganisationFactory,
)


def test_the_front_page_counts_offers_near_the_chosen_municipality(
    site: SmallSite, client: Client
) -> None:
    here = MunicipalityFactory(slug="siin")
    page = site.component()
    OfferFactory(
        component=page.component, resource__organisation__municipality=here, places=2, free_places=1
    )
    OfferFactory(component=page.component, resource__organisation__municipality=here)

    near = client.get("/?municipality=siin").context["front"].near

    assert (near.offers, near.with_free) == (2, 1)


def test_the_municipality_is_remembered_on_the_device_and_can_be_forgotten(
    site: SmallSite, client: Client
) -> None:
    MunicipalityFactory(slug="siin", name="Siinne vald")

    answer = client.get("/?municipality=siin&remember=-")
    assert (answer.status_code, answer.url) == (302, "/?municipality=siin")
    assert client.cookies["vald"].value == "siin"
    assert client.get("/teenused/").context["catalogue"].visit.municipality.slug == "siin"

    client.get("/teenused/?municipality=&remember=siin")
    assert client.cookies["vald"].value == ""
    assert client.get("/teenused/").context["catalogue"].visit.municipality is None


@pytest.mark.parametrize(
    "address",
    [
        "/kaart/?municipality=kaugel",
        "/minu-nimekiri/?k=abi&municipality=kaugel",
        "/vordle/?municipality=",
        "/teenused/?municipality=",
        # The filters of a page that a link opened, sent with the place that it showed.
        "/teenused/?municipality=kaugel&remember=kaugel&free=1",
    ],
)
def test_a_link_does_not_change_the_remembered_municipality(
    site: SmallSite, client: Client, address: str
) -> None:
    MunicipalityFactory(slug="siin")
    MunicipalityFactory(slug="kaugel")
    client.get("/?municipality=siin&remember=-")

    client.get(address)

    assert client.cookies["vald"].value == "siin"


@pytest.mark.parametrize("path", ["/", "/teenused/", "/kaart/", "/minu-nimekiri/?k=abi", "/en/"])
def test_the_forms_in_which_a_place_is_chosen_say_so(
    site: SmallSite, client: Client, path: str
) -> None:
    MunicipalityFactory(slug="siin")
    site.component(ComponentFactory(slug="abi"))

    assert 'name="remember" value="-"' in client.get(path).content.decode()


def test_an_unknown_municipality_is_not_remembered(site: SmallSite, client: Client) -> None:
    client.get("/?municipality=atlantis&remember=-")

    assert "vald" not in client.cookies


def test_english_and_russian_addresses_show_the_estonian_text_and_say_so(
    site: SmallSite, client: Client
) -> None:
    page = site.component()

    for language in ("en", "ru"):
        response = client.get(f"/{language}/teenused/{page.slug}/")
        body = response.content.decode()
        assert response.status_code == 200
        assert f'<html lang="{language}"' in body
        assert page.title in body
        assert 'lang="et"' in body


def test_a_translated_page_takes_the_place_of_the_estonian_one(
    site: SmallSite, client: Client
) -> None:
    page = site.content("alustamine", title="Alustamine")
    english = Locale.objects.get(language_code="en")
    site.front.copy_for_translation(english).save_revision().publish()
    translated = page.copy_for_translation(english)
    translated.title = "How to begin"
    translated.save_revision().publish()

    assert "How to begin" in client.get("/en/alustamine/").content.decode()
    assert "How to begin" not in client.get("/alustamine/").content.decode()
    # A page without a translation still stands in the English tree.
    assert client.get("/en/kontakt/").status_code == 200


def test_a_draft_and_a_restricted_page_are_nowhere(site: SmallSite, client: Client) -> None:
    draft = site.component()
    draft.unpublish()
    restricted = site.component()
    PageViewRestriction.objects.create(page=restricted, restriction_type="login")
    caches["pages"].clear()

    for page in (draft, restricted):
        assert client.get(f"/teenused/{page.slug}/").status_code == 404
        assert page.title not in client.get("/teenused/").content.decode()
        assert page.slug not in client.get("/sitemap.xml").content.decode()


def test_a_published_change_is_on_the_page_at_once(site: SmallSite, client: Client) -> None:
    page = site.component()
    assert "Uus lühitekst" not in client.get("/teenused/").content.decode()

    page.summary = "Uus lühitekst."
    page.save_revision().publish()

    assert "Uus lühitekst" in client.get("/teenused/").content.decode()
    assert "Uus lühitekst" in client.get(f"/teenused/{page.slug}/").content.decode()


def test_help_numbers_marked_so_stand_on_top_of_every_page(site: SmallSite, client: Client) -> None:
    for address in ("/", "/teenused/", "/otsing/", "/kontakt/"):
        body = client.get(address).content.decode()
        assert 'href="tel:112"' in body
        assert 'href="tel:116111"' not in body
    assert 'href="tel:116111"' in client.get("/abinumbrid/").content.decode()


def test_the_address_of_a_fixed_page_cannot_change(site: SmallSite) -> None:
    site.catalogue.slug = "kataloog"

    with pytest.raises(ValidationError):
        site.catalogue.full_clean()


def test_an_organisation_page_lists_its_offers(site: SmallSite, client: Client) -> None:
    page = site.component()
    offer = OfferFactory(component=page.component, price="40.00")
    organisation = offer.resource.organisation

    body = client.get(f"/asutused/{organisation.slug}/").content.decode()

    assert organisation.name in body
    assert page.title in body
    assert "40,00\xa0€" in body


def test_an_organisation_that_is_not_public_is_not_there(site: SmallSite, client: Client) -> None:
    organisation = OrganisationFactory(is_public=False)

    assert client.get(f"/asutused/{organisation.slug}/").status_code == 404
    assert organisation.name not in client.get("/asutused/").content.decode()
    assert organisation.slug not in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize(
    ("address", "most"),
    [("/", 10), ("/asutused/", 5), ("/uudised/", 5), ("/alustamine/", 5), ("/kontakt/", 5)],
)
def test_uncached_pages_cost_few_statements(
    site: SmallSite, client: Client, django_assert_max_num_queries, address: str, most: int
) -> None:
    MunicipalityFactory(slug="siin")
    site.content("alustamine")
    for number in range(10):
        site.news_item(f"uudis-{number}")
        OfferFactory(component=site.component().component)
    client.get("/teenused/")
    caches["pages"].clear()
    with django_assert_max_num_queries(most):
        client.get(f"{address}?municipality=siin")
