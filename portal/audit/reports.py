"""The log as tables: for the auditor, for the team of a case, for the person."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.roles import Role
from portal.audit.actions import in_words
from portal.audit.models import AccessEvent, AccessSubject
from portal.audit.wording import reason_of

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
GONE = _("nothing known by name")
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


Names = Callable[[Collection[uuid.UUID]], dict[str, str]]
_names: list[Names] = []


def register_names(names: Names) -> None:
    """An app says what its things are called: from ids to words, in few statements."""
    _names.append(names)


def in_names(found: list[Line]) -> list[Line]:
    """The lines for the auditor: positions and people by name, not by id.

    What nobody knows by name any more is `GONE`; a case stays its number, a refused try its id.
    """
    ids = {pk for line in found for subject in line.subjects if (pk := _id(subject))}
    known: dict[str, str] = {}
    if ids:
        for names in _names:
            known |= names(ids)
    return [
        replace(line, subjects=[_named(line, one, known) for one in line.subjects])
        for line in found
    ]


def _named(line: Line, subject: str, known: dict[str, str]) -> str:
    if subject in known or not _id(subject):
        return known.get(subject, subject)
    # Of a refused try the id is all there is, and tries are told apart by it.
    return subject if line.event.outcome == AccessEvent.Outcome.REFUSED else str(GONE)


def _id(subject: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(subject)
    except ValueError:
        return None


def _numbers_of(unnamed: list[int]) -> dict[str, str]:
    """Id → case number, for rows that were written without; one look-up for each of them."""
    if not unnamed:
        return {}
    named = AccessSubject.objects.filter(subject=OuterRef("subject")).exclude(number="")
    known = AccessSubject.objects.filter(pk__in=unnamed).annotate(
        known=Subquery(named.order_by("-event").values("number")[:1])
    )
    return dict(known.exclude(known=None).values_list("subject", "known"))


WORDS_HEADING = (
    _("Number"),
    _("When"),
    _("Who"),
    _("Organisation"),
    _("Role"),
    _("What was done"),
    _("Why"),
    _("By which way"),
    _("Outcome"),
    _("Cases and other things"),
)


def words_table(events: QuerySet[AccessEvent]) -> Iterator[list[object]]:
    """The same for people, under WORDS_HEADING: no codes, the time of this place."""
    last = 0
    while page := lines(events.filter(sequence__gt=last).order_by("sequence")[:AT_ONCE]):
        for line in in_names(page):
            event = line.event
            yield [
                event.sequence,
                f"{timezone.localtime(event.logtime):%d.%m.%Y %H:%M:%S}",
                event.username,
                event.receiver,
                line.role,
                line.action,
                reason_of(event),
                event.get_channel_display(),
                event.get_outcome_display(),
                ", ".join(line.subjects),
            ]
        last = page[-1].event.sequence


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
