"""Make somebody editor, auditor or administrator; for whoever runs the machine."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from portal.access.cms_groups import ensure_cms_groups
from portal.access.models import PORTAL_ROLES, PortalRole
from portal.access.roles import Role
from portal.access.services import start_role
from portal.accounts import invitations
from portal.accounts.models import User


class Command(BaseCommand):
    help = "Give somebody a role for the whole portal, from today. Opens no case."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=[role.value for role in PORTAL_ROLES])
        parser.add_argument(
            "--by", default="", help="address of an administrator: invites who has no account yet"
        )
        parser.add_argument(
            "--publishes", action="store_true", help="an editor who also publishes pages"
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            user = self._invited(options["email"], options["by"])
        start_role(user, options["role"], valid_from=timezone.localdate())
        if options["role"] == Role.CONTENT_EDITOR:
            groups = ensure_cms_groups()
            user.groups.remove(*groups.values())
            user.groups.add(groups["publishers" if options["publishes"] else "editors"])
        waits = "" if user.is_active else "; gets a letter with a link"
        self.stdout.write(f"{user.email}: {options['role']}{waits}")

    def _invited(self, email: str, by: str) -> User:
        if not by:
            raise CommandError(f"Nobody has the address {email}: --by names who invites.")
        roles = PortalRole.objects.valid_on(timezone.localdate()).filter(role=Role.ADMINISTRATOR)
        host = roles.filter(user__email__iexact=by, user__is_active=True).first()
        if host is None:
            raise CommandError("--by has to be an administrator of the portal.")
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return invitations.invite(email, by=host.user)[0]
