"""Which tests ran a line, as `make touched` wrote it down: they are asked first.

Without its two files (build/touched.coverage, build/touched.xml) nothing is known, and the tests
near the file are asked, as ever. They only say where to look: a fault is caught by a test alone.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from portal.make.mutants.mutant import Mutant
from portal.make.stamps import ROOT

LINES = ROOT / "build" / "touched.coverage"
TIMES = ROOT / "build" / "touched.xml"
# In one go; a file gives so many before the next one has had its turn.
MOST, OF_A_FILE = 24, 3
NEAR = 7


def tests_that_ran(mutant: Mutant) -> list[str]:
    """The quickest tests that ran the line of the fault, from as many files as there are."""
    if not LINES.exists() or not mutant.file.endswith(".py"):
        return []
    by_line = _tests_by_line(mutant.file)
    line = _line_of(mutant)
    # A line of the middle of a statement, or of a head, is run under the number of another.
    near = sorted(range(line - NEAR, line + NEAR), key=lambda one: (abs(one - line), -one))
    ran = next((by_line[one] for one in near if by_line.get(one)), [])
    return quickest_of_each_file(ran, _seconds())


def quickest_of_each_file(tests: Iterable[str], seconds: dict[str, float]) -> list[str]:
    """At most `MOST` of them, the quickest first, no more than a few of one file."""
    taken: dict[str, int] = {}
    chosen: list[str] = []
    for test in sorted(tests, key=lambda one: (seconds.get(one, 1.0), one)):
        file = test.partition("::")[0]
        if taken.get(file, 0) < OF_A_FILE:
            taken[file] = taken.get(file, 0) + 1
            chosen.append(test)
    return chosen[:MOST]


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
        line: [name.partition("|")[0] for name in names if "::" in name]
        for line, names in data.contexts_by_lineno(str(ROOT / file)).items()
    }


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
