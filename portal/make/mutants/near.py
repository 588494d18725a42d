"""Which tests to ask about a file that a fault is planted in: its own first, then its floor's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

# Beginning of the path → folders and files of tests, the nearest first; the longest one counts.
NEAR = {
    "portal/access/": ("tests/access", "tests/portal/test_rights_pages.py", "tests/accounts"),
    "portal/accounts/": ("tests/accounts",),
    "portal/accounts/tara/": ("tests/accounts/tara",),
    "portal/audit/": ("tests/audit", "tests/access", "tests/portal/test_rights_pages.py"),
    "portal/base/": ("tests/base", "tests/portal"),
    "portal/views/": ("tests/portal", "tests/audit", "tests/accounts"),
    "portal/search/": ("tests/search",),
    "portal/": ("tests/portal",),
    "home/": ("tests/home",),
    "catalogue/": ("tests/catalogue", "tests/home"),
    "network/": ("tests/network", "tests/home", "tests/meetings", "tests/monitoring"),
    "network/cases/": ("tests/cases", "tests/audit", "tests/access"),
    "network/meetings/": ("tests/meetings",),
    "network/monitoring/": ("tests/monitoring",),
}
TABLES = {"test_caught_rows.py", "test_caught_services.py"}
# More than these would cost minutes for each fault; what they miss wants a test of its own.
MOST = 6


def tests_near(root: Path, file: str) -> list[str]:
    """Test files for `file`, those whose name has most words in common with it first."""
    beginning = max((one for one in NEAR if file.startswith(one)), key=len, default="")
    return in_order(root, file, NEAR.get(beginning, ("tests",)))[:MOST]


def in_order(root: Path, file: str, tests: Iterable[str]) -> list[str]:
    """The files of `tests` (files, folders, single tests), the nearest to `file` first."""
    # The folder says less than the file: all tests of cases have “case” in their name.
    folder, _slash, stem = file.lower().removesuffix(".py").rpartition("/")
    weights = dict.fromkeys(re.split(r"\W+|_", folder), 1)
    weights |= dict.fromkeys(re.split(r"_", stem), 3)
    found: list[tuple[bool, int, int, str]] = []
    for place, name in enumerate(tests):
        path = root / name
        if not path.is_dir():
            found.append((False, -100, place, name))
            continue
        for test in sorted(path.rglob("test_*.py")):
            said = re.split(r"_", test.stem.lower())[1:]
            alike = sum(
                max((weight for other, weight in weights.items() if _same(word, other)), default=0)
                for word in said
            )
            # Tables of everything take long: they are asked where nobody else has caught it.
            is_table = test.name in TABLES
            found.append((is_table, -alike, place, test.relative_to(root).as_posix()))
    return [one[-1] for one in sorted(found)]


def _same(one: str, other: str) -> bool:
    """`outcome` and `outcomes`, `note` and `notes`, `plan` and `planning`."""
    short = min(len(one), len(other))
    return short >= 4 and one[: max(4, short - 1)] == other[: max(4, short - 1)]
