"""Database and files of a copy: written beside what is there, and put in its place in the end."""

import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, connections

from portal.audit.anchor import anchor_file
from portal.backup import Trouble, copies
from portal.backup.archive import Entry, Manifest
from portal.backup.databases import Database, Receiver
from portal.backup.folders import Folder, pointed_at, safe_path
from portal.backup.report import Report


@dataclass
class Gathered:
    """The small entries of a copy, kept in memory."""

    anchors: bytearray = field(default_factory=bytearray)
    erasures: bytearray = field(default_factory=bytearray)


class Drafts:
    """Folders filled beside those that they replace in the end."""

    def __init__(self, there: list[Folder]) -> None:
        self._by_place = {folder.place: folder for folder in there}
        self._open: Any = None
        self._entry: Entry | None = None
        for folder in there:
            shutil.rmtree(self._draft(folder), ignore_errors=True)
            self._draft(folder).mkdir(mode=0o700, parents=True)

    def _draft(self, folder: Folder) -> Path:
        return folder.root.with_name(f".{folder.root.name}.restoring")

    def begin(self, entry: Entry) -> Any:
        """Where the bytes of `entry` go; the one before is finished with it."""
        self.finish()
        folder = self._by_place.get(entry.place)
        path = safe_path(self._draft(folder), entry.path) if folder else None
        if folder is None or path is None:
            return None
        path.parent.mkdir(mode=folder.folder_mode, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        self._open = os.fdopen(os.open(path, flags, 0o600), "wb")
        self._entry = entry
        os.fchmod(self._open.fileno(), folder.file_mode)
        return self._open

    def finish(self) -> None:
        if self._open is None or self._entry is None:
            return
        self._open.flush()
        os.fsync(self._open.fileno())
        moment = self._entry.changed_at
        os.utime(self._open.fileno(), (moment, moment))
        self._open.close()
        self._open = self._entry = None

    def keep(self) -> None:
        for folder in self._by_place.values():
            old = folder.root.with_name(f".{folder.root.name}.replaced")
            shutil.rmtree(old, ignore_errors=True)
            if folder.root.exists():
                folder.root.rename(old)
            self._draft(folder).rename(folder.root)
            shutil.rmtree(old, ignore_errors=True)

    def undo(self) -> None:
        if self._open is not None:
            self._open.close()
        for folder in self._by_place.values():
            shutil.rmtree(self._draft(folder), ignore_errors=True)


def bring_in(
    copy: Path, manifest: Manifest, data: Database, there: list[Folder], report: Report
) -> Gathered:
    """Write database and files beside what is there, compare, and change places in the end."""
    connections.close_all()
    # Of two entries with one name the later was copied after the file had grown.
    latest = {(entry.place, entry.path): entry.number for entry in manifest.entries}
    by_number = {entry.number: entry for entry in manifest.entries}
    gathered = Gathered()
    drafts: Drafts | None = None
    receiver: Receiver | None = None

    def route(number: int) -> Any:
        entry = by_number[number]
        if entry.place == "database":
            return receiver
        if entry.place in ("anchors", "erasures"):
            return _Into(getattr(gathered, entry.place))
        if latest[entry.place, entry.path] != number:
            return None
        assert drafts is not None  # noqa: S101 made before reading begins
        return drafts.begin(entry)

    try:
        drafts = Drafts(there)
        receiver = data.receiver()
        copies.check(copy, route)
        drafts.finish()
        receiver.finish()
        receiver.keep()
        receiver = None
        drafts.keep()
    except BaseException as error:
        for part in (drafts, receiver):
            if part is not None:
                part.undo()
        if isinstance(error, OSError):
            raise Trouble(
                f"{error.filename or copy}: {error.strerror}. Nothing was changed."
            ) from None
        raise
    _keep_anchors(bytes(gathered.anchors), report)
    report.done.append(f"{manifest.rows} rows in {len(manifest.tables)} tables")
    files = sum(entry.place in ("private", "media") for entry in manifest.entries)
    report.done.append(f"{files} files")
    for place in manifest.left_out:
        report.done.append(f"{place} stands in an object store and is not in the copy")
    connection.ensure_connection()
    return gathered


class _Into:
    """Lets an entry be written into memory."""

    def __init__(self, target: bytearray) -> None:
        self._target = target

    def write(self, data: bytes) -> None:
        self._target += data


def drop_gone(manifest: Manifest, there: list[Folder]) -> None:
    """Let go of files that were removed while the copy was made, unless rows point at them."""
    gone = [entry for entry in manifest.entries if entry.gone]
    if not gone:
        return
    wanted = pointed_at()
    roots = {folder.place: folder.root for folder in there}
    for entry in gone:
        path = safe_path(roots[entry.place], entry.path) if entry.place in roots else None
        if path and entry.path not in wanted.get(entry.place, ()):
            path.unlink(missing_ok=True)


def _keep_anchors(content: bytes, report: Report) -> None:
    """Go on with the anchors that are here; take those of the copy where there are none.

    Those that are here have seen more, if they begin as those of the copy do; else they are of
    another portal and are set aside.
    """
    file = anchor_file()
    if file is None:
        return
    try:
        there = file.read_bytes() if file.exists() else b""
        if there.startswith(content):
            return
        if there:
            aside = file.with_name(f"{file.name}.before-{int(time.time())}")
            file.rename(aside)
            report.done.append(f"the anchors that were here are others, kept as {aside}")
        file.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(file, flags, 0o600), "wb") as out:
            out.write(content)
    except OSError as error:
        report.faults.append(f"The anchors could not be put in place: {file}: {error.strerror}.")
