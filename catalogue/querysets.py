"""Which rows of the catalogue; the day is always an argument."""

from typing import Self

from portal.base.periods import PeriodQuerySet


class PriceQuerySet(PeriodQuerySet):
    def with_round(self) -> Self:
        """Prices with their round and component in the same statement."""
        return self.select_related("round", "component")
