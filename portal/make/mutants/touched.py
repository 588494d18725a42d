"""Which tests ran a line, as `make touched` wrote it down: they are asked first.

Without its two files (build/touched.coverage, build/touched.xml) nothing is known, and the tests
near the file are asked, as ever. They only say where to look: a fault is caught by a test alone.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable
from xml.etree import ElementTree

from portal.make.mutants.mutant import Mutant
from portal.make.stamps import ROOT

LINES = ROOT / "build" / "touched.coverage"
TIMES = ROOT / "build" / "touched.xml"
# Of these the quickest are asked at once, a few of each file; all the others where nobody has
# caught it.
FIRST, OF_A_FILE = 24, 3
NEAR = 7


def tests_that_ran(mutant: Mutant) -> list[str]:
    """The tests that ran the line of the fault, the quickest first."""
    if not LINES.exists() or not mutant.file.endswith(".py"):
        return []
    by_line = _tests_by_line(mutant.file)
    line = _line_of(mutant)
    # A line of the middle of a statement, or of a head, is run under the number of another.
    near = sorted(range(line - NEAR, line + NEAR), key=lambda one: (abs(one - line), -one))
    ran = next((by_line[one] for one in near if by_line.get(one)), [])
    seconds = _seconds()
    return sorted(set(ran), key=lambda one: (seconds.get(one, 1.0), one))


def quickest_of_each_file(tests: Iterable[str]) -> list[str]:
    """The first few of them, no more than some of one file."""
    taken: Counter[str] = Counter()
    chosen: list[str] = []
    for test in tests:
        file = test.partition("::")[0]
        taken[file] += 1
        if taken[file] <= OF_A_FILE:
            chosen.append(test)
    return chosen[:FIRST]


def _line_of(mutant: Mutant) -> int:
    if mutant.line:
        return mutant.line
    source = (ROOT / mutant.file).read_text(encoding="utf-8")
    return source[: source.find(mutant.find)].count("\n") + 1


@functools.cache
def _tests_by_line(file: str) -> dict[int, list[str]]:
    from coverage import CoverageData

    data = CoverageData(str(LINES))
    data.read()
    return {
        line: [_asked_as(name.partition("|")[0]) for name in names if "::" in name]
        for line, names in data.contexts_by_lineno(str(ROOT / file)).items()
    }


def _asked_as(name: str) -> str:
    """The test as pytest takes it: an escaped letter in its parameters is not found again."""
    return name.partition("[")[0] if "\\" in name else name


@functools.cache
def _seconds() -> dict[str, float]:
    """How long each test took, with what it set up; nothing where nobody wrote it down."""
    if not TIMES.exists():
        return {}
    found: dict[str, float] = {}
    for case in ElementTree.parse(TIMES).iter("testcase"):  # noqa: S314 - made by our own tests
        folder, _dot, name = case.get("classname", "").rpartition(".")
        path = f"{folder.replace('.', '/')}/{name}.py::{case.get('name')}"
        found[path] = float(case.get("time", 1))
    return found
