"""The visitor's own list: it comes with the address, and nothing of it is kept. CAT-21."""

import re

import pytest
from django.core.cache import caches
from django.test import Client

from home.reports.my_list import MOST, MyListReport
from tests.home.factories import SmallSite
from tests.network.factories import (
    ComponentFactory,
    MunicipalityFactory,
    OfferFactory,
    OrganisationFactory,
)


def ask(client: Client, query: str = "") -> MyListReport:
    caches["pages"].clear()  # a kept page has no context
    response = client.get(f"/minu-nimekiri/{query}")
    assert response.status_code == 200
    return response.context["my_list"]


def slugs(report: MyListReport) -> list[str]:
    return [row.chosen.row.slug for row in report.rows]


def test_the_list_has_the_services_of_the_address_in_its_order(
    site: SmallSite, client: Client
) -> None:
    one, two = site.component(), site.component()
    report = ask(client, f"?k={two.slug},{one.slug},,%20{two.slug}%20")
    assert slugs(report) == [two.slug, one.slug]
    assert report.keys == f"{two.slug},{one.slug}"
    assert report.notes == []


def test_what_is_not_in_the_catalogue_is_named_and_the_rest_is_shown(
    site: SmallSite, client: Client
) -> None:
    page, hidden = site.component(), site.component()
    hidden.unpublish()
    report = ask(client, f"?k=ei-ole,{page.slug},{hidden.slug}")
    assert slugs(report) == [page.slug]
    assert len(report.notes) == 1
    assert "ei-ole" in report.notes[0]
    assert hidden.slug in report.notes[0]


@pytest.mark.parametrize("query", ["", "?k=", "?k=,,,", "?k=%00", "?k=ei-ole", "?k=%27%22%3C"])
def test_an_empty_list_says_how_to_fill_it(site: SmallSite, client: Client, query: str) -> None:
    assert ask(client, query).rows == []
    caches["pages"].clear()
    text = client.get(f"/minu-nimekiri/{query}").content.decode()
    assert 'href="/teenused/"' in text
    assert 'href="/leia/"' in text


def test_a_list_that_is_too_long_is_cut_and_says_so(site: SmallSite, client: Client) -> None:
    page = site.component()
    rubbish = ",".join(f"s{place}" for place in range(MOST - 1))
    report = ask(client, f"?k={rubbish},{page.slug},viimane")
    assert slugs(report) == [page.slug]
    assert len(report.notes) == 2
    assert "viimane" not in "".join(report.notes)


def test_without_scripts_a_service_is_left_out_by_a_link(site: SmallSite, client: Client) -> None:
    one, two = site.component(), site.component()
    report = ask(client, f"?k={one.slug},{two.slug}")
    assert slugs(ask(client, report.rows[0].address_without)) == [two.slug]
    assert slugs(ask(client, f"?k={one.slug}")) == [one.slug]
    assert ask(client, ask(client, f"?k={one.slug}").rows[0].address_without).is_asked is False


def test_the_address_to_send_says_nothing_about_where_the_sender_lives(
    site: SmallSite, client: Client
) -> None:
    MunicipalityFactory(slug="siin")
    page = site.component()
    text = client.get(f"/minu-nimekiri/?k={page.slug}&municipality=siin").content.decode()
    shared = re.search(r'id="link"[^>]*value="([^"]+)"', text)
    assert shared
    assert shared[1] == f"http://testserver/minu-nimekiri/?k={page.slug}"


