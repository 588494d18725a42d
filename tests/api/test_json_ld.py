"""What search engines read beside our pages is schema.org, and nothing breaks out of it."""

import pytest

from tests.api.schema_org import problems, things_of
from tests.home.factories import SmallSite
from tests.network.factories import ComponentFactory, OfferFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

EVIL = '</script><script>alert("1")</script><!-- & \u2028 ja õ'


@pytest.fixture
def site() -> SmallSite:
    return SmallSite()


def _things(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    things = things_of(answer.content.decode())
    assert [problem for thing in things for problem in problems(thing)] == []
    return {thing["@type"]: thing for thing in things}


def test_a_service_tells_who_gives_it_where_and_at_which_price(site, client):
    page = site.component(for_whom="Täiskasvanutele.")
    first = OfferFactory(component=page.component, price="40.00")
    OfferFactory(component=page.component, price="55.50", resource__is_confidential=True)
    OfferFactory(component=page.component, price="1.00", resource__state="draft")

    things = _things(client, f"/teenused/{page.slug}/")

    service = things["GovernmentService"]
    assert service["name"] == page.title
    assert len(service["provider"]) == 2
    assert first.resource.municipality.name in [place["name"] for place in service["areaServed"]]
    offers = service["offers"]
    assert (offers["lowPrice"], offers["highPrice"]) == ("40.00", "55.50")
    assert (offers["priceCurrency"], offers["offerCount"]) == ("EUR", 2)
    trail = things["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in trail] == [1, 2, 3]
    assert trail[-1]["item"] == f"http://testserver/teenused/{page.slug}/"


def test_a_service_that_nobody_offers_has_no_price(site, client):
    page = site.component()
    service = _things(client, f"/en/teenused/{page.slug}/")["GovernmentService"]
    assert "offers" not in service
    assert "provider" not in service


def test_an_organisation_tells_its_contact(site, client):
    row = OrganisationFactory(email="info@naidis.example", website="https://naidis.example/")
    found = _things(client, f"/asutused/{row.slug}/")["Organization"]
    assert found["contactPoint"]["telephone"] == row.phone
    assert found["sameAs"] == "https://naidis.example/"
    bare = OrganisationFactory(phone="")
    assert "contactPoint" not in _things(client, f"/asutused/{bare.slug}/")["Organization"]


def test_news_pages_and_the_front_page_say_what_they_are(site, client):
    site.news_item("uus")
    site.content("alustamine")
    assert _things(client, "/uudised/uus/")["NewsArticle"]["datePublished"] == "2026-11-01"
    assert "Organization" in _things(client, "/")
    assert "BreadcrumbList" in _things(client, "/alustamine/")


def test_no_text_breaks_out_of_its_script(site, client):
    page = site.component(ComponentFactory(name="X"), title=EVIL, summary=EVIL)
    row = OrganisationFactory(name=EVIL, text=EVIL)

    for address, kind in (
        (f"/teenused/{page.slug}/", "GovernmentService"),
        (f"/asutused/{row.slug}/", "Organization"),
    ):
        assert _things(client, address)[kind]["name"] == EVIL
        assert "<script>alert" not in client.get(address).content.decode()


def test_the_vocabulary_finds_what_is_wrong():
    assert problems({"@type": "Miski"})
    assert problems({"@type": "NewsArticle", "hind": "1"})
    assert problems({"@type": "NewsArticle", "servicePhone": "1"})
    assert problems({"@type": "NewsArticle", "datePublished": "eile"})
    assert problems({"@type": "GovernmentService", "offers": {"@type": "PostalAddress"}})
    assert not problems({"@type": "NewsArticle", "headline": "1", "datePublished": "2026-11-01"})
