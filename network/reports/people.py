"""Positions with their holders as those who look after them see them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Holding, Position, RegionMembership
from network.models.position import CONFIRMED_FOR, GRACE
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


def heading() -> list[str]:
    """What stands above each column of `table`."""
    return [
        _("Organisation"),
        _("Position"),
        _("Role"),
        _("State"),
        _("Who holds it"),
        _("How"),
        _("From"),
        _("Last day"),
    ]


def table(rows: Iterable[PositionRow]) -> Iterator[tuple[Any, ...]]:
    """One line for each holder, one for each position without any."""
    for row in rows:
        post = (row.organisation, row.position.title, str(row.role), row.state_in_words)
        if not row.holders:
            yield (*post, "", "", "", "")
        for one in row.holders:
            first, last = one.holding.valid_from, one.holding.last_day
            kind = one.holding.get_kind_display()
            yield (*post, one.who, kind, day_in_words(first), day_in_words(last))


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


def colleagues(
    organisation_ids: Iterable[Any], by: Any, day: dt.date, *, but: Iterable[Any] = ()
) -> list[User]:
    """Who could take over: people at work in the same organisations, but for `by`.

    `but`: ids of who lets go of it and so cannot go on with it.
    """
    holdings = Holding.objects.valid_on(day).filter(
        Q(invited_at__isnull=True) | Q(user__last_login__gte=F("invited_at")),
        position__organisation_id__in=list(organisation_ids),
    )
    people = User.objects.filter(pk__in=holdings.values("user_id"), is_active=True)
    others = people.exclude(pk__in=[by.pk, *but])
    return list(others.order_by("last_name", "first_name", "pk"))


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


def right_rows(holdings: Iterable[Holding], day: dt.date) -> list[RightRow]:
    return [RightRow(holding, day) for holding in holdings]


def member_table(members: Iterable[RegionMembership]) -> Iterator[tuple[Any, ...]]:
    """One line for each organisation that works in a region."""
    for one in members:
        organisation = one.organisation
        kind, place = organisation.get_kind_display(), organisation.municipality
        yield (one.region, organisation.name, kind, place, day_in_words(one.valid_from))
