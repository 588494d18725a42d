"""What was deleted leaves no trace in the file of the database (docs/operations.md)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.privacy.wiping import wipe


class Command(BaseCommand):
    help = (
        "SQLite: write the file of the database anew and cut its write-ahead log to nothing; needs "
        "as much free disk again. PostgreSQL: vacuum the tables with people's data."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rewrite",
            action="store_true",
            help="PostgreSQL: write the tables anew; each is closed to others for a moment",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not wipe(rewrite=options["rewrite"]):
            raise CommandError("Somebody's long reading is in the way: try again.")
        self.stdout.write("No trace is left.")
