"""A fault to plant: one change of one file. Those written by hand stand in tests/mutants/*.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TABLES = Path("tests/mutants")
# Which test caught what at the last whole run; written by `make mutants`, read as a hint.
CAUGHT = TABLES / "caught.yaml"
# Generated faults that nothing can show, each with the reason.
TWICE = TABLES / "twice.yaml"


class DoesNotApply(Exception):
    """The code has moved on: what is to be changed is not there, or there more than once."""


@dataclass(frozen=True)
class Mutant:
    """One fault. `rule` is a number of the rules; `tests` are asked in this order after the hint.

    `find` stands in the file exactly once and becomes `put`; where `line` is given, it is looked
    for in that line and those after it, so that a generated fault may name a common word.
    """

    name: str
    rule: str
    says: str
    file: str
    find: str
    put: str
    tests: tuple[str, ...] = ()
    # Where `tests` says nothing, what is near the file is asked, and these before.
    first: tuple[str, ...] = ()
    line: int = 0
    # What the change does is done when the module is loaded, so a loaded process does not show it.
    is_cold: bool = False

    def apply(self, source: str) -> str:
        """The text of the file with the fault in it. Raises DoesNotApply."""
        if self.line:
            lines = source.splitlines(keepends=True)
            before, after = "".join(lines[: self.line - 1]), "".join(lines[self.line - 1 :])
            if not after.lstrip(" ").startswith(self.find.lstrip(" ")):
                raise DoesNotApply(f"{self.name}: {self.file} says something else there.")
            return before + after.replace(self.find, self.put, 1)
        times = source.count(self.find)
        if times != 1:
            raise DoesNotApply(f"{self.name}: its text stands {times} times in {self.file}.")
        return source.replace(self.find, self.put)


def written(root: Path) -> Iterator[Mutant]:
    """The mutants of the tables, in their order."""
    for path in sorted((root / TABLES).glob("*.yaml")):
        if path.name in (CAUGHT.name, TWICE.name):
            continue
        for row in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
            yield _from_row(row)


def _from_row(row: dict[str, Any]) -> Mutant:
    return Mutant(
        name=row["name"],
        rule=str(row["rule"]),
        says=row["says"],
        file=row["file"],
        find=row["find"],
        put=row["put"] or "",
        tests=tuple(row["tests"]),
        is_cold=row.get("cold", False),
    )


def asked_twice(root: Path) -> dict[str, str]:
    """Name of a generated fault → what else asks the same, so that nothing shows it."""
    return dict(yaml.safe_load((root / TWICE).read_text(encoding="utf-8")) or {})


def hints(root: Path) -> dict[str, str]:
    """Name of the mutant → the test that caught it last."""
    path = root / CAUGHT
    if not path.exists():
        return {}
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {})


def write_hints(root: Path, caught: dict[str, str]) -> None:
    """Write them in order, so that two runs differ only where something has changed."""
    text = "# Written by `make mutants`: each fault and the test that caught it last.\n"
    text += yaml.safe_dump(dict(sorted(caught.items())), allow_unicode=True, width=200)
    (root / CAUGHT).write_text(text, encoding="utf-8")
