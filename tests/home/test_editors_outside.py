"""Links to other sites: asked weekly, if switched on, and never anywhere inside."""

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from home.models import OutsideLink
from home.upkeep import asking, outside
from tests.home.factories import SmallSite

NOW = dt.datetime.fromisoformat("2026-11-22T12:00:00+02:00")
State = OutsideLink.State


class Pages(BaseHTTPRequestHandler):
    """A small site: each path answers in its own way and remembers that it was asked."""

    asked: list[str] = []

    def do_HEAD(self) -> None:
        Pages.asked.append(f"{self.command} {self.path}")
        word = self.path.strip("/").partition("?")[0]
        to = {"moved": "/ok", "round": "/round", "inside": "http://10.0.0.1/", "file": "file:///x"}
        if word in to:
            self.send_response(302)
            self.send_header("Location", to[word])
        elif word == "nohead":
            self.send_response(405 if self.command == "HEAD" else 200)
        else:
            self.send_response(int(word) if word.isdecimal() else 200)
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of another site; its host alone counts as public here."""
    server = HTTPServer(("127.0.0.1", 0), Pages)
    port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Pages.asked.clear()
    monkeypatch.setitem(asking.PORTS, "http", port)
    real = asking.is_public
    monkeypatch.setattr(asking, "is_public", lambda found: found == "127.0.0.1" or real(found))
    yield "http://127.0.0.1"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "240.0.0.1"),
        *("::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "2002:7f00:1::"),
        *("64:ff9b::a00:1", "::ffff:10.0.0.1", "rubbish", ""),
    ],
)
def test_addresses_that_are_not_in_the_open_internet(address: str) -> None:
    assert not asking.is_public(address)


@pytest.mark.parametrize("address", ["193.40.0.1", "2a00:1450:4026:805::200e", "8.8.8.8"])
def test_addresses_that_are(address: str) -> None:
    assert asking.is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/"),
        *("http://0x7f.1/", "ftp://naidis.example/", "file:///etc/passwd", "gopher://x/"),
        *("http://naidis.example:22/", "http://a:b@naidis.example/", "http:///x", "https://"),
    ],
)
def test_what_leads_inside_or_is_no_web_address_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises((asking.NotAsked, asking.NoAnswer)):
        asking.ask(address)


def test_a_name_with_one_private_address_among_public_ones_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [(socket.AF_INET, 1, 6, "", (one, 80)) for one in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)

    with pytest.raises(asking.NotAsked):
        asking.ask("http://naidis.example/")


def test_the_address_that_was_looked_at_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter(["8.8.8.8", "127.0.0.1"])
    connected: list[str] = []

    def resolve(*args: Any, **kwargs: Any) -> Any:
        return [(socket.AF_INET, 1, 6, "", (next(answers), 80))]

    def connect(address: tuple[str, int], **kwargs: Any) -> Any:
        connected.append(address[0])
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(asking.NoAnswer):
        asking.ask("http://naidis.example/")
    assert connected == ["8.8.8.8"]


@pytest.mark.parametrize(
    ("path", "status"), [("ok", 200), ("404", 404), ("moved", 200), ("nohead", 200), ("õ?a=ü", 200)]
)
def test_the_answer_of_the_other_site_is_told(other: str, path: str, status: int) -> None:
    assert asking.ask(f"{other}/{path}") == status


def test_a_redirect_inside_is_not_followed(other: str) -> None:
    for path in ("inside", "file"):
        with pytest.raises(asking.NotAsked):
            asking.ask(f"{other}/{path}")
    with pytest.raises(asking.NoAnswer):
        asking.ask(f"{other}/round")
    assert len(Pages.asked) == 2 + asking.MOST_HOPS


def test_a_host_that_never_finishes_does_not_hold_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = threading.Event()
    monkeypatch.setattr(asking, "MOST_SECONDS", 0.05)
    monkeypatch.setattr(asking, "_follow", lambda address: done.wait(30))

    with pytest.raises(asking.NoAnswer):
        asking.ask("http://naidis.example/")
    done.set()


# --- what is kept ----------------------------------------------------------------------------


def link_to(site: SmallSite, *addresses: str) -> None:
    body = "".join(f'<a href="{address}">sõnad</a>' for address in addresses)
    site.content("lingid", body=f"<p>{body}</p>")


@pytest.fixture
def replies(monkeypatch: pytest.MonkeyPatch, settings: Any) -> dict[str, Any]:
    """What each address answers; whatever is asked is counted under the key "asked"."""
    settings.CHECK_LINKS = True
    found: dict[str, Any] = {"asked": []}

    def ask(address: str) -> int:
        found["asked"].append(address)
        reply = found.get(address, 200)
        if isinstance(reply, Exception):
            raise reply
        return int(reply)

    monkeypatch.setattr(asking, "ask", ask)
    return found


def test_nothing_is_asked_unless_it_is_switched_on(
    site: SmallSite, replies: dict[str, Any], settings: Any
) -> None:
    settings.CHECK_LINKS = False
    link_to(site, "https://naidis.example/")

    outside.check_links(NOW)

    assert replies["asked"] == []
    assert not OutsideLink.objects.exists()


def test_each_address_is_asked_once_a_week(site: SmallSite, replies: dict[str, Any]) -> None:
    link_to(site, "https://naidis.example/a", "https://naidis.example/a#koht", "/kaart/")

    for days in (0, 1, 6, 7):
        outside.check_links(NOW + dt.timedelta(days=days))

    assert replies["asked"] == ["https://naidis.example/a"] * 2


def test_a_few_are_asked_at_a_time_and_all_of_them_in_the_end(
    site: SmallSite, replies: dict[str, Any]
) -> None:
    addresses = [f"https://naidis.example/{number}" for number in range(outside.AT_ONCE + 2)]
    link_to(site, *addresses)

    outside.check_links(NOW)
    assert len(replies["asked"]) == outside.AT_ONCE

    outside.check_links(NOW + outside.EVERY)
    assert sorted(replies["asked"]) == sorted(addresses)


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        *((200, State.ANSWERS), (403, State.ANSWERS), (429, State.ANSWERS)),
        *((404, State.GONE), (410, State.GONE), (500, State.SILENT), (503, State.SILENT)),
        *((asking.NoAnswer(), State.SILENT), (asking.NotAsked(), State.REFUSED)),
    ],
)
def test_what_was_found_is_kept_and_told_to_editors(
    site: SmallSite, replies: dict[str, Any], reply: Any, state: str
) -> None:
    address = "https://naidis.example/"
    link_to(site, address)
    replies[address] = reply

    outside.check_links(NOW)

    assert OutsideLink.objects.get().state == state
    told = [link.label for _row, link in outside.broken_outside()]
    assert told == ([] if state == State.ANSWERS else ["sõnad"])


def test_since_when_it_fails_is_kept_until_it_answers_again(
    site: SmallSite, replies: dict[str, Any]
) -> None:
    address = "https://naidis.example/"
    link_to(site, address)
    replies[address] = 404
    for weeks in (0, 1):
        outside.check_links(NOW + dt.timedelta(weeks=weeks))
    assert OutsideLink.objects.get().failing_since == NOW

    replies[address] = 200
    outside.check_links(NOW + dt.timedelta(weeks=2))
    assert OutsideLink.objects.get().failing_since is None


def test_an_address_that_stands_in_no_page_any_more_is_forgotten(
    site: SmallSite, replies: dict[str, Any]
) -> None:
    page = site.content("lingid", body='<p><a href="https://naidis.example/">x</a></p>')
    outside.check_links(NOW)

    page.unpublish()
    outside.check_links(NOW + outside.EVERY)

    assert not OutsideLink.objects.exists()
