"""The calculator on the page of a component and on its own: what is typed, what is told. CAT-11."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import caches
from django.http import QueryDict
from django.test import Client
from django.utils import translation

from catalogue.models import Price, Round
from catalogue.models.component import Form
from home.forms.calculator import CalculatorForm
from home.reports.calculator import PriceChoice, Rates
from network.models import OfferPrice
from tests.home.factories import SmallSite
from tests.network.factories import (
    CapFactory,
    ComponentFactory,
    LifeDomainFactory,
    OfferFactory,
    PriceFactory,
    RoundFactory,
)

TODAY = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def page(site: SmallSite):
    """A service with a ceiling, asked 40,00 alone and 20,00 in a group."""
    work = LifeDomainFactory()
    CapFactory(domain=work)
    page = site.component(ComponentFactory(domain=work, is_group=True))
    offer = OfferFactory(component=page.component, price="40.00")
    OfferPrice.objects.create(
        offer=offer, form="group", net=20, gross=20, valid_from=dt.date(2025, 1, 1)
    )
    return page


def form_of(query: str) -> CalculatorForm:
    """The form of a service asked 40,00 alone and 20,00 in a group, without a database."""
    since = dt.date(2025, 1, 1)
    references = [
        Price(form="individual", gross=Decimal(40), valid_from=since),
        Price(form="group", gross=Decimal(20), valid_from=since),
    ]
    choices = [PriceChoice("reference", prices=(("individual", Decimal(40)),))]
    rates = Rates([Form.INDIVIDUAL, Form.GROUP], choices, references, [])
    return CalculatorForm(QueryDict(query), rates, dt.date(2026, 3, 10))


def ask(client: Client, page, query: str, own: bool = False):
    """The form as the page has it; `own`: on the calculator's own page."""
    caches["pages"].clear()  # a kept page has no context
    where = f"/arvuta/?component={page.slug}&" if own else f"/teenused/{page.slug}/?"
    response = client.get(f"{where}{query}")
    assert response.status_code == 200
    return response.context["calculator"]


@pytest.mark.parametrize("own", [True, False])
def test_six_hours_alone_and_two_in_a_group_from_april(client: Client, page, own: bool) -> None:
    costs = ask(client, page, "individual=6&group=2&begin=04.2026", own).costs

    # 6 × 40 + 2 × 20 = 280; nine months 2520; 2280 is reached in December.
    assert costs.monthly == Decimal("280.00")
    (year,) = costs.years
    assert (year.total, year.over, year.reached.first) == (
        Decimal("2520.00"),
        Decimal("240.00"),
        dt.date(2026, 12, 1),
    )


