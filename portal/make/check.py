"""`make check`: everything that can be known without running the tests, all of it each time."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time

from portal.make.environment import PYTHON
from portal.make.stamps import ROOT
from portal.make.terminal import say

# Good for nothing but letting the production settings load.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "only-to-check-the-settings-" + "0123456789" * 5,
    "FIELD_ENCRYPTION_KEYS": '{"check": "%s"}' % base64.b64encode(b"check" * 6 + b"ck").decode(),
    "FIELD_HASH_KEY": base64.b64encode(b"check" * 6 + b"ck").decode(),
    "ALLOWED_HOSTS": "tugivork.example",
    "BASE_URL": "https://tugivork.example",
}

CHECKS: list[tuple[str, list[str], dict[str, str]]] = [
    ("Lint", ["-m", "ruff", "check", "."], {}),
    ("Format", ["-m", "ruff", "format", "--check", "."], {}),
    ("Types", ["-m", "mypy"], {}),
    ("Fences between apps", ["-c", "from importlinter.cli import lint_imports_command as c; c()"], {}),
    ("Templates", ["-m", "djlint", "templates", "--lint", "--quiet"], {}),
    ("Translations", ["manage.py", "check_translations"], {}),
    ("Routes and their guards", ["manage.py", "check_routes"], {}),
    ("Migrations in step", ["manage.py", "makemigrations", "--check", "--dry-run"], {}),
    ("Migrations safe", ["manage.py", "lintmigrations"], {}),
    (
        "Deploy check",
        ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        PRODUCTION,
    ),
]


def main() -> int:
    """Run them all, show what the failing ones say, and end with the count."""
    failed = []
    for title, arguments, extra in CHECKS:
        began = time.monotonic()
        done = subprocess.run(
            [str(PYTHON), *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONWARNINGS": "ignore", **extra},
            capture_output=True,
            text=True,
            check=False,
        )
        mark = "failed" if done.returncode else "ok"
        say(f"  {title:<26} {mark}  ({time.monotonic() - began:.1f} s)")
        if done.returncode:
            failed.append(title)
            say((done.stdout + done.stderr).strip() + "\n")
    if failed:
        say(f"\n{len(CHECKS) - len(failed)} checks passed, {len(failed)} failed: {', '.join(failed)}")
        return 1
    say(f"\n{len(CHECKS)} checks passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
