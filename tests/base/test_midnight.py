"""At midnight of its day a change shows, and nobody does anything."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from portal.base import content_version, due, midnight
from tests.network.factories import OfferFactory, PriceFactory

pytestmark = pytest.mark.django_db

TALLINN = ZoneInfo("Europe/Tallinn")
EVE = dt.datetime(2026, 6, 30, 23, 59, 30, tzinfo=TALLINN)
MORNING = dt.datetime(2026, 7, 1, 0, 0, 5, tzinfo=TALLINN)
CHANGE = dt.date(2026, 7, 1)


@pytest.fixture(autouse=True)
def _a_worker_that_has_just_started(monkeypatch):
    monkeypatch.setattr(midnight, "_seen", None)


def moved(now):
    before = content_version.current()
    midnight.turn(now)
    return content_version.current() != before


@pytest.fixture
def price():
    price = PriceFactory(valid_until=CHANGE)
    PriceFactory(component=price.component, round=price.round, valid_from=CHANGE)
    midnight.turn(EVE)
    return price


def test_the_content_version_moves_at_midnight_of_the_day_and_once(price):
    assert not moved(EVE + dt.timedelta(seconds=20))
    assert moved(MORNING)
    assert not moved(MORNING + dt.timedelta(hours=5))


def test_a_day_on_which_nothing_begins_or_ends_moves_nothing(price):
    midnight.turn(MORNING)
    assert not moved(MORNING + dt.timedelta(days=1))


def test_a_worker_that_slept_over_the_day_notices_when_it_wakes(price):
    assert moved(MORNING + dt.timedelta(days=10))


def test_a_worker_that_starts_on_the_day_moves_on(price, monkeypatch):
    monkeypatch.setattr(midnight, "_seen", None)
    assert moved(MORNING + dt.timedelta(hours=9))


def test_the_price_of_an_offer_counts_as_well():
    offer = OfferFactory(price="40.00")
    offer.prices.update(valid_until=CHANGE)
    midnight.turn(EVE)
    assert moved(MORNING)


def test_the_worker_has_the_job():
    assert "turn of the day" in due._jobs
