"""Roles for the whole portal: who is let in, and from when."""

import datetime as dt

from django.db import transaction

from portal.access.models import PortalRole
from portal.accounts.models import User


@transaction.atomic
def start_role(user: User, role: str, *, valid_from: dt.date) -> PortalRole:
    """Give `user` a role in the portal; one that holds already stays. Raises ValidationError."""
    there = PortalRole.objects.valid_on(valid_from).filter(user=user, role=role).first()
    if there:
        return there
    given = PortalRole(user=user, role=role, valid_from=valid_from)
    given.full_clean()
    given.save()
    return given
