"""Positions (ametikohad), who holds them when, and their seats in a region's bodies. CASE-09."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from network.models.organisation import Organisation
from network.models.place import Region
from network.querysets import HoldingQuerySet, PositionQuerySet
from portal.access.roles import Role
from portal.base.models import Versioned
from portal.base.periods import Period, PeriodQuerySet, period_constraint

# A position is looked at so many days before nobody holds it any more.
SOON = 14
# Once a year somebody says that a holder needs the position still; then comes the administrator.
CONFIRMED_FOR = dt.timedelta(days=365)
GRACE = dt.timedelta(days=30)


class Position(Versioned):
    """A post in an organisation: tasks and access belong to it and follow its holder.

    `version` counts changes of the post and of who holds it, so that two who arrange it at the
    same time learn of each other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="positions"
    )
    title = models.CharField(_("title"), max_length=100)
    role = models.CharField(
        _("usual role"),
        max_length=20,
        choices=Role.choices,
        default=Role.ADDITIONAL_SUPPORT,
        help_text=_("The role it is given on a case unless another is chosen."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "title"]
        verbose_name = _("position")
        verbose_name_plural = _("positions")

    def __str__(self) -> str:
        return f"{self.title}, {self.organisation}"


class Holding(Period):
    """A person holds a position for a time, as its holder or standing in."""

    class Kind(models.TextChoices):
        HOLDER = "holder", _("holder")
        STAND_IN = "stand_in", _("stand-in")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="holdings"
    )
    kind = models.CharField(_("how"), max_length=10, choices=Kind.choices, default=Kind.HOLDER)
    # Set where somebody was let in by their address: until they have signed in since, others see
    # the address alone and never learn whether it had an account already.
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Once a year somebody says that it is needed still.
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = HoldingQuerySet.as_manager()

    class Meta:
        ordering = ["position", "-valid_from"]
        verbose_name = _("holding of a position")
        verbose_name_plural = _("holdings of positions")
        constraints = [
            period_constraint("network_holding_period"),
            models.UniqueConstraint(
                fields=["position", "user", "valid_from"], name="network_holding_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["user", "position"], name="network_holding_user")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_taken_up(self) -> bool:
        """Has whoever was let in by their address been here since? Until then it is an invitation.

        The same for a new account and for one that was there: nobody learns which it is.
        """
        if self.invited_at is None:
            return True
        seen = self.user.last_login
        return bool(self.user.is_active and seen and seen >= self.invited_at)


class RegionMembership(Period):
    """An organisation works in the network of a region for a time. REG-05."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="organisation_memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="region_memberships"
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["region", "organisation", "-valid_from"]
        verbose_name = _("membership of a region")
        verbose_name_plural = _("memberships of a region")
        constraints = [
            period_constraint("network_regionmembership_period"),
            models.UniqueConstraint(
                fields=["region", "organisation", "valid_from"],
                name="network_regionmembership_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.organisation}"


class Seat(Period):
    """A position has a seat in a body of a region for a time. Opens no case. REG-07."""

    class Body(models.TextChoices):
        STEERING = "steering", _("steering group")
        NETWORK = "network", _("network")
        COORDINATOR = "coordinator", _("regional coordinator")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="seats")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="seats")
    body = models.CharField(_("body"), max_length=12, choices=Body.choices)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["region", "body", "position"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            period_constraint("network_seat_period"),
            models.UniqueConstraint(
                fields=["position", "region", "body", "valid_from"],
                name="network_seat_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_body_display()}, {self.region}"
