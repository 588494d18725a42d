"""What the person at the terminal reads: one line per step, one sentence per trouble."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Trouble(Exception):
    """Something that stops us and that the reader can mend; its text is one clear sentence."""


def say(text: str = "") -> None:
    """Print `text` at once, also into a pipe."""
    print(text, flush=True)


class Step:
    """One line being told; a step that finds nothing to do calls `skip`."""

    def __init__(self) -> None:
        self.note = ""

    def skip(self, note: str = "nothing new") -> None:
        self.note = note


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Tell `title`, then how long it took: `Database … 1.2 s`."""
    print(f"  {title} … ", end="", flush=True)
    began = time.monotonic()
    this = Step()
    try:
        yield this
    except BaseException:
        print("", flush=True)
        raise
    took = f"{time.monotonic() - began:.1f} s"
    say(f"{this.note} ({took})" if this.note else took)


def dot() -> None:
    """Show that a long step is alive."""
    sys.stdout.write(".")
    sys.stdout.flush()
