"""Lines × what is known × answers: what would change, row by row, and what has to be asked.

The same lines and answers give the same plan; `sign` of a plan tells whether what stands behind it
is still what somebody looked at.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from catalogue.calculator import CENT, gross_of, net_of
from catalogue.importer.known import Known, KnownComponent, Slot, Stored, Target
from catalogue.importer.reading import Line, Reading
from catalogue.importer.vat import RATES
from catalogue.importer.words import forms_in, loose
from catalogue.models.component import Form

EXEMPT = "exempt"
LEAVE, ANY, ALL, YES = "leave", "any", "all", "yes"


class State(StrEnum):
    """What becomes of a row."""

    OPEN = "open"
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"
    NO_PRICE = "no_price"


TAKEN = frozenset({State.NEW, State.CHANGED})


@dataclass
class Question:
    """Something only the reader can tell. `about` is what stands in the file."""

    kind: str
    key: str
    about: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    # The rows it is about, each once.
    lines: list[Line] = field(default_factory=list)
    # Looked for when it is shown: of a thousand unknown names few ever are.
    near: Callable[[], list[tuple[str, str]]] | None = None

    @cached_property
    def suggested(self) -> list[tuple[str, str]]:
        """Choices that are like what the file says, the likest first."""
        return self.near() if self.near else []

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.key}" if self.key else self.kind


@dataclass(frozen=True)
class Aim:
    """One price to be set: of what, where, in which form, how much, from which day."""

    component: KnownComponent
    slot: Slot
    form: Form
    net: Decimal
    vat_rate: Decimal | None
    gross: Decimal
    valid_from: dt.date
    # A price that begins on the very day was wrong and is replaced.
    corrects: bool = False

    @property
    def place(self) -> tuple[str, int, str, dt.date]:
        return self.slot.key, self.component.pk, self.form.value, self.valid_from


@dataclass
class Step:
    """One row of the preview: a line of the file for one component, form and place."""

    line: Line
    state: State
    component: KnownComponent | None = None
    form: Form | None = None
    aim: Aim | None = None
    before: Stored | None = None
    problem: str = ""
    hint: str = ""


@dataclass
class Plan:
    """`questions` in the order they are asked; `steps` in the order of the file."""

    steps: list[Step] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def of(self, *states: State) -> list[Step]:
        return [step for step in self.steps if step.state in states]

    @property
    def sign(self) -> str:
        """Stands for what would be done and what stood there when it was worked out."""
        text = json.dumps([_facts(step) for step in self.of(*TAKEN, State.SAME)], default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:24]


def key_of(*texts: str) -> str:
    """A short name for texts of the file, fit for the name of a field."""
    said = "\x1f".join(" ".join(text.casefold().split()) for text in texts)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def plan(
    reading: Reading,
    known: Known,
    target: Target,
    *,
    answers: Mapping[str, str],
    valid_from: dt.date,
    today: dt.date,
) -> Plan:
    """`answers`: by the name of the question; `valid_from`: where a row names no day of its own."""
    return _Planner(known, target, dict(answers), valid_from, today).work_out(reading)


class _Open(Exception):  # noqa: N818 - not an error: the way out of a row that has to be asked
    """The row has to wait for the answer to a question."""


class _Refused(Exception):  # noqa: N818
    """The row cannot be taken over."""


class _Planner:
    def __init__(
        self,
        known: Known,
        target: Target,
        answers: dict[str, str],
        valid_from: dt.date,
        today: dt.date,
    ) -> None:
        self.known, self.target, self.answers = known, target, answers
        self.valid_from, self.today = valid_from, today
        self.questions: dict[str, Question] = {}

    def work_out(self, reading: Reading) -> Plan:
        made = Plan()
        for line in reading.lines:
            made.steps += self._steps(line)
        self._twice(made.steps)
        order = {kind: n for n, kind in enumerate(ORDER)}
        made.questions = sorted(self.questions.values(), key=lambda one: order[one.kind])
        return made

    # --- One line ------------------------------------------------------------------------------

    def _steps(self, line: Line) -> list[Step]:
        step = Step(line, State.OPEN)
        if line.problem:
            return [_refused(step, line.problem, line.hint)]
        try:
            if line.no_price:
                # Whatever it is about, nothing follows from it, so nothing is asked.
                named = self.known.named(line.name)
                step.component = named[0] if len(named) == 1 else self.known.by_code(line.code)
                why = "on_request" if line.no_price_said else ""
                return [replace(step, state=State.NO_PRICE, problem=why, hint=line.no_price_said)]
            self._is_not_over(line, self.today)
            step.component = component = self._component(line)
            self._ask_ahead(line)
            forms = self._forms(line, component)
            slots = self._slots(line, component)
            self._heed(line)
            return [self._step(line, component, slot, form) for slot in slots for form in forms]
        except _Open as asked:
            self._ask_ahead(line)
            return [replace(step, state=State.OPEN, problem=str(asked))]
        except _Refused as refusal:
            code, hint = refusal.args
            return [_refused(step, code, hint)]

    def _step(self, line: Line, component: KnownComponent, slot: Slot, form: Form) -> Step:
        """A step whose component, form and place are told: amounts, day, what stands there."""
        step = Step(line, State.OPEN, component, form)
        try:
            if form not in component.forms:
                raise _Refused("not_in_form", str(form.label))
            net, vat_rate, gross = self._amounts(line)
            day = line.valid_from or self.valid_from
            self._is_not_over(line, day)
            step.aim = aim = Aim(component, slot, form, net, vat_rate, gross, day)
            stored = self.target.stored.get((slot.key, component.pk, form.value), [])
            step.before = before = next((one for one in stored if one.holds(day)), None)
            if before and before.same(net, vat_rate, gross):
                return replace(step, state=State.SAME)
            code, hint = self.target.refuses(day, stored)
            if code:
                raise _Refused(code, hint)
            if before and before.valid_from == day and self.target.asks_to_correct:
                self._ask("clash", "", line)
                if self._answer("clash", "") != YES:
                    raise _Refused("left_out", "")
                step.aim = replace(aim, corrects=True)
            return replace(step, state=State.CHANGED if before else State.NEW)
        except _Open as asked:
            return replace(step, state=State.OPEN, problem=str(asked))
        except _Refused as refusal:
            code, hint = refusal.args
            return _refused(step, code, hint)

    def _ask_ahead(self, line: Line) -> None:
        """What has to be asked whatever else is open, so that it is asked together."""
        if line.remark:
            self._ask("remark", key_of(line.remark), line, line.remark)
        if not line.amounts.says_vat:
            self._ask("vat", "", line)

    def _is_not_over(self, line: Line, day: dt.date) -> None:
        if line.valid_to and line.valid_to < day:
            raise _Refused("ended", f"{line.valid_to:%d.%m.%Y}")

    def _heed(self, line: Line) -> None:
        """Words beside the price may say that it is not for one hour of a workday."""
        if line.remark and self._answer("remark", key_of(line.remark)) != YES:
            raise _Refused("not_meant", line.remark)

    # --- Which component -----------------------------------------------------------------------

    def _component(self, line: Line) -> KnownComponent:
        if line.name_above and not (line.name or line.code):
            key = key_of("^", line.name_above, line.domain)
            return self._chosen("component", key, line, f"↑ {line.name_above}", line.name_above)
        if not (line.name or line.code):
            raise _Refused("no_name", "")
        named = self.known.named(line.name) if line.name else []
        coded = self.known.by_code(line.code) if line.code else None
        # An unknown life domain is asked about only where it has to tell components apart.
        domain = self.known.domain(line.domain)
        if coded and (not line.name or coded in named):
            return self._agreeing(coded, line, domain)
        if line.code and coded is None and not line.name:
            return self._asked(line)
        if coded and line.name:
            # The code says one thing and the name another.
            return self._asked(line, "contradiction")
        if len(named) > 1 and (domain := self._domain(line)):
            named = [one for one in named if one.domain == domain] or named
        if len(named) != 1:
            return self._asked(line)
        return self._agreeing(named[0], line, domain)

    def _agreeing(self, found: KnownComponent, line: Line, domain: str) -> KnownComponent:
        """The name is certain; what the file says of its life domain must not speak against it."""
        if domain and found.domain and domain != found.domain and not line.domain_above:
            return self._asked(line, "contradiction")
        return found

    def _asked(self, line: Line, why: str = "component") -> KnownComponent:
        said = line.name or line.code
        about = " · ".join(part for part in (line.domain, line.code, line.name) if part)
        return self._chosen(
            "component", key_of(line.domain, line.code, said), line, about, said, why
        )

    def _chosen(
        self, kind: str, key: str, line: Line, about: str, said: str, why: str = "component"
    ) -> KnownComponent:
        self._ask(kind, key, line, about, near=lambda: self._near(said, line.domain))
        answer = self.answers.get(f"{kind}-{key}", "")
        if answer == LEAVE:
            raise _Refused("left_out", "")
        found = self.known.by_pk.get(int(answer)) if answer.isascii() and answer.isdigit() else None
        if found is None:
            raise _Open(why)
        return found

    def _near(self, said: str, domain: str) -> list[tuple[str, str]]:
        found = self.known.suggestions(said, self.known.domain(domain))
        return [(str(one.pk), one.label) for one in found]

    def _domain(self, line: Line) -> str:
        """The slug of the life domain that the row names; "" if none, or if it does not count."""
        if not line.domain:
            return ""
        if slug := self.known.domain(line.domain):
            return slug
        if loose(line.domain) in {"baastoetus", "lisatoetus", "baastoetuse komponendid"}:
            return ""
        key = key_of(line.domain)
        self._ask("domain", key, line, line.domain)
        answer = self._answer("domain", key)
        if answer == ANY:
            return ""
        if answer == LEAVE:
            raise _Refused("left_out", "")
        if answer not in self.known.domains:
            raise _Open("domain")
        return answer

    # --- Which form, which offer ---------------------------------------------------------------

    def _forms(self, line: Line, component: KnownComponent) -> list[Form]:
        if line.forms:
            return list(line.forms)
        if line.all_forms:
            return list(component.forms)
        said_something_else = line.form_said and line.hint == "several"
        says_nothing = _says_no_form(line) and not line.form_cell
        if len(component.forms) == 1 and not said_something_else and says_nothing:
            return list(component.forms)
        key = key_of(line.form_said, line.hint)
        self._ask("form", key, line, line.form_said)
        answer = self._answer("form", key)
        if answer == LEAVE:
            raise _Refused("left_out", "")
        if answer == ALL:
            return list(component.forms)
        chosen = [form for form in Form if form.value == answer]
        if not chosen:
            raise _Open("form")
        return chosen

    def _slots(self, line: Line, component: KnownComponent) -> list[Slot]:
        slots = self.target.slots(component.pk)
        if not slots:
            raise _Refused("no_offer", "")
        if line.offer:
            named = [slot for slot in slots if slot.key == line.offer]
            if not named:
                raise _Refused("no_offer", "")
            return named
        if len(slots) == 1:
            return slots
        key = str(component.pk)
        self._ask(
            "offer", key, line, component.label, choices=[(one.key, one.label) for one in slots]
        )
        answer = self._answer("offer", key)
        if answer == LEAVE:
            raise _Refused("left_out", "")
        if answer == ALL:
            return slots
        chosen = [slot for slot in slots if slot.key == answer]
        if not chosen:
            raise _Open("offer")
        return chosen

    # --- How much ------------------------------------------------------------------------------

    def _amounts(self, line: Line) -> tuple[Decimal, Decimal | None, Decimal]:
        """Net, rate and gross; what the file leaves out is asked, or worked out from the rest."""
        said = line.amounts
        net, gross = said.net, said.gross
        rate: Decimal | None = None
        if not said.is_exempt:
            rate = said.vat if said.vat is not None else self._rate(line)
        if said.price is not None:
            if rate and self._price_kind(line) == "gross":
                gross = said.price
            else:
                net = said.price
        if net is None:
            net = net_of(gross or Decimal(0), rate)
        if gross is None:
            gross = gross_of(net, rate)
        if net <= 0 or abs(gross_of(net, rate) - gross) > CENT:
            raise _Refused("sum", "")
        return net, rate, gross

    def _rate(self, line: Line) -> Decimal | None:
        """The VAT of a file that says nothing about it."""
        answer = self._answer("vat", "")
        if answer == EXEMPT:
            return None
        if answer not in {f"{rate}" for rate in RATES}:
            raise _Open("vat")
        return Decimal(answer)

    def _price_kind(self, line: Line) -> str:
        self._ask("price_kind", "", line)
        answer = self._answer("price_kind", "")
        if answer not in {"net", "gross"}:
            raise _Open("price_kind")
        return answer

    # --- Questions -----------------------------------------------------------------------------

    def _ask(self, kind: str, key: str, line: Line, about: str = "", **more: Any) -> None:
        question = Question(kind, key, about, **more)
        question = self.questions.setdefault(question.name, question)
        if (line.sheet, line.row) not in {(one.sheet, one.row) for one in question.lines[-1:]}:
            question.lines.append(line)

    def _answer(self, kind: str, key: str) -> str:
        answer = self.answers.get(f"{kind}-{key}" if key else kind, "")
        if not answer:
            raise _Open(kind)
        return answer

    # --- All lines together --------------------------------------------------------------------

    def _twice(self, steps: list[Step]) -> None:
        """Two prices for the same day refuse each other; the same one twice is one."""
        seen: dict[tuple[str, int, str, dt.date], list[tuple[Step, Aim]]] = {}
        for step in steps:
            if step.state in {*TAKEN, State.SAME} and step.aim:
                seen.setdefault(step.aim.place, []).append((step, step.aim))
        days: dict[tuple[str, int, str], set[dt.date]] = {}
        for slot, component, form, day in seen:
            days.setdefault((slot, component, form), set()).add(day)
        for place, some in seen.items():
            if self.target.one_day and len(days[place[:3]]) > 1:
                for step, _aim in some:
                    step.state, step.problem = State.REFUSED, "several_days"
                continue
            if len({(aim.net, aim.vat_rate, aim.gross) for _step, aim in some}) == 1:
                for step, _aim in some[1:]:
                    step.state, step.problem = State.SAME, "same_twice"
                    step.hint = str(some[0][0].line.row)
                continue
            rows = [step.line.row for step, _aim in some]
            for step, _aim in some:
                others = [row for row in rows if row != step.line.row]
                step.state, step.problem = State.REFUSED, "twice" if others else "twice_here"
                step.hint = ", ".join(map(str, dict.fromkeys(others)))


ORDER = ("vat", "price_kind", "clash", "domain", "component", "remark", "form", "offer")


def _says_no_form(line: Line) -> bool:
    """Does nothing in the row or above its column speak of a form?"""
    return not forms_in(line.form_said) and line.hint != "several"


def _refused(step: Step, code: str, hint: str) -> Step:
    return replace(step, state=State.REFUSED, problem=code, hint=hint)


def _facts(step: Step) -> list[Any]:
    """What a plan stands on: where a price goes, how much it is, what stands there."""
    before, aim = step.before, step.aim
    here = [*aim.place, aim.net, aim.vat_rate, aim.gross, aim.corrects] if aim else []
    return [*here, *([before.gross, before.vat_rate, before.valid_from] if before else [])]
