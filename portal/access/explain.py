"""Who can open what, and why: for “who can see this” and “what can this person see”.

The chains come from the apps (`reach.py`); whether the door really opens is asked of the policy,
in the very rows that the pages use. So a chain without a right and a right without a chain both
come to light.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import CharField, Model, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access.policies import Policy
from portal.access.reach import Kind, Reach, Thing, kinds
from portal.accounts.models import User

# What has ended is told for so long.
TOLD_FOR = dt.timedelta(days=90)
# SQLite joins at most 500 parts in one statement.
MOST_PARTS = 450


@dataclass(frozen=True)
class Line:
    """One person and one thing: what opens, by which chains."""

    kind: Kind
    thing: Thing
    user: User
    chains: tuple[Reach, ...]
    does: frozenset[str]
    is_over: bool = False

    @property
    def opens(self) -> bool:
        if self.is_over or not self.user.is_active:
            return False
        return bool(self.does or self.kind.policy is None)

    @property
    def is_unexplained(self) -> bool:
        """Opens, and no chain says why: a mistake in the code, shown in red."""
        return self.opens and not self.chains

    @property
    def sees(self) -> list[str]:
        return list(dict.fromkeys(chain.sees for chain in self.chains if chain.sees))

    @property
    def does_in_words(self) -> str:
        return ", ".join(str(words) for code, words in self.kind.told.items() if code in self.does)

    @property
    def since(self) -> dt.date | None:
        days = [chain.valid_from for chain in self.chains if chain.valid_from]
        return min(days, default=None)

    @property
    def last_day(self) -> dt.date | None:
        """None while a chain has no end."""
        days = [chain.last_day for chain in self.chains]
        known = [day for day in days if day]
        return max(known) if known and len(known) == len(days) else None

    @property
    def why(self) -> str:
        return "; ".join(chain.sentence for chain in self.chains)

    @property
    def url(self) -> str:
        return reverse(self.kind.route, args=[self.thing.pk]) if self.kind.route else ""


def people_of(kind: Kind, thing: Model, day: dt.date) -> list[Line]:
    """Everybody who opens `thing` on `day`, then those whose way to it has ended lately."""
    held = _granted(kind, content_object_id=thing.pk)
    chains = _with_grants(
        kind.reaches(day, day - TOLD_FOR, things=[thing.pk]), {user for user, _thing in held}, 0
    )
    # Whoever has a grant is asked about too: one that was left over opens nothing, and shows it.
    ids = {chain.user_id for chain in chains} | {user for user, _thing in held}
    users = User.objects.in_bulk(ids)
    named = kind.names([thing.pk])[thing.pk]
    may = _allowed(kind, users.values(), thing, day)
    rows = [
        _lines(kind, named, user, [one for one in chains if one.user_id == user.pk], may[user.pk])
        for user in users.values()
    ]
    return _sorted(row for several in rows for row in several)


def things_of(user: User, day: dt.date) -> list[Line]:
    """Everything that `user` opens on `day`, kind by kind, then what has ended lately."""
    rows: list[Line] = []
    for kind in kinds():
        held = {thing for _user, thing in _granted(kind, user_id=user.pk)}
        chains = _with_grants(kind.reaches(day, day - TOLD_FOR, users=[user.pk]), held, 1)
        may = _actions(kind, user, day, None if kind.is_whole else {one.thing_id for one in chains})
        by_thing: dict[Any, list[Reach]] = {pk: [] for pk in may}
        for chain in chains:
            by_thing.setdefault(chain.thing_id, []).append(chain)
        names = kind.names(by_thing)
        found = [
            _lines(kind, names[pk], user, several, may.get(pk, set()))
            for pk, several in by_thing.items()
        ]
        rows += sorted((one for several in found for one in several), key=_by_thing)
    return [row for row in rows if not row.is_over] + [row for row in rows if row.is_over]


def allowed(
    policy: type[Policy[Any]],
    users: Iterable[User],
    actions: Collection[str],
    thing: Model,
    day: dt.date,
) -> dict[Any, set[str]]:
    """What each of `users` may do with `thing`: the policy's own rows, asked in one statement."""
    people = {str(user.pk): user.pk for user in users}
    may: dict[Any, set[str]] = {pk: set() for pk in people.values()}
    parts = [
        policy.rows(user, action, day)
        .filter(pk=thing.pk)
        .order_by()
        .annotate(
            who=Value(str(user.pk), output_field=CharField()),
            what=Value(action, output_field=CharField()),
        )
        .values_list("who", "what")
        for user in users
        if user.is_active
        for action in actions
    ]
    for at in range(0, len(parts), MOST_PARTS):
        first, *others = parts[at : at + MOST_PARTS]
        for who, what in first.union(*others, all=True) if others else first:
            may[people[who]].add(what)
    return may


def _allowed(kind: Kind, users: Iterable[User], thing: Model, day: dt.date) -> dict[Any, set[str]]:
    people = list(users)
    if kind.policy is None:
        return {user.pk: set() for user in people}
    return allowed(kind.policy, people, list(kind.told), thing, day)


def _actions(kind: Kind, user: User, day: dt.date, among: set[Any] | None) -> dict[Any, set[str]]:
    """Thing to actions that `user` may do with it; only things of `among`, if given."""
    may: dict[Any, set[str]] = {}
    if kind.policy is None:
        return may
    for action in kind.told:
        rows = kind.policy.rows(user, action, day)
        if among is not None:
            rows = rows.filter(pk__in=among)
        for pk in rows.order_by().values_list("pk", flat=True):
            may.setdefault(pk, set()).add(action)
    return may


def _granted(kind: Kind, **whose: Any) -> set[tuple[Any, Any]]:
    """(user, thing) of the grants that stand."""
    if kind.grant is None:
        return set()
    # The column stands in every subclass and not in the abstract model.
    grants: Any = kind.grant._default_manager
    return set(grants.filter(**whose).values_list("user_id", "content_object_id"))


def _with_grants(chains: Iterable[Reach], held: set[Any], end: int) -> list[Reach]:
    """The chains with their last step: is the grant there? `end` 0 asks the user, 1 the thing."""
    found = []
    for chain in chains:
        if chain.needs_grant and not chain.is_over:
            there = (chain.user_id, chain.thing_id)[end] in held
            step = _("the grant is in place") if there else _("the grant is missing")
            chain = replace(chain, steps=(*chain.steps, step))
        found.append(chain)
    return found


def _lines(
    kind: Kind, thing: Thing, user: User, chains: list[Reach], may: set[str]
) -> Iterable[Line]:
    """At most one line of what runs, and one of what has ended and nothing has come in its place.

    A person with neither (a grant that was left over) gets no line: `check_grants` tells of it.
    """
    running = tuple(chain for chain in chains if not chain.is_over)
    if running or may:
        yield Line(kind, thing, user, running, frozenset(may))
    elif over := tuple(chain for chain in chains if chain.is_over):
        yield Line(kind, thing, user, over, frozenset(), is_over=True)


def _by_thing(line: Line) -> tuple[bool, str, str]:
    return line.is_over, line.thing.name.casefold(), str(line.thing.pk)


def _sorted(lines: Iterable[Line]) -> list[Line]:
    """Those who open it by name, then those who do not, then what is over."""
    return sorted(
        lines,
        key=lambda one: (one.is_over, not one.opens, str(one.user).casefold(), str(one.user.pk)),
    )
