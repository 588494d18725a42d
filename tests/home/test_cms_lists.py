"""Lists and forms of the CMS as editors read them: last days, yes and no, names in headings."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, PageLogEntry

from catalogue.models import Component, Price, Round
from home.models import ComponentPage, Navigation
from home.models.navigation import NavigationItem
from portal.access.cms_groups import ensure_cms_groups
from portal.starter import pages
from tests.factories import UserFactory
from tests.home.factories import SmallSite
from tests.network.factories import PriceFactory


@pytest.fixture
def publisher(db: None) -> Client:
    user = UserFactory()
    user.groups.add(ensure_cms_groups()["publishers"])
    browser = Client()
    browser.force_login(user)
    return browser


def read(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("model", [Round, Price])
def test_lists_of_the_catalogue_say_the_last_day_that_counts(
    publisher: Client, model: type[Round] | type[Price]
) -> None:
    price = PriceFactory()
    model.objects.update(valid_from=dt.date(2024, 1, 1), valid_until=dt.date(2025, 1, 1))
    text = read(publisher, reverse(model.snippet_viewset.get_url_name("list")))
    assert "31.12.2024" in text
    assert "2025-01-01" not in text
    assert "1. jaanuar 2025" not in text
    assert price.pk


def test_yes_no_and_the_number_of_rows_are_said_in_words(publisher: Client) -> None:
    PriceFactory()
    address = reverse(Component.snippet_viewset.get_url_name("list"))
    text = read(publisher, address)
    assert ">True<" not in " ".join(text.split()).replace("> ", ">").replace(" <", "<")
    assert "Kokku 1" in text


def test_only_components_with_something_missing_stand_in_the_report(
    site: SmallSite, publisher: Client
) -> None:
    page = site.component()
    address = reverse("missing_texts")
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in read(publisher, address)

    ComponentPage.EXPECTED, kept = (), ComponentPage.EXPECTED
    try:
        text = read(publisher, address)
    finally:
        ComponentPage.EXPECTED = kept
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) not in text


def test_the_menu_editor_says_which_link_is_which(site: SmallSite, publisher: Client) -> None:
    menu = Navigation.objects.create(locale=Locale.objects.get(language_code="et"))
    menu.items.add(NavigationItem(place="main", label="Kust alustada", path="/alustamine/"))
    menu.save()
    address = reverse(Navigation.snippet_viewset.get_url_name("edit"), args=[menu.pk])
    assert ": Kust alustada" in read(publisher, address)


def test_what_the_portal_began_with_can_be_brought_back(site: SmallSite, publisher: Client) -> None:
    page = pages.child(site.front, type(site.content("muu")), "algne", title="Algne")
    first = Page.objects.get(pk=page.pk).latest_revision
    page = page.specific
    page.intro = "Muudetud."
    page.save_revision(log_action=True).publish()
    assert PageLogEntry.objects.filter(page=page.pk, revision=first, content_changed=True).exists()
    text = read(publisher, reverse("wagtailadmin_pages:history", args=[page.pk]))
    assert reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, first.pk]) in text
