"""The database itself keeps periods of the same thing apart, whoever writes past the services."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from catalogue.models import Cap, Price, Round
from tests.network.factories import (
    CapFactory,
    ComponentFactory,
    LifeDomainFactory,
    PriceFactory,
    RoundFactory,
)

pytestmark = pytest.mark.django_db

JAN, MAY, SEP = dt.date(2026, 1, 1), dt.date(2026, 5, 1), dt.date(2026, 9, 1)
FAR = dt.date(2027, 1, 1)
# Of what stands from May to September: periods that share a day with it.
SHARED = [(JAN, None), (JAN, dt.date(2026, 5, 2)), (MAY, SEP), (dt.date(2026, 8, 31), None)]
APART = [(JAN, MAY), (SEP, None), (SEP, FAR)]


@pytest.mark.parametrize(("begin", "end"), SHARED)
def test_a_price_that_shares_a_day_is_refused_by_the_database(begin, end):
    there = PriceFactory(valid_from=MAY, valid_until=SEP)
    twin = {"component": there.component, "round": there.round, "form": there.form}

    with pytest.raises(IntegrityError, match="overlap|one_a_day|UNIQUE"), transaction.atomic():
        PriceFactory(**twin, valid_from=begin, valid_until=end)
    assert Price.objects.count() == 1


@pytest.mark.parametrize(("begin", "end"), APART)
def test_a_price_beside_it_is_taken_and_cannot_be_stretched_over_it(begin, end):
    there = PriceFactory(valid_from=MAY, valid_until=SEP)
    beside = PriceFactory(
        component=there.component, round=there.round, valid_from=begin, valid_until=end
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.filter(pk=beside.pk).update(valid_from=JAN, valid_until=None)


def test_another_form_and_another_component_have_days_of_their_own():
    there = PriceFactory()
    PriceFactory(component=there.component, round=there.round, form="group")
    PriceFactory(component=ComponentFactory(), round=there.round)
    assert Price.objects.count() == 3


def test_a_price_is_saved_again_as_it_stands():
    there = PriceFactory()
    there.save()
    Price.objects.filter(pk=there.pk).update(valid_until=FAR)
    assert Price.objects.get().valid_until == FAR


def test_ceilings_of_one_component_or_one_domain_never_share_a_day():
    component, domain = ComponentFactory(), LifeDomainFactory()
    round_ = RoundFactory()
    for owner in ({"component": component}, {"domain": domain}):
        CapFactory(**owner, round=round_, valid_from=MAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            CapFactory(**owner, round=round_, valid_from=SEP)
    CapFactory(component=ComponentFactory(), round=round_, valid_from=SEP)
    assert Cap.objects.count() == 3


def test_rounds_never_share_a_day():
    RoundFactory(valid_from=JAN)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundFactory(slug="2027", valid_from=FAR)
    RoundFactory(slug="2025", valid_from=dt.date(2025, 1, 1), valid_until=JAN)
    assert Round.objects.count() == 2
