"""The catalogue: what a visitor can choose, and what the list says. CAT-01, 02, 05, 16, 21."""

from decimal import Decimal

import pytest
from django.core.cache import caches
from django.test import Client

from home.reports.catalogue import CatalogueReport
from tests.home.factories import SmallSite
from tests.network.factories import (
    ComponentFactory,
    LifeDomainFactory,
    MunicipalityFactory,
    OfferFactory,
)


def ask(client: Client, query: str = "") -> CatalogueReport:
    caches["pages"].clear()  # a kept page has no context
    response = client.get(f"/teenused/{query}")
    assert response.status_code == 200
    return response.context["catalogue"]


def titles(report: CatalogueReport) -> list[str]:
    return [row.title for row in report.rows]


def test_every_filter_narrows_the_list_and_two_values_of_one_kind_mean_or(
    site: SmallSite, client: Client
) -> None:
    mind, home = LifeDomainFactory(slug="meel"), LifeDomainFactory(slug="kodu")
    site.component(ComponentFactory(name="Plaan", kind="base", domain=None))
    site.component(ComponentFactory(name="Nõu", domain=mind, is_group=True))
    site.component(ComponentFactory(name="Kolimine", domain=home))
    site.component(ComponentFactory(name="Pere", domain=home, audience="family", is_family=True))

    assert titles(ask(client)) == ["Plaan", "Nõu", "Kolimine", "Pere"]
    assert titles(ask(client, "?domain=meel")) == ["Nõu"]
    assert titles(ask(client, "?domain=meel&domain=kodu")) == ["Nõu", "Kolimine", "Pere"]
    assert titles(ask(client, "?kind=base")) == ["Plaan"]
    assert titles(ask(client, "?form=group")) == ["Nõu"]
    assert titles(ask(client, "?form=family")) == ["Pere"]
    assert titles(ask(client, "?audience=family&domain=kodu")) == ["Pere"]
    assert titles(ask(client, "?domain=meel&audience=family")) == []


def test_each_choice_counts_what_it_would_give_under_the_other_filters(
    site: SmallSite, client: Client
) -> None:
    mind, home = LifeDomainFactory(slug="meel"), LifeDomainFactory(slug="kodu")
    site.component(ComponentFactory(domain=mind, is_group=True))
    site.component(ComponentFactory(domain=mind))
    site.component(ComponentFactory(domain=home, is_group=True))

    report = ask(client, "?domain=meel&form=group")

    counts = {facet.name: {c.value: c.count for c in facet.choices} for facet in report.facets}
    assert report.total == 1
    assert counts["domain"] == {"meel": 1, "kodu": 1}
    assert counts["form"] == {"individual": 2, "family": 0, "group": 1}
    for name, values in counts.items():
        for value, count in values.items():
            others = "&form=group" if name == "domain" else "&domain=meel"
            if name in {"domain", "form"}:
                assert ask(client, f"?{name}={value}{others}").total == count


def test_the_price_is_the_lowest_of_today_and_of_near_home(site: SmallSite, client: Client) -> None:
    here = MunicipalityFactory(slug="siin", lat=57.8, lon=26.5)
    far = MunicipalityFactory(slug="kaugel", lat=59.4, lon=24.7)
    page = site.component()
    for place, price in ((here, "40.00"), (here, "38.50"), (far, "20.00")):
        OfferFactory(
            component=page.component, resource__organisation__municipality=place, price=price
        )

    assert ask(client).rows[0].from_price == Decimal("20.00")
    near = ask(client, "?municipality=siin").rows[0]
    assert (near.from_price, near.offers) == (Decimal("38.50"), 2)


def test_where_nothing_is_near_the_row_names_the_nearest_place(
    site: SmallSite, client: Client
) -> None:
    MunicipalityFactory(slug="siin", lat=57.8, lon=26.5)
    near = MunicipalityFactory(name="Lähem vald", lat=58.38, lon=26.72)
    far = MunicipalityFactory(name="Kaugem vald", lat=59.4, lon=24.7)
    page = site.component()
    for place in (far, near):
        OfferFactory(component=page.component, resource__organisation__municipality=place)

    row = ask(client, "?municipality=siin").rows[0]

    assert row.offers == 0
    assert row.nearest is not None
    assert row.nearest[0] == "Lähem vald"


