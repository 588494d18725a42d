"""Invite somebody to a position: a letter with a one-time link goes to the address."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from network.models import Position
from network.services.people import invite_worker
from portal.accounts.models import User


class Command(BaseCommand):
    help = "Let somebody hold a position; without options beyond the address, list positions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--organisation", default="", help="its short name in the address")
        parser.add_argument("--title", default="", help="the position, as the list says it")
        parser.add_argument("--by", default="", help="address of an administrator of the portal")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["title"]:
            self._list(options["organisation"])
            return
        try:
            validate_email(options["email"])
            position = Position.objects.get(
                organisation__slug=options["organisation"], title=options["title"]
            )
            by = User.objects.get(email__iexact=options["by"], is_active=True)
            holding = invite_worker(email=options["email"], position=position, by=by)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Position.DoesNotExist as error:
            raise CommandError("There is no such position: leave --title away for a list.") from (
                error
            )
        except (User.DoesNotExist, PermissionDenied) as error:
            raise CommandError("--by has to be an administrator of the portal.") from error
        waits = "holds it now" if holding.user.is_active else "gets a letter with a link"
        self.stdout.write(f"{holding.user.email}: {position}; {waits}")

    def _list(self, organisation: str) -> None:
        positions = Position.objects.select_related("organisation").filter(is_active=True)
        if organisation:
            positions = positions.filter(organisation__slug=organisation)
        for position in positions:
            self.stdout.write(f"{position.organisation.slug}\t{position.title}")
