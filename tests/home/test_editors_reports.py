"""Reports of the CMS: pages not read over, what uses a component, translations, broken links."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from catalogue.models import Component
from home.models import ComponentLimit, ContentPage
from home.upkeep import links, translations, unread, usage
from portal.access.cms_groups import ensure_cms_groups
from portal.accounts.models import User
from tests.factories import UserFactory
from tests.home.factories import SmallSite
from tests.network.factories import ComponentFactory, OfferFactory

DAY = dt.date(2026, 11, 22)
REPORTS = ("unread_pages", "translations_behind", "broken_links", "component_usage")


@pytest.fixture
def people(db: None) -> dict[str, User]:
    groups = ensure_cms_groups()
    who = {name: UserFactory() for name in ("editor", "publisher", "stranger")}
    who["editor"].groups.add(groups["editors"])
    who["publisher"].groups.add(groups["publishers"])
    return who


def as_(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def publish(page: Any, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def in_english(site: SmallSite, page: Any, **fields: Any) -> Any:
    """The page with a published English translation."""
    english = Locale.objects.get(language_code="en")
    if not site.front.has_translation(english):
        publish(site.front.copy_for_translation(english))
    translated = page.copy_for_translation(english)
    publish(translated, **fields)
    return translated


# --- who may ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPORTS)
def test_editors_see_the_reports_and_take_them_as_a_file(
    site: SmallSite, people: dict[str, User], name: str
) -> None:
    component = site.component().component
    for who in ("editor", "publisher"):
        for export in ("", "?export=csv", "?export=xlsx"):
            assert as_(people[who]).get(reverse(name) + export).status_code == 200
    places = reverse("component_places", args=[component.pk])
    assert as_(people["editor"]).get(places).status_code == 200
    assert as_(people["stranger"]).get(reverse(name)).status_code == 403
    assert Client().get(reverse(name)).status_code == 302


# --- read over -------------------------------------------------------------------------------


def test_a_page_is_asked_about_again_after_six_months(site: SmallSite) -> None:
    fresh = site.content("varske", reviewed_on=dt.date(2026, 5, 22))
    old = site.content("vana", reviewed_on=dt.date(2026, 5, 21))
    never = site.content("lugemata")
    draft = site.content("mustand")
    draft.unpublish()

    found = [row.pk for row in unread.unread_pages(DAY)]

    assert fresh.pk not in found
    assert draft.pk not in found
    assert found.index(never.pk) < found.index(old.pk)


@time_machine.travel("2026-11-22T12:00+02:00", tick=False)
def test_one_button_says_that_a_page_is_still_right(
    site: SmallSite, people: dict[str, User], client: Client
) -> None:
    page = site.content("vana", reviewed_on=dt.date(2025, 1, 1))
    address = reverse("confirm_page", args=[page.pk])
    body = as_(people["publisher"]).get(reverse("unread_pages")).content.decode()
    assert address in body
    assert address not in as_(people["editor"]).get(reverse("unread_pages")).content.decode()

    as_(people["publisher"]).post(address)

    page.refresh_from_db()
    assert page.reviewed_on == DAY
    assert "22.11.2026" in client.get("/vana/").content.decode()
    assert page.pk not in [row.pk for row in unread.unread_pages(DAY)]


@pytest.mark.parametrize("who", ["editor", "stranger"])
def test_who_may_not_publish_may_not_say_so_in_public(
    site: SmallSite, people: dict[str, User], who: str
) -> None:
    page = site.content("vana")

    as_(people[who]).post(reverse("confirm_page", args=[page.pk]))

    page.refresh_from_db()
    assert page.reviewed_on is None


def test_looking_at_the_address_changes_nothing_and_a_strange_page_is_not_there(
    site: SmallSite, people: dict[str, User]
) -> None:
    page = site.content("vana")
    publisher = as_(people["publisher"])

    assert publisher.get(reverse("confirm_page", args=[page.pk])).status_code == 405
    for strange in (site.news_item("uudis").pk, site.map.pk, 10**9):
        assert publisher.post(reverse("confirm_page", args=[strange])).status_code == 404
    page.refresh_from_db()
    assert page.reviewed_on is None


def test_a_draft_beside_the_page_stays_a_draft_and_keeps_the_new_day(
    site: SmallSite, people: dict[str, User], client: Client
) -> None:
    page = site.content("vana", intro="Vana sissejuhatus.")
    page.intro = "Mustandi sissejuhatus."
    page.save_revision()

    unread.confirm_page(ContentPage.objects.get(pk=page.pk), by=people["publisher"], day=DAY)

    assert "Vana sissejuhatus." in client.get("/vana/").content.decode()
    page.refresh_from_db()
    assert page.has_unpublished_changes
    page.get_latest_revision().publish()
    page.refresh_from_db()
    assert (page.intro, page.reviewed_on) == ("Mustandi sissejuhatus.", DAY)


# --- what uses a component -------------------------------------------------------------------


def test_the_report_counts_what_hangs_on_a_component(site: SmallSite) -> None:
    page, other = site.component(), site.component()
    OfferFactory(component=page.component)
    OfferFactory(component=page.component, resource__organisation__is_public=False)
    other.limits = [ComponentLimit(text="ravi", instead=page.component)]
    publish(other)

    found = {row.component: row for row in usage.usages(DAY)}

    # An offer that is not public is neither counted nor named.
    assert (found[page.component].pages, found[page.component].offers) == (1, 1)
    assert found[page.component].named == 1
    assert found[other.component].offers == 0
    kinds = [place.kind for place in usage.places_of(page.component, DAY)]
    assert kinds == ["page", "limit", "offer"]


# --- translations ----------------------------------------------------------------------------


def state_of(page: Page, language: str = "en") -> Any:
    rows = translations.translations()
    return next((row for row in rows if (row.source, row.language) == (page.pk, language)), None)


def test_a_page_without_a_translation_is_listed_in_each_language(site: SmallSite) -> None:
    page = site.content("alustamine")

    assert state_of(page, "en").state == "missing"
    assert state_of(page, "ru").state == "missing"
    assert state_of(page, "et") is None


def test_a_translation_is_behind_once_the_estonian_words_change_and_tells_which(
    site: SmallSite,
) -> None:
    page = site.content("alustamine", title="Alustamine", intro="Helistage.")
    translated = in_english(site, page, title="How to begin", intro="Call.")
    assert state_of(page) is None

    publish(ContentPage.objects.get(pk=page.pk), intro="Helistage või kirjutage.")

    row = state_of(page)
    assert row.state == "behind"
    assert row.changed == (str(ContentPage._meta.get_field("intro").verbose_name),)
    publish(ContentPage.objects.get(pk=translated.pk), intro="Call or write.")
    assert state_of(page) is None


def test_reading_over_or_a_new_address_asks_for_no_new_translation(
    site: SmallSite, people: dict[str, User]
) -> None:
    page = site.content("alustamine", intro="Helistage.")
    in_english(site, page, intro="Call.")

    unread.confirm_page(ContentPage.objects.get(pk=page.pk), by=people["publisher"], day=DAY)
    publish(ContentPage.objects.get(pk=page.pk), reviewed_on=DAY)

    assert state_of(page) is None


def test_a_changed_limit_of_a_component_makes_its_translation_old(site: SmallSite) -> None:
    page = site.component()
    publish(site.catalogue.copy_for_translation(Locale.objects.get(language_code="en"), True))
    in_english(site, page, summary="In short.")
    assert state_of(page) is None

    page.limits = [ComponentLimit(text="ravi")]
    publish(page)

    assert state_of(page).state == "behind"


def test_a_draft_of_a_translation_is_a_draft(site: SmallSite) -> None:
    page = site.content("alustamine")
    english = Locale.objects.get(language_code="en")
    publish(site.front.copy_for_translation(english))
    page.copy_for_translation(english)

    assert state_of(page).state == "draft"


def test_the_report_leads_to_the_comparison_of_both_versions(
    site: SmallSite, people: dict[str, User]
) -> None:
    page = site.content("alustamine", intro="Helistage.")
    in_english(site, page, intro="Call.")
    publish(ContentPage.objects.get(pk=page.pk), intro="Kirjutage.")
    row = state_of(page)
    address = reverse("wagtailadmin_pages:revisions_compare", args=[row.source, row.since, row.now])
    editor = as_(people["editor"])

    assert address in editor.get(reverse("translations_behind")).content.decode()
    body = editor.get(address).content.decode()
    assert "Helistage." in body
    assert "Kirjutage." in body


# --- links -----------------------------------------------------------------------------------


def troubles(site: SmallSite, body: str) -> list[str]:
    site.content("lingid", body=body)
    return [row.reason for row in links.broken_links()]


def test_links_that_lead_somewhere_are_not_listed(site: SmallSite) -> None:
    component = site.component()
    body = (
        f'<p><a linktype="page" id="{component.pk}">leht</a>'
        f'<a href="/teenused/{component.slug}/">sama</a><a href="/teenused/{component.slug}">s</a>'
        '<a href="/kaart/?component=x">kaart</a><a href="/en/kontakt/">contact</a>'
        '<a href="/">esileht</a><a href="#sisu">siia</a><a href="/intranet/">tööle</a>'
        '<a href="mailto:a@naidis.example">kiri</a><a href="tel:112">112</a>'
        '<a href="https://naidis.example/">välja</a></p>'
    )

    assert troubles(site, body) == []


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ('<a linktype="page" id="999999">x</a>', links.GONE),
        ('<a linktype="page" id="sõna">x</a>', links.GONE),
        ('<a linktype="document" id="999999">x</a>', links.NO_FILE),
        ('<embed embedtype="image" id="999999" alt="x" format="left"/>', links.NO_FILE),
        ('<a href="/seda-ei-ole/">x</a>', links.NO_PAGE),
        ('<a href="/teenused/seda-ei-ole/">x</a>', links.NO_PAGE),
        ('<a href="/asutused/seda-ei-ole/">x</a>', links.NO_PAGE),
        ('<a href="/ru/seda-ei-ole/">x</a>', links.NO_PAGE),
        ('<a href="#seda-ei-ole">x</a>', links.NO_PLACE),
        ('<a href="www.naidis.example">x</a>', links.NOT_WHOLE),
        ('<a href="//naidis.example/">x</a>', links.NOT_WHOLE),
        ('<a href="">x</a>', links.NOT_WHOLE),
    ],
)
def test_links_that_lead_nowhere_are_listed_with_their_reason(
    site: SmallSite, html: str, reason: str
) -> None:
    assert troubles(site, f"<p>{html}</p>") == [reason]


def test_a_link_to_a_page_that_was_taken_down_is_broken(site: SmallSite) -> None:
    target = site.content("siht")
    site.content("lingid", body=f'<p><a linktype="page" id="{target.pk}">siht</a></p>')
    assert links.broken_links() == []

    target.unpublish()

    (row,) = links.broken_links()
    assert (row.reason, row.link.title, row.link.label) == (links.HIDDEN, "Lingid", "siht")


def test_links_in_plain_language_and_in_blocks_count_too(site: SmallSite) -> None:
    site.content("a", plain='<p><a linktype="page" id="999999">x</a></p>')
    text = '<a href="/seda-ei-ole/">x</a>'
    site.component(activities=[("activity", text)])

    assert [row.reason for row in links.broken_links()] == [links.NO_PAGE, links.GONE]


def test_what_stands_in_a_text_cannot_break_the_report(
    site: SmallSite, people: dict[str, User]
) -> None:
    body = '<p><a href="/<script>alert(1)</script>/">=1+1</a><a><b></p><a linktype="page">y'
    site.content("lingid", body=body)
    editor = as_(people["editor"])

    page = editor.get(reverse("broken_links")).content.decode()
    assert "<script>alert(1)" not in page
    table = editor.get(reverse("broken_links") + "?export=csv").content.decode()
    assert "'=1+1" in table


def test_reports_cost_the_same_however_many_pages_there_are(
    site: SmallSite, django_assert_max_num_queries: Any
) -> None:
    def ask() -> None:
        links.broken_links()
        unread.unread_pages(DAY)
        translations.translations()
        usage.usages(DAY)

    def add(number: int) -> None:
        component: Component = ComponentFactory()
        site.component(component, explanation=f'<p><a linktype="page" id="{number}">x</a></p>')

    add(1)
    caches["pages"].clear()
    with django_assert_max_num_queries(200) as few:
        ask()
    for number in range(2, 12):
        add(number)
    with django_assert_max_num_queries(len(few)):
        ask()
