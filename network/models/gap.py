"""What is missing in the region or works well there, without a person in it. CASE-16, MON-04."""

import datetime as dt
import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Component, LifeDomain
from network.models.offer import Offer
from network.models.place import Municipality, Region
from portal.base.models import Versioned


def month_of(day: dt.date) -> dt.date:
    """The first day of the month: nothing finer is kept of when a gap was noted."""
    return day.replace(day=1)


class Gap(Versioned):
    """One statement about help that is missing, or about good practice.

    It has no reporter and no day, only a month; `cases.CaseGap` on the floor above knows the case.
    Its state and answer are written by meetings, through `network.services.gaps`.
    """

    class Kind(models.TextChoices):
        MISSING = "missing", _("nobody offers it")
        FULL = "full", _("no free place, long waiting")
        FAR = "far", _("too far away")
        PRICE = "price", _("costs too much")
        UNFIT = "unfit", _("does not suit as it is")
        PRACTICE = "practice", _("good practice")

    class State(models.TextChoices):
        NEW = "new", _("new")
        AGENDA = "agenda", _("on an agenda")
        DECIDED = "decided", _("decided")
        SOLVED = "solved", _("solved")
        ASIDE = "aside", _("put aside")

    OPEN = (State.NEW, State.AGENDA, State.DECIDED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="gaps")
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        related_name="gaps",
    )
    component = models.ForeignKey(
        Component,
        verbose_name=_("service component"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="gaps",
    )
    domain = models.ForeignKey(
        LifeDomain,
        verbose_name=_("life domain"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="gaps",
    )
    kind = models.CharField(_("what is the matter"), max_length=10, choices=Kind.choices)
    text = models.CharField(_("in a few words"), max_length=400, blank=True)
    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    # What the region answered; the decision stands on the floor above, so its number is text here.
    decision_number = models.CharField(_("decision"), max_length=20, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    offer = models.ForeignKey(
        Offer,
        verbose_name=_("the offer that came of it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="gaps",
    )

    class Meta:
        ordering = ["-month", "pk"]
        verbose_name = _("gap")
        verbose_name_plural = _("gaps")
        constraints = [
            models.CheckConstraint(
                condition=Q(component__isnull=True) | Q(domain__isnull=True),
                name="network_gap_component_or_domain",
                violation_error_message=_("Choose a component or a life domain, not both."),
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="network_gap_month_only"),
        ]
        indexes = [
            models.Index(fields=["region", "state", "-month"], name="network_gap_list"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def subject(self) -> Any:
        """The component or life domain it is about; None for something else."""
        return self.component or self.domain

    @property
    def is_practice(self) -> bool:
        return self.kind == self.Kind.PRACTICE

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
