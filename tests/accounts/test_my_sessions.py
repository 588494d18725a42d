"""Where somebody is signed in: seen by them alone, and ended at once."""

import datetime as dt

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts import second_factor, sessions
from portal.accounts.middleware import SESSION_STATE
from tests.accounts.test_second_factor import give_codes
from tests.accounts.test_sign_in import NEW, is_signed_in, sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

BEGAN = dt.datetime(2026, 3, 24, 8, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
LIST, END, END_OTHERS = (
    "/konto/sisselogimised/",
    "/konto/sisselogimised/lopeta/",
    "/konto/sisselogimised/lopeta-teised/",
)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
CHROME = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)


@pytest.fixture
def mari():
    return UserFactory(email="mari@naidis.example")


def browser(agent=FIREFOX, email="mari@naidis.example"):
    made = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR="192.0.2.1")
    sign_in(made, email=email)
    return made


def row_of(client):
    return UserSession.objects.get(session_key=client.session.session_key)


def test_the_list_names_each_device_and_marks_this_one(mari):
    here, phone = browser(FIREFOX), browser(PHONE)
    found = here.get(LIST).context["sessions"]
    assert [(one.device, one.is_current) for one in found] == [
        ("Firefox, Windows", True),
        ("Safari, iPhone", False),
    ]
    assert is_signed_in(phone)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (PHONE, "Safari, iPhone"),
        (CHROME, "Chrome, Android"),
        (CHROME.replace("Safari/537.36", "Safari/537.36 EdgA/140.0"), "Edge, Android"),
        ("curl/8.0", "tundmatu seade"),
        ("", "tundmatu seade"),
    ],
)
def test_a_device_is_said_in_words(agent, words):
    assert sessions.device_words(agent) == words


def test_what_a_browser_says_of_itself_is_text_on_the_page(mari):
    here = browser("<script>alert(1)</script> Firefox/1 Windows")
    assert "<script>alert" not in here.get(LIST).content.decode()


def test_one_that_is_ended_is_signed_out_on_its_next_request(mari):
    here, phone = browser(), browser(PHONE)
    here.post(END, {"session": row_of(phone).pk})
    assert not is_signed_in(phone)
    assert is_signed_in(here)


def test_all_others_end_at_once_and_this_one_stays(mari):
    here, *others = browser(), browser(PHONE), browser(CHROME)
    here.post(END_OTHERS)
    assert [is_signed_in(other) for other in others] == [False, False]
    assert is_signed_in(here)
    assert len(here.get(LIST).context["sessions"]) == 1


def test_nobody_ends_or_sees_the_sessions_of_another(mari):
    UserFactory(email="jaan@naidis.example")
    hers, his = browser(), browser(PHONE, email="jaan@naidis.example")
    answer = hers.post(END, {"session": row_of(his).pk})
    nothing = hers.post(END, {"session": "999999"})
    assert (answer.status_code, answer["Location"]) == (nothing.status_code, nothing["Location"])
    hers.post(END_OTHERS)
    assert is_signed_in(his)
    assert [one.device for one in hers.get(LIST).context["sessions"]] == ["Firefox, Windows"]


@pytest.mark.parametrize("rubbish", ["", "x", "-1", "9" * 40, "1.5", "\u0664"])
def test_rubbish_ends_nothing(mari, rubbish):
    here = browser()
    assert here.post(END, {"session": rubbish}).status_code == 302
    assert is_signed_in(here)


def test_asking_ends_nothing(mari):
    here, phone = browser(), browser(PHONE)
    for address in (END, END_OTHERS):
        assert here.get(address).status_code == 405
    assert is_signed_in(phone)


def test_a_session_that_is_over_is_not_listed(mari):
    with time_machine.travel(BEGAN, tick=False) as clock:
        browser(PHONE)
        clock.shift(31 * MINUTE)
        here = browser()
        assert len(here.get(LIST).context["sessions"]) == 1


def test_the_list_asks_the_database_the_same_for_one_and_for_many(mari):
    here = browser()
    here.get(LIST)
    with CaptureQueriesContext(connection) as for_one:
        here.get(LIST)
    for _number in range(5):
        browser(PHONE)
    with CaptureQueriesContext(connection) as for_many:
        here.get(LIST)
    assert len(for_one) == len(for_many)


def test_what_is_over_is_forgotten_within_a_day(mari):
    with time_machine.travel(BEGAN, tick=False) as clock:
        browser(PHONE)
        clock.shift(dt.timedelta(hours=13))
        here = browser()
        sessions.forget_ended(timezone.now())
        assert UserSession.objects.count() == Session.objects.count() == 1
        assert is_signed_in(here)


# --- What else ends sessions ---


def test_another_password_ends_every_other_session_and_the_list_says_so(mari):
    here, phone = browser(), browser(PHONE)
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    here.post("/konto/parool/", data)
    assert not is_signed_in(phone)
    assert [one.device for one in here.get(LIST).context["sessions"]] == ["Firefox, Windows"]


def test_a_second_factor_that_is_reset_ends_all_of_them(mari):
    here, phone = browser(), browser(PHONE)
    give_codes(mari)
    second_factor.reset(mari)
    assert not is_signed_in(here)
    assert not is_signed_in(phone)


def test_whoever_ends_another_persons_sessions_ends_them_all(mari):
    open_ones = [browser(), browser(PHONE)]
    assert sessions.end_sessions(mari) == 2
    assert not any(map(is_signed_in, open_ones))


# --- The warning before the end ---


def test_the_address_that_is_no_sign_of_life_is_the_one_of_the_page():
    assert reverse("session_keep") == SESSION_STATE


def test_asking_how_long_is_left_keeps_nothing_alive(mari):
    with time_machine.travel(BEGAN, tick=False) as clock:
        here = browser()
        clock.shift(20 * MINUTE)
        assert here.get(SESSION_STATE).json() == {"idle": 600, "whole": 42000}
        clock.shift(9 * MINUTE)
        assert here.get(SESSION_STATE).json()["idle"] == 60
        clock.shift(MINUTE)
        assert here.get(SESSION_STATE)["Location"].startswith("/konto/sisse/")


def test_going_on_keeps_it_alive_but_not_beyond_twelve_hours(mari):
    with time_machine.travel(BEGAN, tick=False) as clock:
        here = browser()
        for _quarter in range(4 * 12 - 1):
            clock.shift(15 * MINUTE)
            assert here.post(SESSION_STATE).json()["idle"] == 1800
        assert here.get(SESSION_STATE).json()["whole"] == 900
        clock.shift(15 * MINUTE)
        assert here.post(SESSION_STATE).status_code == 403


def test_every_page_of_the_intranet_knows_how_long_is_left(mari):
    with time_machine.travel(BEGAN, tick=False):
        page = browser().get("/konto/profiil/").content.decode()
    assert 'data-idle="1800" data-whole="43200"' in page
    assert "js/session.js" in page


def test_a_page_of_somebody_signed_out_says_nothing_about_it(client):
    assert "data-session" not in client.get("/konto/sisse/").content.decode()
