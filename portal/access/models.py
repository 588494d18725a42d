"""Roles for the whole portal; roles on a case or in a region stand with their memberships."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.access.roles import Role
from portal.base.periods import Period, PeriodQuerySet, period_constraint

PORTAL_ROLES = (Role.CATALOGUE_EDITOR, Role.CONTENT_EDITOR, Role.AUDITOR, Role.ADMINISTRATOR)


class PortalRole(Period):
    """Somebody audits or administers the portal for a time. Neither opens a case by it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="portal_roles"
    )
    role = models.CharField(
        _("role"), max_length=20, choices=[(role.value, role.label) for role in PORTAL_ROLES]
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("role in the portal")
        verbose_name_plural = _("roles in the portal")
        constraints = [
            period_constraint("access_portalrole_period"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in PORTAL_ROLES]),
                name="access_portalrole_for_the_portal",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "valid_from"], name="access_portalrole_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
