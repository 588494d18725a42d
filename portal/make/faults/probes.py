"""What is asked of the portal while something is broken, and which answers are right."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from portal.make.faults.browser import Answer, Browser, form_with
from portal.make.faults.house import House
from portal.make.faults.writers import SUPPORT, Desk, Write

PUBLIC, READ, WRITE, DOOR, MACHINE = "public", "read", "write", "door", "machine"
KEPT = "/teenused/"


@dataclass
class Result:
    """How one question ended; `wrong` says what is not as it should be."""

    answer: Answer
    wrong: str = ""

    def __str__(self) -> str:
        status = str(self.answer.status or "none")
        return f"{status} {self.answer.seconds:.1f}{' ✗' if self.wrong else ''}"


@dataclass
class Probe:
    """One question. `kind` decides which answers a fault allows."""

    name: str
    kind: str
    ask: Callable[[], tuple[Answer, str]]
    good: frozenset[int] = frozenset({200})


@dataclass
class Rules:
    """What a fault allows: for each kind, may it answer 503; and how long anything may take.

    `seconds` is the time-out that the settings name for what is broken; two more are allowed.
    """

    may_fail: frozenset[str] = frozenset()
    seconds: float = 0
    # May there be no answer at all, because who answers was killed?
    may_drop: bool = False
    # Questions by name that have to succeed although their kind may fail.
    must: frozenset[str] = frozenset()


@dataclass
class Asked:
    """All probes of one moment."""

    results: dict[str, Result] = field(default_factory=dict)

    @property
    def wrong(self) -> list[str]:
        return [f"{name}: {one.wrong}" for name, one in self.results.items() if one.wrong]


class Probes:
    """Questions of every kind, asked all at once by browsers of their own."""

    def __init__(self, house: House, desk: Desk) -> None:
        self.house, self.desk = house, desk
        self.writes: list[Write] = []
        self.all = [
            Probe("kept page", PUBLIC, lambda: self._get(KEPT)),
            Probe("new page", PUBLIC, lambda: self._get(f"/otsing/?q={uuid.uuid4().hex[:6]}")),
            Probe("map data", PUBLIC, lambda: self._get("/kaart/andmed.geojson")),
            Probe("sign-in form", DOOR, lambda: self._get("/konto/sisse/")),
            Probe("sign in", DOOR, self._sign_in, frozenset({302})),
            Probe("desk", READ, lambda: self._get("/intranet/", desk.support)),
            Probe("resources", READ, lambda: self._get("/intranet/ressursid/", desk.support)),
            Probe("case", READ, lambda: self._get(desk.case, desk.support)),
            Probe("note", WRITE, lambda: self._write("note"), frozenset({302})),
            Probe("note with file", WRITE, lambda: self._write("note with file"), frozenset({302})),
            Probe("gap", WRITE, lambda: self._write("gap"), frozenset({302})),
            Probe("action", WRITE, lambda: self._write("action"), frozenset({302})),
            Probe("readyz", MACHINE, lambda: self._get("/readyz"), frozenset({200})),
            Probe("healthz", MACHINE, lambda: self._get("/healthz"), frozenset({200})),
        ]

    def warm(self) -> None:
        """Let both processes keep the page that has to go on."""
        for _ in range(30):
            self._get(KEPT)

    def ask(self, rules: Rules, usual: Asked | None = None) -> Asked:
        """Ask everything at once and judge each answer. `usual`: the same when all was well."""
        asked = Asked()
        with ThreadPoolExecutor(len(self.all)) as pool:
            waiting = [(probe, pool.submit(probe.ask)) for probe in self.all]
            for probe, one in waiting:
                answer, typed = one.result()
                slack = usual.results[probe.name].answer.seconds if usual else 0
                wrong = judge(probe, answer, typed, rules, slack)
                asked.results[probe.name] = Result(answer, wrong)
        return asked

    def repeat_unanswered(self) -> int:
        """Send again, with its key, whatever was not acknowledged; return how many failed again."""
        left = [write for write in self.writes if not write.is_acknowledged]
        return sum(self.desk.send(write).status != 302 for write in left)

    def _get(self, path: str, who: Browser | None = None) -> tuple[Answer, str]:
        browser = Browser(self.house.port)
        if who is not None:
            browser.cookies = dict(who.cookies)
        return browser.get(path), ""

    def _write(self, kind: str) -> tuple[Answer, str]:
        write = self.desk.write(kind)
        self.writes.append(write)
        return self.desk.send(write), write.text

    def _sign_in(self) -> tuple[Answer, str]:
        browser = Browser(self.house.port)
        page = browser.get("/konto/sisse/")
        try:
            form = form_with(page.body, "login", "password")
        except LookupError:
            return page, ""
        typed = form.filled(login=SUPPORT, password=self.house.password)
        return browser.post("/konto/sisse/", typed), ""


def judge(probe: Probe, answer: Answer, typed: str, rules: Rules, slack: float = 0) -> str:
    """What is wrong with this answer, empty if nothing is. `slack`: seconds it takes anyway."""
    if answer.status in probe.good or not answer.status and rules.may_drop:
        wrong = ""
    elif answer.status != 503:
        wrong = f"answered {answer.status or 'nothing'}"
    elif probe.kind not in rules.may_fail or probe.name in rules.must:
        wrong = "has to go on"
    elif probe.kind == MACHINE:
        wrong = ""
    elif not answer.headers.get("retry-after"):
        wrong = "503 without Retry-After"
    elif typed and typed not in answer.body:
        wrong = "the typed text is lost"
    else:
        wrong = ""
    if not wrong and answer.seconds > rules.seconds + 2 + slack:
        wrong = f"took {answer.seconds:.1f} s"
    return wrong
