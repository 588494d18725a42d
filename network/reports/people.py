"""Positions with their holders as those who look after them see them; what waits for whom."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network import duties
from network.models import Holding, JoinRequest, Position
from network.models.position import CONFIRMED_FOR, GRACE, SOON
from network.policies import (
    HoldingPolicy,
    JoinPolicy,
    PositionPolicy,
    WorkplacePolicy,
    is_administrator,
)
from portal.accounts.invitations import WORKS_FOR
from portal.accounts.models import User
from portal.templatetags.ui import day as day_in_words


@dataclass(frozen=True)
class HolderRow:
    """Somebody in a position: now, later, or asked and not here yet (then by address alone)."""

    holding: Holding
    day: dt.date
    now: dt.datetime

    @property
    def who(self) -> str:
        user = self.holding.user
        return str(user) if self.holding.is_taken_up and user.get_full_name() else user.email

    @property
    def is_invited(self) -> bool:
        return not self.holding.is_taken_up

    @property
    def invitation_ends(self) -> dt.datetime | None:
        """When the invitation is too old; counted alike whether or not the account is new."""
        asked = self.holding.invited_at
        return asked + WORKS_FOR if asked and self.is_invited else None

    @property
    def is_too_late(self) -> bool:
        ends = self.invitation_ends
        return bool(ends and ends <= self.now)

    @property
    def is_stand_in(self) -> bool:
        return bool(self.holding.kind == Holding.Kind.STAND_IN)

    @property
    def is_coming(self) -> bool:
        return bool(self.holding.valid_from > self.day)

    @property
    def is_over(self) -> bool:
        until = self.holding.valid_until
        return bool(until and until <= self.day)

    @property
    def period(self) -> str:
        """`01.03.2026 – 31.03.2026`, or since when."""
        first = day_in_words(self.holding.valid_from)
        last = self.holding.last_day
        if last:
            return f"{first} – {day_in_words(last)}"
        if self.is_coming:
            return _("from %(day)s") % {"day": first}
        return _("since %(day)s") % {"day": first}


@dataclass(frozen=True)
class PositionRow:
    """A position of a list; `vacant_from` is a day soon from which nobody holds it."""

    position: Position
    holders: list[HolderRow]
    is_vacant: bool
    vacant_from: dt.date | None
    may_arrange: bool

    @property
    def organisation(self) -> str:
        return self.position.organisation.name

    @property
    def role(self) -> str:
        return str(self.position.get_role_display())

    @property
    def state(self) -> str:
        """`closed`, `vacant`, `soon`, `invited` or `held`."""
        if not self.position.is_active:
            return "closed"
        if self.is_vacant:
            return "vacant"
        if self.vacant_from:
            return "soon"
        today = [one for one in self.holders if not one.is_coming]
        return "invited" if today and all(one.is_invited for one in today) else "held"

    @property
    def state_in_words(self) -> str:
        return {
            "closed": _("out of use"),
            "vacant": _("nobody holds it"),
            "soon": _("vacant from %(day)s") % {"day": day_in_words(self.vacant_from)},
            "invited": _("invited"),
            "held": _("held"),
        }[self.state]


def position_rows(positions: QuerySet[Position], user: Any, now: dt.datetime) -> list[PositionRow]:
    """`positions` in their order with holders of today and later, in three statements."""
    day = timezone.localdate(now)
    holdings = Holding.objects.not_over(day).select_related("user").order_by("valid_from", "pk")
    found = list(
        positions.with_vacancy(day, now, SOON)  # type: ignore[attr-defined]
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


HEADING = ("organisation", "position", "role", "state", "holder", "kind", "from", "last_day")


def table(rows: Iterable[PositionRow]) -> Iterator[tuple[Any, ...]]:
    """One line for each holder, one for each position without any."""
    for row in rows:
        post = (row.organisation, row.position.title, row.role, row.state_in_words)
        if not row.holders:
            yield (*post, "", "", "", "")
        for one in row.holders:
            first, last = one.holding.valid_from, one.holding.last_day
            yield (*post, one.who, one.holding.get_kind_display(), first, last or "")


def line_of_time(position: Position, now: dt.datetime) -> list[dict[str, Any]]:
    """Who held, holds and will hold it, for ui/timeline.html; the last few of the past."""
    day = timezone.localdate(now)
    rows = [
        HolderRow(one, day, now)
        for one in position.holdings.select_related("user").order_by("-valid_from", "pk")[:12]
    ]
    return [
        {
            "title": _("%(who)s (stand-in)") % {"who": row.who} if row.is_stand_in else row.who,
            "text": row.period,
            "state": "past" if row.is_over else "todo" if row.is_coming else "now",
        }
        for row in reversed(rows)
    ]


def duties_of(positions: Iterable[Position], user: Any, day: dt.date) -> dict[uuid.UUID, list[str]]:
    """What each position has to do; of cases only for whoever leads its organisation."""
    led = set(WorkplacePolicy.rows(user, "lead", day).values_list("pk", flat=True))
    own = [one.pk for one in positions if one.organisation_id in led]
    others = [one.pk for one in positions if one.organisation_id not in led]
    return duties.of_positions(own, day, with_cases=True) | duties.of_positions(
        others, day, with_cases=False
    )


def colleagues(organisation_ids: Iterable[Any], by: Any, day: dt.date) -> list[User]:
    """Who could take over: people at work in the same organisations, but for `by`."""
    holdings = Holding.objects.valid_on(day).filter(
        Q(invited_at__isnull=True) | Q(user__last_login__gte=F("invited_at")),
        position__organisation_id__in=list(organisation_ids),
    )
    people = User.objects.filter(pk__in=holdings.values("user_id"), is_active=True)
    return list(people.exclude(pk=by.pk).order_by("last_name", "first_name", "pk"))


@dataclass(frozen=True)
class RightRow:
    """A holding that somebody says once a year is needed still."""

    holding: Holding
    day: dt.date

    @property
    def since(self) -> dt.date:
        return self.holding.confirmed_on or self.holding.valid_from

    @property
    def is_due(self) -> bool:
        return self.since < self.day - CONFIRMED_FOR

    @property
    def is_overdue(self) -> bool:
        return self.since < self.day - CONFIRMED_FOR - GRACE


def rights_to_look_at(user: Any, day: dt.date) -> QuerySet[Holding]:
    """What `user` confirms, the longest unconfirmed first; the administrator only what is late."""
    rows: Any = HoldingPolicy.rows(user, "confirm", day)
    if is_administrator(user, day):
        rows = rows.unconfirmed(day - CONFIRMED_FOR - GRACE)
    return rows.select_related("position__organisation", "user").order_by(  # type: ignore[no-any-return]
        F("confirmed_on").asc(nulls_first=True), "valid_from", "pk"
    )


def right_rows(holdings: Iterable[Holding], day: dt.date) -> list[RightRow]:
    return [RightRow(holding, day) for holding in holdings]


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
    return rows.with_vacancy(day, now, SOON).filter(  # type: ignore[no-any-return]
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