def test_only_published_offers_of_public_organisations_count(
    site: SmallSite, client: Client
) -> None:
    page = site.component()
    OfferFactory(component=page.component, resource__state="draft", price="10.00")
    OfferFactory(component=page.component, resource__state="withdrawn", price="11.00")
    OfferFactory(component=page.component, resource__organisation__is_public=False, price="12.00")

    row = ask(client).rows[0]

    assert (row.offers, row.from_price) == (0, None)


def test_a_component_that_is_no_longer_in_use_is_not_offered(
    site: SmallSite, client: Client
) -> None:
    used, closed = site.component(), site.component()
    closed.component.is_active = False
    closed.component.save()

    assert titles(ask(client)) == [used.title]
    caches["pages"].clear()
    assert client.get("/").context["front"].components == 1
    assert closed.title not in client.get(f"/otsing/?q={closed.slug}").content.decode()
    # Whoever kept its address, in an old plan or a letter, still finds what it was.
    assert client.get(f"/teenused/{closed.slug}/").status_code == 200


def test_a_free_place_now_can_be_asked_for(site: SmallSite, client: Client) -> None:
    free, full = site.component(), site.component()
    OfferFactory(component=free.component, places=5, free_places=1)
    OfferFactory(component=full.component, places=5, free_places=0)

    assert titles(ask(client, "?free=1")) == [free.title]


def test_unknown_values_are_named_and_left_out(site: SmallSite, client: Client) -> None:
    site.component(ComponentFactory(name="Nõu", domain=LifeDomainFactory(slug="meel")))

    report = ask(client, "?domain=meel&domain=olematu&municipality=atlantis&sort=maitse&page=x")

    assert titles(report) == ["Nõu"]
    sentences = " ".join(report.notes)
    for word in ("olematu", "atlantis", "maitse"):
        assert word in sentences


@pytest.mark.parametrize(
    "name",
    [
        "domain",
        "kind",
        "form",
        "audience",
        "municipality",
        "q",
        "page",
        "sort",
        "free",
        "hours",
        "price",
    ],
)
@pytest.mark.parametrize(
    "value",
    [
        "'",
        '"',
        "%00",
        "%F0%9F%92%A9",
        "-1",
        "99999999999999999999",
        "NaN",
        "%FF%FE",
        "*",
        "(",
        "<script>",
        "õ" * 5000,
        "1e999",
        "a%20OR%20b",
        "%5C",
        "%7B%7D",
    ],
)
def test_no_parameter_can_break_a_page(
    site: SmallSite, client: Client, name: str, value: str
) -> None:
    page = site.component()
    OfferFactory(component=page.component, price="40.00")
    for address in (
        "/",
        "/teenused/",
        f"/teenused/{page.slug}/",
        "/otsing/",
        "/asutused/",
        "/uudised/",
    ):
        assert client.get(f"{address}?{name}={value}").status_code == 200


@pytest.mark.parametrize("query", ["", "?municipality=siin", "?domain=meel&form=group&sort=price"])
def test_the_list_costs_the_same_statements_for_any_number_of_rows(
    site: SmallSite, client: Client, django_assert_max_num_queries, query: str
) -> None:
    here = MunicipalityFactory(slug="siin")
    domain = LifeDomainFactory(slug="meel")
    for _ in range(25):
        page = site.component(ComponentFactory(domain=domain, is_group=True))
        OfferFactory(
            component=page.component, resource__organisation__municipality=here, price="40"
        )
    client.get("/teenused/")  # frame and places are kept in the process
    caches["pages"].clear()
    with django_assert_max_num_queries(6):
        client.get(f"/teenused/{query}")
