"""Which grants seats and posts call for (docs/architecture.md, "Permissions")."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from network.models import Holding, Seat
from portal.access.roles import Role

# Positions with one of these usual roles speak for their organisation where offers are concerned.
SPEAKERS = (Role.OFFER_EDITOR, Role.ORGANISATION_LEAD)

Grant = tuple[Any, str, Any]


def expected_region_grants(users: Iterable[Any] | None) -> set[Grant]:
    """Whoever holds a position with a seat, now or later, sits in that region."""
    today = timezone.localdate()
    holdings = _holdings(users, today)
    by_position: dict[Any, list[Any]] = {}
    for position, user in holdings.values_list("position_id", "user_id"):
        by_position.setdefault(position, []).append(user)
    seats = Seat.objects.filter(_not_over(today), position_id__in=by_position)
    return {
        (user, "sit_in_region", region)
        for position, region in seats.values_list("position_id", "region_id")
        for user in by_position[position]
    }


def expected_organisation_grants(users: Iterable[Any] | None) -> set[Grant]:
    """Whoever holds a position that speaks for its organisation edits that one's offers."""
    speaking = _holdings(users, timezone.localdate()).filter(
        position__role__in=SPEAKERS, position__is_active=True
    )
    return {
        (user, "edit_offers", organisation)
        for user, organisation in speaking.values_list("user_id", "position__organisation_id")
    }


def _holdings(users: Iterable[Any] | None, day: dt.date) -> QuerySet[Holding]:
    holdings = Holding.objects.filter(_not_over(day))
    return holdings if users is None else holdings.filter(user_id__in=users)


def _not_over(day: dt.date) -> Q:
    return Q(valid_until__isnull=True) | Q(valid_until__gt=day)
