"""Counties, municipalities, and regions as dated sets of municipalities.

Codes are EHAK's. A code changes when a border changes, so no code is a key (domain.md 12).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.base.periods import Period, PeriodQuerySet, period_constraint


class County(models.Model):
    slug = models.SlugField(_("address"), unique=True)
    name = models.CharField(_("name"), max_length=60, unique=True)
    ehak = models.CharField(_("EHAK code"), max_length=4, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("county")
        verbose_name_plural = _("counties")

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A vald or linn, with the place of its seat (WGS 84 degrees)."""

    class Type(models.TextChoices):
        VALD = "vald", _("rural municipality")
        LINN = "linn", _("town")

    slug = models.SlugField(_("address"), unique=True)
    name = models.CharField(_("name"), max_length=60, unique=True)
    county = models.ForeignKey(
        County, verbose_name=_("county"), on_delete=models.PROTECT, related_name="municipalities"
    )
    type = models.CharField(_("type"), max_length=4, choices=Type.choices)
    ehak = models.CharField(_("EHAK code"), max_length=4, unique=True)
    ehak_before = models.CharField(_("EHAK code before"), max_length=4, blank=True)
    seat = models.CharField(_("seat"), max_length=60)
    lat = models.FloatField(_("latitude of the seat"))
    lon = models.FloatField(_("longitude of the seat"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")

    def __str__(self) -> str:
        return self.name


class Region(models.Model):
    """The area of one network and its steering group: a dated set of municipalities."""

    slug = models.SlugField(_("address"), unique=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    municipalities = models.ManyToManyField(
        Municipality,
        verbose_name=_("municipalities"),
        through="RegionMunicipality",
        related_name="regions",
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        permissions = [("sit_in_region", "Sits in a body of the region")]

    def __str__(self) -> str:
        return self.name


class RegionMunicipality(Period):
    """A municipality belongs to a region for a time."""

    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="memberships"
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["region", "municipality", "valid_from"]
        verbose_name = _("municipality of a region")
        verbose_name_plural = _("municipalities of a region")
        constraints = [
            period_constraint("network_regionmunicipality_period"),
            models.UniqueConstraint(
                fields=["region", "municipality", "valid_from"],
                name="network_regionmunicipality_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.municipality}"

    def clean(self) -> None:
        super().clean()
        if self.valid_from and self.municipality_id:
            self.clean_no_overlap(
                RegionMunicipality.objects.filter(municipality_id=self.municipality_id)
            )
