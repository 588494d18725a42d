"""Rounds in the CMS: who may, the table as a form, errors beside the cell, nothing lost. CAT-12."""

import datetime as dt
import re
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from catalogue.models import Cap, Price, Round
from portal.access.cms_groups import ensure_cms_groups
from tests.factories import UserFactory
from tests.network.factories import (
    CapFactory,
    ComponentFactory,
    LifeDomainFactory,
    PriceFactory,
)

pytestmark = pytest.mark.django_db

TODAY = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)
TABLE = "/cms/voorud/2025-2026/"
FIELD = re.compile(r'<input type="(?:text|hidden)" name="([^"]+)"(?: value="([^"]*)")?')


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def groups():
    return ensure_cms_groups()


def as_(*groups, **fields):
    browser, user = Client(), UserFactory(**fields)
    user.groups.add(*groups)
    browser.force_login(user)
    return browser


@pytest.fixture
def publisher(groups):
    return as_(groups["publishers"])


@pytest.fixture
def price():
    """35,00 an hour since the beginning of the running round; two forms."""
    work = LifeDomainFactory(name="Hõivatus")
    price = PriceFactory(component=ComponentFactory(domain=work, is_group=True))
    CapFactory(domain=work, round=price.round)
    return price


def form_at(browser, address=TABLE):
    """What the browser would send back untouched."""
    body = browser.get(address).content.decode()
    found = dict(FIELD.findall(body.partition('<form method="post"')[2]))
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def cell(price, name, form="individual"):
    return f"p{price.component_id}-{form}-{name}"


@pytest.mark.parametrize("page", ["/cms/voorud/", TABLE, f"{TABLE}kopeeri/"])
def test_rounds_are_for_publishers(groups, price, page):
    wanted = {
        "publisher": (as_(groups["publishers"]), 200),
        "editor": (as_(groups["editors"]), 404 if page != "/cms/voorud/" else 403),
        "superuser": (
            as_(is_superuser=True, is_staff=True),
            404 if page != "/cms/voorud/" else 403,
        ),
        "without the CMS": (as_(), 403),
        "signed out": (Client(), 302),
    }
    found = {who: browser.get(page).status_code for who, (browser, _status) in wanted.items()}

    assert found == {who: status for who, (_browser, status) in wanted.items()}


def test_whoever_is_no_publisher_is_not_told_that_there_is_no_round(groups, price):
    for browser in (as_(groups["editors"]), as_(is_superuser=True, is_staff=True)):
        body = browser.get("/cms/voorud/").content.decode()
        assert TABLE not in body
        assert "Ühtegi vooru veel ei ole" not in body


def test_a_price_a_new_form_and_a_ceiling_are_changed_in_one_go(publisher, price):
    sent = form_at(publisher)
    assert sent[cell(price, "net")] == "35,00"
    assert sent["valid_from"] == "10.03.2026"
    sent |= {
        cell(price, "net"): "40",
        cell(price, "vat_rate"): "24",
        cell(price, "net", "group"): "20,50",
        f"d{price.component.domain_id}-yearly": "2 400,00 €",
        "valid_from": "01.07.2026",
    }

    answer = publisher.post(TABLE, sent)

    assert answer.status_code == 302, answer.context["form"].errors
    july = dt.date(2026, 7, 1)
    old, group, new = Price.objects.order_by("valid_from", "form", "-gross")[0:3]
    assert (old.gross, old.valid_until) == (Decimal("35.00"), july)
    stored = {
        row.form: (row.net, row.vat_rate, row.gross)
        for row in Price.objects.filter(valid_from=july)
    }
    assert stored == {
        "individual": (Decimal("40.00"), Decimal("24.0"), Decimal("49.60")),
        "group": (Decimal("20.50"), None, Decimal("20.50")),
    }
    assert Cap.objects.get(valid_from=july).yearly == Decimal("2400.00")


def test_the_same_form_twice_is_one_change(publisher, price):
    sent = form_at(publisher) | {cell(price, "net"): "40"}

    assert [publisher.post(TABLE, sent).status_code for _again in range(2)] == [302, 302]
    assert Price.objects.count() == 2


