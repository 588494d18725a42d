"""The gaps of a region and what became of each, without a trace of anybody. CASE-16, MON-04."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalogue.models import Component, LifeDomain
from network.meetings.agenda_reports import OPEN, SEVERAL, open_items
from network.meetings.models import Action, AgendaItem, Decision, Meeting
from network.meetings.policies import MeetingPolicy
from network.models import Gap, Municipality
from portal.templatetags.ui import day as day_in_words

PAGE_SIZE = 30
MOST_WORDS = 6
GAPS, PRACTICE = "gaps", Gap.Kind.PRACTICE.value
# How pressing a state is, in the tones of the pieces (templates/ui).
TONES = {Gap.State.NEW: "warm", Gap.State.AGENDA: "watch", Gap.State.SOLVED: "good"}
# A month is the finest that is known, so nothing sorts finer; the key at the end is random.
ORDERS = {
    "month": ("-month", "about", "municipality__name", "pk"),
    "old": ("month", "about", "municipality__name", "pk"),
    "about": ("about", "municipality__name", "-month", "pk"),
    "place": ("municipality__name", "about", "-month", "pk"),
}


@dataclass(frozen=True)
class GapChoice:
    """What the list shows. `state`: "" open ones, "all", or a state; `kind`: also GAPS, PRACTICE.

    `component`, `domain` and `municipality` are slugs.
    """

    words: str = ""
    state: str = ""
    kind: str = ""
    domain: str = ""
    component: str = ""
    municipality: str = ""
    sort: str = "month"


@dataclass(frozen=True)
class Step:
    """One step on the way of a gap; `url` only for a reader who may go there."""

    text: str
    url: str = ""
    late: bool = False


@dataclass(frozen=True)
class GapRow:
    """A gap as a list shows it, with what happened since."""

    gap: Gap
    is_several: bool
    steps: list[Step] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What it is about, else what is the matter."""
        subject = self.gap.subject
        return subject.name if subject else capfirst(str(self.gap.get_kind_display()))

    @property
    def domain(self) -> LifeDomain | None:
        return self.gap.component.domain if self.gap.component else self.gap.domain

    @property
    def month(self) -> str:
        return month_in_words(self.gap.month)

    @property
    def tone(self) -> str:
        return TONES.get(Gap.State(self.gap.state), "")

    @property
    def waits(self) -> bool:
        """May it still be put on an agenda?"""
        return self.gap.state == Gap.State.NEW


def month_in_words(month: dt.date) -> str:
    return date_format(month, "F Y")


def chosen_gaps(visible: QuerySet[Gap], choice: GapChoice) -> QuerySet[Gap]:
    """Those of `visible` that are asked for, in the order asked for."""
    gaps = visible
    if choice.state == "":
        gaps = gaps.filter(state__in=Gap.OPEN)
    elif choice.state != "all":
        gaps = gaps.filter(state=choice.state)
    if choice.kind == GAPS:
        gaps = gaps.exclude(kind=PRACTICE)
    elif choice.kind:
        gaps = gaps.filter(kind=choice.kind)
    if choice.domain:
        gaps = gaps.filter(Q(domain__slug=choice.domain) | Q(component__domain__slug=choice.domain))
    if choice.component:
        gaps = gaps.filter(component__slug=choice.component)
    if choice.municipality:
        gaps = gaps.filter(municipality__slug=choice.municipality)
    gaps = gaps.filter(_has_words(choice.words))
    return with_words(gaps).order_by(*ORDERS[choice.sort])


def with_words(gaps: QuerySet[Gap]) -> QuerySet[Gap]:
    """With everything that a row says, in one statement; `about` is what it is sorted by."""
    return gaps.annotate(
        about=Coalesce("component__name", "domain__name", Value(""))
    ).select_related(
        "region",
        "municipality",
        "domain",
        "component__domain",
        "offer__component",
        "offer__resource__organisation",
    )


def _has_words(words: str) -> Q:
    """Every word stands somewhere. SQLite knows no capital õ, so both letters are asked for."""
    wanted = Q()
    for word in words.split()[:MOST_WORDS]:
        somewhere = Q()
        for form in sorted({word, word.lower(), word.capitalize(), word.upper()}):
            somewhere |= (
                Q(text__icontains=form)
                | Q(answer__icontains=form)
                | Q(component__name__icontains=form)
                | Q(domain__name__icontains=form)
                | Q(decision_number=form)
            )
        wanted &= somewhere
    return wanted


def gap_rows(gaps: Iterable[Gap], user: Any, day: dt.date) -> list[GapRow]:
    """The rows of a page, in five statements however many they are."""
    listed = list(gaps)
    several = _told_by_several(listed)
    items = _items_of(listed, MeetingPolicy.rows(user, "view", day))
    planned = _placed(listed)
    return [
        GapRow(
            gap,
            not gap.is_practice and _voice(gap) in several,
            _steps(gap, items.get(gap.pk, []), planned.get(gap.pk), day),
        )
        for gap in listed
    ]


def _voice(gap: Gap) -> tuple[Any, ...]:
    return (gap.region_id, gap.municipality_id, gap.component_id, gap.domain_id)


