"""Write every encrypted text with the first key, so that older keys can be taken away."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.base.rotation import places


class Command(BaseCommand):
    help = "Re-encrypt texts that were written with an older key. Run it again if it was cut off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count.")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        total = 0
        for place in places():
            count = place.count_old() if dry_run else place.rotate()
            total += count
            self.stdout.write(f"{place.name}: {count}")
        self.stdout.write(f"{'To do' if dry_run else 'Done'}: {total}")
