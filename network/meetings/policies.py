"""Who may do what with meetings, and with what comes of them."""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from network.meetings.models import (
    Action,
    Attendance,
    Decision,
    Group,
    Meeting,
    MeetingGrant,
    Series,
)
from network.models import Holding
from network.policies import LEADING_BODIES, regions_of
from portal.access.policies import Policy


def groups_of(user: Any, day: dt.date) -> QuerySet[Group]:
    """The groups that a seat of `user` belongs to on `day`."""
    rows = Q(pk__in=[])
    for body, bodies in Group.BODIES.items():
        rows |= Q(body=body, region__in=regions_of(user, day, bodies))
    return Group.objects.filter(rows)


def led_groups(user: Any, day: dt.date) -> QuerySet[Group]:
    """The groups whose meetings `user` prepares and runs: those of the regions they lead."""
    return Group.objects.filter(region__in=regions_of(user, day, LEADING_BODIES))


class GroupPolicy(Policy[Group]):
    """`view`: a seat in it. `lead`: a seat of the steering group, or the coordinator's."""

    model = Group
    actions: ClassVar[frozenset[str]] = frozenset({"view", "lead"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Group]:
        return led_groups(user, day) if action == "lead" else groups_of(user, day)


class SeriesPolicy(Policy[Series]):
    """Whoever leads the group plans its series; its members see them."""

    model = Series
    actions: ClassVar[frozenset[str]] = frozenset({"view", "lead"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Series]:
        groups = led_groups(user, day) if action == "lead" else groups_of(user, day)
        return Series.objects.filter(group__in=groups)


class MeetingPolicy(Policy[Meeting]):
    """Members of the group and guests see a meeting; who leads the group prepares and runs it.

    `propose`: a member may put a topic on the agenda while the meeting is planned; who leads it
    also while it runs. `write`: who leads it and whoever takes its minutes write what happens.
    """

    model = Meeting
    actions: ClassVar[frozenset[str]] = frozenset({"view", "lead", "propose", "write"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Meeting]:
        led = Q(group__in=led_groups(user, day))
        if action == "lead":
            return Meeting.objects.filter(led)
        member = Q(group__in=groups_of(user, day))
        if action == "propose":
            running = led & Q(state=Meeting.State.RUNNING)
            return Meeting.objects.filter(member & Q(state=Meeting.State.PLANNED) | running)
        seen = member | Q(Exists(cls._guest(user, day)))
        if action == "write":
            return Meeting.objects.filter(led | seen & Q(Exists(cls._taken_by(user, day))))
        return Meeting.objects.filter(seen)

    @staticmethod
    def _taken_by(user: Any, day: dt.date) -> QuerySet[Holding]:
        """Holdings of `user` whose position takes the minutes."""
        return Holding.objects.valid_on(day).filter(
            user_id=user.pk, position_id=OuterRef("minutes_taker_id")
        )

    @staticmethod
    def _guest(user: Any, day: dt.date) -> QuerySet[Attendance]:
        holdings = Holding.objects.valid_on(day).filter(
            user_id=user.pk, position_id=OuterRef("position_id")
        )
        grants = MeetingGrant.objects.filter(
            content_object_id=OuterRef("meeting_id"), user_id=user.pk
        )
        return Attendance.objects.filter(
            Exists(holdings), Exists(grants), is_guest=True, meeting_id=OuterRef("pk")
        )


class DecisionPolicy(Policy[Decision]):
    """Members of the group find its decisions for years; who wrote the minutes corrects them."""

    model = Decision
    actions: ClassVar[frozenset[str]] = frozenset({"view", "write"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Decision]:
        written = Q(item__meeting__in=MeetingPolicy.rows_for(user, "write", day))
        if action == "write":
            return Decision.objects.filter(written)
        return Decision.objects.filter(written | Q(group__in=groups_of(user, day)))


class ActionPolicy(Policy[Action]):
    """Members of the group see its actions, the responsible position its own.

    `finish`: the responsible position, or who leads the group. `write`: whoever wrote it down.
    """

    model = Action
    actions: ClassVar[frozenset[str]] = frozenset({"view", "mine", "finish", "lead", "write"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Action]:
        holdings = Holding.objects.valid_on(day).filter(
            user_id=user.pk, position_id=OuterRef("position_id")
        )
        mine = Q(Exists(holdings))
        if action == "mine":
            return Action.objects.filter(mine)
        written = Q(item__meeting__in=MeetingPolicy.rows_for(user, "write", day))
        if action == "write":
            return Action.objects.filter(written)
        led = Q(group__in=led_groups(user, day))
        if action == "lead":
            return Action.objects.filter(led)
        if action == "finish":
            return Action.objects.filter(mine | led)
        return Action.objects.filter(mine | written | Q(group__in=groups_of(user, day)))
