from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.calculator import gross_of
from catalogue.models.component import Component, Form
from catalogue.models.round import Round
from catalogue.querysets import PriceQuerySet
from portal.base.periods import Period, period_constraint

HOURLY: dict[str, Any] = {"max_digits": 8, "decimal_places": 2}


class HourlyPrice(Period):
    """Mixin: what one hour of 60 minutes costs in one form, in euros. CAT-06, CAT-07.

    `vat_rate` is a percentage; empty means the seller is exempt, and then net equals gross.
    """

    form = models.CharField(_("form"), max_length=10, choices=Form.choices)
    net = models.DecimalField(
        _("without VAT"), **HOURLY, validators=[MinValueValidator(Decimal("0.01"))]
    )
    vat_rate = models.DecimalField(
        _("VAT, %"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(99)],
        help_text=_("Empty if the provider is exempt from VAT."),
    )
    gross = models.DecimalField(
        _("with VAT"), **HOURLY, validators=[MinValueValidator(Decimal("0.01"))]
    )

    class Meta:
        abstract = True

    @property
    def vat(self) -> Decimal:
        """The VAT inside the gross price, in euros."""
        return self.gross - self.net

    def clean(self) -> None:
        super().clean()
        if self.net is None or self.gross is None:
            return
        expected = gross_of(self.net, self.vat_rate)
        if abs(self.gross - expected) > Decimal("0.01"):
            raise ValidationError(
                {
                    "gross": _("Net and VAT together make %(expected)s €.")
                    % {"expected": str(expected).replace(".", ",")}
                }
            )


class Price(HourlyPrice):
    """The reference price of a component in one form, within a round."""

    component = models.ForeignKey(
        Component,
        verbose_name=_("service component"),
        on_delete=models.PROTECT,
        related_name="prices",
    )
    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="prices"
    )
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = PriceQuerySet.as_manager()

    class Meta:
        ordering = ["component", "-valid_from", "form"]
        verbose_name = _("reference price")
        verbose_name_plural = _("reference prices")
        constraints = [
            period_constraint("catalogue_price_period"),
            models.CheckConstraint(
                condition=Q(gross__gte=F("net")) & Q(net__gt=0),
                name="catalogue_price_positive",
            ),
            models.UniqueConstraint(
                fields=["component", "form", "valid_from"],
                name="catalogue_price_one_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component.code} {self.get_form_display()} {self.gross} €"

    def clean(self) -> None:
        super().clean()
        if self.component_id and self.form and self.valid_from:
            self.clean_no_overlap(
                Price.objects.filter(component_id=self.component_id, form=self.form)
            )
