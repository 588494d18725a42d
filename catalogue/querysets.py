"""Which rows of the catalogue; the day is always an argument."""

from typing import Self

from django.db import models

from portal.base.periods import PeriodQuerySet


class ComponentQuerySet(models.QuerySet):
    def active(self) -> Self:
        """Components that are offered today, not only kept for old plans."""
        return self.filter(is_active=True)


class PriceQuerySet(PeriodQuerySet):
    def with_round(self) -> Self:
        """Prices with their round and component in the same statement."""
        return self.select_related("round", "component")
