"""What may not be erased although its time is over."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.privacy import asking
from portal.privacy.holds import add_hold, lift_hold
from portal.privacy.models import LegalHold


class Command(BaseCommand):
    help = "Forbid to erase a case or an account, lift that again, or list what is held."

    def add_arguments(self, parser: ArgumentParser) -> None:
        asked = parser.add_mutually_exclusive_group(required=True)
        asked.add_argument("--case", help="hold a case: its number or id")
        asked.add_argument("--worker", help="hold an account: its e-mail or id")
        asked.add_argument("--lift", help="lift a hold: its id, as --list prints it")
        asked.add_argument("--list", action="store_true", help="print the holds not lifted yet")
        parser.add_argument("--reason", default="", help="why, without names; is kept")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            for hold in LegalHold.objects.filter(lifted_at__isnull=True):
                what = hold.number or f"account {hold.subject_id}"
                until = f" until {hold.valid_until}" if hold.valid_until else ""
                self.stdout.write(f"{hold.pk} {what} from {hold.valid_from}{until}: {hold.reason}")
            return
        reason = options["reason"].strip()
        if not 3 <= len(reason) <= 300:
            raise CommandError("--reason: between 3 and 300 signs.")
        if options["lift"]:
            self._lift(options["lift"], reason)
            return
        kind = LegalHold.Kind.CASE if options["case"] else LegalHold.Kind.WORKER
        try:
            hold = add_hold(
                kind=kind,
                subject=asking.asked(options),
                reason=reason,
                valid_from=timezone.localdate(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Held: {hold.pk}")

    def _lift(self, value: str, reason: str) -> None:
        try:
            hold = LegalHold.objects.filter(pk=value, lifted_at__isnull=True).first()
        except ValidationError:
            hold = None
        if hold is None:
            raise CommandError("No hold with this id is in force.")
        lift_hold(hold, why=reason)
        self.stdout.write("Lifted.")