def test_the_steps_stand_on_the_page(client: Client, page) -> None:
    body = client.get(
        f"/arvuta/?component={page.slug}&individual=6&group=2&begin=04.2026"
    ).content.decode()
    text = " ".join(body.replace("\xa0", " ").split())

    assert "6 h × 40,00 €" in text
    assert "2 h × 20,00 €" in text
    assert "280,00 € kuus" in text
    assert "12.2026" in text
    assert "240,00 €" in text


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("1,5", "1.5"), ("0.25", "0.25"), (" 4 ", "4"), ("4h", "4"), ("744", "744"), ("2,50", "2.50")],
)
def test_hours_are_read_as_estonians_write_them(typed: str, hours: str) -> None:
    costs = form_of(f"individual={typed}&begin=04.2026&end=04.2026").costs

    assert costs.months[0].lines[0].hours == Decimal(hours)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("individual=", "individual"),
        ("individual=0", "individual"),
        ("individual=palju", "individual"),
        ("individual=-3", "individual"),
        ("individual=1e2", "individual"),
        ("individual=745", "individual"),
        ("individual=4,5,6", "individual"),
        ("individual=4,555", "individual"),
        ("individual=%E2%88%9E", "individual"),
        ("individual=%00", "individual"),
        ("group=NaN", "group"),
        ("individual=4&begin=suvel", "begin"),
        ("individual=4&begin=13.2026", "begin"),
        ("individual=4&begin=31.02.2026", "begin"),
        ("individual=4&begin=01.01.0000", "begin"),
        ("individual=4&begin=04.1999", "begin"),
        ("individual=4&begin=04.9999", "begin"),
        ("individual=4&begin=04.2026&end=03.2026", "end"),
        ("individual=4&begin=01.2026&end=12.2029", "end"),
        ("individual=4&spent=-1", "spent"),
        ("individual=4&spent=1,234", "spent"),
        ("individual=4&spent=raha", "spent"),
        ("individual=4&price=999999", "price"),
        ("individual=4&price=' OR 1=1", "price"),
    ],
)
def test_what_cannot_be_read_has_its_sentence_beside_its_field(query: str, field: str) -> None:
    form = form_of(query)

    assert form.costs is None
    assert list(form.errors) == [field]
    assert str(form.errors[field][0])


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("individual=", "individual", "how many hours"),
        ("individual=9999999", "individual", "between 0,25 and 744"),
        ("individual=3.333", "individual", "two decimals"),
        ("individual=palju", "individual", "a number, such as"),
        ("individual=4&begin=31.02.2027", "begin", "no such day"),
        ("individual=4&end=31. november 2026", "end", "no such day"),
        ("individual=4&begin=juu 2027", "begin", "such as 04.2026"),
    ],
)
def test_the_sentence_says_what_is_wrong(query: str, field: str, words: str) -> None:
    with translation.override("en"):
        assert words in str(form_of(query).errors[field][0])


def test_a_service_that_was_not_chosen_is_asked_for(client: Client, page) -> None:
    assert 'id="id_component_error"' not in client.get("/arvuta/").content.decode()
    assert 'id="id_component_error"' in client.get("/arvuta/?component=").content.decode()


def test_emptied_fields_are_sent_by_the_forms_of_the_calculator(client: Client, page) -> None:
    # The script leaves empty fields out of an address (site.js), and then 4 hours came back.
    body = client.get(f"/arvuta/?component={page.slug}").content.decode()

    assert body.count(" data-whole>") == 2


def test_what_was_typed_stays_and_the_sentence_stands_beside_it(client: Client, page) -> None:
    query = "individual=<palju>&begin=suvel&end=12.2026&spent=-1&price=kõik"
    body = client.get(f"/arvuta/?component={page.slug}&{query}").content.decode()

    assert body.count('class="wrong"') == 4
    assert 'value="&lt;palju&gt;"' in body
    assert 'value="suvel"' in body
    assert 'value="12.2026"' in body


@pytest.mark.parametrize(
    ("begin", "end", "first", "last"),
    [
        ("", "", "2026-04-01", "2026-12-31"),
        ("04.2026", "", "2026-04-01", "2026-12-31"),
        ("aprill 2026", "juuni 2026", "2026-04-01", "2026-06-30"),
        ("15.04.2026", "10.05.2026", "2026-04-15", "2026-05-10"),
        ("2026-04", "2026-05-10", "2026-04-01", "2026-05-10"),
        ("1.4.2026", "02.2028", "2026-04-01", "2028-02-29"),
        ("1. märts 2027", "01.03.28", "2027-03-01", "2028-03-01"),
        ("märts 27", "03.28", "2027-03-01", "2028-03-31"),
        ("1 March 2027", "15. апреля 2027", "2027-03-01", "2027-04-15"),
        ("sept 2026", "Detsember 2026", "2026-09-01", "2026-12-31"),
    ],
)
def test_months_and_days_are_read(begin: str, end: str, first: str, last: str) -> None:
    costs = form_of(f"individual=4&begin={begin}&end={end}").costs

    assert (str(costs.first), str(costs.last)) == (first, last)


def test_what_was_used_already_counts_against_the_ceiling(client: Client, page) -> None:
    costs = ask(client, page, "individual=4&begin=10.2026&spent=2 000,00 €").costs

    # 2000 + 160 = 2160, 2320, 2480: 200 over, from November on.
    assert costs.years[0].over == Decimal("200.00")
    assert costs.years[0].reached.first == dt.date(2026, 11, 1)


