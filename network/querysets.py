"""Which rows of the network; the day is always an argument."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from portal.base.periods import PeriodQuerySet


class OrganisationQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Organisations that anybody may see."""
        return self.filter(is_public=True)


class ResourceQuerySet(models.QuerySet):
    def published(self) -> Self:
        """What stands on the public site: published, of a public organisation."""
        return self.filter(state="published", organisation__is_public=True)


class OfferQuerySet(models.QuerySet):
    def published(self) -> Self:
        """Offers whose resource stands on the public site."""
        return self.filter(resource__state="published", resource__organisation__is_public=True)

    def near(self, municipality_ids: list[int], chosen_id: int) -> Self:
        """Offers that stand in one of `municipality_ids`, or come to `chosen_id`."""
        comes = self.model.serves.through._default_manager  # type: ignore[attr-defined]
        return self.filter(
            Q(resource__municipality_id__in=municipality_ids)
            | Q(pk__in=comes.filter(municipality_id=chosen_id).values("offer_id"))
        )


class OfferPriceQuerySet(PeriodQuerySet):
    def on(self, day: dt.date) -> Self:
        """Prices that hold on `day`."""
        return self.valid_on(day)


class HoldingQuerySet(PeriodQuerySet):
    def of_active_people(self) -> Self:
        """Holdings of people whose account is open."""
        return self.filter(user__is_active=True)
