"""Print every door: where somebody signs in or out, or proves who they are."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.access.entrances import entrances


class Command(BaseCommand):
    help = "List every sign-in, sign-out, reset, second step, one-time link and admin door."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [
            {
                "kind": door.kind,
                "path": f"/{door.route.path}",
                "name": door.route.name,
                "guard": door.route.guard,
            }
            for door in entrances()
        ]
        if options["as_json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            for row in rows:
                self.stdout.write(
                    f"{row['kind']:<12} {row['guard'] or 'NOBODY':<16} {row['path']} {row['name']}"
                )