def test_an_offers_price_of_tomorrow_counts_from_its_day(client: Client, page) -> None:
    price = OfferPrice.objects.get(form="individual")
    OfferPrice.objects.filter(pk=price.pk).update(valid_until=dt.date(2026, 4, 16))
    OfferPrice.objects.create(
        offer=price.offer, form="individual", net=50, gross=50, valid_from=dt.date(2026, 4, 16)
    )

    costs = ask(client, page, "individual=6&begin=04.2026&end=04.2026").costs

    # 15 of 30 days at 40, 15 at 50: 6 × (600 + 750) ÷ 30 = 270.
    assert costs.total == Decimal("270.00")
    assert [piece.days for piece in costs.months[0].lines[0].pieces] == [15, 15]


def test_the_reference_price_is_a_price_list_too(client: Client, site: SmallSite) -> None:
    page = site.component()
    PriceFactory(component=page.component, round=RoundFactory())

    form = ask(client, page, "individual=2&begin=04.2026&end=04.2026")

    assert form.chosen == "reference"
    assert form.costs.total == Decimal("70.00")


def test_an_offer_without_a_price_for_the_form_says_so(client: Client, page) -> None:
    OfferPrice.objects.filter(form="group").delete()

    form = ask(client, page, "individual=1&group=2&begin=04.2026")

    assert form.costs is None
    assert list(form.errors) == ["group"]


def test_a_component_without_any_price_has_no_calculator_but_a_way_on(
    client: Client, site: SmallSite
) -> None:
    page = site.component()

    assert 'id="arvutus"' not in client.get(f"/teenused/{page.slug}/").content.decode()
    body = client.get(f"/arvuta/?component={page.slug}&individual=4").content.decode()
    assert 'id="arvutus"' not in body
    assert "hinda" in body


def test_nothing_is_counted_before_it_is_asked(client: Client, page) -> None:
    assert ask(client, page, "").costs is None


def test_an_unknown_service_is_named_and_the_list_stays(client: Client, page) -> None:
    body = client.get("/arvuta/?component=ei-ole<b>").content.decode()

    assert "ei-ole&lt;b&gt;" in body
    assert page.title in body


def test_a_draft_of_a_service_is_not_in_the_list(client: Client, site: SmallSite) -> None:
    page = site.component()
    page.live = False
    page.save()

    assert page.title not in client.get("/arvuta/").content.decode()
    body = client.get(f"/arvuta/?component={page.slug}").content.decode()
    assert page.title not in body


@pytest.mark.parametrize("offers", [1, 12])
def test_the_calculator_costs_the_same_number_of_statements_whatever_there_is(
    client: Client, page, site: SmallSite, django_assert_max_num_queries, offers: int
) -> None:
    for _ in range(offers):
        OfferFactory(component=page.component, price="40.00")
        site.component()
    client.get("/teenused/")
    caches["pages"].clear()
    with django_assert_max_num_queries(8):
        client.get(f"/arvuta/?component={page.slug}&individual=6&begin=04.2026")
    caches["pages"].clear()
    with django_assert_max_num_queries(8):
        client.get(f"/teenused/{page.slug}/?individual=6&begin=04.2026")


@pytest.mark.java
@pytest.mark.paper
def test_the_pages_are_valid_html(client: Client, page, check_html) -> None:
    PriceFactory(
        component=page.component, round=Round.objects.get(), valid_until=dt.date(2026, 1, 1)
    )
    paths = {
        "empty": "/arvuta/",
        "unknown": "/arvuta/?component=ei-ole",
        "asked": f"/arvuta/?component={page.slug}",
        "worked out": f"/arvuta/?component={page.slug}&individual=6&group=9&begin=15.04.2026",
        "wrong": f"/arvuta/?component={page.slug}&individual=palju&begin=suvel&price=0",
        "on the page of the service": f"/teenused/{page.slug}/?individual=6&end=12.2027",
    }
    check_html({name: client.get(path).content.decode() for name, path in paths.items()})
