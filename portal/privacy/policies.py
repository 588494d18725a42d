"""Who may see and change how long things are kept, and what may not be erased."""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import QuerySet

from portal.access.policies import Policy, is_administrator
from portal.privacy.models import LegalHold, RetentionClass


class RetentionPolicy(Policy[RetentionClass]):
    """The administrator reads and sets the terms. Opens no case."""

    model = RetentionClass
    actions: ClassVar[frozenset[str]] = frozenset({"view", "change"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[RetentionClass]:
        classes = RetentionClass.objects.all()
        return classes if is_administrator(user, day) else classes.none()


class HoldPolicy(Policy[LegalHold]):
    """The administrator sets and lifts holds, by case number or account; sees no case by it."""

    model = LegalHold
    actions: ClassVar[frozenset[str]] = frozenset({"view", "lift"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[LegalHold]:
        if not is_administrator(user, day):
            return LegalHold.objects.none()
        holds = LegalHold.objects.all()
        return holds.filter(lifted_at__isnull=True) if action == "lift" else holds
