"""A new round is a copy of an old one; a table is saved whole or not at all. CAT-12."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from catalogue.models import Cap, Price, Round
from catalogue.services import CapCell, PriceCell, copy_round, save_round_table, set_price
from portal.access.cms_groups import ensure_cms_groups
from portal.base.versions import VersionConflict
from tests.factories import UserFactory
from tests.network.factories import (
    CapFactory,
    ComponentFactory,
    LifeDomainFactory,
    PriceFactory,
    RoundFactory,
)

pytestmark = pytest.mark.django_db

NEXT = dt.date(2027, 1, 1)


@pytest.fixture
def publisher():
    user = UserFactory()
    user.groups.add(ensure_cms_groups()["publishers"])
    return user


@pytest.fixture
def round_():
    """The running round: two prices, one of them ended, and a ceiling."""
    round_ = RoundFactory()
    PriceFactory(round=round_)
    PriceFactory(round=round_, valid_until=dt.date(2026, 1, 1))
    CapFactory(round=round_, domain=LifeDomainFactory())
    return round_


def copy(round_, publisher, **more):
    usual = {"name": "2027–2028", "valid_from": NEXT, "by": publisher, "key": uuid.uuid4()}
    return copy_round(round_, **usual | more)


def test_a_copy_takes_what_runs_and_ends_the_round_before(round_, publisher):
    new = copy(round_, publisher, valid_until=dt.date(2029, 1, 1))

    assert (new.slug, new.name, new.valid_from) == ("2027-2028", "2027–2028", NEXT)
    for model in (Price, Cap):
        (row,) = model.objects.filter(round=new)
        assert (row.valid_from, row.valid_until) == (NEXT, dt.date(2029, 1, 1))
        old = model.objects.get(round=round_, valid_until=NEXT)
        assert old.pk != row.pk
    round_.refresh_from_db()
    assert round_.valid_until == NEXT
    assert Price.objects.filter(round=round_).count() == 2


def test_a_closed_round_is_copied_as_it_ended(round_, publisher):
    closed = RoundFactory(
        slug="2023-2024", valid_from=dt.date(2023, 1, 1), valid_until=dt.date(2025, 1, 1)
    )
    PriceFactory(
        round=closed, valid_from=closed.valid_from, valid_until=closed.valid_until, net=31, gross=31
    )

    new = copy(closed, publisher)

    assert [price.gross for price in new.prices.all()] == [Decimal(31)]
    assert not Price.objects.filter(round=round_).valid_on(NEXT).exists()


def test_the_same_key_makes_one_round(round_, publisher):
    key = uuid.uuid4()
    assert copy(round_, publisher, key=key) == copy(round_, publisher, key=key)
    assert Round.objects.count() == 2


def test_two_rounds_of_nearly_one_name_have_addresses_of_their_own(round_, publisher):
    copy(round_, publisher, name="Uus")
    second = copy(round_, publisher, name="Uus!", valid_from=dt.date(2028, 1, 1))
    assert second.slug == "uus-2"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"valid_from": dt.date(2025, 1, 1)}, "valid_from"),
        ({"valid_from": dt.date(2024, 1, 1)}, "valid_from"),
        ({"valid_until": NEXT}, "__all__"),
        ({"name": ""}, "name"),
        ({"name": "2025-2026"}, "name"),
    ],
)
def test_what_cannot_be_a_round_has_its_sentence_and_changes_nothing(
    round_, publisher, change, field
):
    with pytest.raises(ValidationError) as refusal:
        copy(round_, publisher, **change)

    assert field in refusal.value.message_dict
    assert Round.objects.get().valid_until is None
    assert Price.objects.filter(valid_until__isnull=True).count() == 1


def table(round_, publisher, *cells, **more):
    usual = {
        "valid_from": dt.date(2026, 7, 1),
        "version": Round.objects.get(pk=round_.pk).version,
        "by": publisher,
        "key": uuid.uuid4(),
    }
    return save_round_table(round_, cells, **usual | more)


def cell(component, net="41.00", form="individual", name="a"):
    amount = None if net is None else Decimal(net)
    return PriceCell(name, component, form, amount, None, None)


def test_a_table_is_saved_in_one_go(round_, publisher):
    first, second = Price.objects.order_by("pk")
    new, domain = ComponentFactory(), LifeDomainFactory()

    count = table(
        round_,
        publisher,
        cell(first.component, "41.00", name="a"),
        cell(new, "20.00", name="b"),
        CapCell("c", domain, None, Decimal("900")),
    )

    assert count == 3
    assert first.component.prices.get(valid_until__isnull=True).gross == Decimal("41.00")
    assert new.prices.get().gross == Decimal("20.00")
    assert domain.caps.get().yearly == Decimal("900")


def test_one_wrong_cell_holds_all_of_them_back_and_each_has_its_sentence(round_, publisher):
    component = Price.objects.order_by("pk")[0].component
    before = list(Price.objects.values_list("pk", "gross", "valid_until"))

    with pytest.raises(ValidationError) as refusal:
        table(
            round_,
            publisher,
            cell(component, "41.00", name="a"),
            cell(component, "0", form="group", name="b"),
            CapCell("c", component, Decimal("5"), None),
            cell(component, "12.00", form="group", name="d"),
        )

    assert sorted(refusal.value.message_dict) == ["b-net", "c-yearly", "d-form"]
    assert list(Price.objects.values_list("pk", "gross", "valid_until")) == before


def test_an_emptied_row_ends_the_price(round_, publisher):
    price = Price.objects.get(valid_until__isnull=True)
    table(round_, publisher, cell(price.component, None))
    price.refresh_from_db()
    assert price.valid_until == dt.date(2026, 7, 1)


def test_a_table_that_somebody_else_changed_meanwhile_is_not_saved(round_, publisher):
    version = round_.version
    component = ComponentFactory()
    set_price(
        component=component,
        form="individual",
        round=round_,
        net=Decimal(30),
        vat_rate=None,
        valid_from=dt.date(2026, 7, 1),
        by=publisher,
    )

    with pytest.raises(VersionConflict):
        table(round_, publisher, cell(component), version=version)
    assert component.prices.get().gross == Decimal(30)


def test_the_same_key_saves_once(round_, publisher):
    key, component = uuid.uuid4(), ComponentFactory()
    version = round_.version
    for _again in range(2):
        assert table(round_, publisher, cell(component), key=key, version=version) == 1
    assert component.prices.count() == 1


def test_only_a_publisher_copies_a_round_and_saves_its_table(round_, publisher):
    editor, boss = UserFactory(), UserFactory(is_superuser=True)
    editor.groups.add(ensure_cms_groups()["editors"])
    for nobody in (editor, boss, UserFactory()):
        with pytest.raises(PermissionDenied):
            copy(round_, nobody)
        with pytest.raises(PermissionDenied):
            table(round_, nobody, cell(ComponentFactory()))
    assert Round.objects.count() == 1
