"""Who may bring in prices: reference prices the publishers, an organisation's own who speaks for it
and who leads its region.
"""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from catalogue.models import PriceImport
from catalogue.models.price_import import ORGANISATION, ROUND
from catalogue.policies import RoundPolicy
from network.policies import OfferingPolicy
from portal.access.policies import Policy


class PriceImportPolicy(Policy[PriceImport]):
    """The price forms that somebody sent, as long as they may still set prices where these go."""

    model = PriceImport
    actions: ClassVar[frozenset[str]] = frozenset({"handle"})
    visible_by = ("handle",)

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[PriceImport]:
        rounds = _named(ROUND, RoundPolicy.rows(user, "price", day))
        organisations = _named(ORGANISATION, OfferingPolicy.rows(user, "add", day))
        return PriceImport.objects.filter(
            Q(target__in=rounds) | Q(target__in=organisations), by_id=user.pk
        )


def _named(kind: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """“round:3” for each of `rows`, inside the same statement."""
    name = Concat(Value(f"{kind}:"), Cast("pk", CharField()), output_field=CharField())
    return rows.order_by().annotate(target_name=name).values("target_name")
