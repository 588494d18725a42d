"""The guided finder: four plain questions, and a short list with reasons.

The answers stand in the address and nowhere else. Whatever is asked, the last page has somebody to
call, the help numbers and base support.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from catalogue.models.component import Audience, Kind
from home.reports.chosen import (
    Chosen,
    Facts,
    chosen_components,
    facts_rows,
    visible_components,
)
from home.reports.contacts import municipal_contact
from home.reports.domains import DomainRow, domains
from home.visit import Visit
from network.models import Offer, Organisation
from network.reports.places import places
from portal.base.memo import per_statement

WHO, HARD, PLACE, HOW, ANSWER = 1, 2, 3, 4, 5
QUESTIONS = 4
SHORT_LIST = 5
BASE_SHOWN = 2
MAX_VALUE = 60
CRISIS, UNSURE = "crisis", "unsure"
# The life domain of support in extraordinary situations (CAT-18).
CRISIS_DOMAIN = "personaalne-toetus"

WHOM = {
    "self": (_lazy("I need help myself"), _lazy("For you and your own life.")),
    "close": (
        _lazy("Somebody close to me needs help"),
        _lazy("A child, a parent, a partner, a friend. There is help for you too."),
    ),
    "work": (
        _lazy("I help people in my work"),
        _lazy("At a municipality, a family doctor’s, a school, a hospital or elsewhere."),
    ),
}
HOWS = {
    "home": _lazy("at home: somebody comes to me"),
    "group": _lazy("in a group, together with others"),
    "remote": _lazy("by phone or on the computer"),
    "soon": _lazy("quickly: a place should be free now"),
}
# What the life domains of the starter content are in the words of whoever has the trouble. A
# domain that editors add later is called by its name and its summary.
PLAIN = {
    "vaimne-tervis": _lazy("Mood, thoughts or an illness make life hard"),
    "igapaevaeluga-toimetulek": _lazy("Everyday things do not get done: home, food, money"),
    "hoivatus": _lazy("There is no work, school or anything to do in the day"),
    "pere-toetamine": _lazy("The family is worried or tired and needs advice or rest"),
    "fuusiline-tervis": _lazy("The body and physical health: moving, eating, sleeping"),
    "personaalne-toetus": _lazy("Things sometimes get so bad that nothing works any more"),
    "sotsiaalsed-suhted": _lazy("Loneliness, or relations with others are difficult"),
    "eluase": _lazy("The home: nowhere to live, or it does not suit"),
    "vaba-aeg-ja-huvitegevus": _lazy("There is nothing that gives joy: hobbies and free time"),
}


@dataclass(frozen=True)
class Option:
    """One answer that can be given; `tag` is the official name of what stands behind it."""

    value: str
    label: str
    hint: str = ""
    url: str = ""
    is_on: bool = False
    domain: DomainRow | None = None


@dataclass(frozen=True)
class Found:
    """A service of the short list and why it stands there; `lacks`: wishes it does not meet."""

    chosen: Chosen
    reasons: list[str]
    lacks: list[str]


@dataclass
class Answers:
    """What the address says, unknown values left out."""

    who: str = ""
    hard: list[str] = field(default_factory=list)
    how: list[str] = field(default_factory=list)
    place: str | None = None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        pairs = [("who", self.who)] if self.who else []
        pairs += [("hard", value) for value in self.hard]
        if self.place is not None:
            pairs.append(("municipality", self.place))
        return pairs + [("how", value) for value in self.how]

    def without(self, *names: str) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.pairs if name not in names]


@dataclass
class FinderReport:
    visit: Visit
    step: int
    answers: Answers
    options: list[Option] = field(default_factory=list)
    error: str = ""
    notes: list[str] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    base: list[Chosen] = field(default_factory=list)
    contact: Organisation | None = None
    numbers: list[Any] = field(default_factory=list)
    numbers_language: str = ""

    @property
    def is_crisis(self) -> bool:
        return CRISIS in self.answers.hard

    @property
    def questions(self) -> int:
        return QUESTIONS

    @property
    def counties(self) -> list[Any]:
        return places().by_county

    @property
    def domains(self) -> tuple[DomainRow, ...]:
        return domains()

    @property
    def carry(self) -> list[tuple[str, str]]:
        """The other answers, kept along by the form of this question, and where it leads."""
        mine = {WHO: "who", HARD: "hard", PLACE: "municipality", HOW: "how"}.get(self.step, "")
        return [*self.answers.without(mine), ("step", str(self.step + 1))]

    @property
    def back_url(self) -> str:
        return self.address(self.step - 1) if self.step > WHO else ""

    @property
    def skip_url(self) -> str:
        """On without telling the municipality, also where the device remembers one."""
        pairs = [*self.answers.without("municipality"), ("municipality", "")]
        return f"?{urlencode([*pairs, ('step', str(HOW))])}"

    @property
    def place_url(self) -> str:
        return self.address(PLACE)

    def address(self, step: int) -> str:
        """This page with all answers at `step`."""
        return f"?{urlencode([*self.answers.pairs, ('step', str(step))])}"

    @property
    def told(self) -> list[tuple[str, list[str], str]]:
        """The four answers in words, each with the way to change it."""
        plain = {option.value: option.label for option in _hards(())}
        place = self.visit.municipality.name if self.visit.municipality else _("not told")
        return [
            (_("Who needs help"), [str(WHOM[self.answers.who][0])], self.address(WHO)),
            (_("What is hard"), [plain[value] for value in self.answers.hard], self.address(HARD)),
            (_("Where"), [place], self.address(PLACE)),
            (
                _("How"),
                [str(HOWS[value]) for value in self.answers.how] or [_("all the same")],
                self.address(HOW),
            ),
        ]

    @property
    def catalogue_query(self) -> str:
        """The list of services under the same choices."""
        pairs = [("domain", slug) for slug in _chosen_domains(self.answers)]
        if self.visit.municipality:
            pairs.append(("municipality", self.visit.municipality.slug))
        return urlencode(pairs)

    @property
    def keys(self) -> str:
        return ",".join(one.chosen.row.slug for one in self.found)

    @property
    def compare_query(self) -> str:
        pairs = [("component", one.chosen.row.slug) for one in self.found[:3]]
        if self.visit.municipality:
            pairs.append(("municipality", self.visit.municipality.slug))
        return urlencode(pairs)


def finder_report(visit: Visit, asked: QueryDict, components: Any, help_pages: Any) -> FinderReport:
    """The question that comes next, or the answer. At most nine statements, whatever is asked.

    `components` are the pages of components, `help_pages` those with help numbers.
    """
    notes: list[str] = []
    answers = _answers(visit, asked, notes)
    step = _step(asked, answers)
    if step != PLACE and visit.asked is None:
        # What the device remembers may be suggested; it is no answer to a skipped question.
        visit.municipality = None
    report = FinderReport(visit, step, answers, notes=notes)
    wanted = _number(asked.get("step", ""))
    if step == HARD and wanted > HARD:
        report.error = _("Tick at least one. If nothing fits, tick “I cannot say”.")
    if step == PLACE and visit.unknown_municipality:
        report.error = _("There is no municipality “%(value)s”. Choose one from the list.") % {
            "value": visit.unknown_municipality
        }
    report.options = _options(report)
    if step == ANSWER:
        _answer(report, components, help_pages)
    return report


def _answers(visit: Visit, asked: QueryDict, notes: list[str]) -> Answers:
    hards = [option.value for option in _hards(())]
    answers = Answers(
        who="".join(_known(asked.getlist("who")[:1], WHOM, notes)),
        hard=_known(asked.getlist("hard"), hards, notes),
        how=_known(asked.getlist("how"), HOWS, notes),
    )
    if visit.asked is not None and not visit.unknown_municipality:
        answers.place = visit.municipality.slug if visit.municipality else ""
    return answers


def _known(values: list[str], known: Iterable[str], notes: list[str]) -> list[str]:
    known = list(known)
    unknown = [value[:MAX_VALUE] for value in values if value and value not in known]
    # A long list of rubbish is named by its beginning.
    for value in unknown[:3]:
        notes.append(_("The choice “%(value)s” is not known and was left out.") % {"value": value})
    return [value for value in known if value in values]


def _step(asked: QueryDict, answers: Answers) -> int:
    """The question that is asked for, but no later than the first that needs an answer."""
    step = min(max(_number(asked.get("step", "")), WHO), ANSWER)
    if not answers.who:
        return WHO
    if not answers.hard:
        return min(step, HARD)
    if asked.get("municipality") and answers.place is None:
        return min(step, PLACE)
    return step


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else WHO


def _options(report: FinderReport) -> list[Option]:
    answers = report.answers
    if report.step == WHO:
        rest = answers.without("who")
        return [
            Option(
                value,
                str(label),
                str(hint),
                url=f"?{urlencode([('who', value), *rest, ('step', HARD)])}",
                is_on=value == answers.who,
            )
            for value, (label, hint) in WHOM.items()
        ]
    if report.step == HARD:
        return _hards(answers.hard)
    if report.step == HOW:
        return [
            Option(value, str(label), is_on=value in answers.how) for value, label in HOWS.items()
        ]
    return []


def _hards(on: Iterable[str]) -> list[Option]:
    """What can be hard: what cannot wait first, then the life domains, then not knowing."""
    on = set(on)
    rows = [
        Option(
            row.slug,
            str(PLAIN.get(row.slug, row.name)),
            hint=row.name if row.slug in PLAIN else row.summary,
            is_on=row.slug in on,
            domain=row,
        )
        for row in domains()
    ]
    return [
        Option(
            CRISIS,
            _("It is very hard right now, or somebody may be in danger"),
            is_on=CRISIS in on,
        ),
        *rows,
        Option(
            UNSURE,
            _("I cannot say"),
            _("That is all right: somebody will listen."),
            is_on=UNSURE in on,
        ),
    ]


def _chosen_domains(answers: Answers) -> list[str]:
    slugs = [row.slug for row in domains() if row.slug in answers.hard]
    if CRISIS in answers.hard and CRISIS_DOMAIN not in slugs:
        slugs += [row.slug for row in domains() if row.slug == CRISIS_DOMAIN]
    return slugs


@dataclass(frozen=True)
class _Candidate:
    """A service that fits, before anything of it is read but what the choice needs."""

    page_id: int
    domain: str
    audience: str
    is_group: bool
    facts: Facts
    order: int

    def meets(self, how: str) -> bool:
        """Is it given that way, near home if that is known?"""
        facts = self.facts
        return bool(
            {
                "home": facts.at_home,
                "remote": facts.remote,
                "soon": facts.free,
                "group": self.is_group and facts.offers,
            }[how]
        )


def _answer(report: FinderReport, components: Any, help_pages: Any) -> None:
    visit, answers = report.visit, report.answers
    pages = visible_components(visit, components)
    best, base = _best(report, pages)
    shown = {page.pk: page for page in pages.filter(pk__in=[*(one.page_id for one in best), *base])}
    order = [shown[one.page_id] for one in best] + [shown[pk] for pk in base]
    # The nearest is enough to begin with; the page of the service has the others.
    chosen = {one.page.pk: one for one in chosen_components(order, visit, each=1)}
    for candidate in best:
        one = chosen[candidate.page_id]
        met = [how for how in answers.how if candidate.meets(how)]
        report.found.append(
            Found(
                chosen=one,
                reasons=_reasons(report, candidate, one, met),
                lacks=[str(HOWS[how]) for how in answers.how if how not in met],
            )
        )
    report.base = [chosen[pk] for pk in base]
    report.contact = municipal_contact(visit)
    page = help_pages.visible().in_language(visit.language).select_related("locale").first()
    if page is not None:
        report.numbers = list(page.numbers)
        report.numbers_language = page.locale.language_code


def _best(report: FinderReport, pages: Any) -> tuple[list[_Candidate], list[int]]:
    """The services of the short list, best first, and the keys of base support."""
    visit, answers = report.visit, report.answers
    rows = facts_rows(visit, Offer.objects.all())
    facts = {pk: Facts(*numbers) for pk, *numbers in per_statement(rows, lambda: list(rows))}
    slugs = _chosen_domains(answers)
    candidates: list[_Candidate] = []
    base: list[int] = []
    known = pages.order_by("component__domain__position", "component__position", "pk").values_list(
        "pk",
        "component_id",
        "component__kind",
        "component__domain__slug",
        "component__audience",
        "component__is_group",
    )
    for order, (pk, component, kind, domain, audience, is_group) in enumerate(known):
        if kind == Kind.BASE:
            base.append(pk)
        elif domain in slugs or (answers.who == "close" and audience == Audience.FAMILY):
            one = _Candidate(pk, domain, audience, is_group, facts.get(component, Facts()), order)
            candidates.append(one)
    candidates.sort(key=lambda one: (-_score(report, one, slugs), one.order))
    return _every_domain_first(candidates, slugs), base[:BASE_SHOWN]


def _score(report: FinderReport, one: _Candidate, slugs: list[str]) -> int:
    answers = report.answers
    score = 4 if one.domain in slugs else 0
    is_family = one.audience == Audience.FAMILY
    if answers.who != "work" and is_family == (answers.who == "close"):
        score += 2
    score += sum(2 for how in answers.how if one.meets(how))
    return score + bool(one.facts.offers)


def _every_domain_first(candidates: list[_Candidate], slugs: list[str]) -> list[_Candidate]:
    """The best of each chosen life domain stays on the list, the rest is filled up by rank."""
    firsts = [next((one for one in candidates if one.domain == slug), None) for slug in slugs]
    kept = [one for one in firsts if one is not None][:SHORT_LIST]
    for one in candidates:
        if len(kept) < SHORT_LIST and one not in kept:
            kept.append(one)
    return sorted(kept, key=candidates.index)


def _reasons(report: FinderReport, one: _Candidate, chosen: Chosen, met: list[str]) -> list[str]:
    answers, place = report.answers, report.visit.municipality
    plain: dict[str, str | Promise] = {
        option.value: option.label for option in _hards(()) if option.domain
    }
    reasons = []
    if one.domain in answers.hard:
        reasons.append(_("because you chose “%(choice)s”") % {"choice": plain[one.domain]})
    elif one.domain in _chosen_domains(answers):
        reasons.append(_("because it is very hard right now"))
    if answers.who == "close" and one.audience == Audience.FAMILY:
        reasons.append(_("because it is meant for family and friends"))
    words = {
        "home": _("because somebody comes home"),
        "group": _("because it is given in a group too"),
        "remote": _("because it is given by phone or online too"),
        "soon": _("because a place is free now"),
    }
    reasons += [words[how] for how in met]
    if place and one.facts.offers:
        reasons.append(
            ngettext(
                "because there is %(n)s offer near %(place)s",
                "because there are %(n)s offers near %(place)s",
                one.facts.offers,
            )
            % {"n": one.facts.offers, "place": place.name}
        )
    return reasons
