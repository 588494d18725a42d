"""The server as it runs, and bytes that no browser would send."""

import random
import socket
from urllib.parse import urlsplit

import pytest

LINE = b"GET /teenused/ HTTP/1.1\r\nHost: localhost\r\n"
END = b"Connection: close\r\n\r\n"


def asked(site, data):
    """All that comes back; nothing if the server just hangs up."""
    port = urlsplit(site.url).port
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            return connection.makefile("rb").read()
        except ConnectionError:
            return b""


def status(answer):
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0


@pytest.mark.parametrize(
    "data",
    [
        LINE + b"Cookie: " + b"a=b; " * 20_000 + b"\r\n" + END,
        LINE + b"X-Odd: " + b"\xff\x00\x01" * 30 + b"\r\n" + END,
        LINE + b"".join(b"X-%d: 1\r\n" % number for number in range(500)) + END,
        LINE + b"Cookie: sessionid=\xff\xfe%00; csrftoken=\x80\r\n" + END,
        LINE + b"Accept-Language: " + b"et;q=0." * 900 + b"\r\n" + END,
        LINE.replace(b"/teenused/", b"/teenused/%zz%00%ff?q=%zz%ff%00&%=") + END,
        LINE.replace(b"/teenused/", b"/\xc3\xb5\xff?q=\xff\xfe") + END,
        LINE.replace(b"/teenused/", b"//zq.example/../..") + END,
        LINE.replace(b"/teenused/", b"http://zq.example/") + END,
        LINE.replace(b"/teenused/", b"*") + END,
        LINE.replace(b"localhost", b"zq.example") + END,
        LINE.replace(b"localhost", b"localhost\xff<zq7>") + END,
        LINE.replace(b"GET", b"BREW") + END,
        b"POST /konto/sisse/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\nlogin=a",
        b"POST /konto/sisse/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\nlogin=a",
        b"POST /konto/sisse/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x",
        b"POST /konto/sisse/ HTTP/1.1\r\nHost: localhost\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"POST /konto/sisse/ HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: multipart/form-data; boundary=a\r\nContent-Length: 400\r\n\r\n--a\r\n"
        b'Content-Disposition: form-data; name="x"; filename="',
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: 1\r\n  folded\r\n" + END,
    ],
    ids=lambda data: repr(data[:30] + data[60:80]),
)
def test_no_bytes_make_the_server_fail(site, data):
    answer = asked(site, data)
    assert status(answer) < 500
    assert b"Traceback" not in answer
    assert b"<zq7" not in answer


def test_no_random_bytes_make_the_server_fail(site):
    chance = random.Random(6)
    for _ in range(60):
        data = bytearray(LINE + b"Cookie: a=b\r\n" + END)
        for _change in range(chance.randint(1, 8)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 4))
        assert status(asked(site, bytes(data))) < 500, bytes(data)
    assert status(asked(site, LINE + END)) == 200
