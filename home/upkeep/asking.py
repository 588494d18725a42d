"""Asks another host whether a page is there, without being led anywhere inside.

An editor's link must not turn the server into a hand that reaches behind the wall: the name is
resolved once, every address it stands for has to be public, and exactly that one is connected to.
So it is again at each redirect.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import SplitResult, quote, urljoin, urlsplit

PORTS = {"http": 80, "https": 443}
TIMEOUT = 3.0
# For everything together: a host that sends one letter a second must not hold the worker.
MOST_SECONDS = 12.0
MOST_HOPS = 4
REDIRECTS = {301, 302, 303, 307, 308}
# Some hosts do not know HEAD, or answer it with a refusal.
ASK_AGAIN = {HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED}
NAME = "Tugivork link check"
# What may stand in an address as it is; the rest, such as õ, is written in its own spelling.
SAFE = "/%:@!$&'()*+,;=?~-._"


class NotAsked(Exception):
    """We do not ask this address: not public, or not a plain web address."""


class NoAnswer(Exception):
    """Nobody answers there, in time or at all."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str = ""


def ask(address: str) -> int:
    """The status code at `address` after its redirects; raises NotAsked or NoAnswer."""
    found: list[int] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            found.append(_follow(address))
        except (NotAsked, NoAnswer) as failure:
            failed.append(failure)
        except (OSError, ValueError, http.client.HTTPException) as failure:
            failed.append(NoAnswer(type(failure).__name__))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(MOST_SECONDS)
    if failed:
        raise failed[0]
    if not found:
        raise NoAnswer("too slow")
    return found[0]


def _follow(address: str) -> int:
    for _hop in range(MOST_HOPS):
        answer = _ask_once(address, "HEAD")
        if answer.status in ASK_AGAIN:
            answer = _ask_once(address, "GET")
        if answer.status not in REDIRECTS or not answer.location:
            return answer.status
        address = urljoin(address, answer.location)
    raise NoAnswer("too many redirects")


def _ask_once(address: str, method: str) -> Answer:
    parts, host, port = _parts(address)
    connect = connection_to(public_address(host, port), host, port, parts.scheme == "https")
    path = quote(parts.path or "/", safe=SAFE)
    if parts.query:
        path += f"?{quote(parts.query, safe=SAFE)}"
    try:
        connect.request(method, path, headers={"User-Agent": NAME, "Accept": "*/*"})
        response = connect.getresponse()
        # The page itself is of no interest: nothing of it is read.
        return Answer(response.status, response.getheader("Location") or "")
    finally:
        connect.close()


def _parts(address: str) -> tuple[SplitResult, str, int]:
    parts = urlsplit(address)
    port = PORTS.get(parts.scheme)
    if port is None or not parts.hostname or parts.username or parts.password:
        raise NotAsked
    if parts.port not in (None, port):
        raise NotAsked
    try:
        # Letters of other alphabets travel in a spelling of their own.
        host = parts.hostname.encode("idna").decode("ascii")
    except UnicodeError as failure:
        raise NoAnswer("no such name") from failure
    return parts, host, port


def public_address(host: str, port: int) -> str:
    """The first address of `host`; NotAsked if any of them is not in the open internet."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as failure:
        raise NoAnswer("no such name") from failure
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(is_public(one) for one in addresses):
        raise NotAsked
    return addresses[0]


def is_public(address: str) -> bool:
    """Is it an address of the open internet? Not ours, not the neighbour's, not one in disguise."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour
        if found.teredo or found in NAT64:
            return False
        if inside is not None:
            return is_public(str(inside))
    return found.is_global and not found.is_multicast and not found.is_reserved


NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def connection_to(
    address: str, host: str, port: int, is_secure: bool
) -> http.client.HTTPConnection:
    """A connection to exactly `address`, which calls itself `host`."""
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    opened = socket.create_connection((address, port), timeout=TIMEOUT)
    if is_secure:
        try:
            opened = _context().wrap_socket(opened, server_hostname=host)
        except Exception:
            opened.close()
            raise
    connection.sock = opened
    return connection


_context: Callable[[], ssl.SSLContext] = ssl.create_default_context
