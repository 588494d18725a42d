"""What `make faults` calls right and wrong, without a server."""

import socket

import pytest

from portal.make.faults.browser import Answer, Browser, form_with
from portal.make.faults.outside import MailServer
from portal.make.faults.probes import PUBLIC, WRITE, Probe, Rules, judge
from portal.make.faults.writers import letters

RULES = Rules(may_fail=frozenset({WRITE}), seconds=20)
BUSY = {"retry-after": "10"}


def verdict(kind, answer, typed=""):
    return judge(Probe("one", kind, lambda: (answer, typed)), answer, typed, RULES)


@pytest.mark.parametrize(
    ("kind", "answer", "typed", "wrong"),
    [
        (PUBLIC, Answer(200, 1), "", ""),
        (PUBLIC, Answer(503, 1, "", BUSY), "", "has to go on"),
        (PUBLIC, Answer(200, 23), "", "took 23.0 s"),
        (WRITE, Answer(503, 21, "minu tekst", BUSY), "minu tekst", ""),
        (WRITE, Answer(503, 1, "", BUSY), "minu tekst", "the typed text is lost"),
        (WRITE, Answer(503, 1, "minu tekst"), "minu tekst", "503 without Retry-After"),
        (WRITE, Answer(500, 1, "minu tekst"), "minu tekst", "answered 500"),
        (WRITE, Answer(0, 1), "", "answered nothing"),
    ],
)
def test_answer_is_judged_by_what_the_fault_allows(kind, answer, typed, wrong):
    assert verdict(kind, answer, typed) == wrong


def test_form_is_sent_as_a_browser_would():
    page = """<form action="/a/"><input name="q"></form><form action="/b/">
    <input type="hidden" name="key" value="1"><textarea name="text">
vana</textarea><select name="town"><option value="">?</option><option value="x" selected>X</option>
    </select><input type="radio" name="kind" value="a"><input type="radio" name="kind" value="b"
    checked><input type="file" name="file"><input type="submit" name="go" value="1"></form>"""
    form = form_with(page, "key", "kind")
    assert form.action == "/b/"
    assert dict(form.filled(text="uus")) == {"key": "1", "text": "uus", "town": "x", "kind": "b"}
    assert form.choices == {"town": ["", "x"], "kind": ["a", "b"]}
    with pytest.raises(LookupError):
        form_with(page, "password")


def test_nobody_there_is_no_answer():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert Browser(port, patience=2).get("/").status == 0


def test_key_in_letters_tells_keys_apart_and_holds_no_number():
    key, other = "0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-70867728950f"
    assert letters(key).isalpha()
    assert letters(key) != letters(other)


@pytest.mark.parametrize(
    ("mood", "taken"), [("takes", ["abc"]), ("refuses", []), ("later", [])], ids=str
)
def test_mail_server_of_the_drill_takes_or_refuses(mood, taken):
    server = MailServer()
    server.mood = mood
    try:
        with socket.create_connection(("127.0.0.1", server.port), 5) as peer:
            said = peer.makefile("rb")
            said.readline()
            for line in (b"EHLO x", b"MAIL FROM:<a@b.c>"):
                peer.sendall(line + b"\r\n")
                assert said.readline().startswith(b"250")
            peer.sendall(b"RCPT TO:<a@b.c>\r\n")
            if not said.readline().startswith(b"250"):
                assert server.taken == taken
                return
            peer.sendall(b"DATA\r\n")
            said.readline()
            peer.sendall(b"Message-ID: <abc@localhost>\r\n\r\ntere\r\n.\r\n")
            assert said.readline().startswith(b"250")
    finally:
        server.close()
    assert server.taken == taken
