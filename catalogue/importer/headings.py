"""Headings by which the reader knows a column again: for the file of what was not taken over."""

from catalogue.importer.cells import letter
from catalogue.importer.layout import Column, Layout
from catalogue.importer.words import (
    AMOUNTS,
    NOT_READ,
    TOLD_BY_CELLS,
    Role,
    heading_role,
    plain,
)
from catalogue.models.component import Form

NAMES = {
    Role.COMPONENT: "Teenuskomponent",
    Role.CODE: "Kood",
    Role.DOMAIN: "Eluvaldkond",
    Role.FORM: "Vorm",
    Role.PRICE: "Hind",
    Role.NET: "Hind km-ta",
    Role.GROSS: "Hind km-ga",
    Role.VAT: "Käibemaks",
    Role.FROM: "Kehtib alates",
    Role.UNTIL: "Kehtib kuni",
    Role.OFFER: "Pakkumise number",
    Role.UNIT: "Ühik",
    Role.WHEN: "Mis päeval",
}
FORMS = {Form.INDIVIDUAL: "individuaalne", Form.FAMILY: "pereliikmega", Form.GROUP: "grupis"}


def headings(layout: Layout, width: int) -> list[str]:
    """A heading for each column, read as the layout reads it; `not_read` mends the rest."""
    known = {column.index: column for column in layout.columns}
    return [heading_of(known.get(index, Column(index, ""))) for index in range(width)]


def heading_of(column: Column) -> str:
    """Of a column that has a role the known heading of it, of another its own."""
    role = column.role
    if role is None or role is Role.IGNORED:
        return column.heading or letter(column.index)
    name = NAMES[role]
    if role is Role.UNIT and plain(column.heading) not in TOLD_BY_CELLS:
        # “Kestus (min)” tells what its numbers count.
        return column.heading if heading_role(column.heading) == (role, "") else name
    if role is not Role.VAT and role not in AMOUNTS:
        return name
    if column.unit.is_hour:
        name = name.replace("Hind", "Tunnihind")
    if column.vat_rate is not None and role is not Role.PRICE:
        name = f"{name} {column.vat_rate} %"
    more = ["kõik vormid"] if column.all_forms else []
    more += [" ja ".join(FORMS[form] for form in column.forms)] if column.forms else []
    more += [column.days.said] if column.days else []
    more += [column.unit.said] if column.unit.is_other else []
    return f"{name} ({', '.join(more)})" if more else name


def not_read(heading: str) -> str:
    """The heading of a column that must not be read as anything."""
    return f"{NOT_READ}: {heading}"
