"""Letters about actions: after a meeting, before a day comes and when it is past.

They say how many there are, the nearest day and where to read them. No word out of the minutes.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from network.meetings.models import Action, Meeting
from network.meetings.policies import ActionPolicy
from network.models import Holding
from portal.accounts.models import User
from portal.base import mail, outbox

MEETING_ACTIONS = "meeting_actions"
ACTIONS_DUE = "meeting_actions_due"
DAY = dt.timedelta(days=1)
# A letter goes out so long before the day; the outbox forgets what it sent after a month, so a day
# long past calls for no letter any more.
BEFORE = dt.timedelta(days=3)
PAST = dt.timedelta(days=14)
# A worker that stood still for some days makes up for it.
CATCH_UP = dt.timedelta(days=7)


def send_actions(meeting: Meeting, day: dt.date) -> None:
    """One letter to each who got something to do from `meeting` and wants letters at once.

    Belongs into the transaction that ends the meeting; repeated, it sends nothing more.
    """
    _send(meeting, day, User.Letters.AT_ONCE)


def tell_of_actions(now: dt.datetime) -> None:
    """Once a day: new actions for those who want one letter a day, and days near and past."""
    day = timezone.localdate(now)
    ended = Meeting.objects.held().filter(ended_at__gte=now - CATCH_UP)
    for meeting in ended.order_by("ended_at", "pk"):
        with transaction.atomic():
            _send(meeting, day, User.Letters.DAILY)
    # While a meeting runs, what it agrees on is not agreed yet.
    undone = Action.objects.undone().filter(item__meeting__in=Meeting.objects.held())
    _remind("soon", undone.filter(due__gte=day, due__lte=day + BEFORE), day)
    _remind("late", undone.filter(due__lt=day, due__gte=day - PAST), day)


def _send(meeting: Meeting, day: dt.date, letters: str) -> None:
    actions = Action.objects.undone().filter(item__meeting=meeting)
    for user in _holders(actions.order_by().values("position_id"), day).filter(letters=letters):
        payload = {"user": str(user.pk), "meeting": str(meeting.pk)}
        mail.send(MEETING_ACTIONS, payload, key=f"{meeting.pk}:{user.pk}")


def _remind(what: str, actions: QuerySet[Action], day: dt.date) -> None:
    """One letter to each holder for each day on which something of theirs is due."""
    wanted = (User.Letters.AT_ONCE, User.Letters.DAILY)
    for due in actions.order_by("due").values_list("due", flat=True).distinct():
        positions = actions.filter(due=due).order_by().values("position_id")
        for user in _holders(positions, day).filter(letters__in=wanted):
            payload = {"user": str(user.pk), "what": what, "due": due.isoformat()}
            with transaction.atomic():
                mail.send(ACTIONS_DUE, payload, key=f"{what}:{due}:{user.pk}")


def write_meeting_actions(payload: outbox.Payload) -> mail.Letter | None:
    """What the user in `payload` got from one meeting; None if nothing of it is left to do."""
    user = _reader(payload)
    if user is None:
        return None
    mine = _mine(user).filter(item__meeting_id=payload["meeting"])
    return _letter(user, list(mine.values_list("due", flat=True)))


def write_actions_due(payload: outbox.Payload) -> mail.Letter | None:
    """What of the user in `payload` is due on one day; None if it is done or has a new day."""
    user = _reader(payload)
    if user is None:
        return None
    mine = _mine(user).filter(due=dt.date.fromisoformat(payload["due"]))
    letter = _letter(user, list(mine.values_list("due", flat=True)))
    if letter:
        letter.context["is_late"] = payload["what"] == "late"
    return letter


def _letter(user: User, dues: list[dt.date]) -> mail.Letter | None:
    if not dues:
        return None
    address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("action_list")
    context = {"n": len(dues), "nearest": min(dues), "address": address}
    return mail.Letter(to=user.email, context=context, language=user.language)


def _reader(payload: outbox.Payload) -> User | None:
    return User.objects.filter(pk=payload["user"], is_active=True).first()


def _mine(user: User) -> Any:
    return ActionPolicy.rows(user, "mine", timezone.localdate()).undone()  # type: ignore[attr-defined]


def _holders(positions: Any, day: dt.date) -> QuerySet[User]:
    """Open accounts that hold one of `positions` (keys) on `day`."""
    holdings = Holding.objects.valid_on(day).filter(
        user_id=OuterRef("pk"), position_id__in=positions
    )
    return User.objects.filter(Exists(holdings), is_active=True)
