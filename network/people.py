"""What of positions and organisations is shown to whom, and what waits for them.

The desk asks `people_waiting`, the menu `sees_people`.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone

from network import duties
from network.models import Holding, JoinRequest, Position
from network.models.position import CONFIRMED_FOR, GRACE, SOON
from network.policies import (
    HoldingPolicy,
    JoinPolicy,
    PositionPolicy,
    WorkplacePolicy,
)
from network.reports.people import HolderRow, PositionRow
from portal.access.policies import is_administrator


def position_rows(positions: Any, user: Any, now: dt.datetime) -> list[PositionRow]:
    """`positions` in their order with holders of today and later, in three statements."""
    day = timezone.localdate(now)
    holdings = Holding.objects.not_over(day).select_related("user").order_by("valid_from", "pk")
    found = list(
        positions.with_vacancy(day, now, SOON)
        .select_related("organisation")
        .prefetch_related(Prefetch("holdings", holdings, to_attr="held"))
    )
    mine = set(
        PositionPolicy.rows(user, "invite", day)
        .filter(pk__in=[one.pk for one in found])
        .values_list("pk", flat=True)
    )
    return [
        PositionRow(
            position=one,
            holders=[HolderRow(holding, day, now) for holding in one.held],
            is_vacant=one.is_vacant,
            vacant_from=one.vacant_from,
            may_arrange=one.pk in mine,
        )
        for one in found
    ]


def duties_of(positions: Iterable[Position], user: Any, day: dt.date) -> dict[uuid.UUID, list[str]]:
    """What each position has to do; of cases only for whoever leads its organisation."""
    led = set(WorkplacePolicy.rows(user, "lead", day).values_list("pk", flat=True))
    own = [one.pk for one in positions if one.organisation_id in led]
    others = [one.pk for one in positions if one.organisation_id not in led]
    return duties.of_positions(own, day, with_cases=True) | duties.of_positions(
        others, day, with_cases=False
    )


def rights_to_look_at(user: Any, day: dt.date) -> QuerySet[Holding]:
    """What `user` confirms, the longest unconfirmed first; the administrator only what is late."""
    rows: Any = HoldingPolicy.rows(user, "confirm", day)
    if is_administrator(user, day):
        rows = rows.unconfirmed(day - CONFIRMED_FOR - GRACE)
    return rows.select_related("position__organisation", "user").order_by(
        F("confirmed_on").asc(nulls_first=True), "valid_from", "pk"
    )


@dataclass(frozen=True)
class PeopleWaiting:
    """What the desk says about people: numbers only."""

    vacant: int = 0
    to_confirm: int = 0
    joins: int = 0
    overdue: int = 0

    def __bool__(self) -> bool:
        return bool(self.vacant or self.to_confirm or self.joins or self.overdue)


def sees_people(user: Any, day: dt.date) -> bool:
    """Does `user` look after anybody's positions? For the link in the menu."""
    return WorkplacePolicy.rows(user, "view", day).exists()


def vacancies(user: Any, now: dt.datetime) -> QuerySet[Position]:
    """Positions that `user` could give to somebody and nobody holds, now or soon."""
    day = timezone.localdate(now)
    rows: Any = PositionPolicy.rows(user, "invite", day)
    return rows.with_vacancy(day, now, SOON).filter(
        Q(is_vacant=True) | Q(vacant_from__isnull=False)
    )


def people_waiting(user: Any, now: dt.datetime) -> PeopleWaiting:
    """For the desk: vacant positions, rights to confirm, requests to decide, what is late."""
    day = timezone.localdate(now)
    joins = JoinPolicy.rows(user, "decide", day).count()
    if not sees_people(user, day):
        return PeopleWaiting(joins=joins)
    rights: Any = HoldingPolicy.rows(user, "confirm", day)
    if is_administrator(user, day):
        # The organisations' own affair, until it has waited too long.
        late = rights.unconfirmed(day - CONFIRMED_FOR - GRACE).count()
        return PeopleWaiting(joins=joins, overdue=late)
    due = rights.unconfirmed(day - CONFIRMED_FOR).count()
    return PeopleWaiting(vacancies(user, now).count(), due, joins)


def open_invitations(user: Any, now: dt.datetime) -> list[HolderRow]:
    """Whoever was let in and has not been here yet, the oldest first."""
    day = timezone.localdate(now)
    rows: Any = HoldingPolicy.rows(user, "end", day)
    asked = (
        rows.not_over(day)
        .filter(invited_at__isnull=False)
        .filter(
            Q(user__is_active=False)
            | Q(user__last_login__isnull=True)
            | Q(user__last_login__lt=F("invited_at"))
        )
        .select_related("user", "position__organisation")
        .order_by("invited_at", "pk")
    )
    return [HolderRow(one, day, now) for one in asked[:100]]


def requests_of(user: Any, day: dt.date, most: int = 100) -> list[JoinRequest]:
    """Requests that `user` sees, those that wait first."""
    rows = JoinPolicy.rows(user, "view", day).select_related(
        "region", "municipality", "asked_by", "decided_by"
    )
    waiting = JoinRequest.State.WAITING
    found = list(rows.filter(state=waiting).order_by("asked_at", "pk")[:most])
    return found + list(rows.exclude(state=waiting).order_by("-decided_at", "pk")[:most])
