"""Guessing is bounded, and nobody is locked out by a stranger who guesses (rules.md 11 and 13)."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client

from portal.accounts import devices, limits, second_factor
from portal.settings import base
from tests.accounts.test_second_factor import NOON, SHOW, SHOW_AGAIN, code_of, give_codes
from tests.accounts.test_sign_in import NEW, deliver, is_signed_in, link_in_letter, sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

MARI = "mari@naidis.example"
WRONG = "vale parool, pikk"
SHUT = "There were too many tries"


@pytest.fixture
def mari():
    return UserFactory(email=MARI)


@pytest.fixture
def known(mari):
    """A browser in which Mari has signed in before, signed out now."""
    browser = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(browser)
    browser.post("/konto/valja/")
    return browser


def guess(number, email=MARI, password=WRONG):
    """One try from a network of its own."""
    stranger = Client(REMOTE_ADDR=f"10.{number // 250}.{number % 250}.7")
    return sign_in(stranger, email=email, password=password)


def must_wait(answer):
    return "too_many_login_attempts" in {
        error.code
        for errors in answer.context["form"].errors.as_data().values()
        for error in errors
    }


def test_two_hundred_guesses_from_elsewhere_lock_nobody_out(known):
    for number in range(200):
        guess(number)
    sign_in(known)
    assert is_signed_in(known)
    new_device = Client(REMOTE_ADDR="198.51.100.9")
    sign_in(new_device)
    assert is_signed_in(new_device)


def test_all_unknown_devices_together_have_so_many_tries_a_day(known, mari):
    answers = [guess(number) for number in range(241)]
    assert not any(map(must_wait, answers[:240]))
    assert must_wait(answers[240])
    assert must_wait(guess(500, password=PASSWORD))  # even the right one, and from anywhere
    sign_in(known)
    assert is_signed_in(known)


def test_whoever_has_the_letter_gets_in_on_a_new_device_all_the_same(mari):
    for number in range(241):
        guess(number)
    browser = Client(REMOTE_ADDR="198.51.100.9")
    browser.post("/konto/parool/uus/", {"email": MARI})
    deliver()
    form = browser.get(link_in_letter())["Location"]
    browser.post(form, {"password1": NEW, "password2": NEW})
    sign_in(browser, password=NEW)
    assert is_signed_in(browser)


def test_the_day_after_unknown_devices_may_try_again(mari):
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(241):
            guess(number)
        clock.shift(dt.timedelta(days=1, seconds=1))
        browser = Client(REMOTE_ADDR="198.51.100.9")
        sign_in(browser)
        assert is_signed_in(browser)


def test_an_unknown_address_has_the_same_limits_so_they_tell_nothing(mari):
    for number in range(240):
        guess(number, email="keegi@naidis.example")
    assert must_wait(guess(240, email="keegi@naidis.example"))
    assert not must_wait(guess(241))


def test_a_network_gets_five_tries_at_an_account_and_others_are_not_hindered(mari):
    for last in range(5):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{last}"), password=WRONG)
    assert must_wait(sign_in(Client(REMOTE_ADDR="203.0.113.99")))
    elsewhere = Client(REMOTE_ADDR="203.0.114.1")
    sign_in(elsewhere)
    assert is_signed_in(elsewhere)


def test_a_network_gets_thirty_tries_at_all_accounts_together(mari):
    for number in range(30):
        sign_in(Client(REMOTE_ADDR="203.0.113.1"), email=f"a{number}@naidis.example")
    assert must_wait(sign_in(Client(REMOTE_ADDR="203.0.113.2")))


def test_a_colleague_who_guesses_beside_her_does_not_lock_mari_out(known):
    """Same office, same address to the outside; her own browser is counted apart."""
    for number in range(40):
        sign_in(Client(REMOTE_ADDR="192.0.2.1"), password=WRONG)
        sign_in(Client(REMOTE_ADDR="192.0.2.1"), email=f"a{number}@naidis.example")
    sign_in(known)
    assert is_signed_in(known)


def test_the_owners_own_device_cannot_guess_for_ever(known):
    for _number in range(10):
        sign_in(known, password=WRONG)
    assert must_wait(sign_in(known))


def test_a_success_is_no_try_that_counts(mari):
    for _number in range(20):
        browser = Client(REMOTE_ADDR="198.51.100.9")
        sign_in(browser)
        assert is_signed_in(browser)


# --- The device cookie ---


def test_the_cookie_opens_nothing_and_names_nobody(known, mari):
    assert not is_signed_in(known)
    cookie = known.cookies[devices.cookie_name()]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert MARI not in cookie.value
    assert str(mari.pk) not in cookie.value


def test_a_forged_cookie_is_no_cookie(mari):
    browser = Client(REMOTE_ADDR="192.0.2.1")
    for forged in ("x", "W1siYSIsImIiXV0:1:x", "", "a" * 5000):
        browser.cookies[devices.cookie_name()] = forged
        sign_in(browser, password=WRONG)
    sign_in(browser, password=WRONG)
    assert must_wait(sign_in(browser))


def test_the_cookie_of_one_account_says_nothing_about_another(known):
    UserFactory(email="jaan@naidis.example")
    for _number in range(5):
        sign_in(known, email="jaan@naidis.example", password=WRONG)
    assert must_wait(sign_in(known, email="jaan@naidis.example"))
    sign_in(known)
    assert is_signed_in(known)


def test_only_a_whole_sign_in_makes_a_device_known(client, mari, settings):
    give_codes(mari)
    sign_in(client)  # the password alone
    assert devices.cookie_name() not in client.cookies


def test_a_shared_computer_remembers_the_last_five(client):
    people = [UserFactory() for _number in range(6)]
    for person in people:
        sign_in(client, email=person.email)
        client.post("/konto/valja/")
    request = client.get("/konto/sisse/").wsgi_request
    known = [bool(devices.device_of(request, person.email)) for person in people]
    assert known == [False, True, True, True, True, True]


def test_with_tls_the_cookie_is_bound_to_the_host(client, mari, settings):
    settings.SESSION_COOKIE_SECURE = True
    client.defaults["wsgi.url_scheme"] = "https"
    sign_in(client)
    cookie = client.cookies["__Host-device"]
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert not cookie["domain"]


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_neighbours_share_a_network(ip, network):
    assert limits.network_of(ip) == network


# --- Codes of the second step ---


@pytest.fixture
def clock(monkeypatch):
    now = [NOON.timestamp()]
    frozen = type("Frozen", (), {"time": staticmethod(lambda: now[0])})
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", frozen)
    return now


def test_whoever_has_the_password_and_guesses_codes_does_not_lock_the_owner_out(mari, known, clock):
    give_codes(mari)
    for number in range(12):
        thief = Client(REMOTE_ADDR=f"10.0.{number}.7")
        sign_in(thief)
        for _again in range(6):
            assert thief.post(SHOW, {"code": "000000"}).status_code == 200
    sign_in(known)
    assert known.post(SHOW, {"code": code_of(clock)})["Location"] == "/intranet/"


def test_codes_guessed_from_everywhere_are_bounded_too(mari, clock):
    give_codes(mari)
    for number in range(12):
        thief = Client(REMOTE_ADDR=f"10.0.{number}.7")
        sign_in(thief)
        for _again in range(5):
            thief.post(SHOW, {"code": "000000"})
    fresh = Client(REMOTE_ADDR="198.51.100.9")
    sign_in(fresh)
    assert must_wait(fresh.post(SHOW, {"code": code_of(clock)}))


def test_a_session_that_shows_the_code_again_is_counted_too(mari, known, clock):
    sign_in(known)
    give_codes(mari)
    for _number in range(5):
        known.post(SHOW_AGAIN, {"code": "000000"})
    assert known.post(SHOW_AGAIN, {"code": code_of(clock)}).status_code == 200
    assert second_factor.is_set_up(mari)


# --- Several processes ---


def test_what_one_process_counts_another_one_knows(mari, settings):
    """The embedded cache is a table that all processes share; nothing is kept in one of them."""
    shared = {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache_of_a_test",
        "OPTIONS": base.CACHES["default"]["OPTIONS"],
    }
    settings.CACHES = settings.CACHES | {"default": shared}
    call_command("createcachetable", verbosity=0)
    here = {"REMOTE_ADDR": "192.0.2.1"}
    for _number in range(5):
        sign_in(Client(**here), password=WRONG)
    settings.CACHES = settings.CACHES | {"default": shared}  # the connections of another process
    assert must_wait(sign_in(Client(**here)))


def test_a_guesser_does_not_push_the_counts_out_of_the_embedded_cache():
    assert base.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000


# --- Without the cache ---


class CacheAway(Exception):
    """What a client of Redis raises when nobody answers."""


CacheAway.__module__ = "redis.exceptions"


def test_without_the_cache_nobody_gets_in_and_everybody_gets_a_sentence(client, mari, monkeypatch):
    def away(*args, **kwargs):
        raise CacheAway

    for name in ("add", "get", "set", "delete"):
        monkeypatch.setattr(type(caches["default"]), name, away)
    answer = sign_in(client)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "<h1" in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    monkeypatch.undo()
    assert not is_signed_in(client)
