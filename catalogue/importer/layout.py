"""Where the heading of a table is and what each of its columns holds."""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from catalogue.importer.amounts import day_in, money_in, span_in
from catalogue.importer.cells import FROM_MERGED, Cell, Sheet
from catalogue.importer.units import Days, Unit, days_in_heading, days_of, unit_in_heading, unit_of
from catalogue.importer.vat import rate_in_heading
from catalogue.importer.words import (
    AMOUNTS,
    OURS,
    QUANTITIES,
    SUM,
    TOLD_BY_CELLS,
    Role,
    forms_in,
    heading_role,
    loose,
    plain,
    says_all_forms,
    speaks_of_vat,
)
from catalogue.models.component import Form

# A title, an address, a date: a heading comes after at most so many rows.
TITLE_ROWS = 40
LOOK_AHEAD = 30
# A longer text is no unit, whatever stands in it.
LONGEST_UNIT = 30


# What the second row of a heading may say: “Kehtib” above “alates” and “kuni”.
BELOW_A_HEADING = frozenset({*AMOUNTS, Role.VAT, Role.FROM, Role.UNTIL, Role.FORM, Role.UNIT})
# Headings of a time that may name its beginning and its end.
TIMES = re.compile(r"kehti|periood|ajavahemik")
# Of these a table has one column each.
ONE_COLUMN = (
    *(Role.COMPONENT, Role.CODE, Role.DOMAIN, Role.FORM, Role.FROM, Role.UNTIL, Role.OFFER),
)


@dataclass
class Column:
    """One column: the heading as written, what it was taken for, and how sure that is."""

    index: int
    heading: str
    role: Role | None = None
    forms: tuple[Form, ...] = ()
    all_forms: bool = False
    # The known heading it is only alike; "" where it is known as it stands.
    alike: str = ""
    # Somebody has told that this column, which was read, is not needed.
    is_set_aside: bool = False

    @property
    def unit(self) -> Unit:
        """What the heading of a price says that it is for."""
        return unit_in_heading(self.heading) if self.role in AMOUNTS else Unit()

    @property
    def vat_rate(self) -> Decimal | None:
        """The rate of VAT in the heading of a price, in per cent."""
        return rate_in_heading(self.heading) if self.role in AMOUNTS else None

    @property
    def days(self) -> Days:
        """Days other than workdays in the heading of a price."""
        return days_in_heading(self.heading) if self.role in AMOUNTS else Days()


@dataclass
class Layout:
    """`first` is the first row below the heading, from 1; 0 where there is no heading."""

    columns: list[Column] = field(default_factory=list)
    first: int = 0
    score: int = 0

    def of(self, *roles: Role) -> list[Column]:
        return [column for column in self.columns if column.role in roles]

    def one(self, role: Role) -> int | None:
        return next((column.index for column in self.of(role)), None)

    def unread(self, row: list[Cell]) -> Iterator[tuple[Column, Cell]]:
        """The cells of a row in columns that are not read, but for those that we have added."""
        known = {column.index: column for column in self.columns}
        for index, cell in enumerate(row):
            column = known.get(index, Column(index, ""))
            is_read = column.role not in {None, Role.IGNORED} or column.heading.casefold() in OURS
            if cell and cell.mark != FROM_MERGED and not is_read:
                yield column, cell

    @property
    def has_prices(self) -> bool:
        return bool(self.of(*AMOUNTS) and (self.of(Role.COMPONENT) or self.of(Role.CODE)))


# Names of components, as `loose` writes them.
Names = frozenset[str]
NO_NAMES: Names = frozenset()
# So many of them make a column theirs.
LEAST_NAMES = 2
role_of = functools.lru_cache(maxsize=4096)(heading_role)
# What a choice of the reader says of a column: the role, and for prices the form.
Chosen = Mapping[int, str]


