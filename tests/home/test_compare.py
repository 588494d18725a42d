"""Up to three services, or up to three offers, side by side. CAT-13, CAT-21."""

from decimal import Decimal

import pytest
from django.core.cache import caches
from django.test import Client

from home.models import ComponentLimit
from home.reports.compare import CompareReport
from tests.home.factories import SmallSite
from tests.network.factories import (
    CapFactory,
    ComponentFactory,
    MunicipalityFactory,
    OfferFactory,
    PriceFactory,
    RoundFactory,
)


def ask(client: Client, query: str = "", prefix: str = "") -> CompareReport:
    caches["pages"].clear()  # a kept page has no context
    response = client.get(f"{prefix}/vordle/{query}")
    assert response.status_code == 200
    return response.context["compare"]


def body(client: Client, query: str) -> str:
    return client.get(f"/vordle/{query}").content.decode()


def slugs(report: CompareReport) -> list[str]:
    return [one.chosen.row.slug for one in report.services]


def test_services_stand_in_the_order_of_the_address(site: SmallSite, client: Client) -> None:
    one, two, three = (site.component().slug for _ in range(3))

    report = ask(client, f"?component={three}&component={one}&component={two}&component={one}")

    assert slugs(report) == [three, one, two]
    assert report.notes == []


def test_a_fourth_service_is_left_out_and_named(site: SmallSite, client: Client) -> None:
    pages = [site.component() for _ in range(4)]

    report = ask(client, "?" + "&".join(f"component={page.slug}" for page in pages))

    assert slugs(report) == [page.slug for page in pages[:3]]
    assert pages[3].title in report.notes[0]
    assert report.options == [], "there is no room for another one"


@pytest.mark.parametrize(
    "query",
    [
        "?component=ei-ole",
        "?offer=ei-ole",
        "?offer=99999999999999999999999",
        "?offer=-1",
        "?offer=%D9%A3",
        "?component=" + "a" * 500,
        "?municipality=atlantis",
    ],
)
def test_what_is_not_known_is_named_and_the_page_leads_on(
    site: SmallSite, client: Client, query: str
) -> None:
    site.component()
    report = ask(client, query)

    assert report.services == []
    assert report.offers == []
    assert len(report.notes) == 1
    assert report.options, "another service can be chosen"
    assert 'href="/leia/"' in body(client, query)


def test_a_service_that_is_not_shown_is_unknown(site: SmallSite, client: Client) -> None:
    page = site.component()
    hidden = site.component()
    hidden.unpublish()
    gone = site.component(ComponentFactory(is_active=False))

    report = ask(client, f"?component={page.slug}&component={hidden.slug}&component={gone.slug}")

    assert slugs(report) == [page.slug]
    assert len(report.notes) == 2


def test_each_column_has_the_prices_and_the_ceiling_of_its_own_service(
    site: SmallSite, client: Client
) -> None:
    current = RoundFactory()
    dear, cheap = site.component(), site.component()
    PriceFactory(component=dear.component, round=current, net=Decimal(50), gross=Decimal(50))
    OfferFactory(component=dear.component, price="55.00")
    OfferFactory(component=dear.component, price="61.00")
    CapFactory(component=None, domain=cheap.component.domain, round=current)

    first, second = ask(client, f"?component={dear.slug}&component={cheap.slug}").services

    assert [price.gross for price in first.references] == [Decimal(50)]
    assert [(one.lowest, one.highest) for one in first.chosen.asked] == [(Decimal(55), Decimal(61))]
    assert first.cap is None
    assert second.references == []
    assert second.chosen.asked == []
    assert second.cap
    assert second.cap.yearly == Decimal(2280)


def test_near_home_counts_and_the_nearest_offer_is_named(site: SmallSite, client: Client) -> None:
    here = MunicipalityFactory(slug="siin", lat=57.8, lon=26.5)
    far = MunicipalityFactory(name="Kaugel", lat=59.4, lon=24.7)
    page, other = site.component(), site.component()
    near = OfferFactory(
        component=page.component, resource__organisation__municipality=here, price="30.00"
    )
    OfferFactory(component=page.component, resource__organisation__municipality=far, price="10.00")
    away = OfferFactory(component=other.component, resource__organisation__municipality=far)

    first, second = ask(
        client, f"?component={page.slug}&component={other.slug}&municipality=siin"
    ).services

    assert first.chosen.row.offers == 1
    assert first.chosen.row.from_price == Decimal(30)
    assert [offer.id for offer in first.chosen.offers] == [near.pk]
    assert second.chosen.row.offers == 0
    assert second.chosen.row.nearest == ("Kaugel", second.chosen.offers[0].km)
    assert [offer.id for offer in second.chosen.offers] == [away.pk]


