"""Which rows of the network; the day is always an argument."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

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

    def not_over(self, day: dt.date) -> Self:
        """Holdings that run on `day` or begin later."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))

    def unconfirmed(self, day: dt.date) -> Self:
        """Running holdings of which nobody has said since `day` that they are needed still."""
        long_ago = Q(confirmed_on__isnull=True, valid_from__lt=day) | Q(confirmed_on__lt=day)
        return self.of_active_people().filter(long_ago)

    def filling(self, now: dt.datetime) -> Self:
        """Holdings by somebody who has an open account, or an invitation that still works."""
        invitations: Any = self._of("user", "invitations")
        still = invitations.filter(
            user_id=OuterRef("user_id"),
            accepted_at__isnull=True,
            cancelled_at__isnull=True,
            expires_at__gt=now,
        )
        return self.filter(Q(user__is_active=True) | Exists(still))

    def _of(self, relation: str, back: str) -> Any:
        """The rows at the far end of two relations, without importing a model from here."""
        user: Any = self.model._meta.get_field(relation).related_model
        return user._meta.get_field(back).related_model._default_manager


class PositionQuerySet(models.QuerySet):
    def with_vacancy(self, day: dt.date, now: dt.datetime, within: int) -> Self:
        """Adds `is_vacant`: nobody holds it on `day`; `vacant_from`: a day soon when that begins.

        Somebody who was invited counts while the link works; a stand-in counts as well. Whoever
        stops in `within` days is looked at on the very day the next one would have to be there.
        """
        holdings: Any = self._holdings().filling(now)
        today = holdings.valid_on(day).filter(position_id=OuterRef("pk"))
        later = day + dt.timedelta(days=within)
        # On the day on which this one ends, does anybody else hold it?
        next_one = holdings.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until")),
            position_id=OuterRef("position_id"),
            valid_from__lte=OuterRef("valid_until"),
        )
        ends = (
            holdings.filter(
                ~Exists(next_one),
                position_id=OuterRef("pk"),
                valid_until__gt=day,
                valid_until__lte=later,
            )
            .order_by("valid_until")
            .values("valid_until")[:1]
        )
        return self.annotate(is_vacant=~Exists(today), vacant_from=Subquery(ends))

    def _holdings(self) -> Any:
        related: Any = self.model._meta.get_field("holdings").related_model
        return related.objects.all()
