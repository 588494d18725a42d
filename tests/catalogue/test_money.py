"""Prices, VAT, periods and ceilings: what the data itself refuses. CAT-06, 07, 11, 12."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalogue.calculator import gross_of, to_cents
from catalogue.models import Price, Round
from tests.network.factories import (
    CapFactory,
    ComponentFactory,
    LifeDomainFactory,
    PriceFactory,
    RoundFactory,
)


@pytest.mark.parametrize(
    ("net", "rate", "gross"),
    [
        ("35.00", None, "35.00"),
        ("30.65", "24", "38.01"),
        ("30.64", "24", "37.99"),
        ("11.29", "24", "14.00"),
        ("10.00", "22", "12.20"),
        ("0.05", "10", "0.06"),
    ],
)
def test_gross_is_net_with_vat_rounded_once_halves_up(net: str, rate: str, gross: str) -> None:
    assert gross_of(Decimal(net), Decimal(rate) if rate else None) == Decimal(gross)


def test_half_a_cent_goes_up() -> None:
    assert to_cents(Decimal("1.005")) == Decimal("1.01")


@pytest.mark.django_db
def test_a_gross_price_that_does_not_fit_is_refused_with_the_sum() -> None:
    price = PriceFactory.build(
        component=ComponentFactory(), round=RoundFactory(), net="30.00", vat_rate=24, gross="30.00"
    )
    price.net, price.vat_rate, price.gross = Decimal(30), Decimal(24), Decimal(30)

    with pytest.raises(ValidationError) as refusal:
        price.full_clean()

    assert "37,20" in str(refusal.value.message_dict["gross"])


@pytest.mark.django_db
def test_two_prices_of_a_form_never_share_a_day() -> None:
    price = PriceFactory(valid_until=dt.date(2026, 1, 1))
    later = Price(
        component=price.component,
        round=price.round,
        form=price.form,
        net=Decimal(40),
        gross=Decimal(40),
        valid_from=dt.date(2026, 1, 1),
    )
    later.full_clean()

    later.valid_from = dt.date(2025, 12, 31)
    with pytest.raises(ValidationError):
        later.full_clean()


@pytest.mark.django_db
def test_a_period_includes_its_first_day_and_not_its_end() -> None:
    round_ = RoundFactory(valid_from=dt.date(2023, 1, 1), valid_until=dt.date(2025, 1, 1))

    def holds(day: dt.date) -> bool:
        found = Round.objects.valid_on(day).exists()
        assert found == round_.is_valid_on(day)
        return found

    assert not holds(dt.date(2022, 12, 31))
    assert holds(dt.date(2023, 1, 1))
    assert holds(dt.date(2024, 12, 31))
    assert not holds(dt.date(2025, 1, 1))
    assert round_.last_day == dt.date(2024, 12, 31)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"valid_until": dt.date(2025, 1, 1)}, {"valid_until": dt.date(2024, 1, 1)}]
)
def test_the_database_refuses_a_period_that_ends_before_it_begins(fields: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundFactory(valid_from=dt.date(2025, 1, 1), **fields)


@pytest.mark.django_db
def test_a_ceiling_belongs_to_a_component_or_a_domain_never_to_both_or_neither() -> None:
    component, domain = ComponentFactory(), LifeDomainFactory()
    round_ = RoundFactory()
    CapFactory(component=component, round=round_)
    CapFactory(domain=domain, round=round_)

    for wrong in ({}, {"component": component, "domain": domain}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CapFactory(round=round_, valid_from=dt.date(2026, 6, 1), **wrong)


@pytest.mark.django_db
def test_additional_support_needs_a_life_domain() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ComponentFactory(kind="additional", domain=None)
    ComponentFactory(kind="base", domain=None)
