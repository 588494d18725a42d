"""Emergency looks as pages show them: to the team, and to whoever judges them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from network.cases.models import BreakGlass, TeamMember
from network.cases.policies import LEADS
from portal.audit.models import AccessEvent
from portal.audit.reports import Line, lines
from portal.templatetags.ui import day_time as moment_in_words

# How long the team finds an emergency look on its desk.
TOLD_FOR = dt.timedelta(days=14)
# One that nobody has judged for so long is overdue.
JUDGED_WITHIN = dt.timedelta(days=7)
HEADING = (
    _("Began"),
    _("Ended"),
    _("Case"),
    _("Who looked"),
    _("Position"),
    _("Organisation"),
    _("Reason"),
    _("Verdict"),
    _("What the auditor says"),
    _("Judged by"),
    _("Judged"),
)


@dataclass(frozen=True)
class LookRow:
    """One emergency look; `now` tells whether it is open or overdue to be judged."""

    look: BreakGlass
    now: dt.datetime

    @property
    def who(self) -> str:
        return f"{self.look.user}, {self.look.position.organisation}"

    @property
    def is_open(self) -> bool:
        return bool(self.look.ends_at > self.now)

    @property
    def is_overdue(self) -> bool:
        return self.look.reviewed_at is None and self.look.started_at < self.now - JUDGED_WITHIN


def _whole(looks: QuerySet[BreakGlass]) -> QuerySet[BreakGlass]:
    return looks.select_related("case", "user", "position__organisation", "reviewed_by")


def looks_to_show(looks: QuerySet[BreakGlass], now: dt.datetime) -> list[LookRow]:
    """`looks` as rows, in their order."""
    return [LookRow(look, now) for look in _whole(looks)]


def notices_for(user: Any, now: dt.datetime, day: dt.date) -> list[LookRow]:
    """What happened lately in cases that `user` sees the whole of; not by themselves."""
    mine = (
        TeamMember.objects.accepted()
        .valid_on(day)
        .held_by(user, day)
        .filter(case_id=OuterRef("case_id"), role__in=LEADS)
    )
    looks = BreakGlass.objects.filter(Exists(mine), started_at__gt=now - TOLD_FOR)
    return looks_to_show(looks.exclude(user_id=user.pk), now)


def what_was_seen(look: BreakGlass) -> list[Line]:
    """The entries that the look left in the log, oldest first."""
    return lines(
        AccessEvent.objects.filter(
            usercode=str(look.user_id),
            subjects__subject=str(look.case_id),
            logtime__gte=look.started_at,
            logtime__lte=look.ends_at,
        )
        .order_by("sequence")
        .distinct()
    )


def to_judge(user: Any, waiting: QuerySet[BreakGlass], now: dt.datetime) -> tuple[int, int]:
    """How many looks wait for `user` to judge them, and how many of these are overdue."""
    overdue = waiting.filter(started_at__lt=now - JUDGED_WITHIN)
    return waiting.count(), overdue.count()


def table(looks: QuerySet[BreakGlass]) -> Iterator[list[object]]:
    """Rows under HEADING, without a word about the person but what the reason says."""
    for look in _whole(looks):
        yield [
            moment_in_words(look.started_at),
            moment_in_words(look.ends_at),
            look.case.number,
            str(look.user),
            look.position.title,
            look.position.organisation.name,
            look.reason,
            look.get_verdict_display(),
            look.verdict_text,
            str(look.reviewed_by or ""),
            moment_in_words(look.reviewed_at),
        ]
