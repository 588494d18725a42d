"""After an older backup was restored: whoever was erased since is erased again (rules.md 16)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.privacy import erasure_list
from portal.privacy.erasing import erase_again


class Command(BaseCommand):
    help = (
        "Erase again whom the list of erasures names and the database still has. "
        "May be run as often as one likes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", help="the list; ERASURES_FILE if not said", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["list"]) if options["list"] else erasure_list.list_file()
        try:
            result = erase_again(path)
        except FileNotFoundError:
            raise CommandError(f"{path} is not there.") from None
        self.stdout.write(f"Erased again: {result.erased}; not there any more: {result.absent}.")
        if result.failed:
            raise CommandError(f"{len(result.failed)} could not be erased: {result.failed}")
        if not result.is_wiped:
            raise CommandError("Traces are left in the file of the database: run `wipe_traces`.")
