"""A copy of the source tree in which a test plants a fault."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

PARTS = ("portal", "catalogue", "network", "home", "templates", "locale")
FILES = ("pyproject.toml", ".djlint_rules.yaml", "manage.py")


def copy_tree(to: Path) -> Path:
    """Copy what the fences look at; returns the root of the copy."""
    unread = shutil.ignore_patterns("__pycache__", "static", "data", "*.mo")
    for part in PARTS:
        shutil.copytree(settings.BASE_DIR / part, to / part, ignore=unread)
    for file in FILES:
        shutil.copy(settings.BASE_DIR / file, to / file)
    return to


def plant(root: Path, path: str | Path, text: str) -> None:
    """Add `text` at the end of a file of the copy; the file is made if it is not there."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as handle:
        handle.write(f"\n{text}\n")


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a tool with our Python inside the copy, as `make check` does."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
