"""What the mail server has taken, on the disk at once: a killed worker sends nothing twice.

Between the server's word and our own row stands the wait for the database, which may be long; a
line in a file takes a moment. Ids of outbox items only; without the file all works as before.
"""

import os
import uuid
from contextlib import suppress
from pathlib import Path

from django.conf import settings

# More than any number of workers can have been at when they were killed.
KEPT_LINES = 1000
CUT_FROM = 1024 * 1024


def note(item: uuid.UUID) -> None:
    """Keep that `item` has left. A disk that is full must not stop the letters."""
    with suppress(OSError):
        file = os.open(_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, f"{item}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)


def has(item: uuid.UUID) -> bool:
    """Has `item` left, although its row may not say so?"""
    try:
        return str(item) in _file().read_text().splitlines()
    except OSError:
        return False


def cut() -> None:
    """Keep the end of a file that has grown long."""
    with suppress(OSError):
        if _file().stat().st_size > CUT_FROM:
            lines = _file().read_text().splitlines()[-KEPT_LINES:]
            draft = _file().with_suffix(".draft")
            draft.write_text("\n".join(lines) + "\n")
            draft.replace(_file())


def _file() -> Path:
    return Path(settings.OUTBOX_JOURNAL_FILE)
