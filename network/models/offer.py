from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelsearch import index

from catalogue.models import Component
from catalogue.models.price import HourlyPrice
from network.models.place import Municipality
from network.models.resource import Resource
from network.querysets import OfferPriceQuerySet, OfferQuerySet
from portal.base.periods import period_constraint
from portal.search.indexing import EstonianSearchField


class Offer(index.Indexed, models.Model):
    """One organisation gives one component somewhere, at its own price (product.md, decision 1)."""

    resource = models.OneToOneField(
        Resource,
        verbose_name=_("resource"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="offer",
    )
    component = models.ForeignKey(
        Component,
        verbose_name=_("service component"),
        on_delete=models.PROTECT,
        related_name="offers",
    )
    serves = models.ManyToManyField(
        Municipality,
        verbose_name=_("comes to"),
        blank=True,
        related_name="served_by",
        help_text=_("Municipalities where the service is given besides its own place."),
    )
    at_home = models.BooleanField(_("given at home"), default=False)
    remote = models.BooleanField(_("by phone or online"), default=False)
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    free_places = models.PositiveSmallIntegerField(_("free places"), null=True, blank=True)
    waiting_weeks = models.PositiveSmallIntegerField(
        _("waiting time, weeks"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(520)],
    )
    languages = models.CharField(
        _("languages"), max_length=40, default="et", help_text=_("Such as: et, ru")
    )
    note = models.CharField(_("good to know"), max_length=300, blank=True)

    objects = OfferQuerySet.as_manager()

    search_fields = [
        EstonianSearchField("note", boost=2),
        index.RelatedFields("component", [EstonianSearchField("name")]),
        index.RelatedFields(
            "resource",
            [
                EstonianSearchField("name"),
                index.RelatedFields("organisation", [EstonianSearchField("name")]),
                index.RelatedFields("municipality", [EstonianSearchField("name", boost=2)]),
            ],
        ),
    ]
    # The service itself is what people look for; then who gives it.
    search_weight = 0.7

    class Meta:
        ordering = ["component", "resource"]
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.CheckConstraint(
                condition=Q(places__isnull=True)
                | Q(free_places__isnull=True)
                | Q(free_places__lte=F("places")),
                name="network_offer_free_within_places",
                violation_error_message=_("There cannot be more free places than places."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component.code} · {self.resource.organisation}"

    @property
    def language_codes(self) -> list[str]:
        return [code.strip() for code in self.languages.split(",") if code.strip()]


class OfferPrice(HourlyPrice):
    """What an hour of an offer costs in one form, for a period; history is kept."""

    offer = models.ForeignKey(
        Offer, verbose_name=_("offer"), on_delete=models.PROTECT, related_name="prices"
    )

    objects = OfferPriceQuerySet.as_manager()

    class Meta:
        ordering = ["offer", "form", "-valid_from"]
        verbose_name = _("price of an offer")
        verbose_name_plural = _("prices of an offer")
        constraints = [
            period_constraint("network_offerprice_period"),
            models.CheckConstraint(
                condition=Q(gross__gte=F("net")) & Q(net__gt=0),
                name="network_offerprice_positive",
            ),
            models.UniqueConstraint(
                fields=["offer", "form", "valid_from"],
                name="network_offerprice_one_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.gross} €"

    def clean(self) -> None:
        super().clean()
        if self.offer_id and self.form and self.valid_from:
            self.clean_no_overlap(OfferPrice.objects.filter(offer_id=self.offer_id, form=self.form))
