"""From cells to lines: who it is about, in which form, for how much, as the file says it."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from catalogue.importer.amounts import Money, money_in, span_in
from catalogue.importer.cells import EMPTY, FORMULA, FROM_MERGED, Cell, Sheet
from catalogue.importer.layout import Column, Layout, find_layout, is_heading_again, layout_at
from catalogue.importer.measure import Measure
from catalogue.importer.remarks import remark_in, remark_of_name
from catalogue.importer.units import days_stated, unit_stated
from catalogue.importer.vat import Amounts, Vat, vat_in, with_vat
from catalogue.importer.words import (
    AMOUNTS,
    SUMS,
    Role,
    forms_in,
    loose,
    plain,
    says_all_forms,
)
from catalogue.models.component import Form

# A row that begins so explains others.
NOTE = re.compile(r"\s*([*†‡⁰¹²³⁴⁵⁶⁷⁸⁹]|\(?\d{1,2}\)\s|(märkus|nb|ps|note)\w*\b)", re.IGNORECASE)
# Before a name that stands in a row above, as the file of refused rows writes it.
ABOVE = "↑ "


@dataclass
class Line:
    """One price of one component in one form, or a row that could not be read so far.

    `forms` empty: the file does not say which; several: the same price for each. `problem` is a
    code (problems.py); `hint` what else the sentence needs.
    """

    sheet: int
    row: int
    column: str
    domain: str = ""
    code: str = ""
    name: str = ""
    offer: str = ""
    forms: tuple[Form, ...] = ()
    all_forms: bool = False
    form_said: str = ""
    # What the row itself says of the form; `form_said` may be the heading of the price.
    form_cell: str = ""
    amounts: Amounts = field(default_factory=Amounts)
    valid_from: dt.date | None = None
    # The last day, where the file names one.
    valid_to: dt.date | None = None
    problem: str = ""
    hint: str = ""
    # What was taken from the rows above, to be shown.
    domain_above: bool = False
    name_above: str = ""
    no_price: bool = False
    # Words in a column that is not read which make it doubtful what the price is for.
    remark: str = ""
    # The words of the cell where a price is kept back: “kokkuleppel”.
    no_price_said: str = ""

    @property
    def place(self) -> str:
        return f"{self.sheet}:{self.row}:{self.column}"


@dataclass
class Passed:
    """A row that is no price: a title, a footnote, a sum. Shown, so that nothing is lost."""

    sheet: int
    row: int
    text: str
    why: str


@dataclass
class Reading:
    """`layouts` by sheet; `lines` in the order of the file."""

    sheets: list[Sheet]
    layouts: list[Layout]
    lines: list[Line] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    # Of each table: its sheet, the first row below its heading, how it was read.
    tables: list[tuple[int, int, Layout]] = field(default_factory=list)

    def layout_of(self, sheet: int, row: int) -> Layout:
        """How the table was read that this row belongs to."""
        found = [one for at, first, one in self.tables if at == sheet and first <= row]
        return found[-1] if found else self.layouts[sheet]

    @property
    def has_table(self) -> bool:
        return any(layout.has_prices for layout in self.layouts)


def read(
    sheets: list[Sheet],
    domains: frozenset[str],
    columns: Mapping[int, Mapping[int, str]] | None = None,
    names: frozenset[str] = frozenset(),
) -> Reading:
    """Read all sheets. `domains`: known life domains as `loose` writes them, to tell a heading;
    `names`: those of components, to tell their column.

    `columns`: what a person chose for the columns of a sheet, by number.
    """
    chosen = columns or {}
    layouts = [find_layout(sheet, chosen.get(n), names) for n, sheet in enumerate(sheets)]
    reading = Reading(sheets, layouts)
    for number, (sheet, layout) in enumerate(zip(sheets, layouts, strict=True)):
        _Table(reading, number, sheet, layout, domains, names, bool(chosen.get(number))).read()
    return reading


class _Table:
    """One sheet while it is read from top to bottom."""

    def __init__(
        self,
        reading: Reading,
        number: int,
        sheet: Sheet,
        layout: Layout,
        domains: frozenset[str],
        names: frozenset[str],
        is_chosen: bool,
    ) -> None:
        self.reading, self.number, self.sheet = reading, number, sheet
        self.layout, self.domains, self.names = layout, domains, names
        self.is_chosen = is_chosen
        self.domain, self.name, self.code = "", "", ""
        self.skip_to = 0
        self.measure = Measure(sheet)
        self._begin(layout)

    def _begin(self, layout: Layout) -> None:
        """A table begins."""
        self.layout = layout
        self.reading.tables.append((self.number, layout.first, layout))
        self.measure.begin(layout, is_chosen=self.is_chosen)

    def read(self) -> None:
        for row_number, row in self.sheet.numbered():
            if not any(row) or row_number < self.skip_to:
                continue
            if not self.layout.has_prices:
                self._pass(row_number, row, "no_table")
            elif row_number < self.layout.first:
                self._pass(row_number, row, "above")
                self.measure.hear(row)
            elif not self.is_chosen and is_heading_again(self.layout, row):
                self._begin(layout_at(self.sheet, row_number, row, self.names))
                self.skip_to, self.domain, self.name = self.layout.first, "", ""
                self._pass(row_number, row, "heading")
            else:
                self._row(row_number, row)

    def _pass(self, row_number: int, row: list[Cell], why: str) -> None:
        texts = dict.fromkeys(" ".join(cell.text.split()) for cell in row if cell)
        self.reading.passed.append(Passed(self.number, row_number, " · ".join(texts), why))

    def _said(self, row: list[Cell], role: Role) -> Cell:
        return self.sheet.cell(row, self.layout.one(role))

    def _row(self, row_number: int, row: list[Cell]) -> None:
        name, code = self._said(row, Role.COMPONENT), self._said(row, Role.CODE)
        domain = self._said(row, Role.DOMAIN)
        prices = list(self._prices(row))
        has_money = any(money for _columns, money, _amounts, _problem in prices)
        says_none = any(money.says_none for _columns, money, _amounts, _problem in prices)
        alone = [cell for cell in row if cell and cell.mark != FROM_MERGED]
        if self._is_one_text(row):
            self._heading(row_number, row, next(cell for cell in row if cell))
            return
        if self._is_note(row):
            self._pass(row_number, row, "note")
            return
        if SUMS.match(plain((name or code or domain or (alone or [EMPTY])[0]).text)):
            self._pass(row_number, row, "sum")
            return
        if not has_money and not says_none and len(alone) <= 1:
            self._heading(row_number, row, (alone or [name or domain or EMPTY])[0])
            return
        above = domain.text.startswith(ABOVE)
        if domain:
            self.domain = domain.text.removeprefix(ABOVE) if loose(domain.text) else ""
        named = (name, code, domain)
        unread = self.layout.unread(row)
        beside = [cell.text for column, cell in unread if not column.is_set_aside]
        wrong = any(cell.mark == FORMULA or cell.text.startswith("=") for cell in named)
        line = Line(
            self.number,
            row_number,
            "",
            domain=" ".join(self.domain.split()),
            domain_above=bool(self.domain and (above or not domain)),
            name=_one_line(name.text),
            code=code.text.strip(),
            offer=self._said(row, Role.OFFER).text.strip(),
            form_said=_one_line(self._said(row, Role.FORM).text),
            form_cell=_one_line(self._said(row, Role.FORM).text),
            remark=remark_in(beside) or remark_of_name(_one_line(name.text)),
        )
        if line.name.startswith(ABOVE) and not line.code:
            line.name, line.name_above = "", line.name.removeprefix(ABOVE)
        elif not (line.name or line.code):
            line.name_above = self.name
        elif not (name.mark == FROM_MERGED and not code):
            self.name, self.code = line.name or line.code, line.code
        for role in (Role.FROM, Role.UNTIL):
            self._tell_days(line, role, self._said(row, role).text)
        if wrong:
            line.problem, line.hint = "formula", ""
        if not has_money:
            line.no_price_said = next((m.said for _c, m, _a, _p in prices if m.said), "")
            self._no_price(line, row_number, row, says_none)
            return
        for columns, money, amounts, problem in prices:
            if not money:
                if money.says_none:
                    none = self._of(line, columns, Amounts(), "", True)
                    self.reading.lines.append(replace(none, no_price_said=money.said))
                continue
            other = self.measure.refusal(row, columns, money, (line.name, line.form_said))
            if other[0]:
                one = self._of(line, columns, Amounts(), other[0])
                one.hint = one.hint if line.problem else other[1]
                self.reading.lines.append(one)
            elif len(money.amounts) > 1:
                self._several(line, columns, money)
            else:
                one = self._of(line, columns, amounts, problem)
                one.hint = one.hint if line.problem else money.said
                self.reading.lines.append(one)

    def _tell_days(self, line: Line, role: Role, said: str) -> None:
        """When the price holds; a last day that cannot be read is shown with what was not read."""
        if not said:
            return
        span = span_in(said)
        if role is Role.UNTIL:
            # A lone day in a column of last days is the last one.
            line.valid_to = (span.last or span.first) if span else line.valid_to
        elif span:
            line.valid_from, line.valid_to = span.first, span.last
        else:
            line.problem, line.hint = "no_day", said

    def _is_one_text(self, row: list[Cell]) -> bool:
        """One text merged over the row, or over its columns of names and prices."""
        cells = [cell for cell in row if cell]
        is_one = len(cells) > 1 and len({cell.text for cell in cells}) == 1
        return is_one and all(cell.mark == FROM_MERGED for cell in cells[1:])

    def _is_note(self, row: list[Cell]) -> bool:
        """A row that begins with a mark of notes and holds nothing of its own in its prices."""
        first = next(cell for cell in row if cell)
        if not NOTE.match(first.text):
            return False
        prices = [self.sheet.cell(row, column.index) for column in self.layout.of(*AMOUNTS)]
        return not any(
            cell and not (cell.mark == FROM_MERGED and cell.text == first.text) for cell in prices
        )

    def _no_price(self, line: Line, number: int, row: list[Cell], says_none: bool) -> None:
        """A row without an amount: a component without a price, or words between the rows."""
        if (line.name or line.code) and (says_none or line.form_said or line.code or line.domain):
            line.no_price = True
            line.column = "+".join(str(one.index) for one in self.layout.of(*AMOUNTS))
            self.reading.lines.append(line)
        else:
            self._pass(number, row, "text")

    def _heading(self, row_number: int, row: list[Cell], cell: Cell) -> None:
        """One cell alone: a life domain above its rows, a component without a price, or words."""
        said = loose(cell.text)
        if cell.mark == FORMULA:
            line = Line(self.number, row_number, "", name=cell.text, problem="formula")
            self.reading.lines.append(line)
        elif said in self.domains:
            self.domain, self.name = cell.text, ""
            self._pass(row_number, row, "domain")
        elif said in {"baastoetus", "baastoetuse komponendid", "lisatoetus"}:
            self.domain, self.name = "", ""
            self._pass(row_number, row, "group")
        elif NOTE.match(cell.text):
            self._pass(row_number, row, "note")
        elif self._is_below_name(row, cell) and not (
            unit_stated(cell.text) or days_stated(cell.text) is not None
        ):
            line = Line(self.number, row_number, "", name=_one_line(cell.text), no_price=True)
            line.domain, line.domain_above = " ".join(self.domain.split()), bool(self.domain)
            self.name = line.name
            self.reading.lines.append(line)
        else:
            self._pass(row_number, row, "text")
            self.measure.hear(row)

    def _is_below_name(self, row: list[Cell], cell: Cell) -> bool:
        """A name in the column of names; a footnote or a long sentence is none."""
        column = self.layout.one(Role.COMPONENT)
        stands = column is not None and self.sheet.cell(row, column) is cell
        stands = stands and not self._is_one_text(row)
        return stands and len(cell.text) < 120 and not re.match(r"\s*[*†¹²³⁴⁵\d]", cell.text)

    def _prices(self, row: list[Cell]) -> Iterator[tuple[list[Column], Money, Amounts, str]]:
        """For each form with columns of its own: its columns, what they say, and what is wrong."""
        groups: dict[tuple[tuple[Form, ...], bool], list[Column]] = {}
        for column in self.layout.of(*AMOUNTS):
            groups.setdefault((column.forms, column.all_forms), []).append(column)
        taken = 0
        for (forms, _all), columns in groups.items():
            vat_columns = [one for one in self.layout.of(Role.VAT) if one.forms == forms]
            vat_columns = vat_columns or [one for one in self.layout.of(Role.VAT) if not one.forms]
            vats = [vat_in(self.sheet.cell(row, one.index), one.heading) for one in vat_columns]
            vat = next((one for one in vats if one), Vat())
            by_role: dict[Role, list[Column]] = {}
            for column in columns:
                by_role.setdefault(column.role or Role.PRICE, []).append(column)
            # Two columns of the same sort: prices that the heading does not tell apart.
            for step in range(max(len(some) for some in by_role.values())):
                some = [cols[step] for cols in by_role.values() if step < len(cols)]
                yield some, *self._amounts(row, some, vat)
                taken += 1

    def _amounts(
        self, row: list[Cell], columns: list[Column], vat: Vat
    ) -> tuple[Money, Amounts, str]:
        said: dict[Role, Money] = {}
        for column in columns:
            said[column.role or Role.PRICE] = money_in(self.sheet.cell(row, column.index))
        found = [money for money in said.values() if money]
        if not found:
            none = [money for money in said.values() if money.says_none]
            words = next((money.said for money in none if money.said), "")
            return Money(says_none=bool(none), said=words), Amounts(), ""
        wrong = next((money for money in found if money.problem), None)
        if wrong:
            return wrong, Amounts(), wrong.problem
        if any(len(money.amounts) > 1 for money in found):
            if len(found) > 1:
                return Money(problem="several"), Amounts(), "several"
            return found[0], Amounts(), ""
        value = {role: money.amounts[0] for role, money in said.items() if money.amounts}
        if not vat and len(value) == 1:
            # Of two amounts both say it better than a heading: where they are one, there is none.
            vat = _vat_of([one for one in columns if (one.role or Role.PRICE) in value])
        if not any(value.values()):
            return Money(problem="zero"), Amounts(), "zero"
        if any(amount == 0 for amount in value.values()):
            return Money(problem="zero"), Amounts(), "zero"
        amounts, problem = with_vat(value, vat)
        return found[0], amounts, problem

    def _several(self, line: Line, columns: list[Column], money: Money) -> None:
        """“27 / 15”: each is asked about, whatever forms the row names."""
        for step, amount in enumerate(money.amounts):
            one = self._of(line, columns, Amounts(price=amount), "")
            role = columns[0].role
            if role in {Role.NET, Role.GROSS}:
                is_net = role is Role.NET
                one.amounts = Amounts(net=amount) if is_net else Amounts(gross=amount)
            one.forms, one.all_forms = (), False
            one.hint = "several"
            one.column += f"-{step + 1}"
            one.form_said = f"{one.form_said or columns[0].heading} ({step + 1})"
            self.reading.lines.append(one)

    def _of(
        self,
        line: Line,
        columns: list[Column],
        amounts: Amounts,
        problem: str,
        no_price: bool = False,
    ) -> Line:
        """`line` for the prices of these columns."""
        column = columns[0]
        forms, all_forms, said = column.forms, column.all_forms, line.form_said
        if not forms and not all_forms:
            forms, all_forms = forms_in(said), says_all_forms(said)
            said = said or column.heading
        elif line.form_said and forms_in(line.form_said) not in ((), forms):
            # The row says one form, the column another: only what both say holds.
            both = tuple(form for form in forms_in(line.form_said) if form in forms)
            forms, said = both, line.form_said
        else:
            said = column.heading
        return Line(
            **{
                **{name: getattr(line, name) for name in Line.__dataclass_fields__},
                "column": "+".join(str(one.index) for one in columns),
                "forms": forms,
                "all_forms": all_forms,
                "form_said": said,
                "amounts": amounts,
                "problem": line.problem or problem,
                "no_price": no_price,
            }
        )


def _vat_of(columns: list[Column]) -> Vat:
    """The rate in the heading of an amount, for rows that do not tell it themselves."""
    rates = {column.vat_rate for column in columns} - {None}
    return Vat(rates.pop()) if len(rates) == 1 else Vat()


def _one_line(text: str) -> str:
    """A name on one line; a word cut at the end of the line is whole again."""
    return " ".join(re.sub(r"(\w)[-\u00ad]\s*\n\s*(?=[a-zäöõüšž])", r"\1", text).split())
