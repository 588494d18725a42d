"""Bring everything back from a copy, on a machine that has the keys and nothing else."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from portal.backup import Trouble
from portal.backup.restoring import Report, Wanted, restore


class Command(BaseCommand):
    help = (
        "Bring back a copy made by `backup`: the newest whole one of a folder, or the file named."
        " Everything is checked first; the database and the folders have to be empty."
    )
    # Nothing is there yet that could be checked.
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # --replace has to be typed in full.
        return super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help="a folder of copies, or one copy")
        where = parser.add_mutually_exclusive_group()
        where.add_argument(
            "--into-empty",
            action="store_true",
            help="refuse where there is anything already; this is so without saying too",
        )
        where.add_argument(
            "--replace",
            action="store_true",
            help="put the copy in the place of what is there, which is then gone",
        )
        parser.add_argument(
            "--latest-only",
            action="store_true",
            help="if the newest copy of the folder is damaged, refuse instead of taking an older",
        )
        parser.add_argument(
            "--erasures",
            type=Path,
            metavar="FILE",
            help="a list of erasures that was kept elsewhere; done again with those of the copy",
        )
        parser.add_argument(
            "--send-queued",
            action="store_true",
            help="let letters leave that waited when the copy was made (default: held back)",
        )
        parser.add_argument(
            "--without-keys",
            action="store_true",
            help="go on although keys of this machine are not those of the copy",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Wanted(
            replace=options["replace"],
            latest_only=options["latest_only"],
            send_queued=options["send_queued"],
            without_keys=options["without_keys"],
            erasures=options["erasures"],
        )
        try:
            report = restore(options["source"], wanted, timezone.now(), say=self.stderr.write)
        except Trouble as trouble:
            raise CommandError(str(trouble)) from None
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {str(error).strip()}") from None
        self._tell(report)
        if report.faults:
            raise CommandError("The data are in place, but somebody has to look at the above.")

    def _tell(self, report: Report) -> None:
        self.stdout.write(f"Restored from {report.copy}, made {report.manifest.made_at}:")
        for line in report.done:
            self.stdout.write(f"  {line}")
        laps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report.stopwatch.items())
        self.stdout.write(f"  {sum(report.stopwatch.values()):.1f} s: {laps}")
        self.stdout.write(
            "What was done after the copy was made is undone: people who left, rights taken away,"
            " feeds and second factors that were reset. Go through these before you open the door."
        )
        for line in report.faults:
            self.stderr.write(line)
