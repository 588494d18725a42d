"""Read the whole view log and name the first bad entry (rules.md 8)."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.audit.anchor import Anchor, Anchors, anchor_file, read_anchors
from portal.audit.verify import missing_triggers, verify
from portal.management.commands.audit_report import day_of

NEWEST = "newest"


class Command(BaseCommand):
    help = (
        "Check the chain of the view log and its anchors; exit 1 and name the first bad entry. "
        "Takes about a minute for two million entries."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchors",
            type=Path,
            help="the anchors as kept outside, or a log that has them; default AUDIT_ANCHOR_FILE",
        )
        parser.add_argument(
            "--since-anchor",
            nargs="?",
            const=NEWEST,
            metavar="DAY",
            help="read only from the newest anchor on, or from the last one before this day "
            "(24.03.2026); what stands before it is taken for granted",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        anchors = read_anchors(options["anchors"] or anchor_file())
        if anchors.broken_line:
            raise CommandError(
                f"Line {anchors.broken_line} of the anchors was changed, or the one before it was "
                "taken out: compare with another copy (the log of the worker, the letters)."
            )
        since = _since(anchors, options["since_anchor"])
        verdict = verify(anchors, since=since)
        if fault := verdict.fault:
            where = "The log" if fault.sequence is None else f"Entry {fault.sequence}"
            raise CommandError(f"{where} {fault.what}. {verdict.entries} entries before it agree.")
        if missing := missing_triggers():
            raise CommandError(f"The database would let the log be changed: no {missing[0]}.")
        self.stdout.write(
            f"The view log is whole{f' from entry {since.sequence} on' if since else ''}: "
            f"{verdict.entries} entries, {verdict.erased} subjects lawfully erased, "
            f"{len(anchors.by_sequence)} anchors."
        )
        for restore in anchors.restores:
            self.stdout.write(
                f"On {restore.at:%d.%m.%Y %H:%M} UTC an older backup was taken back: what stood "
                f"after entry {restore.sequence} until then is lost."
            )


def _since(anchors: Anchors, wanted: str | None) -> Anchor | None:
    """The anchor to begin at; None: at the first entry. Raises CommandError."""
    if wanted is None:
        return None
    found = anchors.newest(before=None if wanted == NEWEST else _day(wanted))
    if found is None:
        raise CommandError("There is no such anchor to begin at; leave --since-anchor out.")
    return found


def _day(text: str) -> dt.datetime:
    try:
        return day_of(text)
    except ArgumentTypeError as error:
        raise CommandError(str(error)) from error
