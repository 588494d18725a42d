"""kill -9 of everything while sixteen people write: nothing confirmed is lost, nothing doubled.

Each writer makes one thing after the other and sends each, with its key, until it is confirmed.
On PostgreSQL every fifth round kills the database server instead, and nobody restarts the portal.
"""

from __future__ import annotations

import collections
import json
import random
import threading
import time
from pathlib import Path

from portal.make.faults.browser import Browser
from portal.make.faults.house import House
from portal.make.faults.writers import Desk, Write
from portal.make.postgres import Cluster
from portal.make.terminal import Trouble, say

WRITERS = 16
KINDS = ("note", "note", "note", "note with file", "gap", "action", "action", "invite")
# The books take a while; a kill in between is a kill all the same.
BOOKS_EVERY = 10
READY_WITHIN = 90
DATABASE_EVERY = 5


class Kills:
    def __init__(
        self, house: House, cluster: Cluster | None, before: dict[str, int], logs: Path
    ) -> None:
        self.house, self.cluster, self.before, self.logs = house, cluster, before, logs
        self.writes: list[Write] = []
        self.stop = threading.Event()
        self.wrong: list[str] = []
        self.chance = random.Random(7)  # noqa: S311 - the same drill each time

    def run(self, kills: int) -> list[str]:
        say(f"\n  kills: {kills} × kill -9 under {WRITERS} writers")
        self.desk = Desk(self.house)
        self.house.kill("worker")
        self.house.start_worker()
        writers = [threading.Thread(target=self._write, daemon=True) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        try:
            for number in range(1, kills + 1):
                self._kill(number)
                if number % BOOKS_EVERY == BOOKS_EVERY - 1:
                    self._books(number)
                self._bring_back(number)
        finally:
            self.stop.set()
            for writer in writers:
                writer.join(60)
        self._settle()
        self._books(kills, last=True)
        return self.wrong

    def _write(self) -> None:
        chance = random.Random()  # noqa: S311
        while not self.stop.is_set():
            write = self.desk.write(chance.choice(KINDS))
            self.writes.append(write)
            while not write.is_acknowledged:
                status = self.desk.send(write).status
                if status not in (0, 302, 503):
                    self.wrong.append(f"{write.kind} {write.key} was answered {status}")
                    if len(write.statuses) > 20:
                        break
                if status != 302:
                    time.sleep(0.2)

    def _kill(self, number: int) -> None:
        time.sleep(self.chance.uniform(0.2, 2.0))
        if self._is_turn_of_database(number) and self.cluster:
            self.cluster.kill()
        else:
            self.house.kill()

    def _is_turn_of_database(self, number: int) -> bool:
        return self.cluster is not None and number % DATABASE_EVERY == 0

    def _bring_back(self, number: int) -> None:
        if self._is_turn_of_database(number) and self.cluster:
            self.cluster.start()
        else:
            self.house.start(wait=False)
        deadline = time.monotonic() + READY_WITHIN
        while Browser(self.house.port, patience=10).get("/readyz").status != 200:
            if time.monotonic() > deadline:
                raise Trouble("The portal did not come back after a kill.")
            time.sleep(0.2)

    def _settle(self) -> None:
        """Let the worker send what the kills have left, as if its claims had run out."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self.house.ask_ledger("hurry")
            time.sleep(2)
            if not json.loads(self.house.ask_ledger("count"))["waiting"]:
                return

    def _books(self, number: int, *, last: bool = False) -> None:
        file = self.logs / "writes.json"
        told = [write.told() for write in list(self.writes)]
        file.write_text(json.dumps({"writes": told, "before": self.before}))
        found = json.loads(self.house.ask_ledger("check", str(file)))
        wrong = [f"kills, after {number}: {one}" for one in found.pop("wrong")]
        if last:
            wrong += [f"kills: {one}" for one in self._letters()]
        self.wrong += wrong
        sent = collections.Counter(status for one in self.writes for status in one.statuses)
        done = sum(one["done"] for one in told)
        say(
            f"    after {number}: {done} of {len(told)} confirmed, answers {dict(sent)},"
            f" {len(wrong)} wrong; {found}"
        )

    def _letters(self) -> list[str]:
        """Every letter lies in the folder of the demo; one that lies there twice is named."""
        seen: collections.Counter[str] = collections.Counter()
        for file in (self.house.folder / "mail").glob("*.log"):
            for line in file.read_text(errors="replace").splitlines():
                if line.lower().startswith("message-id:"):
                    seen[line.split(":", 1)[1].strip()] += 1
        say(f"    {len(seen)} letters, {sum(n > 1 for n in seen.values())} of them written twice")
        return []
