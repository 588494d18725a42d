"""What this machine can do: tests that need a Chromium or a Java are left out by name without.

With REQUIRE_BROWSER=1 (as in .ci/run) nothing is left out: what is missing stops the run.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.plugins import templates

CHROMIUMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
LEFT_OUT = "left out: "
ONCE_IS_ENOUGH = "It judges what a reader or a browser meets, whatever the database: SQLite's run."


def chromium() -> str | None:
    """Return the system's Chromium; the environment variable CHROMIUM may name another."""
    for name in (os.environ.get("CHROMIUM", ""), *CHROMIUMS):
        if name and (found := shutil.which(name)):
            return found
    return None


def java() -> str | None:
    """Return a Java that really runs (macOS has a stand-in that does not)."""
    found = shutil.which("java")
    if found is None:
        return None
    works = subprocess.run([found, "-version"], capture_output=True, check=False).returncode == 0
    return found if works else None


NEEDS = {
    "browser": ("there is no Chromium", "install one (Debian: apt install chromium)", chromium),
    "java": ("there is no Java", "install one (Debian: apt install default-jre-headless)", java),
}


def pytest_configure(config: pytest.Config) -> None:
    """Stop before anything runs where something is required and missing."""
    if os.environ.get("REQUIRE_BROWSER") and not hasattr(config, "workerinput"):
        for lack, remedy, find in NEEDS.values():
            if not find():
                raise pytest.UsageError(f"{lack}, but REQUIRE_BROWSER asks for it: {remedy}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything under tests/browser needs a browser; skip what this machine cannot run.

    What judges paper (marked so, the stories in a browser, the fences around the code) runs on one
    database only.
    """
    tests = Path(__file__).resolve().parent.parent
    for item in items:
        if tests / "browser" in item.path.parents:
            # What a browser adds is the same over any database; views and services run on both.
            item.add_marker("browser")
            item.add_marker("paper")
        if tests / "fences" in item.path.parents:
            item.add_marker("paper")
        if templates.on_postgres() and item.get_closest_marker("paper"):
            item.add_marker(pytest.mark.skip(reason=ONCE_IS_ENOUGH))
    for marker, (lack, remedy, find) in NEEDS.items():
        wanting = [item for item in items if item.get_closest_marker(marker)]
        if not wanting or find():
            continue
        for item in wanting:
            item.add_marker(pytest.mark.skip(reason=f"{LEFT_OUT}{lack}, {remedy}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that were left out, so that nobody takes them for passed."""
    left_out: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _, found, why = reason.partition(LEFT_OUT)
        if found:
            left_out.setdefault(why, []).append(report.nodeid)
    for why, names in left_out.items():
        terminalreporter.section(f"{len(names)} tests left out: {why}")
        for name in sorted(names):
            terminalreporter.write_line(f"  {name}")
