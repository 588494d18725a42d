"""Which rows of meetings; the day is an argument, never a request."""

import datetime as dt
from typing import Self

from django.db import models


class MeetingQuerySet(models.QuerySet):
    def held(self) -> Self:
        """Meetings that took place: their minutes are there, approved or not."""
        return self.filter(state__in=("ended", "approved"))

    def coming(self, now: dt.datetime) -> Self:
        """Meetings that run or are to come, the next one first."""
        still = models.Q(state="running") | models.Q(state="planned", starts_at__gte=now)
        return self.filter(still).order_by("starts_at", "pk")


class ActionQuerySet(models.QuerySet):
    def undone(self) -> Self:
        """Actions that are carried over from meeting to meeting, the most pressing first."""
        return self.filter(state="open").order_by("due", "pk")
