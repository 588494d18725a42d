"""Fail if an object grant stands without its reason, or is missing (rules.md 7)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.access import grants


class Command(BaseCommand):
    help = "Compare the object grants with the memberships they follow; exit 1 on a difference."

    def handle(self, *args: Any, **options: Any) -> None:
        found = grants.differences()
        generic = grants.rows_in_generic_tables()
        if generic:
            found.append(f"{generic} rows in the generic tables, which stay empty")
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} differences in the grants.")
        self.stdout.write("Grants agree with memberships.")
