"""The virtual environment: made once, filled from a lock with hashes, left alone after that.

`python -m portal.make.environment [--dev]` makes it; `make test` and `make check` use `--dev`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from portal.make.stamps import ROOT, Stamp, fingerprint
from portal.make.terminal import Trouble, dot, say, step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = ROOT / "build" / "logs" / "install.log"
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
NO_NETWORK = ("NewConnectionError", "Temporary failure in name resolution", "No matching distrib")


def refuse_wrong_python() -> None:
    """Stop with one sentence where this Python is not one the locks were made for."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 12):
        found = ".".join(map(str, sys.version_info[:3]))
        raise Trouble(
            f"Python 3.11 or 3.12 is needed, this is {found}: install python3.11 and try again,"
            " or name one with `make … PYTHON=/path/to/python3.11`."
        )


def ensure(dev: bool = False) -> None:
    """Make `.venv` hold what the lock names; `dev` adds what tests and checks need."""
    refuse_wrong_python()
    _ensure_venv()
    wanted = fingerprint([LOCK])
    run_stamp = Stamp(VENV / ".installed", wanted)
    dev_stamp = Stamp(VENV / ".installed-dev", fingerprint([LOCK, DEV_LOCK]))
    # The development lock holds everything of the other, so either of them serves for running.
    fits = dev_stamp.fits() if dev else (run_stamp.fits() or dev_stamp.fits())
    with step("Packages, as locked") as this:
        if fits:
            this.skip("already installed")
            return
        _install(DEV_LOCK if dev else LOCK)
        (dev_stamp if dev else run_stamp).set()


def _ensure_venv() -> None:
    with step("Environment in .venv") as this:
        if _venv_works():
            this.skip("already there")
            return
        if VENV.exists():
            shutil.rmtree(VENV)
        made = subprocess.run(
            [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
        )
        if made.returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            if "ensurepip" in made.stdout + made.stderr:
                raise Trouble(
                    "This Python cannot make virtual environments: install its venv package"
                    " (Debian and Ubuntu: apt install python3.11-venv) and try again."
                )
            raise Trouble(f"The environment could not be made: {_last_line(made.stderr)}")


def _venv_works() -> bool:
    """A folder made by another Python, or moved from elsewhere, is made anew."""
    try:
        seen = subprocess.run(
            [str(PYTHON), "-c", "import sys, pip; print(*sys.version_info[:2], sys.prefix)"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return False
    words = seen.stdout.split(maxsplit=2)
    return len(words) == 3 and words[:2] in (["3", "11"], ["3", "12"]) and _same(words[2])


def _same(prefix: str) -> bool:
    return Path(prefix.strip()).resolve() == VENV.resolve()


def _install(lock: Path) -> None:
    LOG.parent.mkdir(parents=True, exist_ok=True)
    command = [
        *(str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-input"),
        *("--disable-pip-version-check", "--retries", "2", "--requirement", str(lock)),
    ]
    with LOG.open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        while True:
            try:
                process.wait(timeout=5)
                break
            except subprocess.TimeoutExpired:
                dot()
            except BaseException:
                process.terminate()
                raise
    if process.returncode:
        text = LOG.read_text(errors="replace")
        where = os.path.relpath(LOG)
        if "THESE PACKAGES DO NOT MATCH THE HASHES" in text:
            raise Trouble(f"A package is not the one that the lock names, see {where}.")
        if "No space left" in text:
            raise Trouble("The disk is full: about 600 MB are needed for the packages.")
        if any(sign in text for sign in NO_NETWORK):
            raise Trouble(
                "The packages could not be fetched: connect this machine to the network and try"
                f" again (details in {where})."
            )
        raise Trouble(f"The packages could not be installed: {_last_line(text)} (see {where}).")


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no reason was given"


def main() -> int:
    try:
        ensure(dev="--dev" in sys.argv[1:])
    except Trouble as trouble:
        say(f"\n{trouble}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
