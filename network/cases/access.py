"""Which grants and list rows the case teams call for (docs/architecture.md, "Expected grants")."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from network.cases.models import Case, CaseListing, TeamMember
from network.cases.models.case import in_list
from network.cases.sight import sight_of
from network.models import Holding
from portal.access.roles import Role

# User and case.
Key = tuple[str, Any]


@dataclass(frozen=True)
class Reach:
    """A user reaches a case from one day to another (not included; None: no end).

    `sees_place`: whether the list may say where the person lives.
    """

    user_id: Any
    case_id: Any
    valid_from: dt.date
    valid_until: dt.date | None
    sees_place: bool


def reaches(users: Iterable[Any] | None, day: dt.date) -> Iterator[Reach]:
    """Accepted memberships with the holders of their position, over but for what has ended."""
    by_position: dict[Any, list[Holding]] = {}
    for holding in _holdings(users, day):
        by_position.setdefault(holding.position_id, []).append(holding)
    for member in _members(day).filter(position_id__in=by_position):
        sees_place = "contact" in sight_of(member.role, member.parts)
        for holding in by_position[member.position_id]:
            yield from _reach(member, holding, sees_place)


def outlines(users: Iterable[Any], day: dt.date) -> Iterator[Reach]:
    """The same for whoever leads an organisation: the cases its positions work on. No grants."""
    by_organisation: dict[Any, list[Holding]] = {}
    leading = _holdings(users, day).filter(position__role=Role.ORGANISATION_LEAD)
    for holding in leading.select_related("position"):
        by_organisation.setdefault(holding.position.organisation_id, []).append(holding)
    members = _members(day).filter(position__organisation_id__in=by_organisation)
    for member in members.select_related("position"):
        for holding in by_organisation[member.position.organisation_id]:
            yield from _reach(member, holding, sees_place=False)


def _holdings(users: Iterable[Any] | None, day: dt.date) -> QuerySet[Holding]:
    holdings = Holding.objects.filter(_not_over(day))
    return holdings if users is None else holdings.filter(user_id__in=users)


def _members(day: dt.date) -> QuerySet[TeamMember]:
    return TeamMember.objects.accepted().filter(_not_over(day)).defer("task")


def _not_over(day: dt.date) -> Q:
    return Q(valid_until__isnull=True) | Q(valid_until__gt=day)


def _reach(member: TeamMember, holding: Holding, sees_place: bool) -> Iterator[Reach]:
    """The days that membership and holding share, if any."""
    begin = max(member.valid_from, holding.valid_from)
    end = min((day for day in (member.valid_until, holding.valid_until) if day), default=None)
    if end is None or begin < end:
        yield Reach(holding.user_id, member.case_id, begin, end, sees_place)


def expected_grants(users: Iterable[Any] | None) -> set[tuple[Any, str, Any]]:
    """One grant for each user and case that a membership joins, now or later."""
    today = timezone.localdate()
    return {(reach.user_id, "see_case", reach.case_id) for reach in reaches(users, today)}


def fill_listings(users: Iterable[Any]) -> None:
    """Bring the access table of `users` in step with their memberships; write what differs."""
    ids, day = list(users), timezone.localdate()
    found: dict[Key, list[Reach]] = {}
    for reach in chain(reaches(ids, day), outlines(ids, day)):
        found.setdefault((str(reach.user_id), reach.case_id), []).append(reach)
    case_ids = {case_id for _user, case_id in found}
    cases = Case.objects.defer("noticing").in_bulk(case_ids) if case_ids else {}
    wanted = {key: _listing(several, cases[key[1]]) for key, several in found.items()}
    there = {
        (str(row.user_id), row.case_id): row for row in CaseListing.objects.filter(user_id__in=ids)
    }
    same = {key for key in wanted.keys() & there.keys() if _is_same(wanted[key], there[key])}
    surplus = [row.pk for key, row in there.items() if key not in same]
    if surplus:
        CaseListing.objects.filter(pk__in=surplus).delete()
    CaseListing.objects.bulk_create(row for key, row in wanted.items() if key not in same)


def _is_same(one: CaseListing, other: CaseListing) -> bool:
    names = [field.attname for field in CaseListing._meta.concrete_fields if field.name != "id"]
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _listing(several: list[Reach], case: Case) -> CaseListing:
    """One row from the first day of all reaches to the last; in a gap the policy says no."""
    ends = [reach.valid_until for reach in several if reach.valid_until]
    return CaseListing(
        user_id=several[0].user_id,
        case_id=case.pk,
        valid_from=min(reach.valid_from for reach in several),
        valid_until=max(ends) if len(ends) == len(several) else None,
        # A place that the reader may not see cannot be asked for in a filter either.
        municipality_id=case.municipality_id
        if any(reach.sees_place for reach in several)
        else None,
        **in_list(case),
    )
