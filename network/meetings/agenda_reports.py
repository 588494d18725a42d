"""The agenda as people read it: clock times, minutes against the meeting, what is about a gap."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from network.meetings.models import AgendaItem, Group, Meeting
from network.models import Gap, Offer
from network.reports.offers import nearest_places
from network.reports.places import places
from portal.templatetags.ui import time_of_day

# While one of these, a meeting still has its items before it.
OPEN = (Meeting.State.PLANNED, Meeting.State.RUNNING)
# "Reported by several" is said from this many up.
SEVERAL = 5


@dataclass(frozen=True)
class AgendaLine:
    """An item with its clock times. `state` is that of the row: done, now or todo."""

    item: AgendaItem
    number: int
    begins: dt.datetime
    ends: dt.datetime
    decisions: int
    actions: int

    @property
    def state(self) -> str:
        states = {AgendaItem.State.DONE: "done", AgendaItem.State.NOW: "now"}
        if self.is_approved:
            return "done"
        return states.get(AgendaItem.State(self.item.state), "todo")

    @property
    def is_moved(self) -> bool:
        return self.item.state == AgendaItem.State.MOVED

    @property
    def is_approved(self) -> bool:
        """The minutes it asks about are approved already."""
        about = self.item.about
        return about is not None and about.state == Meeting.State.APPROVED

    @property
    def detail(self) -> str:
        """One quiet line: what became of it, until when it may take, who introduces it."""
        parts = []
        if self.is_moved:
            parts.append(_("carried on to the next meeting"))
        elif self.is_approved:
            parts.append(pgettext("minutes", "approved"))
        elif self.state == "now":
            parts.append(_("until %(time)s") % {"time": time_of_day(self.ends)})
        if self.decisions:
            words = ngettext("%(n)s decision", "%(n)s decisions", self.decisions)
            parts.append(words % {"n": self.decisions})
        if self.actions:
            words = ngettext("%(n)s action", "%(n)s actions", self.actions)
            parts.append(words % {"n": self.actions})
        if self.item.gap and self.item.gap.is_practice:
            parts.append(str(self.item.gap.get_kind_display()))
        if self.owner:
            parts.append(_("introduced by: %(who)s") % {"who": self.owner})
        return " · ".join(parts)

    @property
    def owner(self) -> str:
        """Who introduces it, as a position and its organisation."""
        position = self.item.owner
        return f"{position.title}, {position.organisation.name}" if position else ""


@dataclass(frozen=True)
class Agenda:
    """The items in their order, and how their minutes fit into the meeting."""

    lines: list[AgendaLine]
    minutes: int
    over: int

    def line_of(self, item_id: object) -> AgendaLine | None:
        return next((line for line in self.lines if str(line.item.pk) == str(item_id)), None)

    @property
    def current(self) -> AgendaLine | None:
        """The item that is talked about, else the first that waits, else the first."""
        for state in (AgendaItem.State.NOW, AgendaItem.State.WAITING):
            for line in self.lines:
                if line.item.state == state:
                    return line
        return self.lines[0] if self.lines else None

    def after(self, line: AgendaLine) -> AgendaLine | None:
        """The next item that still waits."""
        waiting = (
            one
            for one in self.lines
            if one.number > line.number and one.item.state == AgendaItem.State.WAITING
        )
        return next(waiting, None)


@dataclass(frozen=True)
class GapFacts:
    """What is known about the help that is missing; nothing about anybody."""

    gap: Gap
    here: int
    nearest: tuple[str, int] | None
    is_several: bool


def agenda_of(meeting: Meeting) -> Agenda:
    """The agenda of `meeting` in three statements, whatever the number of items."""
    items = meeting.items.select_related(
        "owner__organisation", "about", "gap__component", "gap__domain", "gap__municipality"
    ).prefetch_related("decisions", "made_actions")
    # Once it runs the clock goes from when it really began.
    begins = meeting.started_at or meeting.starts_at
    lines, clock = [], begins
    for number, item in enumerate(items, start=1):
        takes = 0 if item.state == AgendaItem.State.MOVED else item.minutes
        ends = clock + dt.timedelta(minutes=takes)
        decisions, actions = len(item.decisions.all()), len(item.made_actions.all())
        lines.append(AgendaLine(item, number, clock, ends, decisions, actions))
        clock = ends
    minutes = int((clock - begins).total_seconds() // 60)
    return Agenda(lines, minutes, max(0, minutes - meeting.minutes))


def gap_facts(gap: Gap) -> GapFacts:
    """Offers in the municipality of `gap`, or the nearest one, and whether several told of it."""
    offers = Offer.objects.published()
    if gap.component_id:
        offers = offers.filter(component=gap.component_id)
    elif gap.domain_id:
        offers = offers.filter(component__domain=gap.domain_id)
    else:
        offers = offers.none()
    here = offers.near([gap.municipality_id], gap.municipality_id).distinct().count()
    nearest = None
    if gap.component_id and not here:
        chosen = places().by_id[gap.municipality_id]
        nearest = nearest_places([gap.component_id], chosen).get(gap.component_id)
    same = Gap.objects.filter(
        region=gap.region_id,
        municipality=gap.municipality_id,
        component=gap.component_id,
        domain=gap.domain_id,
        state__in=Gap.OPEN,
    ).exclude(kind=Gap.Kind.PRACTICE)
    is_several = not gap.is_practice and gap.subject and same.count() >= SEVERAL
    return GapFacts(gap, here, nearest, bool(is_several))


def not_reached(meeting: Meeting) -> QuerySet[AgendaItem]:
    """Items that wait and under which nothing has been written."""
    return meeting.items.filter(
        state=AgendaItem.State.WAITING, notes=None, decisions=None, made_actions=None
    )


def open_items() -> QuerySet[AgendaItem]:
    """Items that a meeting still has before it."""
    return AgendaItem.objects.filter(meeting__state__in=OPEN).exclude(state="moved")


def waiting_gaps(group: Group) -> QuerySet[Gap]:
    """Open gaps of the region that no coming meeting has on its agenda, the oldest month first."""
    placed = Exists(open_items().filter(gap_id=OuterRef("pk")))
    waiting = Q(state=Gap.State.NEW) | Q(state=Gap.State.AGENDA)
    return (
        Gap.objects.filter(waiting, ~placed, region=group.region_id)
        .select_related("component", "domain", "municipality")
        .order_by("month", "municipality__name", "pk")
    )


def next_meeting_after(meeting: Meeting) -> Meeting | None:
    """The next planned meeting of the same group."""
    return (
        Meeting.objects.filter(
            group=meeting.group_id, state=Meeting.State.PLANNED, starts_at__gt=meeting.starts_at
        )
        .order_by("starts_at", "pk")
        .first()
    )
