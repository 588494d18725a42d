"""What positions have to do for meetings, in numbers."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Collection

from django.db.models import Count, QuerySet
from django.utils.translation import ngettext

from network.meetings.models import Action, AgendaItem, Meeting

# Meetings at which something is to be done still.
AHEAD = (Meeting.State.PLANNED, Meeting.State.RUNNING)


def of_positions(positions: Collection[uuid.UUID], day: dt.date) -> dict[uuid.UUID, list[str]]:
    """Undone actions, items of coming agendas, minutes to be taken or approved."""
    found: dict[uuid.UUID, list[str]] = {}
    counted: tuple[tuple[Counter[uuid.UUID], Callable[[int], str]], ...] = (
        (_count(Action.objects.undone(), "position", positions), _actions),
        (_count(AgendaItem.objects.filter(meeting__state__in=AHEAD), "owner", positions), _items),
        (
            _count(
                Meeting.objects.filter(state__in=(*AHEAD, Meeting.State.ENDED)),
                "minutes_taker",
                positions,
            ),
            _minutes,
        ),
    )
    for counts, words in counted:
        for position, n in counts.items():
            found.setdefault(position, []).append(words(n) % {"n": n})
    return found


def _count(rows: QuerySet, name: str, positions: Collection[uuid.UUID]) -> Counter[uuid.UUID]:
    wanted = rows.filter(**{f"{name}_id__in": positions}).order_by()
    return Counter(dict(wanted.values_list(f"{name}_id").annotate(n=Count("pk"))))


def _actions(n: int) -> str:
    return ngettext("has %(n)d action to do", "has %(n)d actions to do", n)


def _items(n: int) -> str:
    return ngettext(
        "introduces %(n)d item of a coming meeting",
        "introduces %(n)d items of coming meetings",
        n,
    )


def _minutes(n: int) -> str:
    return ngettext("takes the minutes of %(n)d meeting", "takes the minutes of %(n)d meetings", n)