def test_each_service_has_its_nearest_offers_a_free_place_first_and_whom_to_call(
    site: SmallSite, client: Client
) -> None:
    here = MunicipalityFactory(slug="siin", lat=57.80, lon=26.50)
    next_door = MunicipalityFactory(lat=57.85, lon=26.55)
    far = MunicipalityFactory(lat=59.4, lon=24.7)
    page = site.component()
    full = OfferFactory(
        component=page.component, resource__organisation__municipality=here, free_places=0
    )
    free = OfferFactory(
        component=page.component, resource__organisation__municipality=next_door, free_places=2
    )
    OfferFactory(component=page.component, resource__organisation__municipality=far, free_places=9)
    OfferFactory(component=page.component, resource__state="draft")
    office = OrganisationFactory(kind="municipality", municipality=here, phone="000 7777")

    report = ask(client, f"?k={page.slug}&municipality=siin")

    assert [offer.id for offer in report.rows[0].chosen.offers] == [free.pk, full.pk]
    assert report.contact == office


def test_who_comes_to_the_municipality_is_near_wherever_they_stand(
    site: SmallSite, client: Client
) -> None:
    here = MunicipalityFactory(slug="siin", lat=57.80, lon=26.50)
    page = site.component()
    nearer = MunicipalityFactory(lat=58.4, lon=26.7)
    OfferFactory(component=page.component, resource__organisation__municipality=nearer)
    comes = OfferFactory(
        component=page.component,
        resource__organisation__municipality=MunicipalityFactory(lat=59.4, lon=24.7),
    )
    comes.serves.add(here)

    (row,) = ask(client, f"?k={page.slug}&municipality=siin").rows

    assert row.chosen.offers[0].id == comes.pk
    assert row.chosen.row.offers == 1


def test_a_full_list_of_long_names_arrives_whole(site: SmallSite, client: Client) -> None:
    named = [f"{number:02}{'a' * 49}" for number in range(MOST)]
    pages = [site.component(ComponentFactory(slug=slug)) for slug in named]

    report = ask(client, f"?k={','.join(named)}")

    assert slugs(report) == [page.slug for page in pages]


def test_what_is_far_is_no_example_of_what_is_near(site: SmallSite, client: Client) -> None:
    here = MunicipalityFactory(slug="siin", lat=57.80, lon=26.50)
    away = MunicipalityFactory(lat=59.4, lon=24.7)
    page = site.component()
    near = OfferFactory(component=page.component, resource__organisation__municipality=here)
    far = OfferFactory(component=page.component, resource__organisation__municipality=away)

    (row,) = ask(client, f"?k={page.slug}&municipality=siin").rows
    assert [offer.id for offer in row.chosen.offers] == [near.pk]

    (row,) = ask(client, f"?k={page.slug}").rows
    assert {offer.id for offer in row.chosen.offers} == {near.pk, far.pk}


def test_the_paper_has_the_address_of_the_list(site: SmallSite, client: Client) -> None:
    page = site.component()

    body = client.get(f"/minu-nimekiri/?k={page.slug}").content.decode()

    paper = body.partition('<p class="paper">')[2].partition("</p>")[0]
    assert paper.endswith(f"http://testserver/minu-nimekiri/?k={page.slug}")


def test_the_button_stands_on_the_page_and_in_the_list_and_is_hidden_without_a_script(
    site: SmallSite, client: Client
) -> None:
    page = site.component()
    button = f'hidden data-list-slug="{page.slug}"'
    for path in (f"/teenused/{page.slug}/", "/teenused/"):
        assert button in client.get(path).content.decode()


@pytest.mark.parametrize("number", [1, MOST])
def test_the_list_costs_the_same_statements_however_long_it_is(
    site: SmallSite, client: Client, django_assert_max_num_queries, number: int
) -> None:
    MunicipalityFactory(slug="siin")
    pages = [site.component() for _ in range(number)]
    for page in pages:
        OfferFactory(component=page.component, price="30.00")
    address = f"/minu-nimekiri/?municipality=siin&k={','.join(page.slug for page in pages)}"
    client.get(address)
    caches["pages"].clear()
    with django_assert_max_num_queries(8):
        client.get(address)


def test_no_cookie_is_set_by_a_list(site: SmallSite, client: Client) -> None:
    page = site.component()
    assert not client.get(f"/minu-nimekiri/?k={page.slug}").cookies
