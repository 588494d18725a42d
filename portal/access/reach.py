"""What can be opened, and the chains of reasons that lead there: the words for `explain.py`.

An app says in `AppConfig.ready()` what can be opened on its floor: `register(Kind(...))`.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.access.grants import ObjectGrant
from portal.access.policies import Policy
from portal.templatetags.ui import day as in_days

Words = str | Promise


@dataclass(frozen=True)
class Reach:
    """One chain from a user to a thing, in words step by step.

    `sees` is what it shows, where that is not the same for everybody; `valid_until` is the first
    day on which it no longer holds. `needs_grant`: a row of the grant table belongs to it.
    """

    user_id: Any
    thing_id: Any
    steps: tuple[str, ...]
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    sees: str = ""
    needs_grant: bool = False
    is_over: bool = False

    @property
    def last_day(self) -> dt.date | None:
        return self.valid_until - dt.timedelta(days=1) if self.valid_until else None

    @property
    def sentence(self) -> str:
        return " → ".join(self.steps)


@dataclass(frozen=True)
class Thing:
    """What can be opened, by a name that says nothing private. `number` is that of a case."""

    pk: Any
    name: str
    number: str = ""


class Reaches(Protocol):
    """Told by an app: the chains of a kind, in so many statements whatever the number of rows."""

    def __call__(
        self,
        day: dt.date,
        since: dt.date,
        *,
        users: Collection[Any] | None = None,
        things: Collection[Any] | None = None,
    ) -> Iterable[Reach]:
        """Chains on a day from `since` to `day`, of these users or to these things."""


@dataclass(frozen=True)
class Kind:
    """Something that people open: cases, regions.

    `told` are the actions of `policy` that the pages name; without a policy the chain itself is
    the right. `route` leads to the page of one thing. `is_whole`: every right has a chain in
    `reaches`; otherwise rights that follow from another kind (a seat opens all meetings of its
    group) are left to that one.
    """

    code: str
    label: Words
    reaches: Reaches
    names: Callable[[Collection[Any]], dict[Any, Thing]]
    told: Mapping[str, Words] = field(default_factory=dict)
    policy: type[Policy[Any]] | None = None
    grant: type[ObjectGrant] | None = None
    route: str = ""
    is_whole: bool = True
    order: int = 0


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Say what can be opened on this floor."""
    if kind.code in _kinds:
        raise ValueError(f"{kind.code} is registered already.")
    _kinds[kind.code] = kind


def kinds() -> list[Kind]:
    """All kinds, in the order in which the page shows them."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def kind_of(code: str) -> Kind:
    return _kinds[code]


def overlapping(since: dt.date, day: dt.date) -> Q:
    """Periods that share a day with those from `since` to `day`."""
    return Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=since))


def shared_days(day: dt.date, *periods: Any) -> dict[str, Any] | None:
    """What `periods` have in common, as fields of `Reach`; None if they share no day."""
    begin = max(one.valid_from for one in periods)
    end = min((one.valid_until for one in periods if one.valid_until), default=None)
    if end is not None and end <= begin:
        return None
    return {
        "valid_from": begin,
        "valid_until": end,
        "is_over": end is not None and end <= day,
    }


def in_period(period: Any) -> str:
    """“since 01.09.2026” or “01.09.2026 to 30.09.2026”, the last day included."""
    first = in_days(period.valid_from)
    if period.valid_until is None:
        return _("since %(first)s") % {"first": first}
    last = in_days(period.valid_until - dt.timedelta(days=1))
    return _("%(first)s to %(last)s") % {"first": first, "last": last}
