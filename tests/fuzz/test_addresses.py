"""Whatever stands in an address: an ordinary page or an ordinary refusal, and nothing is changed.

What is thrown stands in `throw.py`, what is wrong with an answer in `judge.py`. `make fuzz` throws
all of it and then as much again at random; here it is a part, the same each time.
"""

import re

import pytest

from portal.access.routes import routes
from tests.fuzz import throw
from tests.fuzz.judge import GET_MAY_WRITE, told, wrong
from tests.fuzz.town import OURS, first_for, name_of, undone
from tests.fuzz.values import encoded
from tests.fuzz.witness import changed, everything

SHARE = 48


def test_a_write_is_noticed(town):
    """The witness of the rest of this file."""
    persona, path = "base", "/intranet/mustandi-voti/"
    assert wrong(town.get(persona, path), is_read=True) == []
    user = town.world.people["base"]
    with undone():
        before = everything()
        type(user).objects.filter(pk=user.pk).update(first_name="Teine")
        assert changed(before, everything()) == {"accounts_user"}
        answer = town.ask(
            town.clients[persona],
            lambda: town.clients[persona].post("/konto/profiil/", {"first_name": "Uus"}),
        )[0]
    assert "accounts_user" in answer.writes or answer.status == 200


def test_every_page_that_takes_no_words_was_opened(town):
    """A page that nobody in the town opens is asked nothing."""
    opened = {name_of(address.partition("?")[0]) for address in town.seen}
    takes_get = {
        name
        for name in OURS
        if "<str" not in OURS[name] and "<slug" not in OURS[name] and "(" not in OURS[name]
    }
    assert len(takes_get & opened) > 90
    assert {"case_detail", "meeting_detail", "gap_list", "desk"} <= opened


def test_no_parameter_breaks_a_page_or_changes_anything(town):
    found = []
    with undone():
        before = everything()
        for asked in throw.questions(town, SHARE):
            answer = town.read(asked.persona, asked.path, asked.query)
            sent = [asked.said, *asked.said.split("\n")]
            found += [
                f"{asked.persona} {asked.path} {asked.query[:200]}: {one}"
                for one in wrong(answer, sent, is_read=True)
            ]
        now = everything()
    assert not found, told(found)
    assert changed(before, now) <= GET_MAY_WRITE


def test_no_other_way_of_asking_breaks_a_page_or_changes_anything(town):
    found = []
    for number, (address, persona) in enumerate(town.seen.items()):
        path, _mark, query = address.partition("?")
        method = throw.METHODS[number % len(throw.METHODS)]
        answer = town.generic(persona, method, path, QUERY_STRING=query)
        found += [f"{method} {path}: {one}" for one in wrong(answer, is_read=True)]
        if method == "HEAD":
            assert answer.status == 200, path
            assert answer.body == "", path
    assert not found, told(found)


def bad_addresses():
    """Every address of ours that takes something, with something else in it."""
    number = 0
    for route in routes():
        if route.door and route.door.name == "cms":
            continue
        path = re.sub(r"\^|\$|\\Z", "", route.path)
        if "(" in path:
            path = "konto/parool/uus/1-{}/" if "uidb36" in path else "{}/"
        pieces = len(re.findall(r"<[^>]+>", path))
        for turn in range(2 if pieces else 1):
            bad = [throw.BAD_IDS[(number + 5 * turn + at) % len(throw.BAD_IDS)] for at in range(4)]
            number += 1
            filled = iter(bad)
            yield "/" + re.sub(r"<[^>]+>|\{\}", lambda _found, it=filled: next(it), path)


def test_no_piece_of_an_address_breaks_a_page(town):
    found = []
    for path in dict.fromkeys(bad_addresses()):
        persona = first_for(path)[0]
        # As a server hands it on: the bytes, unquoted.
        raw = path.encode("utf-8", "surrogatepass").decode("latin-1")
        answer = town.generic(persona, "GET", "/", PATH_INFO=raw)
        found += [f"{path[:120]!r}: {one}" for one in wrong(answer, [path], is_read=True)]
    assert not found, told(found)


@pytest.mark.parametrize(
    "path",
    [
        "/\xff\xfe/",
        "/%",
        "//zq.example/",
        "/\\zq.example/",
        "/intranet//",
        "/intranet/..;/cms/",
        "/./cms/../intranet/",
        "/teenused/%00",
        "/teenused/\0/",
        "/teenused/\r\nSet-Cookie: a=b/",
        "/" + "a/" * 4_000,
        "/ru/" * 300,
        "/xx/teenused/",
        "/media/../tugivork.sqlite3",
        "/media/%2e%2e/private/",
        "/static/../manage.py",
        "/dokumendid/1/../x",
        "/dokumendid/99999999999999999999/x.pdf",
        "/kalender/\0.ics",
        "/konto/kutse/" + "a" * 5_000 + "/",
        "/intranet/juhtumid/" + "9" * 4_000 + "/",
    ],
    ids=lambda path: repr(path[:30]),
)
def test_an_odd_path_is_a_missing_page(town, path):
    for persona in ("nobody", "base"):
        answer = town.generic(persona, "GET", "/", PATH_INFO=path)
        assert wrong(answer, [path], is_read=True) == []
        assert answer.status in (301, 302, 404), answer.status


@pytest.mark.parametrize("headers", throw.HEADERS, ids=lambda headers: next(iter(headers)))
def test_no_header_breaks_a_page(town, headers):
    for persona, path in (("nobody", "/"), ("nobody", "/kaart/"), ("base", "/intranet/juhtumid/")):
        for method in ("GET", "POST"):
            answer = town.generic(persona, method, path, **headers)
            assert wrong(answer, list(headers.values()), is_read=method == "GET") == [], path


def test_where_to_go_next_never_leads_away(town):
    away = ["//zq.example/", "https:zq.example", "/\\zq.example", "\t//zq.example", "javascript:1"]
    for place in away:
        for name in ("next", "back", "url", "to"):
            for persona, path in (
                ("nobody", "/konto/sisse/"),
                ("base", "/konto/sisse/"),
                ("base", "/konto/kinnita/"),
                ("nobody", "/cms/login/"),
                ("nobody", "/_util/login/"),
                ("base", "/konto/valja/"),
            ):
                answer = town.get(persona, path, f"{name}={encoded(place)}")
                assert wrong(answer, [place], is_read=True) == [], (persona, path, place)
