"""One database, round after round: copy, loss, way back, books."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.make import environment
from portal.make.demo import wait_until_ready
from portal.make.faults.house import House
from portal.make.faults.writers import Desk, Write
from portal.make.postgres import Cluster
from portal.make.stamps import ROOT
from portal.make.terminal import Trouble, say

KINDS = ("note", "note", "note with file", "note with file", "gap", "action", "invite")
# What a machine has that is not in its copies.
KEYS = ("secrets.json", "backup-keys.json", "demo-password")
# A restore ends sessions, closes links, holds letters back and writes that it was done.
CHANGED_BY_RESTORE = frozenset(
    {
        "accounts_invitation",
        "audit_accessevent",
        "audit_chainhead",
        "base_contentversion",
        "base_duejob",
        "base_outboxitem",
        "cases_caselink",
        "django_cache",
        "django_session",
        "usersessions_usersession",
    }
)
HEADING = ("round", "copy", "rows", "MB", "backup s", "restore s", "serving s", "")


@dataclass
class Copy:
    """A copy of a round, and which writes were confirmed before it began."""

    kind: str
    rows: int
    seconds: float
    sure: set[str]


class Rounds:
    """A portal in `folder`; its copies in a folder that no fire reaches."""

    def __init__(self, folder: Path, port: int, writers: int, cluster: Cluster | None) -> None:
        self.copies, self.logs = folder / "copies", folder / "logs"
        self.safe = folder / "safe"
        for made in (self.logs, self.safe):
            made.mkdir()
        self.cluster, self.writers = cluster, writers
        self.house = House(folder / "data", self.logs, port, cluster.url if cluster else "")
        self.house.folder.mkdir(mode=0o700)
        # All that was ever sent, where this round's begin, and what has to be there.
        self.writes: list[Write] = []
        self.begins = 0
        self.sure: set[str] = set()
        self.wrong: list[str] = []
        self.chance = random.Random(11)  # noqa: S311 - the same drill each time

    def run(self, rounds: int) -> int:
        """Play `rounds` rounds; return in how many something was wrong."""
        say(f"\n{self.house.kind}: {rounds} rounds, {self.writers} writers")
        self.house.prepare_quietly()
        for name in KEYS:
            shutil.copy(self.house.folder / name, self.safe)
        self.before = json.loads(self.house.ask_ledger("count"))
        self.house.start()
        _row(*HEADING)
        failed = 0
        # Somewhere in the middle, so that there is a copy before it.
        damaged = min(rounds, 4)
        for number in range(1, rounds + 1):
            already = len(self.wrong)
            self._round(number, is_damaged=number == damaged, is_quiet=number % 2 == 0)
            failed += len(self.wrong) > already
        self.house.stop()
        for line in self.wrong:
            say(f"  wrong: {line}")
        return failed

    # --- One round -------------------------------------------------------------------------

    def _round(self, number: int, *, is_damaged: bool, is_quiet: bool) -> None:
        copy, was = self._work_and_copy(number, is_damaged=is_damaged, is_quiet=is_quiet)
        self._lose()
        began = time.monotonic()
        said = self._manage("restore", str(self.copies))
        restored = time.monotonic() - began
        self._look_over(number, copy, was, said, is_damaged=is_damaged)
        began_again = time.monotonic()
        self.house.start(wait=False)
        wait_until_ready(self.house.children, self.house.port)
        serving = restored + time.monotonic() - began_again
        newest = max(self.copies.glob("tugivork-*.backup"))
        _row(
            str(number),
            copy.kind,
            str(copy.rows),
            f"{newest.stat().st_size / 1024**2:.1f}",
            f"{copy.seconds:.1f}",
            f"{restored:.1f}",
            f"{serving:.1f}",
            "ok"
            if not any(line.startswith(f"round {number}:") for line in self.wrong)
            else "wrong",
        )

    def _work_and_copy(
        self, number: int, *, is_damaged: bool, is_quiet: bool
    ) -> tuple[Copy, dict[str, Any] | None]:
        """People write, copies are made; at the end everything is killed.

        Returns the copy that is to come back, and what a quiet one was a copy of.
        """
        desk, stop = Desk(self.house), threading.Event()
        writers = [
            threading.Thread(target=self._write, args=(number, desk, stop), daemon=True)
            for _ in range(self.writers)
        ]
        for writer in writers:
            writer.start()
        try:
            time.sleep(self.chance.uniform(1, 3))
            copy = self._copy("under load")
            time.sleep(self.chance.uniform(0.5, 1.5))
            if is_damaged:
                self._copy("newer")
                self._damage()
                copy.kind = "newest damaged"
        finally:
            stop.set()
            for writer in writers:
                writer.join(60)
        was = None
        if is_quiet and not is_damaged:
            # The worker too: what it sends would change what is compared.
            self.house.kill("worker")
            copy = self._copy("quiet")
        self.house.kill()
        if copy.kind == "quiet":
            was = self._look()
        self.sure = copy.sure
        return copy, was

    def _write(self, number: int, desk: Desk, stop: threading.Event) -> None:
        chance = random.Random()  # noqa: S311
        while not stop.is_set():
            write = desk.write(chance.choice(KINDS))
            self.writes.append(write)
            while not write.is_acknowledged:
                status = desk.send(write).status
                if status not in (302, 503):
                    self.wrong.append(f"round {number}: a {write.kind} was answered {status}")
                    break

    def _copy(self, kind: str) -> Copy:
        of_this_round = self.writes[self.begins :]
        # What an earlier round has confirmed after its copy is lost, as it must be.
        sure = self.sure | {write.key for write in of_this_round if write.is_acknowledged}
        began = time.monotonic()
        said = self._manage("backup", str(self.copies), "--digests", "--keep", "3")
        rows = int(said.split(" rows in")[0].rpartition(", ")[2])
        return Copy(kind, rows, time.monotonic() - began, sure)

    def _damage(self) -> None:
        """Turn one bit of the newest copy, somewhere in it."""
        newest = max(self.copies.glob("tugivork-*.backup"))
        data = bytearray(newest.read_bytes())
        data[self.chance.randrange(len(data))] ^= 1
        newest.write_bytes(bytes(data))

    def _lose(self) -> None:
        """The machine is gone; a new one has the keys and an empty database."""
        self.begins = len(self.writes)
        shutil.rmtree(self.house.folder)
        self.house.folder.mkdir(mode=0o700)
        for name in KEYS:
            shutil.copy(self.safe / name, self.house.folder)
        if self.cluster:
            # Without a line for each table that goes.
            quietly = "SET client_min_messages = warning"
            self.cluster.sql(f"{quietly}; DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    # --- Books -------------------------------------------------------------------------------

    def _look_over(
        self, number: int, copy: Copy, was: dict[str, Any] | None, said: str, *, is_damaged: bool
    ) -> None:
        wrong = []
        if ("cannot be used" in said) != is_damaged:
            wrong.append("the damaged copy was not named" if is_damaged else said)
        told = [write.told() | {"done": write.key in copy.sure} for write in self.writes]
        file = self.logs / "writes.json"
        file.write_text(json.dumps({"writes": told, "before": self.before}))
        wrong += json.loads(self.house.ask_ledger("check", str(file)))["wrong"]
        if was:
            wrong += _differences(was, self._look())
        self.wrong += [f"round {number}: {line}" for line in wrong]

    def _look(self) -> dict[str, Any]:
        return json.loads(self._run("-m", "portal.make.drill.look"))

    def _manage(self, *command: str) -> str:
        return self._run("manage.py", *command)

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            [str(environment.PYTHON), *command],
            env=self.house.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Trouble(f"{' '.join(command[:2])} failed: {(done.stderr or done.stdout)[-1500:]}")
        return done.stdout + done.stderr if command[0] == "manage.py" else done.stdout


def _differences(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Everything of a quiet copy is what it was; the log goes on from where it stood."""
    tables = was["tables"].keys() | now["tables"]
    wrong = [
        f"table {name} differs"
        for name in sorted(tables - CHANGED_BY_RESTORE)
        if was["tables"].get(name) != now["tables"].get(name)
    ]
    if was["files"] != now["files"]:
        wrong.append("the files differ")
    if now["head"][0] != was["head"][0] + 1:
        wrong.append(f"the log stood at {was['head'][0]} and stands at {now['head'][0]}")
    return wrong


def _row(*cells: str) -> None:
    widths = (5, 14, 8, 6, 8, 9, 9, 0)
    say("  " + "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)))
