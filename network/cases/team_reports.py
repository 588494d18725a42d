"""Who is on the team of a case, by position, and what each of them sees."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from network.cases.models import Case, TeamMember
from network.cases.policies import CasePolicy
from network.cases.sight import in_words, sight_of
from network.models import Holding
from portal.audit.models import AccessSubject

# So long a declined invitation is told to whoever invited, and to the team that can ask anew.
TOLD_FOR = dt.timedelta(days=14)


@dataclass(frozen=True)
class TeamRow:
    """A member of the team, or a position that has been asked and has not answered yet."""

    member: TeamMember
    holders: list[str]
    is_me: bool
    shows_task: bool = True

    @property
    def position(self) -> str:
        return self.member.position.title

    @property
    def who(self) -> str:
        return " · ".join([*self.holders, self.member.position.organisation.name])

    @property
    def until(self) -> dt.date | None:
        return self.member.last_day

    @property
    def sees(self) -> str:
        return in_words(self.member.role, self.member.parts)

    @property
    def task(self) -> str:
        return str(self.member.task) if self.shows_task else ""

    @property
    def is_invited(self) -> bool:
        return bool(self.member.state == TeamMember.State.INVITED)


def team_of(case: Case, user: Any, day: dt.date, *, tasks: bool = True) -> list[TeamRow]:
    """The team of `case` on `day` by position, whoever waits for an answer last.

    `tasks`: whether the reader may know what each was asked to do; it tells of the person.
    """
    members = list(
        case.team.exclude(state=TeamMember.State.DECLINED)
        .valid_on(day)
        .select_related("position__organisation")
    )
    holders = holders_of([member.position_id for member in members], day)
    rows = [
        TeamRow(
            member,
            [str(user) for user in holders.get(member.position_id, [])],
            user.pk in {holder.pk for holder in holders.get(member.position_id, [])},
            tasks,
        )
        for member in members
    ]
    return sorted(
        rows,
        key=lambda row: (
            row.is_invited,
            -len(sight_of(row.member.role, row.member.parts).parts),
            row.position,
        ),
    )


def holders_of(positions: Iterable[uuid.UUID], day: dt.date) -> dict[uuid.UUID, list[Any]]:
    """Who holds each of `positions` on `day`."""
    found: dict[uuid.UUID, list[Any]] = {}
    for holding in (
        Holding.objects.valid_on(day)
        .of_active_people()
        .filter(position_id__in=list(positions))
        .select_related("user")
    ):
        found.setdefault(holding.position_id, []).append(holding.user)
    return found


def declined_in(case: Case, day: dt.date) -> list[TeamMember]:
    """Invitations to the team of `case` that were declined lately, the last one first."""
    return list(_declined(day).filter(case=case))


def declined_for(user: Any, day: dt.date, limit: int = 10) -> list[TeamMember]:
    """What `user` invited to and was declined, until they have opened the case since."""
    mine = _declined(day).filter(
        invited_by_id=user.pk, case__in=CasePolicy.rows(user, "invite", day).values("pk")
    )
    members = list(mine.select_related("case")[:limit])
    if not members:
        return []
    looks = AccessSubject.objects.filter(
        subject__in=[str(member.case_id) for member in members],
        event__usercode=str(user.pk),
        event__actioncode="case_view",
    )
    seen = dict(looks.values_list("subject").annotate(Max("event__logtime")))
    return [
        member
        for member in members
        if not (last := seen.get(str(member.case_id))) or last < member.answered_at
    ]


def _declined(day: dt.date) -> QuerySet[TeamMember]:
    begin = timezone.make_aware(dt.datetime.combine(day - TOLD_FOR, dt.time()))
    return (
        TeamMember.objects.filter(state=TeamMember.State.DECLINED, answered_at__gte=begin)
        .select_related("position__organisation")
        .order_by("-answered_at")
    )
