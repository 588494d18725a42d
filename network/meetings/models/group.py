"""Who meets, and how often. REG-07, REG-09."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from network.models import Region, Seat
from portal.base.models import Versioned

# Minutes of time that a meeting may take.
SHORTEST, LONGEST = 5, 600


class Group(models.Model):
    """A body of a region that meets: its members are the seats of the day, never a list here."""

    class Body(models.TextChoices):
        STEERING = Seat.Body.STEERING.value, _("steering group")
        NETWORK = Seat.Body.NETWORK.value, _("network")

    # The steering group and the coordinator belong to the network as well.
    BODIES = {
        Body.STEERING.value: (Seat.Body.STEERING, Seat.Body.COORDINATOR),
        Body.NETWORK.value: (Seat.Body.NETWORK, Seat.Body.STEERING, Seat.Body.COORDINATOR),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="groups")
    body = models.CharField(_("body"), max_length=12, choices=Body.choices)

    class Meta:
        ordering = ["region", "body"]
        verbose_name = _("group that meets")
        verbose_name_plural = _("groups that meet")
        constraints = [
            models.UniqueConstraint(fields=["region", "body"], name="meetings_group_once"),
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.get_body_display()}"

    @property
    def bodies(self) -> tuple[str, ...]:
        """The bodies of `Seat` whose members belong to this group."""
        return self.BODIES[self.body]


class Series(Versioned):
    """Meetings that repeat: a rule, and the wall clock of a zone. REG-09.

    `rule` is an RRULE (RFC 5545) without DTSTART; the hour is local, so it stays the same hour
    when the clocks change.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="series")
    title = models.CharField(_("name"), max_length=120, blank=True)
    rule = models.CharField(_("how often"), max_length=300)
    starts_on = models.DateField(_("first day"))
    starts_at = models.TimeField(_("begins at"))
    zone = models.CharField(_("time zone"), max_length=40, default="Europe/Tallinn")
    minutes = models.PositiveSmallIntegerField(
        _("takes, minutes"),
        default=90,
        validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)],
    )
    place = models.CharField(_("where"), max_length=160, blank=True)
    link = models.URLField(_("video link"), blank=True)
    is_active = models.BooleanField(_("goes on"), default=True)

    class Meta:
        ordering = ["group", "starts_on", "pk"]
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")

    def __str__(self) -> str:
        return str(self.pk)
