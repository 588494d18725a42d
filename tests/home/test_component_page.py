"""One component: prices, ceiling, offers near home, calculator. CAT-03 to CAT-17."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.cache import caches
from django.test import Client

from home.models import ComponentLimit
from home.reports.component import ComponentReport
from tests.home.factories import SmallSite
from tests.network.factories import (
    CapFactory,
    ComponentFactory,
    LifeDomainFactory,
    MunicipalityFactory,
    OfferFactory,
    OrganisationFactory,
    PriceFactory,
    RoundFactory,
)


def ask(client: Client, slug: str, query: str = "") -> ComponentReport:
    caches["pages"].clear()  # a kept page has no context
    response = client.get(f"/teenused/{slug}/{query}")
    assert response.status_code == 200
    return response.context["report"]


def test_offers_near_home_come_first_and_a_free_place_before_a_nearer_full_one(
    site: SmallSite, client: Client
) -> None:
    here = MunicipalityFactory(slug="siin", lat=57.80, lon=26.50)
    next_door = MunicipalityFactory(lat=57.90, lon=26.60)
    far = MunicipalityFactory(lat=59.4, lon=24.7)
    page = site.component()
    full = OfferFactory(
        component=page.component, resource__organisation__municipality=here, places=3, free_places=0
    )
    free = OfferFactory(
        component=page.component,
        resource__organisation__municipality=next_door,
        places=3,
        free_places=1,
    )
    away = OfferFactory(component=page.component, resource__organisation__municipality=far)

    report = ask(client, page.slug, "?municipality=siin")

    assert [row.id for row in report.near] == [free.pk, full.pk]
    assert [row.id for row in report.elsewhere] == [away.pk]


def test_an_offer_that_comes_to_the_municipality_is_near_wherever_it_stands(
    site: SmallSite, client: Client
) -> None:
    here = MunicipalityFactory(slug="siin", lat=57.80, lon=26.50)
    far = MunicipalityFactory(lat=59.4, lon=24.7)
    page = site.component()
    offer = OfferFactory(component=page.component, resource__organisation__municipality=far)
    offer.serves.add(here)

    assert [row.id for row in ask(client, page.slug, "?municipality=siin").near] == [offer.pk]


def test_a_confidential_place_shows_its_municipality_only(site: SmallSite, client: Client) -> None:
    page = site.component()
    offer = OfferFactory(
        component=page.component,
        resource__is_confidential=True,
        resource__address="Salajane tänav 7",
        resource__lat=57.8,
        resource__lon=26.5,
    )

    row = ask(client, page.slug).offers[0]
    body = client.get(f"/teenused/{page.slug}/").content.decode()

    assert row.municipality == offer.resource.municipality.name
    assert row.address == ""
    assert "Salajane" not in body


def test_without_a_reference_price_the_page_says_that_none_is_agreed(
    site: SmallSite, client: Client
) -> None:
    page = site.component()

    assert "hind kokku leppimata" in client.get(f"/teenused/{page.slug}/").content.decode()


def test_the_reference_price_of_a_closed_round_is_history(site: SmallSite, client: Client) -> None:
    page = site.component()
    closed = RoundFactory(
        slug="2023-2024",
        name="2023–2024",
        valid_from=dt.date(2023, 1, 1),
        valid_until=dt.date(2025, 1, 1),
    )
    PriceFactory(
        component=page.component,
        round=closed,
        valid_from=closed.valid_from,
        valid_until=closed.valid_until,
    )
    running = PriceFactory(component=page.component, net="45.00", gross="45.00")

    report = ask(client, page.slug)

    assert report.prices[0].reference == running
    assert [price.round for price in report.past_prices] == [closed]


def test_a_ceiling_of_the_life_domain_holds_for_its_components(
    site: SmallSite, client: Client
) -> None:
    work, other = LifeDomainFactory(), LifeDomainFactory()
    CapFactory(domain=work)
    capped = site.component(ComponentFactory(domain=work))
    free = site.component(ComponentFactory(domain=other))

    assert ask(client, capped.slug).cap.yearly == Decimal("2280.00")
    assert ask(client, free.slug).cap is None
    # As Estonians write money: a no-break space between thousands, a comma before cents.
    assert "2\xa0280,00\xa0€" in client.get(f"/teenused/{capped.slug}/").content.decode()


@pytest.mark.parametrize(
    ("hours", "monthly", "yearly"),
    [("4", "160.00", "1920.00"), ("1,5", "60.00", "720.00"), ("0.25", "10.00", "120.00")],
)
def test_the_calculator_reads_hours_as_estonians_write_them(
    site: SmallSite, client: Client, hours: str, monthly: str, yearly: str
) -> None:
    page = site.component()
    OfferFactory(component=page.component, price="40.00")

    result = ask(client, page.slug, f"?hours={hours}").calculator.result

    assert (result.monthly, result.yearly) == (Decimal(monthly), Decimal(yearly))


@pytest.mark.parametrize("hours", ["", "palju", "0", "-3", "1e5", "745", "4,5,6", "∞"])
def test_the_calculator_says_what_is_wrong_and_keeps_what_was_typed(
    site: SmallSite, client: Client, hours: str
) -> None:
    page = site.component()
    OfferFactory(component=page.component, price="40.00")

    calculator = ask(client, page.slug, f"?hours={hours}").calculator

    assert calculator.result is None
    assert calculator.errors["hours"]
    assert calculator["hours"].value() == hours


def test_the_calculator_names_the_month_in_which_the_ceiling_is_met(
    site: SmallSite, client: Client
) -> None:
    work = LifeDomainFactory()
    CapFactory(domain=work)
    page = site.component(ComponentFactory(domain=work))
    OfferFactory(component=page.component, price="40.00")

    result = ask(client, page.slug, "?hours=8").calculator.result

    assert result.over_ceiling
    assert result.months_within_ceiling == 7  # 8 × 40 = 320; 2280 / 320 = 7,1


def test_the_municipalitys_own_contact_is_on_the_page(site: SmallSite, client: Client) -> None:
    here = MunicipalityFactory(slug="siin")
    OrganisationFactory(kind="municipality", municipality=here, phone="000 1010")
    page = site.component()

    body = client.get(f"/teenused/{page.slug}/?municipality=siin").content.decode()

    assert 'href="tel:0001010"' in body


def test_what_a_component_is_not_leads_to_the_one_to_use_instead(
    site: SmallSite, client: Client
) -> None:
    other = site.component()
    page = site.component()
    ComponentLimit.objects.create(page=page, text="Ei ole ravi", instead=other.component)

    body = client.get(f"/teenused/{page.slug}/").content.decode()

    assert "Ei ole ravi" in body
    assert f'href="/teenused/{other.slug}/"' in body


@pytest.mark.parametrize("offers", [1, 40])
def test_a_component_page_costs_at_most_eight_statements(
    site: SmallSite, client: Client, django_assert_max_num_queries, offers: int
) -> None:
    here = MunicipalityFactory(slug="siin")
    OrganisationFactory(kind="municipality", municipality=here)
    page = site.component()
    ComponentLimit.objects.create(page=page, text="Ei ole ravi", instead=page.component)
    for _ in range(offers):
        OfferFactory(
            component=page.component, resource__organisation__municipality=here, price="40.00"
        )
    client.get("/teenused/")
    caches["pages"].clear()
    with django_assert_max_num_queries(8):
        client.get(f"/teenused/{page.slug}/?municipality=siin")
