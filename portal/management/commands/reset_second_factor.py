"""For a lost phone without recovery codes, once it is sure who asks."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.accounts import second_factor
from portal.accounts.models import User


class Command(BaseCommand):
    help = "Take away somebody's one-time code; the next sign-in leads to setting up a new one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None or not second_factor.reset(user):
            raise CommandError("Nobody with this address uses a one-time code.")
        self.stdout.write("Taken away; a letter tells its owner.")