def judge(sheet: Sheet) -> int:
    """How well a sheet reads as a table of prices: more is better, for choosing a separator."""
    layout = find_layout(sheet)
    widths = [len(row) for row in sheet.rows[:200] if len(row) > 1]
    usual = max(set(widths), key=widths.count) if widths else 0
    return layout.score * 1000 + min(widths.count(usual) if widths else 0, 500) + min(usual, 20)


def find_layout(sheet: Sheet, chosen: Chosen | None = None, names: Names = NO_NAMES) -> Layout:
    """The best heading among the first rows; what the reader chose for a column counts first.

    `names`: components as `loose` writes them; a column that holds some of them is theirs.
    """
    best = Layout()
    for number, row in sheet.numbered():
        if number > TITLE_ROWS:
            break
        found = layout_at(sheet, number, row, names)
        if found.score > best.score:
            best = found
    if chosen:
        _choose(best, sheet, chosen)
    return best


def layout_at(sheet: Sheet, number: int, row: list[Cell], names: Names = NO_NAMES) -> Layout:
    """The layout if row `number` is the heading, with the row below where it goes on there."""
    layout = Layout([_column(index, cell.text) for index, cell in enumerate(row)], number + 1)
    if not any(column.role for column in layout.columns) and sum(map(bool, row)) < 2:
        return Layout()
    below = sheet.rows[number] if number < len(sheet.rows) else []
    if _goes_on(row, below):
        layout = Layout(_joined(row, below), number + 2)
    _tell_forms(layout, sheet)
    _tell_by_cells(layout, sheet)
    _tell_names(layout, sheet, names)
    _tell_net(layout)
    _keep_first(layout)
    kinds = {column.role for column in layout.columns if column.role}
    amounts = len(layout.of(*AMOUNTS))
    has_name = bool({Role.COMPONENT, Role.CODE} & kinds)
    if has_name and amounts:
        layout.score = 10 + len(kinds - {Role.IGNORED}) + amounts
    elif has_name or amounts:
        layout.score = len(kinds)
    return layout


def is_heading_again(layout: Layout, row: list[Cell]) -> bool:
    """Does a row below repeat a heading, as where a second table begins?"""
    roles = [role_of(cell.text)[0] for cell in row if cell and len(cell.text) < 80]
    named = {Role.COMPONENT, Role.CODE} & set(roles)
    if not named or not any(role in AMOUNTS for role in roles):
        return False
    cells = [row[column.index] for column in layout.of(*AMOUNTS) if column.index < len(row)]
    return not any(money_in(cell).amounts for cell in cells)


def _column(index: int, text: str) -> Column:
    role, alike = role_of(text)
    column = Column(index, " ".join(text.split()), role, alike=alike)
    if role in AMOUNTS or role in {None, Role.VAT}:
        column.forms, column.all_forms = forms_in(text), says_all_forms(text)
    return column


def _goes_on(row: list[Cell], below: list[Cell]) -> bool:
    """Is the heading of two rows: prices above, forms or “KM-ga” below, and no amounts yet?"""
    if not any(below):
        return False
    if any(money.amounts or money.problem == "unit" for money in map(money_in, below)):
        return False
    under_price, over = False, ""
    for index, cell in enumerate(below):
        above = row[index].text if index < len(row) else ""
        over = above or over
        if not cell or (cell.mark == FROM_MERGED and cell.text == above):
            continue
        role, _alike = role_of(cell.text)
        if role_of(above)[0] in {Role.COMPONENT, Role.CODE, Role.DOMAIN}:
            return False
        says = forms_in(cell.text) or says_all_forms(cell.text) or role in BELOW_A_HEADING
        is_price = role_of(over)[0] in AMOUNTS
        says = says or (is_price and (_is_unit(cell) or _is_days(cell)))
        if role in {Role.COMPONENT, Role.CODE, Role.DOMAIN} and not above:
            continue
        if not says:
            return False
        under_price = True
    return under_price


