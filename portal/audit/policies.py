"""Who may read the view log."""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import QuerySet

from portal.access.models import PortalRole
from portal.access.policies import Policy
from portal.access.roles import Role
from portal.accounts.models import User
from portal.audit.models import AccessEvent


class LogPolicy(Policy[AccessEvent]):
    """The auditor reads all of it; nobody else reads here. Opens no case."""

    model = AccessEvent
    actions: ClassVar[frozenset[str]] = frozenset({"view"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[AccessEvent]:
        return AccessEvent.objects.all() if is_auditor(user, day) else AccessEvent.objects.none()


def is_auditor(user: Any, day: dt.date) -> bool:
    """Does `user` audit the portal on `day`? Asked anew at every request."""
    roles = PortalRole.objects.valid_on(day).filter(user_id=user.pk, role=Role.AUDITOR)
    return user.is_active and roles.exists()


class RightsPolicy(Policy[User]):
    """Auditor and administrator ask of every account what it opens, and why. Opens nothing."""

    model = User
    actions: ClassVar[frozenset[str]] = frozenset({"explain"})
    visible_by = ("explain",)

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[User]:
        return User.objects.all() if explains_as(user, day) else User.objects.none()


def explains_as(user: Any, day: dt.date) -> str:
    """The role in which `user` may learn on `day` who sees what; empty: in none."""
    roles = PortalRole.objects.valid_on(day).filter(
        user_id=user.pk, role__in=(Role.AUDITOR, Role.ADMINISTRATOR)
    )
    found = set(roles.values_list("role", flat=True)) if user.is_active else set()
    return next((role for role in (Role.AUDITOR, Role.ADMINISTRATOR) if role in found), "")
