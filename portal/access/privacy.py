"""Whose data the rights hold (portal/base/personal.py)."""

from django.utils.translation import gettext_lazy as _

from portal.access import grants
from portal.access.models import PortalRole
from portal.base import personal
from portal.base.personal import Keep, Path


def register() -> None:
    """Called once, when the app is ready."""
    for model in grants.GENERIC:
        personal.holds_nobody(model, "stays empty, which a check sees to")
    personal.declare(
        PortalRole,
        _("Roles in the portal"),
        worker=Path(
            lambda subject: PortalRole.objects.filter(user_id__in=subject.ids),
            show=("role", "valid_from", "valid_until"),
            erase=Keep("that the portal had an administrator on a day, by the account's id"),
        ),
    )
