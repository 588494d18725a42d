"""One client with one open connection, and what the server spent while it was asked."""

from __future__ import annotations

import base64
import hmac
import http.client
import re
import struct
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from portal.make.terminal import Trouble

PROC = Path("/proc")
TICKS = 100
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
SIGN_IN, SHOW_CODE = "/konto/sisse/", "/konto/sisse/kood/"
# Whatever is measured was asked for this often before: compiled, connected, remembered.
BEFORE = 6
FEWEST = 8


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Visitor:
    """Keeps a connection and its cookies; signed in after `sign_in`."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(
        self, path: str, more: Mapping[str, str] | None = None, body: str | None = None
    ) -> Answer:
        headers = {"Host": f"localhost:{self.port}", "Accept-Encoding": "gzip", **(more or {})}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={one}" for name, one in self.cookies.items())
        method = "GET" if body is None else "POST"
        for attempt in (1, 2):
            try:
                self.connection.request(method, path, body=body, headers=headers)
                response = self.connection.getresponse()
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                # The server closes what was idle for two seconds.
                self.connection.close()
                if attempt == 2:
                    raise
        content = response.read()
        jar: SimpleCookie = SimpleCookie()
        for line in response.headers.get_all("Set-Cookie") or []:
            jar.load(line)
        self.cookies |= {name: one.value for name, one in jar.items()}
        return Answer(response.status, dict(response.headers.items()), content)

    def sign_in(self, login: str, password: str, secret: str) -> None:
        """With password and one-time code. Raise Trouble where the door stays closed."""
        self._send(SIGN_IN, {"login": login, "password": password})
        self._send(SHOW_CODE, {"code": code_of(secret, int(time.time()) // 30)})

    def _send(self, path: str, typed: dict[str, str]) -> None:
        page = self.ask(path, {"Accept-Encoding": "identity"})
        token = TOKEN.search(page.body)
        if token is None:
            raise Trouble(f"{path} has no form ({page.status}).")
        typed["csrfmiddlewaretoken"] = token[1].decode()
        more = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://localhost:{self.port}",
        }
        answer = self.ask(path, more, urlencode(typed))
        if answer.status != 302:
            raise Trouble(f"{path} does not let the client in ({answer.status}).")


def code_of(secret: str, step: int) -> str:
    """The one-time code of a time step (RFC 6238)."""
    key = base64.b32decode(secret)
    digest = hmac.digest(key, struct.pack(">Q", step), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


@dataclass(frozen=True)
class Cost:
    """What one request of a page costs: milliseconds of processor, statements, bytes sent."""

    a_second: float
    web_ms: float
    database_ms: float
    statements: int
    size: int

    @property
    def cpu_ms(self) -> float:
        return self.web_ms + self.database_ms


def measure(
    visitor: Visitor,
    path: str,
    headers: Mapping[str, str],
    web: int,
    database: int | None,
    *,
    seconds: float,
    rounds: int,
) -> Cost:
    """Ask `path` for `rounds` times `seconds`; the cheapest round counts: others were disturbed.

    `web`, `database`: the sessions of processes whose time is counted. Raises Trouble where the
    answer is not 200.
    """
    for _time in range(BEFORE):
        answer = visitor.ask(path, headers)
        if answer.status != 200:
            raise Trouble(f"{path} answers {answer.status}, so it cannot be measured.")
    told = visitor.ask(path, {**headers, "X-Bench": "1"})
    best: tuple[float, float, float] | None = None
    quickest = 0.0
    for _round in range(rounds):
        spent = _round_of(visitor, path, headers, web, database, seconds)
        quickest = max(quickest, spent[2])
        if best is None or spent[0] + spent[1] < best[0] + best[1]:
            best = spent
    assert best is not None  # noqa: S101 - there is at least one round
    return Cost(
        a_second=round(quickest, 1),
        web_ms=round(best[0], 3),
        database_ms=round(best[1], 3),
        statements=int(told.headers.get("X-Bench-Statements", 0)),
        size=len(answer.body),
    )


def _round_of(
    visitor: Visitor,
    path: str,
    headers: Mapping[str, str],
    web: int,
    database: int | None,
    seconds: float,
) -> tuple[float, float, float]:
    """Milliseconds of web and database for a request, and requests a second."""
    before = (spent_by(web), spent_by(database))
    began, count = time.monotonic(), 0
    while count < FEWEST or time.monotonic() - began < seconds:
        visitor.ask(path, headers)
        count += 1
    took = time.monotonic() - began
    after = (spent_by(web), spent_by(database))
    return (
        (after[0] - before[0]) / count * 1000,
        (after[1] - before[1]) / count * 1000,
        count / took,
    )


def spent_by(session: int | None) -> float:
    """Seconds of processor that all processes of a session have used, user and system."""
    if session is None:
        return 0.0
    return sum(_spent(pid) for pid in processes_of(session))


def processes_of(session: int) -> Iterable[int]:
    """Every process of the session; each child of ours has one of its own."""
    for folder in PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            yield int(folder.name)


def _spent(pid: int) -> float:
    """To the nanosecond where the kernel tells, else to a hundredth of a second."""
    try:
        threads = list((PROC / str(pid) / "task").iterdir())
        return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e9
    except (OSError, IndexError, ValueError):
        pass
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    except OSError:
        return 0.0