def _joined(row: list[Cell], below: list[Cell]) -> list[Column]:
    """One heading out of two rows; what stands above several columns counts for all of them."""
    columns, above = [], ""
    for index in range(max(len(row), len(below))):
        upper = row[index].text if index < len(row) else ""
        lower = below[index].text if index < len(below) else ""
        if upper:
            above = upper
        if not lower or lower == upper:
            columns.append(_column(index, upper))
            continue
        group = upper or (above if role_of(above)[0] in AMOUNTS else "")
        column = _column(index, f"{group} {lower}".strip())
        own, _alike = role_of(lower)
        if own in BELOW_A_HEADING and own is not Role.PRICE:
            column.role = own
        elif column.role is None and role_of(group)[0] in AMOUNTS:
            column.role = role_of(group)[0]
        column.forms = forms_in(lower) or forms_in(group)
        column.all_forms = says_all_forms(lower)
        columns.append(column)
    return columns


def _tell_forms(layout: Layout, sheet: Sheet) -> None:
    """A heading that names only forms: prices if amounts stand below, the form itself if words."""
    for column in layout.columns:
        if column.role is not None or not (column.forms or column.all_forms):
            continue
        said = _below(layout, sheet, column)
        amounts = sum(bool(money_in(cell).amounts or money_in(cell).says_none) for cell in said)
        if speaks_of_vat(plain(column.heading)):
            beside = {one.role for one in layout.of(*AMOUNTS) if one.forms == column.forms}
            column.role = Role.VAT if len(beside) > 1 else None
            continue
        forms = sum(bool(forms_in(cell.text) or says_all_forms(cell.text)) for cell in said)
        if forms > amounts:
            column.role, column.forms, column.all_forms = Role.FORM, (), False
        elif amounts and amounts * 2 >= len(said):
            column.role = Role.PRICE


def _below(layout: Layout, sheet: Sheet, column: Column) -> list[Cell]:
    """What stands in the first cells of a column that are not empty."""
    rows = sheet.rows[layout.first - 1 : layout.first - 1 + LOOK_AHEAD]
    return [cell for row in rows if (cell := sheet.cell(row, column.index))]


def _is_unit(cell: Cell) -> bool:
    if len(cell.text) > LONGEST_UNIT:
        return False
    unit = unit_of(cell.text)
    return unit.is_hour or unit.is_other


def _is_form(cell: Cell) -> bool:
    if len(cell.text) > LONGEST_UNIT or cell.number is not None:
        return False
    return bool(forms_in(cell.text)) or says_all_forms(cell.text)


def _are_spans(said: list[Cell]) -> bool:
    """Are at least half of the cells “01.01.2026–31.12.2026”?"""
    spans = [span for cell in said if (span := span_in(cell.text))]
    return sum(bool(one.first and one.last) for one in spans) * 2 >= max(len(said), 1)


def _are_days(said: list[Cell]) -> bool:
    """Are at least half of the cells days of the calendar?"""
    return sum(bool(day_in(cell.text)) for cell in said) * 2 >= max(len(said), 1)


def _is_days(cell: Cell) -> bool:
    if len(cell.text) > LONGEST_UNIT or span_in(cell.text):
        return False
    days = days_of(cell.text)
    return days.is_workday or days.is_other