def test_what_a_service_is_not_leads_to_the_other_one_only_where_that_has_a_page(
    site: SmallSite, client: Client
) -> None:
    page, instead = site.component(), site.component()
    without_page = ComponentFactory()
    ComponentLimit.objects.create(page=page, text="ei ole ravi", instead=instead.component)
    ComponentLimit.objects.create(page=page, text="ei ole hoid", instead=without_page)
    ComponentLimit.objects.create(page=page, text="ei ole muu")

    (column,) = ask(client, f"?component={page.slug}").services
    detail = client.get(f"/teenused/{page.slug}/").content.decode()

    assert [(limit.text, limit.slug) for limit in column.limits] == [
        ("ei ole ravi", instead.slug),
        ("ei ole hoid", ""),
        ("ei ole muu", ""),
    ]
    for text in (body(client, f"?component={page.slug}"), detail):
        assert f'href="/teenused/{instead.slug}/"' in text
        assert f"/teenused/{without_page.slug}/" not in text
    assert without_page.name in detail


def test_offers_stand_side_by_side_and_hidden_ones_do_not(site: SmallSite, client: Client) -> None:
    one, two = OfferFactory(price="30.00"), OfferFactory(price__group="12.00")
    draft = OfferFactory(resource__state="draft")
    private = OfferFactory(resource__organisation__is_public=False)

    report = ask(client, f"?offer={two.pk}&offer={draft.pk}&offer={one.pk}&offer={private.pk}")

    assert [column.offer.id for column in report.offers] == [two.pk, one.pk]
    assert [price.form for price in report.offers[0].offer.prices] == ["group"]
    assert str(draft.pk) in report.notes[0]
    assert str(private.pk) in report.notes[0]


def test_a_confidential_place_has_no_address_here_either(site: SmallSite, client: Client) -> None:
    offer = OfferFactory(resource__is_confidential=True, resource__address="Salajane tänav 7")
    assert "Salajane" not in body(client, f"?offer={offer.pk}")


def test_of_services_and_offers_together_the_services_are_shown(
    site: SmallSite, client: Client
) -> None:
    page, offer = site.component(), OfferFactory()
    report = ask(client, f"?component={page.slug}&offer={offer.pk}")
    assert slugs(report) == [page.slug]
    assert report.offers == []
    assert len(report.notes) == 1


def test_a_column_can_be_left_out_and_the_others_stay(site: SmallSite, client: Client) -> None:
    one, two, three = (site.component().slug for _ in range(3))
    report = ask(client, f"?component={one}&component={two}&component={three}")
    rest = report.services[1].address_without
    assert slugs(ask(client, rest)) == [one, three]


def test_the_form_of_another_service_offers_those_that_are_not_there_yet(
    site: SmallSite, client: Client
) -> None:
    one, two = site.component(), site.component()
    report = ask(client, f"?component={one.slug}")
    assert [row for _domain, rows in report.options for row in rows] == [(two.slug, two.title)]


def test_words_of_another_language_are_marked(site: SmallSite, client: Client) -> None:
    page = site.component(summary="Eesti keeles.")
    text = client.get(f"/ru/vordle/?component={page.slug}").content.decode()
    assert '<span lang="et">Eesti keeles.</span>' in text


def test_the_list_and_the_page_lead_here_without_a_script(site: SmallSite, client: Client) -> None:
    page, offer = site.component(), None
    for _ in range(2):
        offer = OfferFactory(component=page.component)
    catalogue = client.get("/teenused/").content.decode()
    detail = client.get(f"/teenused/{page.slug}/").content.decode()

    assert f'name="component" value="{page.slug}" form="vordlus"' in catalogue
    assert 'id="vordlus" method="get" action="/vordle/"' in catalogue
    assert f'href="/vordle/?component={page.slug}"' in detail
    assert offer
    assert f'name="offer" value="{offer.pk}" form="vordlus"' in detail
    assert 'id="vordlus"' in detail


def test_a_single_offer_has_nothing_to_be_compared_with(site: SmallSite, client: Client) -> None:
    page = site.component()
    OfferFactory(component=page.component)
    assert "vordlus" not in client.get(f"/teenused/{page.slug}/").content.decode()


@pytest.mark.parametrize("kind", ["component", "offer"])
@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_statements_for_one_and_for_three(
    site: SmallSite, client: Client, django_assert_max_num_queries, kind: str, number: int
) -> None:
    MunicipalityFactory(slug="siin")
    pages = [site.component() for _ in range(number)]
    offers = [OfferFactory(component=page.component, price="30.00") for page in pages]
    for page in pages:
        ComponentLimit.objects.create(page=page, text="ei ole", instead=page.component)
    named = [f"component={page.slug}" for page in pages]
    if kind == "offer":
        named = [f"offer={offer.pk}" for offer in offers]
    address = f"/vordle/?municipality=siin&{'&'.join(named)}"
    client.get(address)
    caches["pages"].clear()
    with django_assert_max_num_queries(12 if kind == "component" else 4):
        client.get(address)


@pytest.mark.parametrize("path", ["/vordle/", "/minu-nimekiri/", "/leia/"])
def test_the_pages_are_only_read(site: SmallSite, client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


@pytest.mark.parametrize("path", ["/vordle/?component={}", "/minu-nimekiri/?k={}", "/leia/"])
def test_the_pages_are_kept_until_something_public_changes(
    site: SmallSite, client: Client, django_assert_max_num_queries, path: str
) -> None:
    page = site.component()
    address = path.format(page.slug)
    first = client.get(address)
    with django_assert_max_num_queries(1):  # what the content version is
        assert client.get(address).content == first.content
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
