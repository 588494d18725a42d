"""A price ends and the next one begins, in one go; what held before stays. CAT-06, 07, 11, 12."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from catalogue.models import Cap, Price
from catalogue.services import end_cap, end_price, set_cap, set_price
from portal.access.cms_groups import ensure_cms_groups
from tests.base.together import at_once
from tests.factories import UserFactory
from tests.network.factories import ComponentFactory, LifeDomainFactory, RoundFactory

pytestmark = pytest.mark.django_db

NEW_YEAR = dt.date(2025, 1, 1)
JULY = dt.date(2025, 7, 1)


@pytest.fixture
def publisher():
    user = UserFactory()
    user.groups.add(ensure_cms_groups()["publishers"])
    return user


@pytest.fixture
def round_():
    return RoundFactory()


@pytest.fixture
def component():
    return ComponentFactory(is_group=True)


@pytest.fixture
def price(publisher, round_, component):
    """Sets a price from a few words; the rest is usual."""

    def set_one(net="35.00", day=NEW_YEAR, **more):
        usual = {
            "component": component,
            "form": "individual",
            "round": round_,
            "net": None if net is None else Decimal(net),
            "vat_rate": None,
            "valid_from": day,
            "by": publisher,
        }
        return set_price(**usual | more)

    return set_one


def chain(component, form="individual"):
    """(gross, from, until) of each price, the oldest first."""
    rows = Price.objects.filter(component=component, form=form).order_by("valid_from")
    return [(str(row.gross), row.valid_from, row.valid_until) for row in rows]


def test_a_new_price_ends_the_one_before_on_its_day(price, component):
    price("35.00")
    price("40.00", JULY)

    assert chain(component) == [("35.00", NEW_YEAR, JULY), ("40.00", JULY, None)]


def test_a_price_between_two_others_ends_where_the_next_begins(price, component):
    price("35.00")
    price("45.00", dt.date(2026, 1, 1))
    price("40.00", JULY)

    assert chain(component) == [
        ("35.00", NEW_YEAR, JULY),
        ("40.00", JULY, dt.date(2026, 1, 1)),
        ("45.00", dt.date(2026, 1, 1), None),
    ]


def test_a_price_ends_with_its_round(price, component, round_):
    round_.valid_until = dt.date(2027, 1, 1)
    round_.save()

    assert price().valid_until == dt.date(2027, 1, 1)


def test_the_same_price_again_changes_nothing(price, component):
    first = price("35.00")

    assert price("35.00") == first
    assert chain(component) == [("35.00", NEW_YEAR, None)]


def test_forms_have_prices_of_their_own(price, component):
    price("35.00")
    price("20.00", form="group")

    assert chain(component) == [("35.00", NEW_YEAR, None)]
    assert chain(component, "group") == [("20.00", NEW_YEAR, None)]


def test_two_prices_for_the_same_day_are_refused_with_the_one_that_is_there(price, component):
    price("35.00")

    with pytest.raises(ValidationError) as refusal:
        price("40.00")

    assert "01.01.2025" in refusal.value.message_dict["valid_from"][0]
    assert "35,00" in refusal.value.message_dict["valid_from"][0]
    assert chain(component) == [("35.00", NEW_YEAR, None)]


def test_a_price_that_was_wrong_is_corrected_on_request(price, component):
    price("35.00")
    price("53.00", JULY)
    price("53.50", JULY, correct=True)

    assert chain(component) == [("35.00", NEW_YEAR, JULY), ("53.50", JULY, None)]


@pytest.mark.parametrize(
    ("net", "rate", "gross", "stored"),
    [
        ("30.65", "24", None, ("30.65", "38.01")),
        (None, "24", "38.01", ("30.65", "38.01")),
        (None, None, "35.00", ("35.00", "35.00")),
        ("35.00", "0", "35.00", ("35.00", "35.00")),
        ("30.65", "24", "38.00", ("30.65", "38.00")),
    ],
)
def test_what_is_not_written_of_net_and_gross_is_worked_out(price, net, rate, gross, stored):
    row = price(
        net,
        vat_rate=None if rate is None else Decimal(rate),
        gross=None if gross is None else Decimal(gross),
    )

    assert (str(row.net), str(row.gross)) == stored


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"net": "-1"}, "net"),
        ({"net": "0"}, "net"),
        ({"net": "35.005"}, "net"),
        ({"net": "NaN"}, "net"),
        ({"net": "Infinity"}, "net"),
        ({"net": "1E+30"}, "net"),
        ({"net": None}, "net"),
        ({"gross": Decimal("40.00")}, "gross"),
        ({"gross": Decimal("35.001")}, "gross"),
        ({"vat_rate": Decimal("-1")}, "vat_rate"),
        ({"vat_rate": Decimal("100")}, "vat_rate"),
        ({"vat_rate": Decimal("22.25")}, "vat_rate"),
        ({"day": dt.date(2024, 12, 31)}, "valid_from"),
        ({"form": "family"}, "form"),
        ({"form": "sideways"}, "form"),
    ],
)
def test_what_cannot_be_a_price_has_its_sentence_and_changes_nothing(
    price, component, change, field
):
    price("33.00")

    with pytest.raises(ValidationError) as refusal:
        price(**{"day": JULY} | change)

    assert list(refusal.value.message_dict) == [field]
    assert chain(component) == [("33.00", NEW_YEAR, None)]


def test_a_day_outside_a_closed_round_is_refused_with_the_days_of_the_round(price):
    closed = RoundFactory(
        slug="2023-2024",
        name="2023–2024",
        valid_from=dt.date(2023, 1, 1),
        valid_until=dt.date(2025, 1, 1),
    )

    with pytest.raises(ValidationError) as refusal:
        price(round=closed, day=NEW_YEAR)

    sentence = refusal.value.message_dict["valid_from"][0]
    assert "01.01.2023" in sentence
    assert "31.12.2024" in sentence


def test_a_price_ends_and_none_follows(price, component, publisher):
    price("35.00")
    end_price(component=component, form="individual", day=JULY, by=publisher)
    assert chain(component) == [("35.00", NEW_YEAR, JULY)]

    end_price(component=component, form="individual", day=NEW_YEAR, by=publisher)
    assert chain(component) == []


def test_only_a_publisher_sets_prices_and_ceilings(price, component, round_):
    editor, boss = UserFactory(), UserFactory(is_superuser=True, is_staff=True)
    editor.groups.add(ensure_cms_groups()["editors"])
    price("35.00")

    for nobody in (editor, boss, UserFactory()):
        with pytest.raises(PermissionDenied):
            price("40.00", JULY, by=nobody)
        with pytest.raises(PermissionDenied):
            set_cap(
                component=component,
                round=round_,
                yearly=Decimal("100"),
                valid_from=JULY,
                by=nobody,
            )
        with pytest.raises(PermissionDenied):
            end_price(component=component, form="individual", day=JULY, by=nobody)

    assert chain(component) == [("35.00", NEW_YEAR, None)]
    assert not Cap.objects.exists()


def test_a_ceiling_ends_the_one_before_on_its_day(publisher, round_):
    domain = LifeDomainFactory()
    usual = {"domain": domain, "round": round_, "by": publisher}
    set_cap(**usual, yearly=Decimal("2280"), valid_from=NEW_YEAR)
    new = set_cap(
        **usual, yearly=Decimal("2400"), monthly=Decimal("200"), valid_from=dt.date(2026, 1, 1)
    )

    old = Cap.objects.get(valid_from=NEW_YEAR)
    assert (old.valid_until, old.yearly) == (dt.date(2026, 1, 1), Decimal("2280"))
    assert (new.valid_until, new.monthly) == (None, Decimal("200"))

    end_cap(domain=domain, day=dt.date(2026, 6, 1), by=publisher)
    new.refresh_from_db()
    assert new.valid_until == dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    "change", [{"yearly": "0"}, {"yearly": "-5"}, {"monthly": "1.001"}, {"yearly": "NaN"}]
)
def test_what_cannot_be_a_ceiling_has_its_sentence(publisher, round_, component, change):
    amounts = {"yearly": Decimal("2280")} | {name: Decimal(text) for name, text in change.items()}

    with pytest.raises(ValidationError) as refusal:
        set_cap(component=component, round=round_, valid_from=NEW_YEAR, by=publisher, **amounts)

    assert list(refusal.value.message_dict) == list(change)
    assert not Cap.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_sets_prices_at_the_same_moment_leaves_one_chain(component, price):
    price(net="30")
    days = iter([dt.date(2025, month, 1) for month in (9, 3, 6, 11)])
    at_once(lambda: price(net="40", day=next(days)), 4)
    rows = chain(component)
    assert [since.month for _gross, since, _until in rows] == [1, 3, 6, 9, 11]
    ends = [until for _gross, _since, until in rows]
    assert ends[:-1] == [since for _gross, since, _until in rows][1:]


@pytest.mark.django_db(transaction=True)
def test_of_two_prices_for_one_day_at_the_same_moment_the_second_is_told(component, price):
    amounts = iter(["41", "42", "43"])

    def one():
        try:
            return str(price(net=next(amounts), day=JULY).gross)
        except ValidationError as error:
            return next(iter(error.message_dict))

    told = at_once(one, 3)
    assert sorted(told)[1:] == ["valid_from", "valid_from"]
    assert [gross for gross, _since, _until in chain(component)] == [min(told)]
