"""Which rows of a case; the day and the user are arguments, never a request."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from network.models import Holding
from portal.base.periods import PeriodQuerySet

SEES_EVERYTHING = ("base_support", "case_manager")


class CaseQuerySet(models.QuerySet):
    def of_team_of(self, user: Any, day: dt.date, **member: Any) -> Self:
        """Cases on whose team `user` is on `day`; `member` narrows the membership, in one Exists.

        Grant, membership and holding are all asked: a grant that was left over opens nothing.
        """
        from_team = self._of("team")
        grants = self._of("grants")
        return self.filter(
            Exists(grants.filter(content_object_id=OuterRef("pk"), user_id=user.pk)),
            Exists(
                from_team.accepted()
                .valid_on(day)
                .held_by(user, day)
                .filter(case_id=OuterRef("pk"), **member)
            ),
        )

    def _of(self, relation: str) -> Any:
        """The rows on the other side of `relation`, without importing their model from here."""
        related: Any = self.model._meta.get_field(relation).related_model
        return related.objects.all()


class TeamMemberQuerySet(PeriodQuerySet):
    def accepted(self) -> Self:
        return self.filter(state="accepted")

    def held_by(self, user: Any, day: dt.date) -> Self:
        """Memberships of positions that `user` holds on `day`."""
        holdings = Holding.objects.valid_on(day).filter(
            user_id=user.pk, position_id=OuterRef("position_id")
        )
        return self.filter(Exists(holdings))


class BreakGlassQuerySet(models.QuerySet):
    def in_force(self, user: Any, now: dt.datetime) -> Self:
        """Emergency looks of `user` that are open at `now`, to the minute.

        The position that gave the right has to be held still.
        """
        holdings = Holding.objects.valid_on(timezone.localdate(now)).filter(
            user_id=user.pk, position_id=OuterRef("position_id"), position__is_active=True
        )
        return self.filter(Exists(holdings), user_id=user.pk, started_at__lte=now, ends_at__gt=now)

    def waiting(self) -> Self:
        """Those that nobody has judged yet, the oldest first."""
        return self.filter(reviewed_at__isnull=True).order_by("started_at")


class CaseNoteQuerySet(models.QuerySet):
    def readable_by(self, user: Any, *, sees_everything: bool, sees_team_notes: bool) -> Self:
        """Own notes; the team's for whoever may read them; all for whoever sees everything."""
        if sees_everything:
            return self
        mine = Q(author_id=user.pk)
        return self.filter(mine | Q(audience="team")) if sees_team_notes else self.filter(mine)
