"""Compile locale/*/django.po with polib; no msgfmt needed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.management.catalogues import compile_all


class Command(BaseCommand):
    help = "Make the .mo files that are older than their .po."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        made = compile_all(settings.BASE_DIR)
        self.stdout.write(f"Translations compiled: {made} files.")
