"""Signing in, coming back from TARA, links in letters, passkeys, calendars: nobody is let in."""

import functools
import itertools
import json

import pytest
from django.test import Client, override_settings

from tests.fuzz.judge import GET_MAY_WRITE, wrong
from tests.fuzz.town import ACCOUNT
from tests.fuzz.values import ODD, encoded

BACK = "/konto/tara/tagasi/"
VALUES = list(ODD.values())
TARA = {
    "TARA_CLIENT_ID": "zq",
    "TARA_CLIENT_SECRET": "zq",
    # Nobody listens there: what is wrong has to be seen before anybody is asked.
    "TARA_URL": "http://127.0.0.1:9",
    "SOCIALACCOUNT_PROVIDERS": {"tara": {"APP": {"client_id": "zq", "secret": "zq", "key": ""}}},
}
ANSWERS = [
    *VALUES[::4],
    "[" * 50_000,
    '{"id": ' * 2_000,
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": []}),
    json.dumps({"id": "\x00", "rawId": 1e308, "type": None, "response": {"clientDataJSON": []}}),
    json.dumps({"response": {"userHandle": "ÿ" * 900, "signature": -1}}),
    '{"id": NaN}',
    '{"id": "\\ud800"}',
]


@pytest.fixture
def stranger():
    """A browser that has been nowhere."""
    return Client(raise_request_exception=False)


def test_whatever_comes_back_from_tara_nobody_is_signed_in(town, stranger):
    names = ("code", "state", "error", "error_description", "iss", "session_state")
    with override_settings(**TARA):
        for turn, value in enumerate(VALUES):
            others = itertools.cycle(VALUES[turn:] + VALUES[:turn])
            chosen = names[turn % 3 :]
            query = "&".join(f"{name}={encoded(next(others))}" for name in chosen)
            send = functools.partial(stranger.get, "/konto/tara/tagasi/", QUERY_STRING=query)
            answer = town.ask(stranger, send)[0]
            assert wrong(answer, VALUES) == [], query[:200]
            assert answer.writes <= GET_MAY_WRITE | {"account_emailaddress"}, (value, answer.writes)
            assert "_auth_user_id" not in stranger.session
        away = town.ask(stranger, lambda: stranger.post("/konto/tara/", {"process": "login"}))[0]
        assert away.status == 302


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: repr(answer[:20]))
def test_no_passkey_answer_breaks_a_page_or_lets_anybody_in(town, stranger, answer):
    path = "/konto/sisse/voti/"
    accept = {"HTTP_ACCEPT": "application/json"}
    asked = town.ask(
        stranger,
        lambda: stranger.get(path, **accept),
        lambda: stranger.post(path, {"credential": answer}),
        lambda: stranger.post(path, answer.encode("utf-8", "replace"), "application/json"),
    )
    for one in asked:
        assert wrong(one, [answer]) == []
    for path in ("/konto/kinnita/voti/", "/konto/voti/lisa/"):
        told = town.post("base", path, {"credential": answer, "name": answer[:50]})
        assert wrong(told, [answer]) == []
    assert "_auth_user_id" not in stranger.session


def test_no_link_of_a_letter_or_a_calendar_opens_by_chance(town):
    feed = town.feed
    tokens = [
        *(encoded(value)[:3_000] for value in VALUES),
        feed[:-1],
        feed + "0",
        feed.upper(),
        feed[::-1],
    ]
    for token in tokens:
        for path in (f"/kalender/{token}.ics", f"/konto/kutse/{token}/"):
            raw = path.encode("utf-8", "replace").decode("latin-1")
            answer = town.generic("nobody", "GET", raw)
            assert wrong(answer, [token], is_read=True) == [], path[:80]
            assert answer.status in (302, 404), path[:80]
        reset = town.generic("nobody", "GET", f"/konto/parool/uus/1-{token}/")
        assert wrong(reset, [token], is_read=True) == []
        assert 'type="password"' not in reset.body


def test_signing_in_with_odd_names_and_codes_is_refused_in_a_sentence(town, stranger):
    for turn, value in enumerate(VALUES[::9]):
        other = VALUES[-turn]
        for path in ACCOUNT:
            fields = ("login", "password", "code", "email", "oldpassword", "password1", "password2")
            data = {name: [value if at % 2 else other] for at, name in enumerate(fields)}
            persona = ("nobody", "base", "stranger")[turn % 3]
            if path in ("/konto/profiil/", "/konto/valja/"):
                continue
            answer = town.send(persona, path, data)[0]
            assert wrong(answer, [value, other]) == [], (path, value[:40])
            assert "_auth_user_id" not in town.clients["nobody"].session
