"""The way out: one sealed copy of database, files, anchors and the list of erasures."""

import base64
import datetime as dt
import errno
import hashlib
import hmac
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from portal.audit.anchor import anchor_file
from portal.backup import Trouble, copies, erasures
from portal.backup.archive import ArchiveWriter, Manifest
from portal.backup.databases import Snapshot, database
from portal.backup.folders import Folder, files_in, folders, pieces_of
from portal.backup.sealed import Damaged
from portal.backup.tables import sums
from portal.privacy.erasure_list import list_file

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class Made:
    """What a backup came to; `seconds` with the check of what was written."""

    file: Path
    manifest: Manifest
    size: int
    seconds: float
    removed: list[Path]


def make(folder: Path, now: dt.datetime, *, keep: int = 0, digests: bool = False) -> Made:
    """Make one copy in `folder`, read it back, then let go of all but the newest `keep`.

    With `keep` 0 all of them stay. The file gets its name when it is whole; a run that breaks off
    leaves nothing that looks so.
    """
    began = time.monotonic()
    with _clear_words(folder):
        _prepare(folder)
        with copies.only_one(folder):
            for leftover in folder.glob(".tugivork-*.partial"):
                leftover.unlink()
            place = _free_place(folder, now)
            draft = place.with_name(f".{place.name}.partial")
            try:
                listed = _write(draft, now, digests=digests)
                manifest = copies.check(draft)
                os.rename(draft, place)
            finally:
                draft.unlink(missing_ok=True)
            _sync(folder)
            removed = _tidy(folder, place, listed, keep)
    size = place.stat().st_size
    return Made(place, manifest, size, time.monotonic() - began, removed)


def _tidy(folder: Path, place: Path, listed: list[str], keep: int) -> list[Path]:
    """With the new copy in its place: the list of erasures beside it, old copies away."""
    try:
        erasures.keep_beside(folder, _all_erasures(folder, listed))
        return copies.let_go(folder, keep) if keep else []
    except OSError as error:
        raise Trouble(f"{place} was made, but around it: {error.strerror}.") from None


def _prepare(folder: Path) -> None:
    """Make the last part of the path if it is missing; refuse places that are themselves copied."""
    if not settings.BACKUP_KEYS:
        raise Trouble("BACKUP_KEYS is empty: set a key for backups first (docs/operations.md).")
    for copied in folders()[0]:
        if folder.resolve().is_relative_to(copied.root.resolve()):
            raise Trouble(f"{folder} is part of what is copied: choose a folder outside of it.")
    if not folder.exists() and not folder.parent.is_dir():
        raise Trouble(f"There is no folder {folder.parent}: make it first.")
    folder.mkdir(mode=0o700, exist_ok=True)


def _free_place(folder: Path, now: dt.datetime) -> Path:
    """A name that is not taken; two copies within a second get two."""
    while (place := folder / copies.name_at(now)).exists():
        now += dt.timedelta(seconds=1)
    return place


def _write(draft: Path, now: dt.datetime, *, digests: bool) -> list[str]:
    """Write everything into `draft`; return the lines of the list of erasures.

    The order is what makes the parts fit each other without stopping anybody:

    1. anchors: none of them is younger than the log that follows;
    2. files that are there, then the database, then files that came or grew meanwhile: a file is
       stored before its row and removed after it, so every row has its file. One that was removed
       before the end is marked; it comes back only if the copied database still points at it;
    3. the list of erasures: whoever was erased while the copy was made is in it.
    """
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        archive = ArchiveWriter(out, settings.BACKUP_KEYS)
        there, elsewhere = folders()
        if (anchors := anchor_file()) and anchors.is_file():
            archive.add("anchors", anchors.name, [anchors.read_bytes()])
        copied = {folder.place: _add_files(archive, folder, {}) for folder in there}
        data = database()
        with data.snapshot() as snapshot:
            archive.add("database", "", snapshot.pieces())
            manifest = _manifest(data.kind, snapshot, now, elsewhere, digests=digests)
        for folder in there:
            _add_files(archive, folder, copied[folder.place])
        lines = erasures.lines_of(list_file())
        archive.add("erasures", "", ["".join(f"{line}\n" for line in lines).encode()])
        roots = {folder.place: folder.root for folder in there}
        manifest.entries = [
            replace(
                entry, gone=entry.place in roots and not (roots[entry.place] / entry.path).exists()
            )
            for entry in archive.entries
        ]
        archive.close(manifest)
        out.flush()
        os.fsync(out.fileno())
        if hasattr(os, "posix_fadvise"):
            # What is read back shall come from the disk, as far as the system lets us ask for it.
            os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return lines


# Size and time of change of a file as it was copied, by its name.
Copied = dict[str, tuple[int, int]]


def _add_files(archive: ArchiveWriter, folder: Folder, copied: Copied) -> Copied:
    """Add the files of `folder` that are not in `copied` as they are now; return what was added."""
    added: Copied = {}
    for name in files_in(folder.root):
        try:
            handle = os.open(folder.root / name, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            continue  # removed after its row: nothing points at it in a database copied later
        told = os.fstat(handle)
        state = (told.st_size, told.st_mtime_ns)
        if copied.get(name) == state:
            os.close(handle)
            continue
        archive.add(folder.place, name, pieces_of(handle), changed_at=told.st_mtime)
        added[name] = state
    return added


def _manifest(
    kind: str, snapshot: Snapshot, now: dt.datetime, elsewhere: list[str], *, digests: bool
) -> Manifest:
    ask = snapshot.ask
    # Rows of apps that were taken out long ago are no reason to refuse the copy later.
    known = MigrationLoader(None).disk_migrations
    head = next(iter(ask("SELECT sequence, hash FROM audit_chainhead WHERE id = 1")), (0, ""))
    applied = ask("SELECT app, name FROM django_migrations ORDER BY id")
    return Manifest(
        made_at=now.astimezone(dt.UTC).isoformat(timespec="seconds"),
        database=kind,
        server=snapshot.server,
        migrations=[list(row) for row in applied if row in known],
        tables=sums(ask, kind, digests=digests),
        chain={"sequence": head[0], "hash": head[1]},
        keys=key_marks(),
        left_out=elsewhere,
    )


def key_marks() -> dict[str, str]:
    """A mark for each key that the data need: a restore sees that it has the right ones.

    The marks stand in the sealed manifest; nobody learns a key from its mark.
    """
    keys = {
        f"FIELD_ENCRYPTION_KEYS {name}": key for name, key in settings.FIELD_ENCRYPTION_KEYS.items()
    }
    keys["FIELD_HASH_KEY"] = settings.FIELD_HASH_KEY
    return {
        name: hmac.new(base64.b64decode(key), b"tugivork backup", hashlib.sha256).hexdigest()[:16]
        for name, key in keys.items()
    }


def _all_erasures(folder: Path, lines: list[str]) -> list[str]:
    try:
        return list(dict.fromkeys([*erasures.lines_beside(folder), *lines]))
    except Damaged:
        return lines  # the portal's own list is the one that counts


@contextmanager
def _clear_words(folder: Path) -> Iterator[None]:
    """Say what a disk means by its error."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise Trouble(f"There is no room left in {folder}: no copy was made.") from None
        where = error.filename or folder
        raise Trouble(f"{where}: {error.strerror}. No copy was made.") from None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
