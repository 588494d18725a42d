"""Make a sealed copy of everything while people work; check copies; say when the last was made."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from portal.backup import Trouble, copies
from portal.backup.making import make

MB = 1024 * 1024


class Command(BaseCommand):
    help = (
        "Make a sealed copy of database, files, anchors and the list of erasures in DIR"
        " (default BACKUP_DIR), and read it back. Nobody has to stop working."
    )
    # A copy is worth most on a day when something else is wrong.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", nargs="?", type=Path, help="folder of copies; made if missing")
        parser.add_argument(
            "--keep",
            type=int,
            default=0,
            metavar="N",
            help="once the new copy is checked, remove all but the newest N copies (default: none)",
        )
        parser.add_argument(
            "--digests",
            action="store_true",
            help="note too what the rows of each table add up to, for a drill; slow on much data",
        )
        other = parser.add_mutually_exclusive_group()
        other.add_argument(
            "--verify",
            type=Path,
            metavar="FILE",
            help="make nothing: read this copy, or each one of a folder; exit 1 if one is damaged",
        )
        other.add_argument(
            "--status",
            action="store_true",
            help="make nothing: say when the last copy was made; exit 1 after 26 hours",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["verify"]:
                self._verify(options["verify"])
            elif options["status"]:
                self._status(options["dir"])
            else:
                self._make(options)
        except Trouble as trouble:
            raise CommandError(str(trouble)) from None
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {str(error).strip()}") from None

    def _make(self, options: dict[str, Any]) -> None:
        if options["keep"] < 0:
            raise CommandError("--keep is a number of copies, 1 or more.")
        made = make(
            _folder(options["dir"]),
            timezone.now(),
            keep=options["keep"],
            digests=options["digests"],
        )
        manifest = made.manifest
        self.stdout.write(
            f"{made.file}: {made.size / MB:.1f} MB, {manifest.rows} rows in"
            f" {len(manifest.tables)} tables, {_files(manifest)} files; checked"
            f" ({made.seconds:.1f} s)"
        )
        for place in manifest.left_out:
            self.stdout.write(f"Not in it: {place}, which stands in an object store.")
        for file in made.removed:
            self.stdout.write(f"Removed: {file.name}")

    def _verify(self, place: Path) -> None:
        if not place.exists():
            raise Trouble(f"There is no {place}.")
        files = copies.copies_in(place) if place.is_dir() else [place]
        if not files:
            raise Trouble(f"No copies stand in {place}.")
        damaged = 0
        for file in files:
            try:
                manifest = copies.check(file)
            except Trouble as trouble:
                damaged += 1
                self.stderr.write(f"{file.name}: {trouble}.")
            else:
                self.stdout.write(
                    f"{file.name}: whole; made {manifest.made_at}, {manifest.server},"
                    f" {manifest.rows} rows, {_files(manifest)} files, log to entry"
                    f" {manifest.chain['sequence']}"
                )
        if damaged:
            raise Trouble(f"{damaged} of {len(files)} cannot be used.")

    def _status(self, named: Path | None) -> None:
        last = copies.last_copy_in(_folder(named), timezone.now())
        if last.made_at is None:
            raise Trouble("No copy has been made yet.")
        made = f"The last copy was made at {last.made_at:%Y-%m-%d %H:%M} UTC"
        if last.is_late:
            raise Trouble(f"{made}: too long ago.")
        self.stdout.write(f"{made}.")


def _folder(named: Path | None) -> Path:
    if named:
        return named
    if not settings.BACKUP_DIR:
        raise Trouble("Name a folder for the copies, or set BACKUP_DIR.")
    return Path(settings.BACKUP_DIR)


def _files(manifest: Any) -> int:
    return sum(entry.place in ("private", "media") for entry in manifest.entries)