def test_an_untouched_table_changes_nothing(publisher, price):
    version = Round.objects.get().version

    assert publisher.post(TABLE, form_at(publisher)).status_code == 302
    assert (Price.objects.count(), Round.objects.get().version) == (1, version)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("net", "-5"),
        ("net", "0"),
        ("net", "35,005"),
        ("net", "kokkuleppel"),
        ("net", "=1+1"),
        ("net", ""),
        ("net", "9" * 12),
        ("net", "9" * 30),
        ("vat_rate", "240"),
        ("vat_rate", "9,55"),
        ("gross", "NaN"),
    ],
)
def test_what_cannot_be_read_has_its_sentence_in_the_cell_and_stays(publisher, price, name, typed):
    sent = form_at(publisher) | {cell(price, name): typed, cell(price, "net", "group"): "21,00"}

    answer = publisher.post(TABLE, sent)

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [cell(price, name)]
    body = answer.content.decode()
    assert 'value="21,00"' in body
    assert f'value="{typed}"' in body or not typed
    assert f'id="id_{cell(price, name)}_error"' in body
    assert list(Price.objects.values_list("gross", flat=True)) == [Decimal("35.00")]


@pytest.mark.parametrize("typed", ["", "homme", "31.12.2024", "31.02.2026"])
def test_a_day_outside_the_round_has_its_sentence(publisher, price, typed):
    sent = form_at(publisher) | {cell(price, "net"): "40", "valid_from": typed}

    answer = publisher.post(TABLE, sent)

    assert list(answer.context["form"].errors) == ["valid_from"]
    assert Price.objects.count() == 1


def test_who_saves_second_gets_both_values_and_loses_nothing(publisher, groups, price):
    mine = form_at(publisher) | {cell(price, "net"): "40"}
    other = as_(groups["publishers"])
    theirs = form_at(other) | {cell(price, "net"): "50"}
    assert other.post(TABLE, theirs).status_code == 302

    answer = publisher.post(TABLE, mine)

    assert answer.status_code == 409
    body = answer.content.decode()
    assert 'value="40"' in body
    assert "50,00" in body
    again = dict(FIELD.findall(body.partition('<form method="post"')[2]))
    again.pop("csrfmiddlewaretoken", None)
    again[cell(price, "gross")] = "40"
    assert publisher.post(TABLE, again).status_code == 302
    assert Price.objects.get(valid_until__isnull=True).gross == Decimal("40.00")


def test_a_round_is_copied_and_its_table_opens(publisher, price):
    address = f"{TABLE}kopeeri/"
    sent = form_at(publisher, address) | {"name": "2027–2028", "valid_from": "01.01.2027"}

    answer = publisher.post(address, sent, follow=True)

    assert answer.redirect_chain == [("/cms/voorud/2027-2028/", 302)]
    assert 'value="35,00"' in answer.content.decode()
    assert Round.objects.get(slug="2025-2026").last_day == dt.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"valid_from": "01.01.2025"}, "valid_from"),
        ({"valid_from": "varsti"}, "valid_from"),
        ({"name": ""}, "name"),
        ({"last_day": "31.12.2026"}, "last_day"),
        ({"name": "2025–2026"}, "name"),
        ({"name": " 2025 - 2026"}, "name"),
    ],
)
def test_a_round_that_cannot_be_has_its_sentence(publisher, price, change, field):
    address = f"{TABLE}kopeeri/"
    sent = form_at(publisher, address) | {"name": "Uus", "valid_from": "01.01.2027"}

    answer = publisher.post(address, sent | change)

    assert list(answer.context["form"].errors) == [field]
    assert Round.objects.count() == 1


def test_a_round_that_is_not_there_is_not_found(publisher):
    assert publisher.get("/cms/voorud/ei-ole/").status_code == 404


@pytest.mark.parametrize("components", [1, 30])
def test_the_table_costs_the_same_number_of_statements_whatever_its_length(
    publisher, price, django_assert_max_num_queries, components
):
    for _ in range(components):
        PriceFactory(component=ComponentFactory(), round=price.round)
    publisher.get(TABLE)
    with django_assert_max_num_queries(26):
        publisher.get(TABLE)


def test_a_long_table_is_shown_one_life_domain_at_a_time(publisher, price, monkeypatch):
    monkeypatch.setattr("home.reports.rounds.MOST_AT_ONCE", 1)
    elsewhere = PriceFactory(component=ComponentFactory(), round=price.round)

    slug = price.component.domain.slug
    sent = form_at(publisher, f"{TABLE}?domain={slug}")

    assert cell(price, "net") in sent
    assert cell(elsewhere, "net") not in sent
    assert publisher.post(TABLE, sent | {cell(price, "net"): "40"}).status_code == 302
    assert price.component.prices.count() == 2
