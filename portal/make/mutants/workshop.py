"""A copy of the tree in which one fault after the other is planted and taken out again."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.make.mutants.mutant import Mutant
from portal.make.mutants.nursery import NOT_SWAPPED, OPTIONS
from portal.make.processes import die_with_parent
from portal.make.stamps import ROOT
from portal.make.terminal import Trouble

FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?::\w+)", re.MULTILINE)
# What is said of a fault that a loaded process cannot show.
NOT_LOADED = "not in a loaded process"
# A fault may make a loop that never ends; no test takes this long.
ENDLESS = 600
ENV = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.test",
    # A file that is changed twice within a second would be taken from the cache.
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONWARNINGS": "ignore",
    "COLUMNS": "1000",
    "NO_COLOR": "1",
}


@dataclass(frozen=True)
class Outcome:
    """`test`: which one failed, empty where none did. `broken`: why nothing could be learned."""

    test: str = ""
    broken: str = ""


def files_of_the_tree() -> list[str]:
    """What belongs to the project, changed or new files as they are now."""
    done = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble("This has to be a git checkout: `git ls-files` says what to copy.")
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def copy_tree(folder: Path) -> None:
    """The project without its history and without what was built, but for icons and styles."""
    for name in files_of_the_tree():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
        shutil.copymode(ROOT / name, target)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    (folder / "build").mkdir()
    if (ROOT / "build" / "static").is_dir():
        shutil.copytree(ROOT / "build" / "static", folder / "build" / "static")
    # A database that was made from the same migrations is made already.
    kept = folder / "build" / "test-templates"
    kept.mkdir()
    made = (ROOT / "build" / "test-templates").glob("migrated-*.sqlite3")
    for path in sorted(made, key=lambda one: one.stat().st_mtime)[-2:]:
        shutil.copyfile(path, kept / path.name)


class Workshop:
    """One copy; ask it for one run at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._nursery: subprocess.Popen[str] | None = None

    @property
    def nursery(self) -> subprocess.Popen[str]:
        if self._nursery is None:
            env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "portal.make.mutants.nursery"],
                cwd=self.folder,
                env={**env, **ENV, "DATA_DIR": str(self.folder / "data")},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509
            )
            if not self._answer().get("ready"):
                raise Trouble("The tests could not be loaded.")
        return self._nursery

    def close(self) -> None:
        if self._nursery is not None:
            self._nursery.terminate()
            self._nursery.wait()

    def run(self, tests: Sequence[str]) -> Outcome:
        """The tests on the tree as it was copied."""
        return self._loaded(tests, "", "", "")

    def plant(
        self, mutant: Mutant, tests: Sequence[str], *, from_the_start: bool = True
    ) -> Outcome:
        """The tests with the fault in place; a fault that nobody caught is tried from the start.

        A loaded process does not show what is done while loading, so it may only say "caught".
        Without `from_the_start` its word counts, unless the fault could not be planted there.
        """
        path = self.folder / mutant.file
        before, times = path.read_text(encoding="utf-8"), path.stat()
        after = mutant.apply(before)
        self.nursery  # noqa: B018 - loaded before there is a fault
        try:
            path.write_text(after, encoding="utf-8")
            if path.suffix == ".py" and not mutant.is_cold:
                found = self._loaded(tests, mutant.file, before, after)
                was_there = found.broken != NOT_LOADED
                if found.test or (was_there and not from_the_start):
                    return found
            return self._from_the_start(tests)
        finally:
            path.write_text(before, encoding="utf-8")
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    def _loaded(self, tests: Sequence[str], file: str, before: str, after: str) -> Outcome:
        job = {
            "tests": list(tests),
            "file": file,
            "before": before,
            "after": after,
            "seconds": ENDLESS,
            "is_migration": "/migrations/" in file,
        }
        nursery = self.nursery
        assert nursery.stdin is not None  # noqa: S101
        nursery.stdin.write(json.dumps(job) + "\n")
        nursery.stdin.flush()
        answer = self._answer()
        return _outcome(answer["code"], answer["said"])

    def _answer(self) -> dict[str, Any]:
        assert self._nursery is not None  # noqa: S101
        assert self._nursery.stdout is not None  # noqa: S101
        line = self._nursery.stdout.readline()
        if not line:
            log = (self.folder / "build" / "nursery.log").read_text(errors="replace").strip()
            raise Trouble(f"The tests could not be loaded: {log.splitlines()[-1:] or 'no word'}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _from_the_start(self, tests: Sequence[str]) -> Outcome:
        env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *OPTIONS, *tests],
                cwd=self.folder,
                env={**env, **ENV, "DATA_DIR": str(self.folder / "data")},
                capture_output=True,
                text=True,
                check=False,
                timeout=ENDLESS,
            )
        except subprocess.TimeoutExpired:
            return _outcome(-1, "")
        return _outcome(done.returncode, done.stdout + done.stderr)


def _outcome(code: int, said: str) -> Outcome:
    if code == -1:
        return Outcome(test="it never ends")
    if code == 0:
        return Outcome()
    if code == 1 and (match := FAILED.search(said)):
        return Outcome(test=match[1])
    if code == NOT_SWAPPED:
        return Outcome(broken=NOT_LOADED)
    words = said.strip().splitlines()
    return Outcome(broken=words[-1][:200] if words else f"exit code {code}")
