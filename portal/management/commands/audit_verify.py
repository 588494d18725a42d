"""Read the whole view log and name the first bad entry (rules.md 8)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.audit.anchor import anchor_file, read_anchors
from portal.audit.verify import missing_triggers, verify


class Command(BaseCommand):
    help = "Check the chain of the view log; exit 1 and name the first bad entry."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchors",
            type=Path,
            help="the anchors as kept outside, or a log that has them; default AUDIT_ANCHOR_FILE",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        anchors = read_anchors(options["anchors"] or anchor_file())
        verdict = verify(anchors)
        if fault := verdict.fault:
            where = "The log" if fault.sequence is None else f"Entry {fault.sequence}"
            raise CommandError(f"{where} {fault.what}. {verdict.entries} entries before it agree.")
        if missing := missing_triggers():
            raise CommandError(f"The database would let the log be changed: no {missing[0]}.")
        self.stdout.write(
            f"The view log is whole: {verdict.entries} entries, {verdict.erased} subjects "
            f"lawfully erased, {len(anchors)} anchors."
        )
