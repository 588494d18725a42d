"""Runs in a copy of the tree: loads the portal and its tests once, then forks for each run.

Reads one line of JSON for each run and answers with one. `before` and `after` are the source of
the planted file; without them the tests run on what is there.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

from portal.make.mutants.swapping import CannotSwap, swap
from portal.make.processes import die_with_parent

OPTIONS = ("-x", "-q", "-rfE", "--tb=line", "-p", "no:randomly", "-p", "no:cacheprovider")
# What a run ends with besides pytest's own codes.
NOT_SWAPPED = 90


def main() -> int:
    """Load, say so, and serve until the input ends."""
    # Answers go out where nothing else is printed to.
    answers = os.fdopen(os.dup(1), "w")
    log = open("build/nursery.log", "w")  # noqa: SIM115 - as long as the process
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    import pytest

    pytest.main(["--collect-only", "-qq", *OPTIONS[4:], "tests", "--ignore=tests/browser"])
    template = _template()
    gc.collect()
    gc.freeze()
    _say(answers, {"ready": True})
    for number, line in enumerate(sys.stdin):
        job = json.loads(line)
        # Some files are part of the name of the database's template, though a fault in them
        # changes nothing of what is stored: the same database under the new name.
        if not job["is_migration"]:
            _same_template(template)
        _say(answers, _run(job, number))
    return 0


def _say(answers: Any, what: dict[str, Any]) -> None:
    answers.write(json.dumps(what) + "\n")
    answers.flush()


def _template() -> Path:
    from tests.plugins import templates

    return Path(templates.migrated())


def _same_template(clean: Path) -> None:
    from tests.plugins import templates

    name = Path(templates.server().name(f"migrated-{templates.migrations_fingerprint()}"))
    if not name.exists():
        os.link(clean, name)


def _run(job: dict[str, Any], number: int) -> dict[str, Any]:
    """Run the tests of `job` in a child, for at most `seconds`."""
    output = Path(f"build/run-{number}.log")
    pid = os.fork()
    if pid == 0:
        _child(job, output)
    code = _wait(pid, job["seconds"])
    with contextlib.suppress(OSError):
        said = output.read_text(errors="replace")
        output.unlink()
        return {"code": code, "said": said}
    return {"code": code, "said": ""}


def _child(job: dict[str, Any], output: Path) -> None:
    """Never returns: what stands at the end of a process belongs to the parent."""
    code = 99
    try:
        os.setsid()
        # A fault that never ends must not outlive a run that is broken off.
        die_with_parent()
        with output.open("w") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        code = _tests(job)
    except BaseException as error:
        sys.stdout.write(f"{type(error).__name__}: {error}\n")
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        os._exit(code)


def _tests(job: dict[str, Any]) -> int:
    import pytest
    from django.conf import settings

    # A folder that the loaded process made; each run finds it as new.
    for path in Path(settings.TEST_FOLDER).iterdir():
        if path.name != "static":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if job["file"]:
        try:
            swap(str(Path(job["file"]).resolve()), job["before"], job["after"])
        except CannotSwap as error:
            sys.stdout.write(f"{error}\n")
            return NOT_SWAPPED
    return int(pytest.main([*OPTIONS, f"--basetemp=build/tmp-{os.getpid()}", *job["tests"]]))


def _wait(pid: int, seconds: float) -> int:
    """The exit code of the child; -1 where it did not end in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return -1


if __name__ == "__main__":
    sys.exit(main())
