"""The list of whom has been erased: it goes with every copy, and stands beside them too.

An older copy does not know who was erased since. The list beside the copies does; it is sealed like
them, or whoever can write there could have people erased.
"""

import os
from io import BytesIO
from pathlib import Path

from django.conf import settings

from portal.backup import Trouble
from portal.backup.sealed import Reader, Writer
from portal.privacy.erasure_list import list_file

BESIDE = "erasures.sealed"
PIECE = 256 * 1024


def lines_of(file: Path) -> list[str]:
    """The lines of a list in the clear; none where there is no file."""
    try:
        return _lines(file.read_bytes())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror}.") from None


def lines_beside(folder: Path) -> list[str]:
    """The lines of the list beside the copies; Damaged if it is not what was written."""
    file = folder / BESIDE
    if not file.exists():
        return []
    with file.open("rb") as opened:
        reader = Reader(opened, settings.BACKUP_KEYS)
        content = b""
        while piece := reader.read(PIECE):
            content += piece
    return _lines(content)


def keep_beside(folder: Path, lines: list[str]) -> None:
    """Write the list beside the copies, whole or not at all."""
    draft = folder / f".{BESIDE}.partial"
    content = BytesIO()
    writer = Writer(content, settings.BACKUP_KEYS)
    writer.write("".join(f"{line}\n" for line in lines).encode())
    writer.close()
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(draft, flags, 0o600), "wb") as out:
        out.write(content.getvalue())
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, folder / BESIDE)


def keep(lines: list[str]) -> Path:
    """Add the lines that the portal's own list does not have yet; return the list."""
    file = list_file()
    there = file.read_bytes() if file.exists() else b""
    missing = [line for line in lines if line not in set(_lines(there))]
    if missing:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        with os.fdopen(os.open(file, flags, 0o600), "a", encoding="utf-8") as out:
            # A line that was cut off must not swallow the first of these.
            out.write("\n" if there and not there.endswith(b"\n") else "")
            out.write("".join(f"{line}\n" for line in missing))
            out.flush()
            os.fsync(out.fileno())
    return file


def _lines(content: bytes) -> list[str]:
    # The same erasure may stand in several lists.
    lines = [line.strip() for line in content.decode("utf-8", errors="replace").splitlines()]
    return list(dict.fromkeys(filter(None, lines)))