def _told_by_several(gaps: list[Gap]) -> set[tuple[Any, ...]]:
    """What is told by at least SEVERAL open gaps of one municipality; fewer are never counted."""
    told = (
        Gap.objects.filter(
            region__in={gap.region_id for gap in gaps},
            municipality__in={gap.municipality_id for gap in gaps},
            state__in=Gap.OPEN,
        )
        .exclude(kind=PRACTICE)
        .exclude(component=None, domain=None)
        .values_list("region_id", "municipality_id", "component_id", "domain_id")
    )
    return {voice for voice, n in Counter(told).items() if n >= SEVERAL}


def _items_of(
    gaps: list[Gap], meetings: QuerySet[Meeting]
) -> dict[uuid.UUID | None, list[AgendaItem]]:
    """Where each gap was talked about, as far as the reader sees those meetings."""
    items = (
        AgendaItem.objects.filter(gap__in=gaps, meeting__in=meetings)
        .select_related("meeting")
        .prefetch_related(
            Prefetch("decisions", Decision.objects.order_by("year", "serial")),
            Prefetch("made_actions", Action.objects.order_by("due", "pk")),
        )
        .order_by("meeting__starts_at", "pk")
    )
    found: dict[uuid.UUID | None, list[AgendaItem]] = {}
    for item in items:
        found.setdefault(item.gap_id, []).append(item)
    return found


def _placed(gaps: list[Gap]) -> dict[uuid.UUID, dt.datetime]:
    """When the meeting is that has each gap before it; that much every seat may know."""
    return dict(open_items().filter(gap__in=gaps).values_list("gap_id", "meeting__starts_at"))


def _steps(
    gap: Gap, items: list[AgendaItem], planned: dt.datetime | None, day: dt.date
) -> list[Step]:
    """What happened, in its order: meetings, decisions, actions, the offer that came of it."""
    steps: list[Step] = []
    told: set[str] = set()
    is_placed = False
    for item in items:
        if item.meeting.state in OPEN and item.state != AgendaItem.State.MOVED:
            is_placed = True
            steps.append(Step(_meeting_on(item.meeting.starts_at), _item_url(item)))
        for decision in item.decisions.all():
            told.add(decision.number)
            words = _("decision %(number)s") % {"number": decision.number}
            steps.append(Step(words, reverse("decision_change", args=[decision.pk])))
        steps += [_action_step(action, day) for action in item.made_actions.all()]
    if planned and not is_placed:
        steps.append(Step(_meeting_on(planned)))
    if gap.decision_number and gap.decision_number not in told:
        steps.append(Step(_("decision %(number)s") % {"number": gap.decision_number}))
    if gap.offer:
        words = _("new offer: %(who)s") % {"who": gap.offer.resource.organisation.name}
        steps.append(Step(words, reverse("component_detail", args=[gap.offer.component.slug])))
    return steps


def _action_step(action: Action, day: dt.date) -> Step:
    is_open = action.state == Action.State.OPEN
    when = (
        _("until %(day)s") % {"day": f"{action.due:%d.%m.%Y}"}
        if is_open
        else str(action.get_state_display())
    )
    return Step(
        f"{action.text}, {when}",
        reverse("action_detail", args=[action.pk]),
        late=is_open and action.due < day,
    )


def _meeting_on(moment: dt.datetime) -> str:
    return _("meeting %(day)s") % {"day": f"{timezone.localtime(moment):%d.%m.%Y}"}


def _item_url(item: AgendaItem) -> str:
    return f"{reverse('meeting_detail', args=[item.meeting_id])}?punkt={item.pk}"


def next_steering_meeting(gap: Gap, now: dt.datetime) -> Meeting | None:
    """The meeting of the steering group of its region that runs or is to come next."""
    meetings = Meeting.objects.filter(group__region=gap.region_id, group__body="steering")
    return meetings.coming(now).first()


@dataclass(frozen=True)
class FilterRows:
    """What the visible gaps are about and where: the choices of the filters."""

    domains: list[LifeDomain]
    components: list[Component]
    municipalities: list[Municipality]


def filter_rows(visible: QuerySet[Gap]) -> FilterRows:
    gaps = visible.order_by()
    in_domain = Q(pk__in=gaps.values("domain_id")) | Q(pk__in=gaps.values("component__domain_id"))
    return FilterRows(
        list(LifeDomain.objects.filter(in_domain)),
        list(Component.objects.filter(pk__in=gaps.values("component_id")).order_by("name")),
        list(Municipality.objects.filter(pk__in=gaps.values("municipality_id")).order_by("name")),
    )


def gap_heading() -> list[str]:
    return [
        _("Month"),
        _("Service"),
        _("Life domain"),
        _("Municipality"),
        _("What is the matter"),
        _("In a few words"),
        _("State"),
        _("Decision"),
        _("Decided on"),
        pgettext("noun", "Answer"),
        _("Offer that came of it"),
    ]


def gap_table(gaps: Iterable[Gap]) -> Iterator[list[Any]]:
    """One line for each gap, for a spreadsheet."""
    for gap in gaps:
        domain = gap.component.domain if gap.component else gap.domain
        yield [
            f"{gap.month:%Y-%m}",
            gap.component.name if gap.component else "",
            domain.name if domain else "",
            gap.municipality.name,
            gap.get_kind_display(),
            gap.text,
            gap.get_state_display(),
            gap.decision_number,
            day_in_words(gap.decided_on),
            gap.answer,
            gap.offer.resource.organisation.name if gap.offer else "",
        ]
