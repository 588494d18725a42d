"""The folder of copies: what they are called, which is the newest whole one, which may go."""

import datetime as dt
import fcntl
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from portal.backup import Trouble
from portal.backup.archive import Manifest, Route, read_through

logger = logging.getLogger(__name__)

NAME = re.compile(r"tugivork-(\d{8}T\d{6})Z\.backup")
STAMP = "%Y%m%dT%H%M%S"
# Older than this, and somebody should look: a daily copy and two hours for it to be made.
ALERT_AFTER = dt.timedelta(hours=26)


@dataclass(frozen=True)
class LastCopy:
    """When the last whole copy was made (None: never), and whether that is too long ago."""

    made_at: dt.datetime | None
    is_late: bool


def name_at(moment: dt.datetime) -> str:
    return f"tugivork-{moment.astimezone(dt.UTC):{STAMP}}Z.backup"


def made_at(file: Path) -> dt.datetime | None:
    """When the copy was made, by its name; None for any other file."""
    match = NAME.fullmatch(file.name)
    if match is None:
        return None
    try:
        return dt.datetime.strptime(match[1], STAMP).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def copies_in(folder: Path) -> list[Path]:
    """The copies that stand in `folder`, the newest first. A name is given to whole ones only."""
    return sorted((file for file in folder.iterdir() if made_at(file)), reverse=True)


def last_copy(now: dt.datetime) -> LastCopy | None:
    """When the last copy in BACKUP_DIR was made; None where the portal is not told of copies."""
    return last_copy_in(Path(settings.BACKUP_DIR), now) if settings.BACKUP_DIR else None


def last_copy_in(folder: Path, now: dt.datetime) -> LastCopy:
    """When the last copy in `folder` was made."""
    try:
        moment = next(map(made_at, copies_in(folder)), None)
    except OSError:
        moment = None  # a folder that cannot be read holds no copy that could be relied on
    return LastCopy(moment, moment is None or now - moment > ALERT_AFTER)


def warn_if_late(now: dt.datetime) -> None:
    """Tell the log, and whoever watches it, that the last copy is too old."""
    last = last_copy(now)
    if last and last.is_late:
        logger.error("backup: the last copy is older than %s, or there is none", ALERT_AFTER)


def check(file: Path, route: Route = lambda number: None) -> Manifest:
    """Read the whole copy and return its manifest. Raises Damaged, or Trouble if unreadable."""
    try:
        with file.open("rb") as opened:
            return read_through(opened, settings.BACKUP_KEYS, route)
    except OSError as error:
        raise Trouble(f"it cannot be read: {error.strerror}") from None


def let_go(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` copies; return those removed."""
    old = copies_in(folder)[keep:]
    for file in old:
        file.unlink()
    return old


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Of two backups into one folder at once the second is refused."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(f"Another backup into {folder} is under way.") from None
        except OSError:
            pass  # a file system of another machine may know no locks; names keep copies apart
        yield
    finally:
        os.close(handle)
