"""Who has looked at a case, as the person reads it: organisations and reasons, no workers."""

import datetime as dt
from dataclasses import dataclass, field
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from network.cases.models import Case
from portal.access.roles import Role
from portal.audit.actions import in_words
from portal.audit.models import AccessEvent
from portal.audit.reports import Line, events_about
from portal.audit.wording import reason_of

# Some pages of paper.
PAGE = 300


@dataclass(frozen=True)
class PersonLine:
    """The same thing done on one day by one organisation in one role, with its times."""

    who: str
    role: str
    action: str
    reason: str
    is_refused: bool
    times: list[dt.datetime]


@dataclass(frozen=True)
class PersonDay:
    day: dt.date
    lines: list[PersonLine]


@dataclass(frozen=True)
class PersonLog:
    """The newest entries by day; `older`: the number before which the rest stands."""

    days: list[PersonDay] = field(default_factory=list)
    older: int | None = None


def person_log_of(case: Case, before: int | None = None) -> PersonLog:
    """Everything done with `case`, newest day first, alike things of a day as one line."""
    events = events_about([str(case.pk)])
    if before is not None:
        events = events.filter(sequence__lt=before)
    found = list(events.order_by("-sequence")[: PAGE + 1])
    shown = found[:PAGE]
    days = [
        PersonDay(day, _lines(list(of_day)))
        for day, of_day in groupby(shown, key=lambda event: timezone.localdate(event.logtime))
    ]
    return PersonLog(days, shown[-1].sequence if len(found) > PAGE else None)


@dataclass(frozen=True)
class Alike:
    """The same thing done by the same worker within a minute: one line, and how often."""

    line: Line
    n: int


def alike_together(found: list[Line]) -> list[Alike]:
    """Entries next to each other that tell a reader the same, in their order."""
    groups = [list(several) for _key, several in groupby(found, key=_told)]
    return [Alike(several[0], len(several)) for several in groups]


def _told(line: Line) -> tuple[object, ...]:
    event = line.event
    said = (event.usercode, event.receivercode, event.role, event.actioncode, event.purpose)
    minute = event.logtime.replace(second=0, microsecond=0)
    return (*said, event.channel, event.outcome, minute)


def _lines(events: list[AccessEvent]) -> list[PersonLine]:
    """Alike ones together, in the order of the first of them; times from early to late."""
    alike: dict[tuple[str, str, str, str, bool], set[dt.datetime]] = {}
    for event in events:
        key = (
            _who(event),
            _role(event),
            in_words(event.actioncode),
            reason_of(event),
            event.outcome == AccessEvent.Outcome.REFUSED,
        )
        # To the minute: ten pages in one minute are one look to whoever reads this.
        alike.setdefault(key, set()).add(event.logtime.replace(second=0, microsecond=0))
    return [PersonLine(*key, times=sorted(times)) for key, times in alike.items()]


def _who(event: AccessEvent) -> str:
    """The organisation; where the entry has none, what can be said without a name."""
    if event.receiver:
        return event.receiver
    if event.role == Role.PERSON:
        return _("You")
    if event.outcome == AccessEvent.Outcome.REFUSED:
        return _("Somebody from outside your team")
    return "Tugivõrk"


def _role(event: AccessEvent) -> str:
    """The role in words; empty where the line says it already."""
    if event.role in Role.values and event.role != Role.PERSON:
        return str(Role(event.role).label)
    return ""
