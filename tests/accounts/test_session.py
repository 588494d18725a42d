"""A session ends when it was idle, and after twelve hours in any case."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

BEGAN = dt.datetime(2026, 3, 24, 8, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def signed_in(client):
    with time_machine.travel(BEGAN, tick=False) as clock:
        client.force_login(UserFactory())
        yield clock


def is_open(client):
    return client.get("/intranet/").status_code == 200


def test_half_an_hour_without_a_request_ends_it(client, signed_in):
    signed_in.move_to(BEGAN + 29 * MINUTE)
    assert is_open(client)
    signed_in.move_to(BEGAN + 59 * MINUTE + dt.timedelta(seconds=1))
    assert not is_open(client)


def test_what_has_ended_stays_ended(client, signed_in):
    signed_in.move_to(BEGAN + 31 * MINUTE)
    assert not is_open(client)
    signed_in.move_to(BEGAN)
    assert not is_open(client)


def test_work_without_a_break_ends_after_twelve_hours(client, signed_in):
    for quarter in range(12 * 4):
        signed_in.move_to(BEGAN + quarter * 15 * MINUTE)
        assert is_open(client), quarter
    signed_in.move_to(BEGAN + dt.timedelta(hours=12))
    assert not is_open(client)


def test_a_further_request_within_the_minute_writes_nothing(client, signed_in):
    client.get("/konto/valja/")
    signed_in.move_to(BEGAN + MINUTE)
    client.get("/konto/valja/")
    signed_in.move_to(BEGAN + MINUTE + dt.timedelta(seconds=59))
    with CaptureQueriesContext(connection) as queries:
        client.get("/konto/valja/")
    assert not [query for query in queries if query["sql"].startswith("UPDATE")]


def test_an_ended_session_leads_to_the_sign_in_and_back(client, signed_in):
    signed_in.move_to(BEGAN + 31 * MINUTE)
    assert client.get("/konto/profiil/")["Location"] == "/konto/sisse/?next=/konto/profiil/"
