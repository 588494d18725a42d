"""Who is on the team of a case, by position, and what each of them sees."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from network.cases.models import Case, TeamMember
from network.cases.sight import in_words, sight_of
from network.models import Holding


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
