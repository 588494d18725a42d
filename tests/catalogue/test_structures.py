"""The three known structures of the model fit as data, without a line of code. CAT-12."""

import datetime as dt
from decimal import Decimal

import pytest

from catalogue.calculator import Ceiling, Tariff, Use, yearly_costs
from catalogue.models import Cap, Price
from catalogue.services import set_cap, set_price
from portal.access.cms_groups import ensure_cms_groups
from tests.factories import UserFactory
from tests.network.factories import ComponentFactory, LifeDomainFactory, RoundFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher():
    user = UserFactory()
    user.groups.add(ensure_cms_groups()["publishers"])
    return user


def round_of(first: int, last: int | None):
    end = dt.date(last + 1, 1, 1) if last else None
    slug = f"{first}-{last or 'edasi'}"
    return RoundFactory(slug=slug, name=slug, valid_from=dt.date(first, 1, 1), valid_until=end)


def priced(component, round_, by, **forms):
    """`individual="27.00"` and so on, exempt from VAT, from the first day of the round."""
    for form, net in forms.items():
        set_price(
            component=component,
            form=form,
            round=round_,
            net=Decimal(net),
            vat_rate=None,
            valid_from=round_.valid_from,
            by=by,
        )


def test_2019_to_2021_base_support_and_rates_alone_and_in_a_group(publisher):
    round_ = round_of(2019, 2022)
    base = ComponentFactory(kind="base", domain=None)
    outside_expert = ComponentFactory(kind="base", domain=None)
    group_work = ComponentFactory(is_group=True)
    priced(base, round_, publisher, individual="27.00")
    priced(group_work, round_, publisher, individual="50.00", group="10.00")

    assert Price.objects.filter(round=round_, valid_until=dt.date(2023, 1, 1)).count() == 3
    assert not outside_expert.prices.exists()


def test_2023_to_2024_exempt_prices_and_a_monthly_reference_with_a_ceiling(publisher):
    round_ = round_of(2023, 2024)
    plan, work = ComponentFactory(kind="base", domain=None), ComponentFactory()
    priced(plan, round_, publisher, individual="35.00")
    set_cap(
        component=work,
        round=round_,
        monthly=Decimal("305"),
        yearly=Decimal("3660"),
        valid_from=round_.valid_from,
        by=publisher,
    )

    price = plan.prices.get()
    assert (price.net, price.vat, price.gross) == (Decimal(35), Decimal(0), Decimal(35))
    cap = work.caps.get()
    assert (cap.monthly * 12, cap.last_day) == (cap.yearly, dt.date(2024, 12, 31))


def test_2025_on_one_component_for_each_domain_three_rates_and_one_ceiling(publisher):
    round_ = round_of(2025, None)
    for position in range(8):
        component = ComponentFactory(
            domain=LifeDomainFactory(position=position), is_family=True, is_group=True
        )
        priced(component, round_, publisher, individual="45.00", family="45.00", group="25.00")
    employment = component.domain
    set_cap(
        domain=employment,
        round=round_,
        yearly=Decimal("2280"),
        valid_from=round_.valid_from,
        by=publisher,
    )

    assert Price.objects.filter(round=round_, valid_until__isnull=True).count() == 24
    assert list(Cap.objects.values_list("domain", "yearly")) == [(employment.pk, Decimal(2280))]


def test_a_calculation_over_the_turn_of_two_rounds_takes_each_at_its_own_price(publisher):
    before, after = round_of(2023, 2024), round_of(2025, None)
    component = ComponentFactory()
    priced(component, before, publisher, individual="35.00")
    priced(component, after, publisher, individual="45.00")
    tariffs = tuple(
        Tariff(price.gross, price.valid_from, price.valid_until)
        for price in component.prices.order_by("valid_from")
    )

    years = yearly_costs(
        [Use("individual", Decimal(4), tariffs)],
        [Ceiling(Decimal(100), after.valid_from)],
        dt.date(2024, 12, 1),
        dt.date(2025, 1, 31),
    )

    # December 4 × 35 = 140, no ceiling then; January 4 × 45 = 180, 80 over.
    assert [(year.total, year.over) for year in years] == [
        (Decimal("140.00"), Decimal("0.00")),
        (Decimal("180.00"), Decimal("80.00")),
    ]
