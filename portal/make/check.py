"""`make check`: everything that can be known without running the tests, all of it each time."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from portal.make.environment import PYTHON
from portal.make.stamps import ROOT
from portal.make.terminal import say

# Good for nothing but letting the production settings load.
_KEY = base64.b64encode(b"only-to-check-the-settings-32-by").decode()
_HASH_KEY = base64.b64encode(b"only-to-check-the-settings-too-b").decode()
_BACKUP_KEY = base64.b64encode(b"only-to-check-the-backups-too-32").decode()
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "only-to-check-the-settings-" + "0123456789" * 5,
    "FIELD_ENCRYPTION_KEYS": json.dumps({"check": _KEY}),
    "FIELD_HASH_KEY": _HASH_KEY,
    "BACKUP_KEYS": json.dumps({"check": _BACKUP_KEY}),
    "ALLOWED_HOSTS": "tugivork.example",
    "BASE_URL": "https://tugivork.example",
    # Of its own: production makes it closed to others, and refuses one that is open.
    "DATA_DIR": str(ROOT / "build" / "check-production"),
}
# No database of anybody's is opened, and nothing is written outside build/.
EVERYWHERE = {
    "PYTHONWARNINGS": "ignore",
    "DATABASE_URL": "sqlite://:memory:",
    "DATA_DIR": str(ROOT / "build" / "check-data"),
}
# The console script of import-linter, without asking where it was installed.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


class Check(NamedTuple):
    """One line of the report: what it is called and what Python is asked to run."""

    title: str
    arguments: list[str]
    extra: dict[str, str] = {}


CHECKS = [
    Check("Types", ["-m", "mypy"]),
    Check("Lint", ["-m", "ruff", "check", "."]),
    Check("Format", ["-m", "ruff", "format", "--check", "."]),
    Check("Fences between apps", ["-c", LINT_IMPORTS]),
    Check("Templates", ["-m", "djlint", "templates", "--lint", "--quiet"]),
    Check("Translations", ["manage.py", "check_translations"]),
    Check("Routes and their guards", ["manage.py", "check_routes"]),
    Check("Migrations in step", ["manage.py", "makemigrations", "--check", "--dry-run"]),
    Check("Migrations safe", ["manage.py", "lintmigrations"]),
    Check("Deploy check", ["manage.py", "check", "--deploy", "--fail-level=WARNING"], PRODUCTION),
]


def run(check: Check) -> tuple[Check, str, float]:
    """Run one check; return it with what it complains of (empty: all well) and the seconds."""
    began = time.monotonic()
    done = subprocess.run(
        [str(PYTHON), *check.arguments],
        cwd=ROOT,
        env={**os.environ, **EVERYWHERE, **check.extra},
        capture_output=True,
        text=True,
        check=False,
    )
    complaint = (done.stdout + done.stderr).strip() or f"exit code {done.returncode}"
    return check, complaint if done.returncode else "", time.monotonic() - began


def main() -> int:
    """Run them all, show what the failing ones say, and end with the count."""
    failed = []
    # A fresh clone has not built its icons yet, and Django wonders about a missing folder.
    (ROOT / "build" / "static").mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        for check, complaint, seconds in pool.map(run, CHECKS):
            say(f"  {check.title:<26} {'failed' if complaint else 'ok'}  ({seconds:.1f} s)")
            if complaint:
                failed.append(check.title)
                say(f"{complaint}\n")
    passed = len(CHECKS) - len(failed)
    names = f": {', '.join(failed)}" if failed else ""
    say(f"\n{passed} checks passed, {len(failed)} failed{names}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
