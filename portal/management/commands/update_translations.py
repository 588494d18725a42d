"""Bring locale/ in step with the texts of code and templates; needs no xgettext."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.management.catalogues import PLURALS, update
from portal.management.messages import collect


class Command(BaseCommand):
    help = "Write every text into locale/*/django.po; known translations stay, unused ones go."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=sorted(PLURALS), help="only this one")
        parser.add_argument(
            "--take", nargs="*", type=Path, default=[], help=".po files to take translations from"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["take"] and not options["language"]:
            raise CommandError("--take needs --language: a file holds one language.")
        messages = collect(settings.BASE_DIR)
        for language in [options["language"]] if options["language"] else PLURALS:
            empty = update(settings.BASE_DIR, language, messages, options["take"])
            self.stdout.write(f"{language}: {empty} still to translate")
