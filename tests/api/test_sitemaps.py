"""A sitemap for each language; each address leads to the same thing in the others."""

from xml.etree import ElementTree

import pytest
from wagtail.models import Locale

from tests.home.factories import SmallSite
from tests.network.factories import OrganisationFactory

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


@pytest.fixture
def site() -> SmallSite:
    return SmallSite()


def _addresses(client, address):
    """Each address of a sitemap with its languages."""
    tree = ElementTree.fromstring(client.get(address).content)
    assert tree.tag == f"{MAP}urlset"
    found = {}
    for url in tree.findall(f"{MAP}url"):
        here = url.findtext(f"{MAP}loc").removeprefix("http://testserver")
        links = url.findall(LINK)
        assert {link.get("rel") for link in links} == {"alternate"}
        languages = {link.get("hreflang"): link.get("href") for link in links}
        found[here] = {
            code: other.removeprefix("http://testserver") for code, other in languages.items()
        }
    return found


def test_a_page_stands_in_the_file_of_each_language_and_leads_to_the_others(site, client):
    page = site.content("alustamine")
    english = Locale.objects.get(language_code="en")
    page.copy_for_translation(english, copy_parents=True).save_revision().publish()

    english_page = page.get_translation(english)
    english_page.slug = "how-to-begin"
    english_page.save_revision().publish()

    all_three = {
        "et": "/alustamine/",
        "en": "/en/how-to-begin/",
        # Not written yet: the Estonian text in a Russian frame.
        "ru": "/ru/alustamine/",
        "x-default": "/alustamine/",
    }
    for prefix, here in (("/", "et"), ("/en/", "en"), ("/ru/", "ru")):
        found = _addresses(client, f"{prefix}sitemap.xml")
        assert found[all_three[here]] == all_three


def test_every_address_of_a_sitemap_answers_and_stands_in_the_language_of_the_file(site, client):
    site.component()
    OrganisationFactory()
    for prefix in ("/", "/en/", "/ru/"):
        found = _addresses(client, f"{prefix}sitemap.xml")
        assert found
        for here, languages in found.items():
            assert here in languages.values()
            assert client.get(here).status_code == 200
            assert prefix == "/" or here.startswith(prefix)


def test_an_organisation_stands_in_every_language(site, client):
    row = OrganisationFactory()
    hidden = OrganisationFactory(is_public=False)
    for prefix in ("/", "/en/", "/ru/"):
        found = _addresses(client, f"{prefix}sitemap.xml")
        assert set(found[f"{prefix}asutused/{row.slug}/"]) == {"et", "en", "ru", "x-default"}
        assert f"{prefix}asutused/{hidden.slug}/" not in found


def test_robots_are_told_of_each_sitemap(client):
    text = client.get("/robots.txt").content.decode()
    for prefix in ("/", "/en/", "/ru/"):
        assert f"Sitemap: http://testserver{prefix}sitemap.xml" in text
