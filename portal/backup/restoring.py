"""The way back: everything is checked before anything is touched."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from portal.backup import Trouble, copies, settling
from portal.backup.archive import Manifest
from portal.backup.databases import Database, database
from portal.backup.filling import bring_in, drop_gone
from portal.backup.folders import Folder, folders, safe_path
from portal.backup.making import key_marks
from portal.backup.report import Report, Stopwatch, Wanted

# A little more than the copy itself: indexes grow, logs are written.
SPARE_BYTES = 64 * 1024 * 1024

Say = Callable[[str], object]


def restore(
    source: Path, wanted: Wanted, now: dt.datetime, *, say: Say = lambda line: None
) -> Report:
    """Bring back the copy `source`, or the newest whole one of the folder `source`.

    Raises Trouble before anything was touched, or with everything as it was before.
    """
    watch = Stopwatch()
    copy, manifest, passed_over = _choose(source, wanted, say)
    report = Report(copy, manifest, passed_over, stopwatch=watch.laps)
    data = database()
    there, _elsewhere = folders()
    _refuse(manifest, data, there, wanted)
    watch.lap("checking the copy")
    gathered = bring_in(copy, manifest, data, there, report)
    watch.lap("database and files")
    try:
        settling.compare(manifest, data, report)
        settling.migrate(report)
        drop_gone(manifest, there)
        settling.clear_caches(report)
        watch.lap("migrations")
        settling.settle(now, {"outbox"} if wanted.send_queued else set(), report)
        settling.erase_again(copy, gathered, wanted, report)
        settling.write_down(now)
        watch.lap("putting in order")
        settling.look_over(there, report)
    except Exception as error:
        raise Trouble(
            f"The data are in place, but not in order ({type(error).__name__}: {error})."
            " Mend that and come again with --replace; do not start the portal before."
        ) from error
    watch.lap("looking it over")
    return report


def _choose(source: Path, wanted: Wanted, say: Say) -> tuple[Path, Manifest, list[str]]:
    """The copy to bring back: the newest that is whole, and a sentence for each that is not."""
    if not source.exists():
        raise Trouble(f"There is no {source}.")
    if not source.is_dir():
        try:
            return source, copies.check(source), []
        except Trouble as trouble:
            raise Trouble(f"{source.name} cannot be used: {trouble}") from None
    passed_over: list[str] = []
    for file in copies.copies_in(source):
        try:
            return file, copies.check(file), passed_over
        except Trouble as trouble:
            line = f"{file.name} cannot be used: {trouble}"
            if wanted.latest_only:
                raise Trouble(f"{line}. --latest-only: no older copy is taken.") from None
            passed_over.append(line)
            say(f"{line}. The copy before it is tried.")
    if passed_over:
        raise Trouble("No copy can be used:\n" + "\n".join(passed_over))
    raise Trouble(f"No copies stand in {source}.")


def _refuse(manifest: Manifest, data: Database, there: list[Folder], wanted: Wanted) -> None:
    """Raise Trouble for whatever would make the restore useless or destroy something."""
    if wanted.erasures and not wanted.erasures.is_file():
        raise Trouble(f"There is no list of erasures at {wanted.erasures}.")
    if manifest.database != data.kind:
        raise Trouble(
            f"The copy is of {manifest.database}, DATABASE_URL names {data.kind}: set it right."
        )
    newer = _unknown_migrations(manifest)
    if newer:
        raise Trouble(
            f"The copy was made by newer code ({'.'.join(newer[0])}): get that version first."
        )
    own = key_marks()
    lacking = sorted(name for name, mark in manifest.keys.items() if own.get(name) != mark)
    if lacking and not wanted.without_keys:
        raise Trouble(
            f"This machine does not have the key {lacking[0]} of the copy: what it has sealed could"
            " not be read. Set the keys first; --without-keys goes on all the same."
        )
    for entry in manifest.entries:
        if entry.place in ("private", "media") and safe_path(Path("/"), entry.path) is None:
            raise Trouble(f"The copy names a file outside its folder (entry {entry.number}).")
    occupied = [str(folder.root) for folder in there if _has_files(folder.root)]
    if not data.is_empty():
        occupied.insert(0, f"the database {data.name}")
    if occupied and not wanted.replace:
        raise Trouble(
            f"Not empty: {', '.join(occupied)}. Only --replace puts the copy in its place."
        )
    if data.is_in_use():
        raise Trouble("Somebody has the database open: stop the web server and the worker first.")
    _refuse_if_full(manifest, there)


def _unknown_migrations(manifest: Manifest) -> list[list[str]]:
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    return [applied for applied in manifest.migrations if tuple(applied) not in known]


def _has_files(root: Path) -> bool:
    return any(path.is_file() for path in root.rglob("*")) if root.is_dir() else False


def _refuse_if_full(manifest: Manifest, there: list[Folder]) -> None:
    place = Path(settings.DATA_DIR)
    while not place.exists():
        place = place.parent
    needed, free = manifest.size + SPARE_BYTES, shutil.disk_usage(place).free
    if needed > free:
        raise Trouble(
            f"{place} has {free // 1024**2} MB free, the copy needs {needed // 1024**2} MB."
        )
