"""What begins or ends with a day shows at its midnight without anybody doing anything.

    midnight.watch(Price, OfferPrice)   # AppConfig.ready(): rows with valid_from, valid_until

Kept pages are named by the day, so a visitor never sees yesterday's price. The content version
moves on as well where something begins or ends: what is remembered by it alone (counts, feeds,
conditional requests) is asked anew.
"""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from portal.base import content_version
from portal.base.periods import Period

EVERY = dt.timedelta(seconds=30)

_watched: set[type[Period]] = set()
_seen: dt.date | None = None


def watch(*models: type[Period]) -> None:
    """Move the content version on at each day on which a row of these begins or ends."""
    _watched.update(models)


def turn(now: dt.datetime) -> None:
    """The repeated job: once for each new day; after a start of the worker for today."""
    global _seen
    day = timezone.localdate(now)
    since, _seen = _seen or day - dt.timedelta(days=1), day
    if since < day and any(_changes(model, since, day) for model in _watched):
        content_version.move_on()


def _changes(model: type[Period], since: dt.date, day: dt.date) -> bool:
    begins = Q(valid_from__gt=since, valid_from__lte=day)
    ends = Q(valid_until__gt=since, valid_until__lte=day)
    return model._default_manager.filter(begins | ends).exists()