def _tell_by_cells(layout: Layout, sheet: Sheet) -> None:
    """Units and days under a heading that does not tell them: at least half of the cells do."""
    sums = any(SUM.search(plain(one.heading)) for one in layout.of(*AMOUNTS))
    for column in layout.columns:
        if sums and plain(column.heading) in QUANTITIES:
            # “Tunde 10, summa 300”: the sum is of ten hours.
            column.role = Role.UNIT
            continue
        if column.role is Role.PRICE and _are_days(_below(layout, sheet, column)):
            column.role = None if layout.of(Role.FROM) else Role.FROM
            continue
        if column.role is Role.FORM and column.alike:
            # “Teenuse liik” is like “tegevuse liik”, but names services.
            is_form = any(map(_is_form, _below(layout, sheet, column)))
            column.role, column.alike = (Role.FORM, column.alike) if is_form else (None, "")
            continue
        if column.role is Role.FROM and TIMES.search(plain(column.heading)):
            # “Kehtivus: tähtajatu” is no day that a price begins on.
            said = _below(layout, sheet, column)
            column.role = Role.FROM if any(span_in(cell.text) for cell in said) else None
            continue
        if column.role is None and _are_spans(_below(layout, sheet, column)):
            column.role = None if layout.of(Role.FROM) else Role.FROM
            continue
        is_doubtful = plain(column.heading) in TOLD_BY_CELLS
        if not (column.role is None or is_doubtful) or column.forms or column.all_forms:
            continue
        said = _below(layout, sheet, column)
        units = sum(_is_unit(cell) and not _is_days(cell) for cell in said)
        days = sum(_is_days(cell) for cell in said)
        forms = sum(map(_is_form, said))
        if said and max(units, days) * 2 >= len(said):
            column.role = Role.UNIT if units > days else Role.WHEN
        elif said and forms * 2 >= len(said) and not layout.of(Role.FORM):
            column.role = Role.FORM
        elif column.role is Role.WHEN and any(money_in(cell).amounts for cell in said):
            column.role = None


def _tell_names(layout: Layout, sheet: Sheet, names: Names) -> None:
    """“Mida”: a heading that nobody knows above names that the catalogue has, two at least."""
    headings = {loose(column.heading) for column in layout.columns}
    if layout.of(Role.COMPONENT, Role.CODE) or not headings.isdisjoint(names):
        return
    unknown = [column for column in layout.columns if column.role in {None, Role.FORM}]
    hits = [sum(loose(c.text) in names for c in _below(layout, sheet, one)) for one in unknown]
    if hits and max(hits) >= LEAST_NAMES:
        found = unknown[hits.index(max(hits))]
        found.role, found.forms, found.all_forms = Role.COMPONENT, (), False


def _tell_net(layout: Layout) -> None:
    """“Hind, KM, kokku”: a price that says nothing, beside VAT and a sum with it, is without."""
    for column in layout.of(Role.PRICE):
        beside = [one for one in layout.of(Role.GROSS) if one.forms == column.forms]
        if beside and layout.of(Role.VAT):
            column.role = Role.NET


def _keep_first(layout: Layout) -> None:
    """Of two columns for the same thing the first counts; the other is asked about."""
    for role in ONE_COLUMN:
        columns = layout.of(role)
        # “Teenus” beside “Komponent”: the better known heading is the name.
        columns.sort(key=lambda one: (bool(one.alike), "komponen" not in plain(one.heading)))
        for column in columns[1:]:
            column.role = None


def _choose(layout: Layout, sheet: Sheet, chosen: Chosen) -> None:
    if not layout.first:
        layout.first = 1
    known = {column.index for column in layout.columns}
    layout.columns += [Column(i, "") for i in range(sheet.width) if i not in known]
    for column in layout.columns:
        choice = chosen.get(column.index, "")
        name, _colon, forms = choice.partition(":")
        if name not in set(Role):
            continue
        column.is_set_aside = name == Role.IGNORED and column.role not in {None, Role.IGNORED}
        column.role, column.alike = Role(name), ""
        if column.role in AMOUNTS:
            asked = tuple(form for form in Form if form.value in re.split(r"\+", forms))
            column.forms, column.all_forms = asked, forms == "all"


def choice_of(column: Column) -> str:
    """The value that stands for what the column was taken for."""
    if column.role is None:
        return ""
    if column.role not in AMOUNTS:
        return column.role.value
    forms = "all" if column.all_forms else "+".join(form.value for form in column.forms)
    return f"{column.role.value}:{forms}" if forms else column.role.value
