from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.component import Component
from catalogue.models.life_domain import LifeDomain
from catalogue.models.round import Round
from portal.base.periods import Period, PeriodQuerySet, period_constraint


class Cap(Period):
    """What a component, or a whole life domain, may cost one person at the most, with VAT. CAT-11.

    `monthly` is a reference that single months may exceed; `yearly` is the ceiling of a calendar
    year that may not be exceeded. Both in euros with VAT.
    """

    component = models.ForeignKey(
        Component,
        verbose_name=_("service component"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="caps",
    )
    domain = models.ForeignKey(
        LifeDomain,
        verbose_name=_("life domain"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="caps",
    )
    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="caps"
    )
    monthly = models.DecimalField(
        _("monthly reference, €"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    yearly = models.DecimalField(_("calendar-year ceiling, €"), max_digits=9, decimal_places=2)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("ceiling")
        verbose_name_plural = _("ceilings")
        constraints = [
            period_constraint("catalogue_cap_period"),
            models.CheckConstraint(
                condition=Q(component__isnull=True) ^ Q(domain__isnull=True),
                name="catalogue_cap_component_or_domain",
                violation_error_message=_("Choose either a component or a life domain."),
            ),
            models.CheckConstraint(
                condition=Q(yearly__gt=0) & (Q(monthly__isnull=True) | Q(monthly__gt=0)),
                name="catalogue_cap_positive",
            ),
            models.UniqueConstraint(
                fields=["component", "valid_from"],
                name="catalogue_cap_component_one_a_day",
            ),
            models.UniqueConstraint(
                fields=["domain", "valid_from"], name="catalogue_cap_domain_one_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component or self.domain} {self.yearly} €"

    def clean(self) -> None:
        super().clean()
        if self.valid_from and (self.component_id or self.domain_id):
            self.clean_no_overlap(Cap.objects.filter(component=self.component, domain=self.domain))
