"""Everything of somebody goes (rules.md 16)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import ProtectedError
from django.utils import timezone

from network.cases.privacy import same_code
from portal.audit.log import Actor
from portal.base import personal
from portal.privacy import asking, erasing, wiping
from portal.privacy.erasing import Erased, Refused


class Command(BaseCommand):
    help = (
        "Erase everything of a person, of the person of one case, or of a worker: tables, files, "
        "log, queues, cache and the traces in the file of the database. Cannot be taken back. "
        "Exit code 1: refused, or something is left to do, which is said."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        asking.add_arguments(parser)
        parser.add_argument("--reason", required=True, help="why, without saying who; is kept")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would go")
        parser.add_argument("--yes", action="store_true", help="do not ask again")
        parser.add_argument(
            "--open-case", action="store_true", help="also while a case is not closed"
        )
        parser.add_argument(
            "--rewrite",
            action="store_true",
            help="PostgreSQL: write the tables anew; each is closed to others for a moment",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        subject = asking.asked(options)
        now, reason = timezone.now(), options["reason"].strip()
        if not 3 <= len(reason) <= 300:
            raise CommandError("--reason: between 3 and 300 signs.")
        others = same_code(subject) if subject.kind == personal.PERSON else []
        try:
            planned = erasing.plan(
                subject,
                reason=reason,
                day=timezone.localdate(now),
                although_open=options["open_case"],
            )
            self._tell(planned, "would go")
            for one in others:
                self.stdout.write(f"The same personal code stands in person {one} too: it stays.")
            if options["dry_run"]:
                return
            if not options["yes"] and not self._agreed():
                raise CommandError("Nothing was erased.")
            # What the plan has touched was taken back with it.
            subject.touched.clear()
            done = erasing.erase(
                subject,
                reason=reason,
                by=Actor("", "manage.py erase_subject"),
                now=now,
                although_open=options["open_case"],
                wipe=False,
            )
        except Refused as refusal:
            raise CommandError(f"Refused: {refusal}") from refusal
        except ProtectedError as error:
            raise CommandError(
                "Something else points at what would go, so nothing was erased: "
                f"{', '.join(sorted({one._meta.label for one in error.protected_objects}))}."
            ) from error
        done.is_wiped = wiping.wipe(rewrite=options["rewrite"])
        self._tell(done, "went")
        self._finish(done)

    def _agreed(self) -> bool:
        return input("Erase it for good? Type yes: ").strip().lower() in {"yes", "jah"}

    def _tell(self, found: Erased, verb: str) -> None:
        for label, count in found.counts.items():
            self.stdout.write(f"  {label}: {count}")
        self.stdout.write(f"{found.rows} rows and {found.files} files {verb}.")

    def _finish(self, done: Erased) -> None:
        left = []
        if not done.is_listed:
            left.append("ERASURES_FILE cannot be written: an older backup would bring them back")
        if not done.is_wiped:
            left.append("traces are left in the file of the database: run `wipe_traces`")
        if left:
            raise CommandError("Erased, but: " + "; ".join(left) + ".")
