"""Who may set prices and ceilings: the publishers of the CMS, and nobody by being a superuser."""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import QuerySet

from catalogue.models import Round
from portal.access.cms_groups import PUBLISHERS
from portal.access.policies import Policy


class RoundPolicy(Policy[Round]):
    """Rounds with their prices and ceilings. Anybody may read them on the public pages."""

    model = Round
    actions: ClassVar[frozenset[str]] = frozenset({"price"})
    visible_by = ("price",)

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Round]:
        if user.groups.filter(name=PUBLISHERS).exists():
            return Round.objects.all()
        return Round.objects.none()
