"""The guided finder: four plain questions, and a short list with reasons.

The answers stand in the address and nowhere else. Whatever is asked, the last page has somebody to
call, the help numbers and base support.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from home.reports.chosen import Chosen, chosen_components, visible_components
from home.reports.contacts import municipal_contact
from home.reports.domains import DomainRow, domains
from home.reports.finder_choice import best_of, reasons_for
from home.reports.finder_words import (
    CRISIS,
    HOWS,
    WHOM,
    Answers,
    Option,
    chosen_domains,
    hards,
    how_words,
)
from home.visit import Visit
from network.models import Organisation
from network.reports.places import places

WHO, HARD, PLACE, HOW, ANSWER = 1, 2, 3, 4, 5
QUESTIONS = 4
MAX_VALUE = 60


@dataclass(frozen=True)
class Found:
    """A service of the short list and why it stands there; `lacks`: wishes it does not meet."""

    chosen: Chosen
    reasons: list[str]
    lacks: list[str]


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
        hows = how_words(self.answers)
        plain = {option.value: option.label for option in hards(())}
        place = self.visit.municipality.name if self.visit.municipality else _("not told")
        return [
            (_("Who needs help"), [str(WHOM[self.answers.who][0])], self.address(WHO)),
            (_("What is hard"), [plain[value] for value in self.answers.hard], self.address(HARD)),
            (_("Where"), [place], self.address(PLACE)),
            (
                _("How"),
                [hows[value] for value in self.answers.how] or [_("all the same")],
                self.address(HOW),
            ),
        ]

    @property
    def catalogue_query(self) -> str:
        """The list of services under the same choices."""
        pairs = [("domain", slug) for slug in chosen_domains(self.answers)]
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
    known = [option.value for option in hards(())]
    answers = Answers(
        who="".join(_known(asked.getlist("who")[:1], WHOM, notes)),
        hard=_known(asked.getlist("hard"), known, notes),
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
        return hards(answers.hard)
    if report.step == HOW:
        return [
            Option(value, label, is_on=value in answers.how)
            for value, label in how_words(answers).items()
        ]
    return []


def _answer(report: FinderReport, components: Any, help_pages: Any) -> None:
    visit, answers = report.visit, report.answers
    pages = visible_components(visit, components)
    best, base = best_of(visit, answers, pages)
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
                reasons=reasons_for(visit, answers, candidate, met),
                lacks=[how_words(answers)[how] for how in answers.how if how not in met],
            )
        )
    report.base = [chosen[pk] for pk in base]
    report.contact = municipal_contact(visit)
    page = help_pages.visible().in_language(visit.language).select_related("locale").first()
    if page is not None:
        report.numbers = list(page.numbers)
        report.numbers_language = page.locale.language_code
