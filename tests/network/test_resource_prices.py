"""A price ends and the next one begins; what was asked before stays as it was. CAT-06, CAT-07."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from network.models import OfferPrice, Seat
from network.services.facts import facts_of, set_price
from tests.cases.factories import Net
from tests.network.people import offer_of, typed

pytestmark = pytest.mark.django_db

SINCE = dt.date(2026, 1, 1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def here():
    return Net()


@pytest.fixture
def offer(here):
    return offer_of(here.organisation(), price="40.00", component__is_group=True)


def price(gross, since, net=None, rate=None):
    return {
        "net": net or gross,
        "vat_rate": rate,
        "gross": gross,
        "valid_from": since.isoformat(),
    }


def periods(offer, form="individual"):
    """(gross, from, until) of each price of the form, the oldest first."""
    rows = OfferPrice.objects.filter(offer=offer, form=form).order_by("valid_from")
    return [(str(row.gross), row.valid_from, row.valid_until) for row in rows]


def test_a_new_price_ends_the_old_one_on_its_day(offer, today):
    set_price(offer, "individual", price("45.00", today), today)
    assert periods(offer) == [("40.00", SINCE, today), ("45.00", today, None)]


def test_a_correction_on_the_same_day_replaces(offer, today):
    set_price(offer, "individual", price("54.00", today), today)
    set_price(offer, "individual", price("45.00", today), today)
    assert periods(offer) == [("40.00", SINCE, today), ("45.00", today, None)]


def test_a_price_of_the_future_waits_for_its_day(offer, today):
    later = today + 30 * DAY
    set_price(offer, "individual", price("45.00", later), today)
    assert periods(offer) == [("40.00", SINCE, later), ("45.00", later, None)]
    assert facts_of(offer.resource)["prices"]["individual"]["gross"] == "45.00"


def test_a_price_that_has_not_begun_gives_way(offer, today):
    set_price(offer, "individual", price("45.00", today + 30 * DAY), today)
    set_price(offer, "individual", price("42.00", today + 10 * DAY), today)
    assert periods(offer) == [
        ("40.00", SINCE, today + 10 * DAY),
        ("42.00", today + 10 * DAY, None),
    ]
    set_price(offer, "individual", price("43.00", today + 20 * DAY), today + 15 * DAY)
    assert periods(offer) == [
        ("40.00", SINCE, today + 10 * DAY),
        ("42.00", today + 10 * DAY, today + 20 * DAY),
        ("43.00", today + 20 * DAY, None),
    ]


def test_a_price_agreed_for_a_past_day_begins_when_it_is_stored(offer, today):
    set_price(offer, "individual", price("45.00", today - 5 * DAY), today)
    assert periods(offer) == [("40.00", SINCE, today), ("45.00", today, None)]


def test_the_first_price_of_a_form_may_lie_in_the_past(offer, today):
    set_price(offer, "group", price("20.00", SINCE), today)
    assert periods(offer, "group") == [("20.00", SINCE, None)]


def test_a_form_that_is_not_offered_any_more_ends_and_may_come_back(offer, today):
    set_price(offer, "individual", None, today)
    assert periods(offer) == [("40.00", SINCE, today)]
    assert facts_of(offer.resource)["prices"] == {}
    set_price(offer, "individual", price("50.00", today), today + 5 * DAY)
    assert periods(offer)[1] == ("50.00", today + 5 * DAY, None)


def test_a_price_with_an_end_of_its_own_is_left_alone(offer, today):
    OfferPrice.objects.filter(offer=offer).update(valid_until=today + 9 * DAY)
    set_price(offer, "individual", None, today)
    assert periods(offer) == [("40.00", SINCE, today + 9 * DAY)]


def test_the_same_price_changes_nothing(offer, today):
    set_price(offer, "individual", price("40.00", SINCE), today)
    assert periods(offer) == [("40.00", SINCE, None)]


@pytest.fixture
def save(client, here, offer):
    """Send the form of `offer` as who leads the region, with what is changed."""
    client.force_login(here.seat(Seat.Body.STEERING).user)

    def save(**fields):
        url = reverse("resource_change", args=[offer.pk])
        return client.post(url, typed(client, offer.resource, **fields))

    return save


def test_a_changed_price_is_in_the_history_and_the_old_one_in_the_table(client, save, offer, today):
    answer = save(price_individual_net="45,50", price_individual_gross="45,50 €")
    assert answer.status_code == 302
    assert periods(offer) == [("40.00", SINCE, today), ("45.50", today, None)]
    page = client.get(answer["Location"])
    [step] = page.context["steps"]
    [one] = step.differences
    assert "40,00" in one.before
    assert "45,50" in one.after
    assert [line.state for line in page.context["prices"]] == ["now", "past"]


def test_what_was_left_out_is_reckoned(save, offer, today):
    save(price_group_gross="24,40", price_group_vat="22")
    save(price_individual_net="100", price_individual_vat="24 %", price_individual_gross="")
    group = OfferPrice.objects.get(offer=offer, form="group")
    assert (group.net, group.gross) == (Decimal("20.00"), Decimal("24.40"))
    assert periods(offer)[-1] == ("124.00", today, None)


@pytest.mark.parametrize("name", ["net", "gross"])
def test_without_vat_the_other_amount_follows_the_one_that_was_changed(save, offer, today, name):
    answer = save(**{f"price_individual_{name}": "1 045,50"})
    assert answer.status_code == 302
    assert periods(offer) == [("40.00", SINCE, today), ("1045.50", today, None)]
    price = OfferPrice.objects.get(offer=offer, valid_until=None)
    assert price.net == price.gross


def test_without_vat_two_amounts_that_were_both_changed_have_to_agree(save, offer):
    answer = save(price_individual_net="41", price_individual_gross="42")
    assert set(answer.context["form"].errors) == {"price_individual_gross"}
    assert periods(offer) == [("40.00", SINCE, None)]


def test_a_price_that_begins_later_stands_in_the_list_with_its_day(client, here, offer, today):
    client.force_login(here.seat(Seat.Body.STEERING).user)
    later = today + 30 * DAY
    OfferPrice.objects.filter(offer=offer).update(net=50, gross=50, valid_from=later)
    page = client.get(reverse("resource_list"))
    assert "hind kokku leppimata" not in page.text
    [row] = page.context["rows"]
    assert (row.prices, row.coming) == ([], [("individual", Decimal("50.00"), later)])
    assert f"{later:%d.%m.%Y}" in page.text


WRONG = {
    "net and VAT are not gross": (
        {
            "price_individual_net": "40",
            "price_individual_vat": "24",
            "price_individual_gross": "45",
        },
        "price_individual_gross",
        "49,60",
    ),
    "three decimals": ({"price_individual_gross": "35,505"}, "price_individual_gross", "35,50"),
    "words": ({"price_individual_net": "nelikümmend"}, "price_individual_net", "35,50"),
    "not a number": ({"price_individual_net": "NaN"}, "price_individual_net", "35,50"),
    "nothing at all": ({"price_individual_net": "0"}, "price_individual_net", ""),
    "less than nothing": ({"price_individual_net": "-5"}, "price_individual_net", ""),
    "too much": ({"price_individual_net": "1" * 30}, "price_individual_net", ""),
    "a rate that is none": ({"price_individual_vat": "240"}, "price_individual_vat", "24"),
    "a rate without a price": ({"price_group_vat": "24"}, "price_group_net", ""),
    "a day that is none": ({"price_individual_from": "31.02.2027"}, "price_individual_from", ""),
    "a form the component is not given in": (
        {"price_family_gross": "40"},
        "price_family_gross",
        "",
    ),
}


@pytest.mark.parametrize(("fields", "name", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_price_that_cannot_be_is_refused_beside_its_field(
    client, here, fields, name, words, offer, save
):
    # Not given with the family, but somebody once agreed on a price for it.
    OfferPrice.objects.create(offer=offer, form="family", net=30, gross=30, valid_from=SINCE)
    answer = save(**fields)
    assert answer.status_code == 200
    assert name in answer.context["form"].errors
    assert words in " ".join(answer.context["form"].errors[name])
    assert next(iter(fields.values())) in answer.text
    assert periods(offer) == [("40.00", SINCE, None)]


@pytest.mark.parametrize("days", [-1, -400, 3650])
def test_a_new_price_begins_neither_in_the_past_nor_in_another_age(save, offer, today, days):
    answer = save(
        price_individual_net="45",
        price_individual_gross="45",
        price_individual_from=f"{today + days * DAY:%d.%m.%Y}",
    )
    assert set(answer.context["form"].errors) == {"price_individual_from"}
    assert periods(offer) == [("40.00", SINCE, None)]


@pytest.mark.parametrize("until", [None, SINCE + DAY])
def test_the_database_refuses_a_price_that_shares_a_day_with_another(offer, until):
    with pytest.raises(IntegrityError), transaction.atomic():
        OfferPrice.objects.create(
            offer=offer,
            form="individual",
            net=30,
            gross=30,
            valid_from=SINCE - 40 * DAY,
            valid_until=until,
        )
    OfferPrice.objects.create(
        offer=offer,
        form="individual",
        net=30,
        gross=30,
        valid_from=SINCE - 40 * DAY,
        valid_until=SINCE,
    )
    assert len(periods(offer)) == 2
