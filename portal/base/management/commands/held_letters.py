"""After a restore: let the letters leave that were held back, or drop them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count
from django.utils import timezone

from portal.base import outbox
from portal.base.models import OutboxItem


class Command(BaseCommand):
    help = "Letters that waited when a restored backup was made: count them, send or drop them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--send", action="store_true", help="let all of them leave now")
        what.add_argument("--drop", action="store_true", help="give all of them up")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["send"]:
            self.stdout.write(f"{outbox.let_go(timezone.now())} leave with the next pass.")
        elif options["drop"]:
            self.stdout.write(f"{outbox.drop_held()} given up.")
        else:
            held = OutboxItem.objects.filter(state=OutboxItem.State.HELD)
            kinds = held.values_list("kind", "payload__letter").annotate(Count("pk"))
            for kind, letter, count in kinds.order_by("kind", "payload__letter"):
                self.stdout.write(f"{count} {letter or kind}")
            self.stdout.write(f"{held.count()} held back. --send or --drop decides.")
