"""`make mutants`: plant every fault, one at a time, and see which test catches it.

`ONLY=words` takes the faults whose name, file or rule holds one of the words; `WORKERS=2` is how
many copies work at once. A table at the end; exit code 1 where a fault survives.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

from portal.make.mutants.generated import generated
from portal.make.mutants.mutant import DoesNotApply, Mutant, hints, write_hints, written
from portal.make.mutants.near import in_order, tests_near
from portal.make.mutants.touched import quickest_of_each_file, tests_that_ran
from portal.make.mutants.workshop import Outcome, Workshop, copy_tree
from portal.make.stamps import ROOT
from portal.make.terminal import Trouble, say, step

# Tests that nobody has to run twice to know that they pass without a fault.
AT_ONCE = 25


def chosen(mutants: Iterable[Mutant], words: str) -> list[Mutant]:
    """Those that ONLY asks for; all of them if it asks for none."""
    wanted = [word.strip() for word in words.split(",") if word.strip()]
    return [
        one
        for one in mutants
        if not wanted
        or any(word in f"{one.name}|{one.file}" or word == f"rule={one.rule}" for word in wanted)
    ]


@dataclass
class Result:
    """What came of one fault."""

    mutant: Mutant
    outcome: Outcome
    seconds: float


@dataclass
class Round:
    """What the workers share: what is to be done, what is known, what came of it."""

    todo: Queue[Mutant]
    # Faults that the quick tests have not caught: asked about when all others are done.
    later: Queue[Mutant]
    hints: dict[str, str]
    clean: dict[str, bool] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    trouble: list[BaseException] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self, shop: Workshop) -> None:
        """One worker: fault after fault until none is left."""
        try:
            while not self.trouble:
                try:
                    mutant, try_out = self.todo.get_nowait(), self.quickly
                except Empty:
                    mutant, try_out = self.later.get_nowait(), self.thoroughly
                began = time.monotonic()
                try:
                    outcome = try_out(shop, mutant)
                except DoesNotApply as error:
                    outcome = Outcome(broken=str(error))
                if try_out == self.quickly and not (outcome.test or outcome.broken):
                    self.later.put(mutant)
                else:
                    self.keep(Result(mutant, outcome, time.monotonic() - began))
        except Empty:
            return
        except BaseException as error:
            self.trouble.append(error)

    def keep(self, result: Result) -> None:
        """Tell it, and which test to ask first the next time."""
        with self.lock:
            self.results.append(result)
            if "::" in result.outcome.test:
                self.hints[result.mutant.name] = result.outcome.test
            say(line_of(result))

    def quickly(self, shop: Workshop, mutant: Mutant) -> Outcome:
        """First the test that caught it last, then the quickest of those that ran its line."""
        hint = self.hints.get(mutant.name, "")
        if hint and self.passes_clean(shop, hint):
            outcome = shop.plant(mutant, [hint])
            if outcome.test:
                return outcome
        named = [one for one in mutant.tests[:1] if ".py" in one]
        quick = [*named, *quickest_of_each_file(tests_that_ran(mutant))]
        return self.asked(shop, mutant, quick, from_the_start=False)

    def thoroughly(self, shop: Workshop, mutant: Mutant) -> Outcome:
        """What is near, then all others that ran its line."""
        near = in_order(shop.folder, mutant.file, mutant.tests)
        near = near or [*mutant.first, *tests_near(shop.folder, mutant.file)]
        outcome = self.asked(shop, mutant, near)
        if not outcome.test:
            rest = [one for one in tests_that_ran(mutant) if one not in near]
            outcome = self.asked(shop, mutant, rest, from_the_start=False) if rest else outcome
        return outcome

    def asked(
        self, shop: Workshop, mutant: Mutant, tests: list[str], *, from_the_start: bool = True
    ) -> Outcome:
        """What `tests` say of the fault, without those that fail on the tree as it is."""
        outcome = Outcome()
        while tests:
            outcome = shop.plant(mutant, tests, from_the_start=from_the_start)
            if "::" not in outcome.test or self.passes_clean(shop, outcome.test):
                break
            # It fails without a fault too, so it says nothing: the others are asked.
            tests = [*tests, f"--deselect={outcome.test}"]
        return outcome

    def passes_clean(self, shop: Workshop, test: str) -> bool:
        """Does it pass on the tree as it is? A test that has gone does not."""
        known = self.clean.get(test)
        if known is None:
            outcome = shop.run([test])
            known = self.clean[test] = not (outcome.test or outcome.broken)
        return known


def line_of(result: Result) -> str:
    """One line of the table."""
    outcome, mutant = result.outcome, result.mutant
    what = outcome.test or (f"BROKEN: {outcome.broken}" if outcome.broken else "SURVIVED")
    return f"  {result.seconds:6.1f} s  {mutant.name:<78} {what}"


def check_clean(round_: Round, shops: list[Workshop], mutants: list[Mutant]) -> None:
    """The tests that the faults are known by, on the tree as it is. Raises Trouble."""
    known = sorted({round_.hints[one.name] for one in mutants if one.name in round_.hints})
    there = [test for test in known if (ROOT / test.partition("::")[0]).exists()]
    parts: Queue[list[str]] = Queue()
    for place in range(0, len(there), AT_ONCE):
        parts.put(there[place : place + AT_ONCE])
    failed: list[str] = []

    def work(shop: Workshop) -> None:
        try:
            while True:
                part = parts.get_nowait()
                outcome = shop.run(part)
                if outcome.broken:
                    # One that was renamed: asked one by one, when its turn comes.
                    continue
                if outcome.test:
                    failed.append(outcome.test)
                else:
                    round_.clean |= dict.fromkeys(part, True)
        except Empty:
            return
        except BaseException as error:
            round_.trouble.append(error)

    _in_threads(work, shops)
    if round_.trouble:
        raise round_.trouble[0]
    if failed:
        raise Trouble(f"Without any fault a test fails already: {', '.join(sorted(failed))}")


def _in_threads(work: object, shops: list[Workshop]) -> None:
    threads = [threading.Thread(target=work, args=(shop,)) for shop in shops]  # type: ignore[arg-type]
    for thread in threads:
        thread.daemon = True
        thread.start()
    for thread in threads:
        thread.join()


def run(only: str, workers: int) -> int:
    """Copy, plant, report."""
    folder = Path(tempfile.mkdtemp(prefix="tv-mutants-"))
    shops = [Workshop(folder / f"copy-{number}") for number in range(workers)]
    try:
        with step("Copies of the tree"):
            for shop in shops:
                copy_tree(shop.folder)
        mutants = chosen([*written(shops[0].folder), *generated(shops[0].folder)], only)
        if not mutants:
            raise Trouble(f"No fault has a name, a file or a rule like “{only}”.")
        round_ = Round(Queue(), Queue(), hints(ROOT))
        with step(f"Their tests without a fault ({len(mutants)} faults to plant)"):
            shops[0].nursery  # noqa: B018 - the first one makes the database, the others copy it
            for shop in shops[1:]:
                kept = Path("build/test-templates")
                shutil.copytree(shops[0].folder / kept, shop.folder / kept, dirs_exist_ok=True)
                # Loaded here: it ends with the thread that started it (die_with_parent).
                shop.nursery  # noqa: B018
            check_clean(round_, shops, mutants)
        for mutant in mutants:
            round_.todo.put(mutant)
        began = time.monotonic()
        try:
            _in_threads(round_.work, shops)
        finally:
            keep(round_)
        if round_.trouble:
            raise round_.trouble[0]
        return report(round_, mutants, time.monotonic() - began)
    finally:
        for shop in shops:
            shop.close()
        shutil.rmtree(folder, ignore_errors=True)


def keep(round_: Round) -> None:
    """Write down which test caught what, also where the run is broken off."""
    everything = {one.name for one in [*written(ROOT), *generated(ROOT)]}
    write_hints(ROOT, {name: test for name, test in round_.hints.items() if name in everything})


def report(round_: Round, mutants: list[Mutant], seconds: float) -> int:
    """Tell what survived; 1 where something did."""
    lost = [one for one in round_.results if not one.outcome.test]
    if lost:
        say("\nNot caught:")
        for one in sorted(lost, key=lambda result: result.mutant.name):
            say(line_of(one))
            say(f"             {one.mutant.file}: {one.mutant.says}")
    caught = len(round_.results) - len(lost)
    say(f"\n{len(mutants)} faults planted, {caught} caught, {len(lost)} not ({seconds:.0f} s)")
    return 1 if lost else 0


def main() -> int:
    """Read ONLY and WORKERS, and give the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        workers = int(os.environ.get("WORKERS") or "2")
        return run(os.environ.get("ONLY", ""), max(1, workers))
    except Trouble as trouble:
        say(f"\n{trouble}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
