"""The real server in front of the edge."""

import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from tests.headers import missing


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("letter", ["a", "%C3%B5"])
def test_ten_kilobytes_in_a_parameter_are_a_normal_page(site, letter):
    assert status(f"{site.url}/teenused/?q={letter * 10_000}") == 200


def test_line_without_end_is_refused(site):
    assert status(f"{site.url}/teenused/?q={'a' * 70_000}") in (400, 414)


def raw(site, text):
    """What the server answers to `text`, which need not be HTTP."""
    address = urlsplit(site.url)
    with socket.create_connection(("127.0.0.1", address.port), timeout=30) as connection:
        connection.sendall(text)
        head, _blank, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    return status, dict(line.split(": ", 1) for line in lines), body.decode()


@pytest.mark.parametrize(
    "text",
    [
        b"SALADUS <script>\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
        b"GET /?" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=["garbage", "version", "header", "long"],
)
def test_what_is_not_http_is_refused_with_the_headers_and_told_nothing(site, text):
    status, headers, body = raw(site, text)
    assert status.split()[1] in ("400", "414")
    # The demo has no TLS to insist on.
    assert missing("/", headers) == ["no Strict-Transport-Security"]
    assert len(body) < 30
    assert "<" not in body


def test_the_server_tells_no_version(site):
    _status, headers, _body = raw(site, b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert headers["Server"] == "gunicorn"


def test_nul_in_the_address_is_a_missing_page(site):
    assert status(f"{site.url}/teenused/%00/") == 404
