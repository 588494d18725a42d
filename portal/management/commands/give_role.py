"""Make somebody auditor or administrator; for whoever runs the machine, as on its first day."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.access.models import PORTAL_ROLES
from portal.access.services import start_role
from portal.accounts.models import User


class Command(BaseCommand):
    help = "Give an existing user a role for the whole portal, from today. Opens no case."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=[role.value for role in PORTAL_ROLES])

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        start_role(user, options["role"], valid_from=timezone.localdate())
        self.stdout.write(f"{user.email}: {options['role']}")
