"""Periods: `valid_from` included, `valid_until` excluded, empty while running."""

import datetime as dt
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PeriodQuerySet(models.QuerySet):
    def valid_on(self, day: dt.date) -> Self:
        """Only the rows whose period holds `day`."""
        return self.filter(valid_on_q(day))


def valid_on_q(day: dt.date, path: str = "") -> Q:
    """The same condition as `valid_on`, for a relation: `path` is such as `memberships__`."""
    started = Q(**{f"{path}valid_from__lte": day})
    running = Q(**{f"{path}valid_until__isnull": True}) | Q(**{f"{path}valid_until__gt": day})
    return started & running


def period_constraint(name: str) -> models.CheckConstraint:
    """A period ends after it began. `name` is the database name of the constraint."""
    return models.CheckConstraint(
        condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
        name=name,
        violation_error_message=_("The end must be later than the beginning."),
    )


class Period(models.Model):
    """Mixin: the row holds from `valid_from` up to, but not on, `valid_until`.

    Subclasses list `period_constraint("<app>_<model>_period")` in their own Meta.
    """

    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(
        _("valid until"),
        null=True,
        blank=True,
        help_text=_("The first day it no longer holds; empty while it runs."),
    )

    class Meta:
        abstract = True

    def is_valid_on(self, day: dt.date) -> bool:
        """Does the period hold `day`?"""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    @property
    def last_day(self) -> dt.date | None:
        """The last day that still counts, as people say it; None while running."""
        return self.valid_until - dt.timedelta(days=1) if self.valid_until else None

    def clean_no_overlap(self, others: models.QuerySet[Any]) -> None:
        """Raise ValidationError if a row of `others` (this one left out) shares a day."""
        overlap = others.exclude(pk=self.pk).filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=self.valid_from)
        )
        if self.valid_until:
            overlap = overlap.filter(valid_from__lt=self.valid_until)
        if overlap.exists():
            raise ValidationError(
                {"valid_from": _("Another entry already covers some of these days.")}
            )
