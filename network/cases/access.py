"""Which grants and list rows the case teams call for (docs/architecture.md, "Expected grants")."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from network.cases.models import Case, CaseListing, TeamMember
from network.cases.models.case import in_list
from network.cases.sight import sight_of
from network.models import Holding


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
    not_over = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    holdings = Holding.objects.filter(not_over)
    if users is not None:
        holdings = holdings.filter(user_id__in=users)
    by_position: dict[Any, list[Holding]] = {}
    for holding in holdings:
        by_position.setdefault(holding.position_id, []).append(holding)
    members = TeamMember.objects.accepted().filter(not_over, position_id__in=by_position)
    for member in members.only(
        "case_id", "position_id", "role", "parts", "valid_from", "valid_until"
    ):
        sees_place = "contact" in sight_of(member.role, member.parts)
        for holding in by_position[member.position_id]:
            begin = max(member.valid_from, holding.valid_from)
            ends = [end for end in (member.valid_until, holding.valid_until) if end]
            end = min(ends, default=None)
            if end is None or begin < end:
                yield Reach(holding.user_id, member.case_id, begin, end, sees_place)


def expected_grants(users: Iterable[Any] | None) -> set[tuple[Any, str, Any]]:
    """One grant for each user and case that a membership joins, now or later."""
    today = timezone.localdate()
    return {(reach.user_id, "see_case", reach.case_id) for reach in reaches(users, today)}


def fill_listings(users: Iterable[Any]) -> None:
    """Write the access table of `users` anew from their memberships."""
    ids = list(users)
    found: dict[tuple[str, Any], list[Reach]] = {}
    for reach in reaches(ids, timezone.localdate()):
        found.setdefault((str(reach.user_id), reach.case_id), []).append(reach)
    cases = Case.objects.in_bulk({case_id for _user, case_id in found})
    CaseListing.objects.filter(user_id__in=ids).delete()
    CaseListing.objects.bulk_create(
        _listing(several, cases[case_id]) for (_user, case_id), several in found.items()
    )


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
