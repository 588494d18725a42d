"""Fail if a text has no translation: Estonian for all, Russian for what the public reads."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.management.catalogues import PLURALS, problems
from portal.management.messages import collect


class Command(BaseCommand):
    help = "Name every missing, fuzzy, unused or broken translation; exit 1 if there is one."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        messages = collect(settings.BASE_DIR)
        found = [
            line for language in PLURALS for line in problems(settings.BASE_DIR, language, messages)
        ]
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(
                f"{len(found)} translations are not in order. "
                "`manage.py update_translations` adds what is new; then fill it in."
            )
        self.stdout.write(f"Translations complete: {len(messages)} texts.")
