"""Fail if a route is unguarded, unnamed, or differs from docs/authorization.yaml."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.access.authorization import mismatches, read
from portal.access.routes import routes


class Command(BaseCommand):
    help = "Compare the running URLconf with the reviewed table; exit 1 on a difference."

    def handle(self, *args: Any, **options: Any) -> None:
        found = mismatches(routes(), read(settings.BASE_DIR / "docs" / "authorization.yaml"))
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} routes are not in order.")
        self.stdout.write("Routes agree with docs/authorization.yaml.")
