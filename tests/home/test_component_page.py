"""One component: prices, ceiling, offers near home, calculator. CAT-03 to CAT-17."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

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

TALLINN = ZoneInfo("Europe/Tallinn")


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


def price_section(body: str) -> str:
    return body.partition('<section id="hind"')[2].partition("</section>")[0]


def test_a_page_without_a_reference_price_does_not_say_that_one_is_agreed(
    site: SmallSite, client: Client
) -> None:
    page = site.component()

    body = client.get(f"/en/teenused/{page.slug}/").content.decode()
    assert "Reference price, 1 h" not in body
    assert "the one agreed for the round" not in body

    PriceFactory(component=page.component, net="45.00", gross="45.00")
    caches["pages"].clear()
    body = client.get(f"/en/teenused/{page.slug}/").content.decode()
    assert "Reference price, 1 h" in body
    assert "the one agreed for the round" in body


def test_prices_of_far_offers_are_not_called_near(site: SmallSite, client: Client) -> None:
    MunicipalityFactory(slug="siin", lat=57.80, lon=26.50)
    far = MunicipalityFactory(lat=59.4, lon=24.7)
    page = site.component()
    OfferFactory(component=page.component, resource__organisation__municipality=far, price="49.60")

    body = client.get(f"/en/teenused/{page.slug}/?municipality=siin").content.decode()

    assert "Asked by providers, 1 h" in body
    assert "Asked nearby, 1 h" not in body


def test_in_plain_language_the_price_is_a_sentence_and_the_table_is_folded(
    site: SmallSite, client: Client
) -> None:
    page = site.component(plain="<p>Lihtne.</p>")
    OfferFactory(component=page.component, price="49.60")

    address = f"/en/teenused/{page.slug}/"
    section = price_section(client.get(f"{address}?lihtne=1").content.decode())
    before, folded, table = section.partition("<details>")
    assert "49,60" in before
    assert "<table" not in before
    assert folded
    assert "<table" in table

    caches["pages"].clear()
    usual = price_section(client.get(f"{address}?lihtne=0").content.decode())
    assert "<table" in usual.partition("<details>")[0]


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
    body = client.get(f"/teenused/{page.slug}/").content.decode()
    assert "kehtis kuni 31.12.2024" in body
    assert "2023–2024" in body


def test_a_price_that_has_not_begun_says_from_which_day_it_holds(
    site: SmallSite, client: Client
) -> None:
    page = site.component()
    change = timezone.localdate() + dt.timedelta(days=40)
    now = PriceFactory(component=page.component, valid_until=change)
    later = PriceFactory(
        component=page.component,
        round=now.round,
        net="45.00",
        vat_rate=24,
        gross="55.80",
        valid_from=change,
    )

    report = ask(client, page.slug)
    body = client.get(f"/teenused/{page.slug}/").content.decode()

    assert report.prices[0].reference == now
    assert report.upcoming_prices == [later]
    assert f"kehtib alates {change:%d.%m.%Y}" in body
    assert "10,80\xa0€ (24 %)" in body


def test_a_price_changes_at_midnight_of_its_day_and_nobody_does_anything(
    site: SmallSite, client: Client
) -> None:
    page = site.component()
    change = dt.date(2026, 7, 1)
    old = PriceFactory(component=page.component, valid_until=change)
    new = PriceFactory(
        component=page.component, round=old.round, net="45.00", gross="45.00", valid_from=change
    )
    address = f"/teenused/{page.slug}/"

    with time_machine.travel(dt.datetime(2026, 6, 30, 23, 59, 50, tzinfo=TALLINN), tick=False):
        before = client.get(address).content.decode()
        assert client.get(address).content.decode() == before
    with time_machine.travel(dt.datetime(2026, 7, 1, 0, 0, 1, tzinfo=TALLINN), tick=False):
        after = client.get(address)

    assert str(old.gross).replace(".", ",") in before
    assert "kehtib alates 01.07.2026" in before
    assert after.context["report"].prices[0].reference == new
    assert "kehtis kuni 30.06.2026" in after.content.decode()


def test_of_two_ceilings_the_page_tells_the_lower(site: SmallSite, client: Client) -> None:
    work = LifeDomainFactory()
    page = site.component(ComponentFactory(domain=work))
    wide = CapFactory(domain=work)
    CapFactory(component=page.component, round=wide.round, yearly="1000.00")

    assert ask(client, page.slug).cap.yearly == Decimal("1000.00")


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
