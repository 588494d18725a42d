"""Which grants and list rows the case teams call for (docs/architecture.md, "Expected grants")."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from network.cases.models import Case, CaseListing, TeamMember
from network.models import Holding


@dataclass(frozen=True)
class Reach:
    """A user reaches a case from one day to another (not included; None: no end)."""

    user_id: Any
    case_id: Any
    valid_from: dt.date
    valid_until: dt.date | None


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
    for member in members.only("case_id", "position_id", "valid_from", "valid_until"):
        for holding in by_position[member.position_id]:
            begin = max(member.valid_from, holding.valid_from)
            ends = [end for end in (member.valid_until, holding.valid_until) if end]
            end = min(ends, default=None)
            if end is None or begin < end:
                yield Reach(holding.user_id, member.case_id, begin, end)


def expected_grants(users: Iterable[Any] | None) -> set[tuple[Any, str, Any]]:
    """One grant for each user and case that a membership joins, now or later."""
    today = timezone.localdate()
    return {(reach.user_id, "see_case", reach.case_id) for reach in reaches(users, today)}


def fill_listings(users: Iterable[Any]) -> None:
    """Write the access table of `users` anew from their memberships."""
    ids = list(users)
    best: dict[tuple[str, Any], Reach] = {}
    for reach in reaches(ids, timezone.localdate()):
        key = (str(reach.user_id), reach.case_id)
        if key not in best or _later(reach, best[key]):
            best[key] = reach
    cases = Case.objects.in_bulk({case_id for _user, case_id in best})
    CaseListing.objects.filter(user_id__in=ids).delete()
    CaseListing.objects.bulk_create(
        CaseListing(
            user_id=reach.user_id,
            case_id=reach.case_id,
            valid_from=reach.valid_from,
            valid_until=reach.valid_until,
            number=cases[reach.case_id].number,
            state=cases[reach.case_id].state,
            next_review=cases[reach.case_id].next_review,
            municipality_id=cases[reach.case_id].municipality_id,
        )
        for reach in best.values()
    )


def _later(one: Reach, other: Reach) -> bool:
    """Does `one` reach further? No end is the furthest."""
    if other.valid_until is None:
        return False
    return one.valid_until is None or one.valid_until > other.valid_until
