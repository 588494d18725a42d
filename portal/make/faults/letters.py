"""A mail server that refuses, puts off or says nothing; a worker killed while it sends."""

from __future__ import annotations

import collections
import json
import time
from collections.abc import Callable

from portal.make.faults.house import House
from portal.make.faults.outside import MailServer
from portal.make.faults.probes import Probes, Rules
from portal.make.terminal import say

LETTERS = 12
# As EMAIL_TIMEOUT says, and a little for the start of the worker.
SILENT_FOR = 14
# No page has anything to do with mail.
UNTOUCHED = Rules()


class MailDrill:
    """Each mood of the mail server once: every letter arrives in the end, each one once."""

    def __init__(self, house: House, probes: Probes) -> None:
        self.house, self.probes = house, probes
        self.server = MailServer()
        self.wrong: list[str] = []

    def run(self) -> list[str]:
        url = f"smtp://127.0.0.1:{self.server.port}"
        self.env = self.house.production(EMAIL_URL=url)
        self.house.kill("worker")
        try:
            for mood, what in (
                ("refuses", "the mail server refuses (550)"),
                ("later", "the mail server puts off (451)"),
                ("silent", "the mail server says nothing"),
                ("slow", "the worker is killed while it sends"),
            ):
                self._one(mood, what)
        finally:
            self.server.close()
            self.house.kill("worker")
            self.house.start_worker()
        return self.wrong

    def _one(self, mood: str, what: str) -> None:
        say(f"\n  mail-{mood}: {what}")
        server = self.server
        server.mood, server.taken, server.half_taken = mood, [], []
        server.tried.clear()
        usual = self.probes.ask(Rules(seconds=20))
        ids = json.loads(self.house.ask_ledger("mail", str(LETTERS)))["ids"]
        self.house.start_worker(self.env)
        server.tried.wait(30)
        if mood == "slow":
            self._until(lambda: bool(server.half_taken), 30)
            self.house.kill("worker")
        else:
            time.sleep(SILENT_FOR if mood == "silent" else 3)
        asked = self.probes.ask(UNTOUCHED, usual)
        slowest = max(one.answer.seconds for one in asked.results.values())
        self.wrong += [f"mail-{mood}: {one}" for one in asked.wrong]
        during = json.loads(self.house.ask_ledger("mails", *ids))
        server.mood = "takes"
        server.hold.set()
        if mood == "slow":
            self.house.start_worker(self.env)
        self._all_sent(mood, ids)
        self.house.kill("worker")
        server.hold.clear()
        times = collections.Counter(server.taken)
        doubled = [name for name in ids if times[name] != 1]
        if doubled:
            self.wrong.append(f"mail-{mood}: {len(doubled)} letters not sent exactly once")
        say(
            f"    while it lasted: {during['states']}, slowest page {slowest:.1f} s;"
            f" afterwards {len(ids) - len(doubled)} of {len(ids)} letters sent once"
        )

    def _all_sent(self, mood: str, ids: list[str]) -> None:
        """What was put off is due at once: nobody here waits for half an hour."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            self.house.ask_ledger("hurry")
            time.sleep(3)
            states = json.loads(self.house.ask_ledger("mails", *ids))["states"]
            if states.get("sent") == len(ids):
                return
        self.wrong.append(f"mail-{mood}: letters wait for ever: {states}")

    @staticmethod
    def _until(true: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not true() and time.monotonic() < deadline:
            time.sleep(0.05)
