"""Fill an empty database with an invented network of any size, to prove things on (rules.md)."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from network.cases.models import Case
from portal.accounts.models import User
from portal.world.building import Size, make_world, write_world


class Command(BaseCommand):
    help = (
        "Fill an empty database with an invented network: the same seed, the same ids. "
        "Everybody's password and the secrets of one-time codes stand in the file, for tests."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", required=True, help="any word or number")
        parser.add_argument("--cases", type=int, required=True, help="how many cases in all")
        parser.add_argument(
            "--components", type=int, default=20, help="components besides the starter content"
        )
        parser.add_argument(
            "--resources", type=int, default=20, help="published offers with a price"
        )
        parser.add_argument("--log", type=int, default=0, help="entries of the view log besides")
        parser.add_argument(
            "--out", type=Path, required=True, help="where the people and the canaries are told"
        )
        parser.add_argument(
            "--few-canaries",
            action="store_true",
            help="leave the canaries out of the file: for a world that is only measured",
        )
        parser.add_argument(
            "--really",
            action="store_true",
            help="also where the settings are those of real people; the database must be empty",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_real_people(really=options["really"])
        size = Size(*(options[name] for name in ("cases", "components", "resources", "log")))
        if min(size.cases, size.components, size.resources, size.log) < 0:
            raise CommandError("A number below zero makes no world.")
        if not options["out"].absolute().parent.is_dir():
            raise CommandError(f"There is no folder {options['out'].absolute().parent}.")
        began = time.monotonic()

        def tell(what: str) -> None:
            if options["verbosity"]:
                self.stdout.write(f"  {time.monotonic() - began:6.1f} s  {what}")

        world = make_world(
            options["seed"], size, tell=tell, keep_canaries=not options["few_canaries"]
        )
        write_world(world, options["out"])
        tell(f"done: {size.cases} cases, {world.canaries.drawn} canaries, {options['out']}")


def refuse_real_people(*, really: bool) -> None:
    """Raise CommandError where a world full of known passwords has no place."""
    is_production = settings.SECURE_SSL_REDIRECT and not (settings.DEBUG or settings.IS_DEMO)
    if is_production and not really:
        raise CommandError(
            "These settings are for real people. Anybody could sign in to an invented world: "
            "--really says that this database is for tests."
        )
    if Case.objects.exists() or User.objects.exists():
        raise CommandError(
            "This database holds people or cases: a world goes into an empty one (migrate only)."
        )
