"""What was kept long enough goes (rules.md 16)."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.privacy import retention


def moment(text: str) -> dt.datetime:
    """A day or a moment: 2026-11-22, 22.11.2026, 2026-11-22T04:00+02:00."""
    try:
        parts = [int(part) for part in text.split(".")] if text.count(".") == 2 else []
        found = dt.datetime(*reversed(parts)) if parts else dt.datetime.fromisoformat(text)  # type: ignore[arg-type]  # noqa: DTZ001
    except (TypeError, ValueError) as error:
        raise ArgumentTypeError(f"not a day or time: {text}") from error
    return found if found.tzinfo else timezone.make_aware(found)


class Command(BaseCommand):
    help = (
        "Erase what was kept for its term, by the terms that are in force; numbers of cases only. "
        "Held ones are named and left. May be cut off and begun again. Exit code 1: some failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--now",
            type=moment,
            help="as if it were this day (2026-11-22) or time; now if not said",
        )
        parser.add_argument("--dry-run", action="store_true", help="only tell what is due")

    def handle(self, *args: Any, **options: Any) -> None:
        done = retention.run(options["now"] or timezone.now(), dry=options["dry_run"])
        verb = "due" if options["dry_run"] else "done"
        if not done.classes:
            self.stdout.write("No term is in force.")
        for one in done.classes:
            self.stdout.write(f"{one.of.code}: {one.done} {verb}")
            for label, numbers in (("", one.numbers), ("held", one.held), ("failed", one.failed)):
                if numbers:
                    self.stdout.write(f"  {label + ': ' if label else ''}{' '.join(numbers)}")
        if done.failed:
            raise CommandError(f"{done.failed} could not be erased; the rest went on.")
        if not done.is_wiped:
            raise CommandError("Traces are left in the file of the database: run `wipe_traces`.")
