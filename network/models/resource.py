import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.models.organisation import Organisation
from network.models.place import Municipality
from network.querysets import ResourceQuerySet
from portal.base.models import Versioned


class Resource(Versioned):
    """Something the region has: the one table behind the map and the resource list. REG-01.

    An `Offer` stands one-to-one on it where the resource is a priced service component.
    Of a confidential place only the municipality is ever shown.
    """

    class Kind(models.TextChoices):
        OFFER = "offer", _("service component")
        BENEFIT = "benefit", _("benefit")
        COMMUNITY = "community", _("community resource")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="resources",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.OFFER)
    name = models.CharField(_("name"), max_length=160, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        related_name="resources",
    )
    address = models.CharField(_("street address"), max_length=200, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    is_confidential = models.BooleanField(
        _("confidential place"),
        default=False,
        help_text=_("Only the municipality is shown, everywhere."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "name", "pk"]
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__range=(57, 60), lon__range=(21, 29)),
                name="network_resource_in_estonia",
                violation_error_message=_(
                    "These coordinates are not in Estonia. Latitude is about 57–60, "
                    "longitude about 21–29."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "municipality"], name="network_resource_where"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.organisation}"

    @property
    def public_lat(self) -> float:
        """Where a map may put it, in WGS 84: the seat of its municipality if no nearer."""
        return self.municipality.lat if self.is_confidential or self.lat is None else self.lat

    @property
    def public_lon(self) -> float:
        return self.municipality.lon if self.is_confidential or self.lon is None else self.lon

    @property
    def public_address(self) -> str:
        """The street address as anybody may see it: empty for a confidential place."""
        return "" if self.is_confidential else self.address

    def is_fresh(self, day: dt.date) -> bool:
        """Has the holder confirmed it lately enough to be trusted on `day`?"""
        if self.confirmed_on is None:
            return False
        return (day - self.confirmed_on).days <= settings.OFFER_FRESH_DAYS
