"""The log as tables: for the auditor, for the team of a case, for the person."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from portal.access.roles import Role
from portal.audit.actions import in_words
from portal.audit.models import AccessEvent, AccessSubject

# As the national data tracker names them.
HEADING = (
    "sequence",
    "logtime",
    "usercode",
    "username",
    "receivercode",
    "receiver",
    "role",
    "actioncode",
    "action",
    "purpose",
    "channel",
    "outcome",
    "subjects",
)
AT_ONCE = 500
SHOWN = 6


@dataclass(frozen=True)
class Line:
    """One entry for people: who, as what, what, about which cases (numbers, or ids without)."""

    event: AccessEvent
    action: str
    subjects: list[str]

    @property
    def role(self) -> str:
        """The role in words; the code where the roles have changed since."""
        known = self.event.role in Role.values
        return str(Role(self.event.role).label) if known else self.event.role

    @property
    def shown(self) -> list[str]:
        """The first cases of a long list."""
        return self.subjects[:SHOWN]

    @property
    def further(self) -> int:
        """How many cases a page leaves out."""
        return len(self.subjects[SHOWN:])


def events_about(subjects: Iterable[str]) -> QuerySet[AccessEvent]:
    """The entries about any of these ids.

    Begins at the index of subjects: asked entry by entry, a log of two million takes seconds.
    """
    about = AccessSubject.objects.filter(subject__in=list(subjects))
    return AccessEvent.objects.filter(pk__in=about.values("event_id"))


def subjects_of_number(number: str) -> list[str]:
    """The ids that an entry has ever named together with the case number `number`."""
    found = AccessSubject.objects.filter(number=number.upper()).values_list("subject", flat=True)
    return list(found.distinct()[:10])


def between(first: dt.datetime | None, until: dt.datetime | None) -> Q:
    """From `first` on, before `until`; None leaves that end open."""
    wanted = Q()
    if first:
        wanted &= Q(logtime__gte=first)
    if until:
        wanted &= Q(logtime__lt=until)
    return wanted


def lines(events: Iterable[AccessEvent]) -> list[Line]:
    """The entries as lines, in two statements for any number of them.

    A refused try was written without the number of the case, so that nobody could tell foreign
    from unknown; here, for the auditor, it gets the number that other entries know.
    """
    page = list(events)
    rows = list(AccessSubject.objects.filter(event_id__in=[event.pk for event in page]))
    numbers = _numbers_of([row.pk for row in rows if row.subject and not row.number])
    named: dict[int, list[str]] = {}
    for row in rows:
        name = row.number or numbers.get(row.subject, row.subject)
        if name:
            named.setdefault(row.event_id, []).append(name)
    return [
        Line(event, in_words(event.actioncode), sorted(named.get(event.pk, []))) for event in page
    ]


def _numbers_of(unnamed: list[int]) -> dict[str, str]:
    """Id → case number, for rows that were written without; one look-up for each of them."""
    if not unnamed:
        return {}
    named = AccessSubject.objects.filter(subject=OuterRef("subject")).exclude(number="")
    known = AccessSubject.objects.filter(pk__in=unnamed).annotate(
        known=Subquery(named.order_by("-event").values("number")[:1])
    )
    return dict(known.exclude(known=None).values_list("subject", "known"))


def table(events: QuerySet[AccessEvent], *, with_workers: bool = True) -> Iterator[list[object]]:
    """Rows under HEADING, oldest first, a bounded number in memory.

    The person's own copy shows the organisation and not the worker: `with_workers=False`.
    """
    last = 0
    while page := lines(events.filter(sequence__gt=last).order_by("sequence")[:AT_ONCE]):
        for line in page:
            event = line.event
            yield [
                event.sequence,
                event.logtime.astimezone(dt.UTC).isoformat(timespec="seconds"),
                event.usercode if with_workers else "",
                event.username if with_workers else "",
                event.receivercode,
                event.receiver,
                event.role,
                event.actioncode,
                line.action,
                event.purpose,
                event.channel,
                event.outcome,
                " ".join(line.subjects),
            ]
        last = page[-1].event.sequence
