"""Tries are counted whatever becomes of the cache, and no page waits for it (rules.md 11)."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import caches
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from portal.base import content_version, shared_cache
from portal.base.busy import is_busy
from portal.base.shared_cache import SharedCache
from tests.accounts.test_limits import MARI, WRONG, must_wait
from tests.accounts.test_sign_in import is_signed_in, sign_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

TABLE = "django_cache_of_a_test"
NOON = dt.datetime(2026, 3, 24, 12, 0, tzinfo=dt.UTC)


class Gone(Exception):
    """What a client of Redis raises when nobody answers."""


Gone.__module__ = "redis.exceptions"


class Redis:
    """Keeps things in a dictionary until it is told to fail."""

    def __init__(self):
        self.kept, self.is_gone, self.asked = {}, False, 0

    def _ask(self):
        self.asked += 1
        if self.is_gone:
            raise Gone

    def get_many(self, keys, version=None):
        self._ask()
        return {key: self.kept[key] for key in keys if key in self.kept}

    def set(self, key, value, timeout=None, version=None):
        self._ask()
        self.kept[key] = value

    def add(self, key, value, timeout=None, version=None):
        self._ask()
        return self.kept.setdefault(key, value) is value

    def delete(self, key, version=None):
        self._ask()
        return self.kept.pop(key, None) is not None


def settings_of(url=""):
    return {
        "BACKEND": "portal.base.shared_cache.SharedCache",
        "LOCATION": TABLE,
        "OPTIONS": {"REDIS_URL": url, "MAX_ENTRIES": 100_000},
    }


@pytest.fixture
def table(settings):
    settings.CACHES = settings.CACHES | {"default": settings_of()}
    call_command("createcachetable", verbosity=0)
    return caches["default"]


@pytest.fixture
def redis(settings, monkeypatch):
    server = Redis()
    monkeypatch.setattr(shared_cache, "_redis_at", lambda url, params: server)
    monkeypatch.setattr(shared_cache, "_resting_until", 0.0)
    settings.CACHES = settings.CACHES | {"default": settings_of("redis://cache.example")}
    call_command("createcachetable", verbosity=0)
    return server


def test_table_keeps_adds_and_forgets(table):
    assert table.add("a", [1.5], 60)
    assert not table.add("a", [2.5], 60)
    assert table.get("a") == [1.5]
    table.set("a", [3.5], 60)
    assert table.get("a") == [3.5]
    assert table.touch("a", 60)
    assert table.delete("a")
    assert table.get("a", "nothing") == "nothing"


def test_what_has_run_out_is_gone_and_can_be_added_again(table):
    with time_machine.travel(NOON, tick=False) as clock:
        table.add("lock", True, 10)
        clock.shift(11)
        assert table.get("lock") is None
        assert table.add("lock", True, 10)


def test_reading_what_has_run_out_writes_nothing(table):
    with time_machine.travel(NOON, tick=False) as clock:
        table.set("old", 1, 10)
        clock.shift(11)
        with CaptureQueriesContext(connection) as queries:
            table.get("old")
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]


def test_a_count_that_cannot_be_stored_is_not_passed_over_in_silence(table):
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f"ALTER TABLE {TABLE} RENAME TO elsewhere")
        for store in (table.set, table.add):
            with pytest.raises(DatabaseError), transaction.atomic():
                store("tries", [1.0], 60)
        cursor.execute(f"ALTER TABLE elsewhere RENAME TO {TABLE}")


def test_a_full_table_makes_room_by_what_has_run_out(table, monkeypatch):
    monkeypatch.setattr(shared_cache, "CULLED_ONCE_IN", 1.0)
    monkeypatch.setattr(table, "_max_entries", 3)
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(4):
            table.set(f"old-{number}", 1, 10)
        clock.shift(3600)
        table.set("new", 1, 10)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE}")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_what_the_cms_keeps_costs_no_query_and_goes_with_the_content(table):
    Site.get_site_root_paths()
    content_version.current()
    with CaptureQueriesContext(connection) as queries:
        Site.get_site_root_paths()
    assert len(queries) == 0
    with transaction.atomic():
        content_version.move_on()
    content_version.current()
    with CaptureQueriesContext(connection) as queries:
        Site.get_site_root_paths()
    assert len(queries) > 0


def test_redis_is_asked_and_the_table_is_not(redis):
    cache = caches["default"]
    with CaptureQueriesContext(connection) as queries:
        cache.set("tries", [1.0], 60)
        assert cache.get("tries") == [1.0]
    assert len(queries) == 0
    assert redis.asked == 2


def test_without_redis_the_table_counts_and_redis_is_left_alone_for_a_while(redis, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(shared_cache.time, "monotonic", lambda: clock[0])
    cache, redis.is_gone = caches["default"], True
    for number in range(5):
        cache.set("tries", [float(number)], 60)
    assert cache.get("tries") == [4.0]
    assert redis.asked == 1
    redis.is_gone = False
    clock[0] += shared_cache.REST + 1
    assert cache.get("tries") is None
    assert redis.asked == 2


def test_our_own_mistake_is_not_taken_for_a_redis_that_is_away(redis, monkeypatch):
    def broken(*args, **kwargs):
        raise TypeError

    monkeypatch.setattr(redis, "set", broken, raising=False)
    with pytest.raises(TypeError):
        caches["default"].set("tries", 1)


@pytest.fixture
def mari():
    return UserFactory(email=MARI)


def test_who_signs_in_while_redis_is_away_gets_in(redis, mari):
    redis.is_gone = True
    browser = Client()
    assert sign_in(browser).status_code == 302
    assert is_signed_in(browser)


def test_a_guesser_is_stopped_while_redis_is_away(redis, mari):
    redis.is_gone = True
    answers = [sign_in(Client(), password=WRONG) for _number in range(6)]
    assert not any(map(must_wait, answers[:5]))
    assert must_wait(answers[5])


def test_redis_that_goes_in_between_gives_a_guesser_one_more_round_and_no_more(redis, mari):
    for _number in range(5):
        sign_in(Client(), password=WRONG)
    redis.is_gone = True
    answers = [sign_in(Client(), password=WRONG) for _number in range(6)]
    assert must_wait(answers[5])


def test_a_cache_that_keeps_nothing_at_all_opens_no_gate(redis, mari, monkeypatch):
    redis.is_gone = True

    def full(*args, **kwargs):
        error = DatabaseError("read-only")
        error.__cause__ = type("ReadOnly", (Exception,), {"sqlstate": "25006"})()
        raise error

    monkeypatch.setattr(SharedCache, "_base_set", full)
    browser = Client(raise_request_exception=False)
    answer = sign_in(browser)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    monkeypatch.undo()
    assert not is_signed_in(browser)


def test_errors_of_redis_are_busy_times():
    assert is_busy(Gone())
