"""Decisions and actions as they are listed: in a meeting, across meetings, on the desk. REG-08."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from network.meetings.models import Action, AgendaItem, Decision, Group, Meeting
from network.meetings.policies import ActionPolicy
from network.models import Position
from portal.templatetags.ui import day as day_in_words

# How far ahead a day is named by its weekday.
NEAR = 6
A_NUMBER = re.compile(r"(\d{4})\s*-\s*(\d{1,4})")
MOST_WORDS = 6


@dataclass(frozen=True)
class ActionRow:
    """An action as it stands on `day`; `key` is that of the form beside it."""

    action: Action
    day: dt.date
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def url(self) -> str:
        return reverse("action_detail", args=[self.action.pk])

    @property
    def is_open(self) -> bool:
        return bool(self.action.state == Action.State.OPEN)

    @property
    def is_late(self) -> bool:
        return self.is_open and self.action.due < self.day

    @property
    def is_today(self) -> bool:
        return self.is_open and self.action.due == self.day

    @property
    def is_moved(self) -> bool:
        return bool(self.action.due != self.action.first_due)

    @property
    def when(self) -> str:
        """The day in words while it is near, else the date."""
        if not self.is_open:
            return capfirst(str(self.action.get_state_display()))
        ahead = (self.action.due - self.day).days
        if ahead == 0:
            return _("Today")
        if ahead == 1:
            return _("Tomorrow")
        if 1 < ahead <= NEAR:
            return capfirst(str(WEEKDAYS[self.action.due.weekday()]))
        return f"{self.action.due:%d.%m.%Y}"

    @property
    def date(self) -> str:
        """The date beside the words; empty where it is said already."""
        shown = self.action.due if self.is_open else self.action.closed_on
        written = f"{shown:%d.%m.%Y}" if shown else ""
        return "" if written == self.when and not self.is_late else written

    @property
    def who(self) -> str:
        position = self.action.position
        return f"{capfirst(position.title)}, {position.organisation.name}"

    @property
    def detail(self) -> str:
        """Who does it, and for which meeting it was agreed."""
        meeting = self.action.item.meeting
        made = f"{timezone.localtime(meeting.starts_at):%d.%m.%Y}"
        from_meeting = _("%(group)s %(day)s") % {"group": self.action.group, "day": made}
        return f"{self.who} · {from_meeting}"

    @property
    def moved(self) -> str:
        """Whether the day is another than the one first agreed, in words."""
        if not self.is_moved:
            return ""
        return _("First agreed day %(day)s") % {"day": f"{self.action.first_due:%d.%m.%Y}"}


@dataclass(frozen=True)
class MyActions:
    """What I have to do, the most pressing first; `total` counts what is not shown too."""

    rows: list[ActionRow]
    total: int
    late: int


@dataclass(frozen=True)
class ActionChoice:
    """What the list shows. `state`: "" those to be done, "all", or a state."""

    whose: str = "mine"
    state: str = ""
    late: bool = False
    group: uuid.UUID | None = None
    position: uuid.UUID | None = None
    words: str = ""
    sort: str = "due"


@dataclass(frozen=True)
class DecisionChoice:
    group: uuid.UUID | None = None
    year: int | None = None
    words: str = ""
    sort: str = "new"


def my_actions(user: Any, day: dt.date, limit: int = 5) -> MyActions:
    """For the desk: the undone actions of positions that `user` holds on `day`, late ones first."""
    mine = ActionPolicy.rows(user, "mine", day).undone()  # type: ignore[attr-defined]
    dues = list(mine.values_list("due", flat=True))
    rows = [ActionRow(action, day) for action in with_words(mine)[:limit]] if dues else []
    return MyActions(rows, len(dues), sum(due < day for due in dues))


def undone_actions(group: Group, day: dt.date, *, but: Meeting | None = None) -> list[ActionRow]:
    """All actions of `group` that are carried over, without those made in the meeting `but`."""
    undone = Action.objects.filter(group=group).undone()
    if but is not None:
        undone = undone.exclude(item__meeting=but)
    return [ActionRow(action, day) for action in with_words(undone)]


def actions_of(item: AgendaItem, day: dt.date) -> list[ActionRow]:
    """What was agreed at `item`, in the order in which it was written."""
    made = with_words(Action.objects.filter(item=item)).order_by("first_due", "pk")
    return [ActionRow(action, day) for action in made]


def decisions_of(item: AgendaItem) -> list[Decision]:
    return list(Decision.objects.filter(item=item).order_by("year", "serial"))


def with_words(actions: QuerySet[Action]) -> QuerySet[Action]:
    """With everything a row says, in one statement."""
    return actions.select_related("position__organisation", "group__region", "item__meeting")


ACTION_ORDERS = {
    "due": ("due", "pk"),
    "new": ("-item__meeting__starts_at", "due", "pk"),
    "position": ("position__organisation__name", "position__title", "due", "pk"),
}
DECISION_ORDERS = {
    "new": ("-decided_on", "-year", "-serial", "pk"),
    "old": ("decided_on", "year", "serial", "pk"),
}


def chosen_actions(visible: QuerySet[Action], choice: ActionChoice, day: dt.date) -> Any:
    """Those of `visible` that are asked for, in the order asked for."""
    actions = visible
    if choice.late:
        actions = actions.filter(state=Action.State.OPEN, due__lt=day)
    elif choice.state != "all":
        actions = actions.filter(state=choice.state or Action.State.OPEN)
    if choice.group:
        actions = actions.filter(group_id=choice.group)
    if choice.position:
        actions = actions.filter(position_id=choice.position)
    actions = actions.filter(_has_words(choice.words))
    return with_words(actions).order_by(*ACTION_ORDERS[choice.sort])


def chosen_decisions(visible: QuerySet[Decision], choice: DecisionChoice) -> Any:
    """Those of `visible` that are asked for; a number such as 2026-14 finds that one."""
    decisions = visible.select_related("group__region", "item__meeting")
    if choice.group:
        decisions = decisions.filter(group_id=choice.group)
    if choice.year:
        decisions = decisions.filter(year=choice.year)
    number = A_NUMBER.fullmatch(choice.words.strip())
    if number:
        decisions = decisions.filter(year=int(number[1]), serial=int(number[2]))
    else:
        decisions = decisions.filter(_has_words(choice.words, "item__title"))
    return decisions.order_by(*DECISION_ORDERS[choice.sort])


def _has_words(words: str, *also_in: str) -> Q:
    """Every word stands in the text. SQLite knows no capital õ, so both letters are asked for."""
    wanted = Q()
    for word in words.split()[:MOST_WORDS]:
        forms = {word, word.lower(), word.capitalize(), word.upper()}
        somewhere = Q()
        for form in sorted(forms):
            somewhere |= Q(text__icontains=form)
            if "item__title" in also_in:
                somewhere |= Q(item__title__icontains=form)
        wanted &= somewhere
    return wanted


def groups_in(rows: QuerySet[Any]) -> list[Group]:
    """The groups that `rows` (decisions or actions) belong to, for the filter."""
    groups = Group.objects.filter(pk__in=rows.order_by().values("group_id"))
    return list(groups.select_related("region").order_by("region__name", "body"))


def positions_in(actions: QuerySet[Action]) -> list[Position]:
    """The positions that `actions` ask something of, for the filter."""
    positions = Position.objects.filter(pk__in=actions.order_by().values("position_id"))
    return list(
        positions.select_related("organisation").order_by("organisation__name", "title", "pk")
    )


def years_in(decisions: QuerySet[Decision]) -> list[int]:
    """The years with decisions, the last one first."""
    return list(decisions.order_by("-year").values_list("year", flat=True).distinct())


def action_heading() -> list[str]:
    return [
        _("What is to be done"),
        _("Who does it"),
        _("Organisation"),
        _("Group"),
        _("Agreed on"),
        _("First agreed day"),
        _("Until"),
        _("State"),
        _("Closed on"),
        _("What came of it"),
    ]


def action_table(actions: Iterable[Action]) -> Iterator[list[Any]]:
    """One line for each action, for a spreadsheet."""
    for action in actions:
        yield [
            action.text,
            action.position.title,
            action.position.organisation.name,
            action.group,
            day_in_words(action.item.meeting.starts_at),
            day_in_words(action.first_due),
            day_in_words(action.due),
            action.get_state_display(),
            day_in_words(action.closed_on),
            action.note,
        ]


def decision_heading() -> list[str]:
    return [_("Number"), _("Group"), _("Decided on"), _("Item of the agenda"), _("Decision")]


def decision_table(decisions: Iterable[Decision]) -> Iterator[list[Any]]:
    """One line for each decision, for a spreadsheet."""
    for decision in decisions:
        yield [
            decision.number,
            decision.group,
            day_in_words(decision.decided_on),
            decision.item.title,
            decision.text,
        ]
