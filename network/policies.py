"""Who may do what with organisations and positions."""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import QuerySet

from network.models import Position
from portal.access.models import PortalRole
from portal.access.policies import Policy
from portal.access.roles import Role


class PositionPolicy(Policy[Position]):
    """The administrator of the portal lets people into positions, and sees no case by it."""

    model = Position
    actions: ClassVar[frozenset[str]] = frozenset({"invite"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Position]:
        roles = PortalRole.objects.valid_on(day).filter(user_id=user.pk, role=Role.ADMINISTRATOR)
        positions = Position.objects.filter(is_active=True)
        return positions if roles.exists() else positions.none()
