"""Print every route of the running URLconf with its guard."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.access.authorization import as_yaml, table_of
from portal.access.routes import routes


class Command(BaseCommand):
    help = "List all routes: path, name, guard. --yaml prints the text of docs/authorization.yaml."

    def add_arguments(self, parser: ArgumentParser) -> None:
        shape = parser.add_mutually_exclusive_group()
        shape.add_argument("--json", action="store_true", dest="as_json")
        shape.add_argument("--yaml", action="store_true", dest="as_yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        found = routes()
        if options["as_yaml"]:
            self.stdout.write(as_yaml(table_of(found)), ending="")
        elif options["as_json"]:
            rows = [
                {"path": f"/{route.path}", "name": route.name, "guard": route.guard}
                for route in found
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            for route in found:
                guard = route.guard or "NOBODY"
                self.stdout.write(f"{guard:<16} /{route.path} {route.name}")
