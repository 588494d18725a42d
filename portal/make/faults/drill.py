"""The way through the faults: all well, one fault, all well again; then the books are checked."""

from __future__ import annotations

import json
import time
from pathlib import Path

from portal.make.faults.house import House
from portal.make.faults.kills import Kills
from portal.make.faults.letters import MailDrill
from portal.make.faults.probes import Asked, Probes, Rules
from portal.make.faults.troubles import FAULTS, Fault, Skipped
from portal.make.faults.writers import Desk
from portal.make.postgres import Cluster
from portal.make.terminal import say, step

# Within so many seconds of a fault's end everything answers again.
RECOVERED_WITHIN = 15
# How long things take when all is well is for `make bench` to say.
WELL = Rules(seconds=20)


class Drill:
    """One database, one house, one fault after the other."""

    def __init__(self, folder: Path, logs: Path, port: int, cluster: Cluster | None) -> None:
        self.cluster, self.logs = cluster, logs
        self.house = House(folder, logs, port, cluster.url if cluster else "")
        self.wrong: list[str] = []

    @property
    def database(self) -> str:
        return "postgres" if self.cluster else "sqlite"

    def run(self, only: str, kills: int) -> int:
        say(f"\n{self.house.kind}")
        chosen = [fault for fault in FAULTS if self.database in fault.databases]
        chosen = [fault for fault in chosen if not only or fault.name in only.split(",")]
        with step("A portal with starter content"):
            self.house.prepare_quietly()
            self.before = json.loads(self.house.ask_ledger("count"))
            self.house.start()
        self.desk = Desk(self.house)
        self.probes = Probes(self.house, self.desk)
        self.probes.warm()
        for fault in chosen:
            self._one(fault)
        for name, play in (("mail", self._mail), ("kills", self._kills)):
            if not only or name in only.split(","):
                play(kills)
        return len(self.wrong)

    def _one(self, fault: Fault) -> None:
        say(f"\n  {fault.name}: {fault.what}")
        try:
            with fault.stage(self.house):
                self._while_staged(fault)
        except Skipped as reason:
            say(f"    skipped: {reason}")
            return
        self._books(fault.name)

    def _while_staged(self, fault: Fault) -> None:
        before = self.probes.ask(WELL)
        with fault.begin(self.house, self.cluster) as how:
            say(f"    {how}")
            during = self.probes.ask(fault.rules, before)
        after, took = self._recovered()
        self._table(before, during, after)
        say(f"    all well again after {took:.1f} s" if took >= 0 else "    not well again")
        for when, asked in (("before", before), ("during", during), ("after", after)):
            self.wrong += [f"{fault.name}, {when}: {one}" for one in asked.wrong]

    def _recovered(self) -> tuple[Asked, float]:
        """Ask until all is well; how long that took, -1 if it did not happen in time."""
        began = time.monotonic()
        while True:
            asked = self.probes.ask(WELL)
            took = time.monotonic() - began
            if not asked.wrong:
                return asked, took
            if took > RECOVERED_WITHIN:
                return asked, -1
            time.sleep(0.5)

    def _table(self, before: Asked, during: Asked, after: Asked) -> None:
        say(f"    {'':<16}{'before':>12}{'during':>12}{'after':>12}")
        for name in before.results:
            cells = [str(asked.results[name]) for asked in (before, during, after)]
            say(f"    {name:<16}" + "".join(f"{cell:>12}" for cell in cells))
        for one in (*before.wrong, *during.wrong, *after.wrong):
            say(f"    ✗ {one}")

    def _mail(self, kills: int) -> None:
        for one in MailDrill(self.house, self.probes).run():
            say(f"    ✗ {one}")
            self.wrong.append(one)

    def _kills(self, kills: int) -> None:
        for one in Kills(self.house, self.cluster, self.before, self.logs).run(kills):
            say(f"    ✗ {one}")
            self.wrong.append(one)

    def _books(self, name: str) -> None:
        """Repeat what was not acknowledged, then compare what was sent with what is there."""
        if left := self.probes.repeat_unanswered():
            self.wrong.append(f"{name}: {left} writes still fail")
        sent = self.logs / "writes.json"
        writes = [write.told() for write in self.probes.writes]
        sent.write_text(json.dumps({"writes": writes, "before": self.before}))
        found = json.loads(self.house.ask_ledger("check", str(sent)))
        for one in found["wrong"]:
            say(f"    ✗ {one}")
        self.wrong += [f"{name}: {one}" for one in found["wrong"]]
        say(f"    books: {len(self.probes.writes)} writes, {len(found['wrong'])} wrong")
