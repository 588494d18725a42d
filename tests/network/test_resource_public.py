"""What the public sees of a resource: at once what is told, nothing of what is confidential."""

import json

import pytest
from django.core.cache import caches
from django.urls import reverse

from network.models import Offer, ResourceChange, Seat
from portal.search.find import find
from tests.cases.factories import Net
from tests.home.factories import SmallSite
from tests.network.people import as_sent, new_key, offer_of, speaker, typed

ADDRESS = "Kuldnoka tee 77"
LAT, LON = 57.771234, 26.691234
TRACES = (ADDRESS, "Kuldnoka", "57.77123", "26.69123", "57,77123", "57.7712", "26.6912")


@pytest.fixture
def here(db):
    return Net()


@pytest.fixture
def partner(here):
    return here.organisation(name="Kolme Käbi", slug="kolme-kabi")


@pytest.fixture
def lead(here):
    return here.seat(Seat.Body.STEERING).user


def shelter(partner, **fields):
    return offer_of(
        partner,
        resource__address=ADDRESS,
        resource__lat=LAT,
        resource__lon=LON,
        resource__is_confidential=True,
        **fields,
    )


def test_where_a_confidential_place_is_sees_only_who_looks_after_it(client, here, partner, lead):
    offer = shelter(partner)
    keeper, seat = speaker(partner), here.seat(Seat.Body.NETWORK).user
    url = reverse("resource_detail", args=[offer.pk])
    for user, sees in ((lead, True), (keeper, True), (seat, False)):
        client.force_login(user)
        page = client.get(url)
        assert (ADDRESS in page.text) is sees, user
        assert ("57.771234" in page.text) is sees
        assert partner.municipality.name in page.text


def test_no_list_table_or_search_tells_where_a_confidential_place_is(client, partner, lead):
    offer = shelter(partner)
    client.force_login(lead)
    listed = client.get(reverse("resource_list"))
    assert offer.pk in {row.id for row in listed.context["rows"]}
    pages = [listed, client.get(reverse("resource_export"))]
    client.force_login(speaker(partner))
    pages.append(client.get(reverse("own_offers")))
    for page in pages:
        assert not [trace for trace in TRACES if trace in page.text]
    client.force_login(lead)
    for words in (ADDRESS, "Kuldnoka", "77", "57.77"):
        assert client.get(reverse("resource_list"), {"q": words}).context["rows"] == []
        table = client.get(reverse("resource_export"), {"q": words}).text
        assert len(table.splitlines()) == 1


def test_the_history_hides_where_it_is_also_after_it_was_no_secret(client, here, partner, lead):
    offer = offer_of(partner, resource__address=ADDRESS, resource__lat=LAT, resource__lon=LON)
    client.force_login(lead)
    form = typed(client, offer.resource, is_confidential="on", address="Rästa tee 5")
    client.post(reverse("resource_change", args=[offer.pk]), form)
    url = reverse("resource_detail", args=[offer.pk])
    assert "Rästa tee 5" in client.get(url).text
    client.force_login(here.seat(Seat.Body.NETWORK).user)
    page = client.get(url)
    assert page.status_code == 200
    assert page.context["steps"]
    assert "Rästa tee 5" not in page.text
    assert not [trace for trace in TRACES if trace in page.text]


@pytest.fixture
def public(partner, client):
    """The public pages on which the offers of `partner` stand."""
    page = SmallSite().component()

    class Public:
        component = page.component
        urls = (
            f"/teenused/{page.slug}/",
            "/teenused/",
            "/asutused/kolme-kabi/",
            "/asutused/",
            "/otsing/?q=kolme",
            "/kaart/",
            "/kaart/nimekiri.csv",
            "/kaart/andmed.geojson",
        )

        def texts(self) -> dict[str, str]:
            caches["pages"].clear()
            answers = {url: client.get(url) for url in self.urls}
            assert {answer.status_code for answer in answers.values()} == {200}
            return {url: answer.text for url, answer in answers.items()}

    return Public()


def test_a_withdrawn_offer_is_gone_from_every_public_page_at_once(client, public, partner, lead):
    offer = offer_of(partner, component=public.component, price="123.45", note="Helista ette.")
    client.logout()
    before = public.texts()
    component, organisation = before[public.urls[0]], before[public.urls[2]]
    assert "123,45" in component
    assert "123,45" in organisation
    assert "123,45" in before["/teenused/"]
    on_map = public.urls[-3:]
    for url in on_map:
        assert public.component.name in before[url], url
    client.force_login(lead)
    url = reverse("resource_withdraw", args=[offer.pk])
    assert client.post(url, {"key": new_key()}).status_code == 302
    client.logout()
    after = public.texts()
    for text in after.values():
        assert "123,45" not in text
        assert "Helista ette." not in text
    page, table, points = (after[url] for url in on_map)
    assert partner.name not in page.split("<main", 1)[1]
    assert len(table.splitlines()) == 1
    assert json.loads(points)["features"] == []


def test_free_places_and_an_approved_price_show_at_once(client, public, partner, lead):
    offer = offer_of(partner, component=public.component, price="123.45", places=9, free_places=0)
    keeper = speaker(partner)
    client.force_login(keeper)
    sent = {"key": new_key(), "version": "1", "free_places": "7", "waiting_weeks": ""}
    client.post(reverse("resource_availability", args=[offer.pk]), sent)
    form = typed(client, offer.resource, price_individual_net="99", price_individual_gross="99")
    client.post(reverse("resource_change", args=[offer.pk]), form)
    client.logout()
    text = public.texts()[public.urls[0]]
    assert "7 kohta vaba" in text
    assert "123,45" in text
    assert "99,00" not in text
    client.force_login(lead)
    url = reverse("proposal_decide", args=[ResourceChange.objects.get(state="waiting").pk])
    page = client.get(url)
    sent = as_sent(page.context["form"]) | {"sign": page.context["sign"], "answer": "approve"}
    assert client.post(url, sent).status_code == 302
    client.logout()
    text = public.texts()[public.urls[0]]
    assert "99,00" in text
    assert "123,45" not in text


def test_a_kept_page_is_not_shown_after_a_change(client, public, partner, lead):
    offer = offer_of(partner, component=public.component, price="123.45")
    client.logout()
    public.texts()
    url = public.urls[0]
    assert "123,45" in client.get(url).text
    client.force_login(lead)
    client.post(reverse("resource_withdraw", args=[offer.pk]), {"key": new_key()})
    client.logout()
    assert "123,45" not in client.get(url).text


def test_nothing_public_tells_where_a_confidential_place_is(client, public, partner):
    shelter(partner, component=public.component, price="123.45")
    texts = public.texts()
    assert "123,45" in texts[public.urls[0]]
    for text in texts.values():
        assert not [trace for trace in TRACES if trace in text]


def test_a_draft_is_not_public(client, public, partner):
    offer_of(partner, component=public.component, price="123.45", resource__state="draft")
    for text in public.texts().values():
        assert "123,45" not in text


def test_an_offer_is_found_by_the_new_name_of_its_organisation(partner):
    offer = offer_of(partner)
    partner.name = "Kuldkirveste Kodutugi"
    partner.save()
    assert [hit.pk for hit in find("kuldkirves", models=[Offer])] == [str(offer.pk)]
    assert find("kolme käbi", models=[Offer]) == []
