"""A price form that was sent, worked out anew: how it was read, what would change, what is open."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.template.defaultfilters import truncatechars
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalogue.importer.cells import from_json, letter
from catalogue.importer.leftover import Leftover, leftovers, words_beside
from catalogue.importer.plan import TAKEN, Aim, Plan, State, Step, plan
from catalogue.importer.problems import PASSED, sentence
from catalogue.importer.reading import Line, Passed, Reading, read
from catalogue.models import PriceImport
from home.reports.price_refused import left_steps
from home.reports.price_targets import TargetRow, known_catalogue, target_of, targets_of
from portal.templatetags.ui import NBSP, euro, form_name
from portal.templatetags.ui import day as day_in_words

# So many letters of each text beside a price are shown.
LONGEST_BESIDE = 60
STATES = {
    State.NEW: (_lazy("new"), "good"),
    State.CHANGED: (_lazy("changes"), "good"),
    State.OPEN: (_lazy("unclear"), "warm"),
    State.REFUSED: (_lazy("not taken"), "stop"),
    State.SAME: (_lazy("stays the same"), ""),
    State.NO_PRICE: (_lazy("no price"), ""),
}


@dataclass(frozen=True)
class Look:
    """An import as it stands on `day`: everything that its page, file and service need."""

    price_import: PriceImport
    target: TargetRow
    reading: Reading
    plan: Plan

    @property
    def to_take(self) -> list[Step]:
        return self.plan.of(*TAKEN)

    def count(self, state: State) -> int:
        return len(self.plan.of(state))


@dataclass(frozen=True)
class PreviewRow:
    """One row of the preview in words."""

    place: str
    state: State
    state_words: str
    mark: str
    said: str
    amount: str
    # What stands in columns that are not read.
    beside: str
    meant: str
    form: str
    before: str
    after: str
    net_and_vat: str
    valid_from: dt.date | None
    why: str


def look_at(price_import: PriceImport, user: Any, day: dt.date) -> Look:
    """Read the cells again with what was answered so far; 404 if its target is out of reach."""
    chosen = {one.value: one for one in targets_of(user, day)}
    target = chosen.get(price_import.target)
    if target is None:
        raise Http404
    known = known_catalogue()
    columns = {
        int(sheet): {int(column): choice for column, choice in kept.items()}
        for sheet, kept in price_import.columns.items()
    }
    reading = read(from_json(price_import.sheets), known.domain_names, columns, known.names)
    made = plan(
        reading,
        known,
        target_of(target, user, day),
        answers=price_import.answers,
        valid_from=price_import.valid_from,
        today=day,
    )
    return Look(price_import, target, reading, made)


def preview(look: Look, steps: Iterable[Step]) -> list[PreviewRow]:
    """`steps` in words, in the order of the file."""
    return [_row(look, step) for step in steps]


def place_of(look: Look, line: Line | Passed | Leftover) -> str:
    """The row of the file, with its sheet where there are several."""
    if len(look.reading.sheets) < 2:
        return str(line.row)
    where = {"sheet": look.reading.sheets[line.sheet].name, "row": line.row}
    return _("%(sheet)s, row %(row)s") % where


def said_of(line: Line) -> str:
    """What the file says that the row is about."""
    return " · ".join(part for part in (line.code, line.name or line.name_above) if part) or "–"


def rows_left(look: Look) -> int:
    """Rows of the file of which something is not taken over: as many as `refused_table` has."""
    return len({(step.line.sheet, step.line.row) for step in left_steps(look)})


def _row(look: Look, step: Step) -> PreviewRow:
    line, aim = step.line, step.aim
    words, mark = STATES[step.state]
    component = step.component
    form = step.form or (line.forms[0] if len(line.forms) == 1 else None)
    places, usual = _several_places(look, step), look.price_import.valid_from
    return PreviewRow(
        place=place_of(look, line),
        state=step.state,
        state_words=str(words),
        mark=mark,
        said=said_of(line),
        amount=amount_said(look, step.line),
        beside=_beside(look, line),
        meant=(component.label if component else "") + places,
        form=str(form_name(form.value)) if form else line.form_cell,
        before=euro(step.before.gross) if step.before else "",
        after=euro(aim.gross) if aim else "",
        net_and_vat=_net_and_vat(aim) if aim else "",
        valid_from=aim.valid_from if aim and aim.valid_from != usual else None,
        why=_why(step),
    )


def _beside(look: Look, line: Line) -> str:
    """“sõidukulu eraldi”: words of the row in columns that are not read, the first of each."""
    words = words_beside(look.reading, line.sheet, line.row)
    return " · ".join(truncatechars(" ".join(text.split()), LONGEST_BESIDE) for text in words)


def _why(step: Step) -> str:
    """What has to be said of a row: why it is not taken, or that its last day is not kept."""
    if step.problem:
        return sentence(step.problem, step.hint)
    if step.state not in TAKEN or step.aim is None:
        return ""
    said = [_("Overwrites a price that begins on the same day.")] if step.aim.corrects else []
    if ends := step.line.valid_to:
        said.append(_("In the file until %(day)s.") % {"day": day_in_words(ends)})
    return " ".join(said)


def amount_said(look: Look, line: Line) -> str:
    """What the cells of the price hold, letter by letter."""
    sheet = look.reading.sheets[line.sheet]
    row = sheet.rows[line.row - 1]
    columns = line.column.partition("-")[0].split("+")
    cells = [sheet.cell(row, int(column)) for column in columns if column]
    return " · ".join(dict.fromkeys(cell.text for cell in cells if cell))


def _net_and_vat(aim: Aim) -> str:
    if aim.vat_rate is None:
        return _("exempt from VAT")
    return net_and_vat(aim.net, aim.vat_rate)


def net_and_vat(net: Decimal, rate: Decimal) -> str:
    """“35,00 € + 24 %”, the parts held together."""
    per_cent = f"{rate.normalize():f}".replace(".", ",")
    return f"{euro(net)} + {per_cent}{NBSP}%"


def _several_places(look: Look, step: Step) -> str:
    """Which offer, where prices go to offers."""
    return f" · {step.aim.slot.label}" if step.aim and not look.target.is_round else ""


def passed_rows(look: Look) -> list[tuple[str, str, str]]:
    """Rows that are no prices: place, why, text. Shown, so that nothing is lost."""
    return [(place_of(look, one), str(PASSED[one.why]), one.text) for one in look.reading.passed]


def ends_of(look: Look) -> tuple[int, str]:
    """Of how many prices the file names the last day, and which: the portal does not keep it."""
    days = [step.line.valid_to for step in look.plan.of(*TAKEN, State.SAME)]
    named = sorted({day for day in days if day})
    return sum(bool(day) for day in days), ", ".join(map(day_in_words, named[:3]))


def amounts_not_taken(look: Look) -> list[tuple[str, str, str]]:
    """Cells that speak of euros or days in columns that were not used: place, heading, text."""
    return [
        (place_of(look, one), one.heading or letter(one.column), one.text)
        for one in leftovers(look.reading)
    ]


def notes_of(look: Look) -> list[tuple[str, str]]:
    """What notes of the file say about its prices, such as “* tööpäevadel”: place and text."""
    return [(place_of(look, one), one.text) for one in look.reading.passed if one.why == "note"]
