"""Everything the portal holds of somebody, to take along: for eyes and for machines.

    copy = copy_of(subject, now)
    write_zip(copy, file)

The zip has a page to read and print (valjavote.html), the same as data (andmed.json) with the
schema that it keeps (andmed.schema.json), and the files. Asking for it is an entry of the log,
written by the caller in its transaction.
"""

import datetime as dt
import decimal
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import IO, Any

from django.db import models
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext

from portal.base import personal
from portal.base.personal import Column, Declaration, Path, Subject
from portal.templatetags import ui

FORMAT = "tugivork-copy/1"
HERE = FilePath(__file__).parent
# The person's language is not known; the letters of the house are Estonian.
LANGUAGE = "et"
PAGE, DATA, SCHEMA, STYLE, FILES = (
    "valjavote.html",
    "andmed.json",
    "andmed.schema.json",
    "valjavote.css",
    "failid",
)
AT_ONCE = 500


@dataclass(frozen=True)
class Value:
    """One thing said of a record: `value` for machines, `text` for eyes."""

    name: str
    label: str
    value: Any
    text: str


@dataclass
class Section:
    """The records of one model."""

    key: str
    title: str
    records: list[list[Value]] = field(default_factory=list)


@dataclass(frozen=True)
class File:
    """A file that goes along, under the name it has in the zip."""

    name: str
    open: Callable[[], IO[bytes]]


@dataclass
class Copy:
    """Everything of one subject."""

    kind: str
    numbers: tuple[str, ...]
    made_at: dt.datetime
    sections: list[Section] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """The machine-readable half, as schema.json describes it."""
        return {
            "format": FORMAT,
            "subject": self.kind,
            "numbers": list(self.numbers),
            "made_at": self.made_at.isoformat(),
            "sections": [
                {
                    "key": section.key,
                    "title": section.title,
                    "records": [
                        [
                            {"name": one.name, "label": one.label, "value": one.value}
                            | ({"text": one.text} if one.text != one.value else {})
                            for one in record
                        ]
                        for record in section.records
                    ],
                }
                for section in self.sections
            ],
            "files": [one.name for one in self.files],
        }


def copy_of(subject: Subject, now: dt.datetime) -> Copy:
    """Gather everything of `subject`; who they are first, the log last."""
    copy = Copy(subject.kind, subject.numbers, now)
    with translation.override(LANGUAGE):
        # From the ground of the house up: the account or the person, then what hangs on them.
        for declaration in reversed(personal.declarations()):
            path = declaration.paths.get(subject.kind)
            if path is not None and path.show:
                section = _section(declaration, path, subject, copy)
                if section.records:
                    copy.sections.append(section)
    copy.sections.sort(key=lambda one: one.key.startswith("audit."))
    return copy


def write_zip(copy: Copy, out: IO[bytes]) -> None:
    """Write the zip to `out`."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PAGE, readable(copy))
        archive.writestr(STYLE, (HERE / "copy.css").read_text(encoding="utf-8"))
        archive.writestr(DATA, json.dumps(copy.as_data(), ensure_ascii=False, indent=2))
        archive.writestr(SCHEMA, (HERE / "schema.json").read_text(encoding="utf-8"))
        for one in copy.files:
            with one.open() as content:
                archive.writestr(f"{FILES}/{one.name}", content.read())


def readable(copy: Copy) -> str:
    """The page to read and to print, complete without the style beside it."""
    with translation.override(LANGUAGE):
        return render_to_string("privacy/copy.html", {"copy": copy, "style": STYLE})


def _section(declaration: Declaration, path: Path, subject: Subject, copy: Copy) -> Section:
    section = Section(declaration.label, capfirst(str(declaration.title)))
    for row in path.rows(subject).iterator(chunk_size=AT_ONCE):
        section.records.append([_value(row, column) for column in path.columns])
        for name in path.files:
            if stored := getattr(row, name):
                copy.files.append(File(_name(row, name, len(copy.files) + 1), stored.open))
    return section


def _value(row: models.Model, column: Column) -> Value:
    model_field = _field(row, column.name)
    label = column.label or (model_field.verbose_name if model_field else column.name)
    value = column.value(row) if column.value else getattr(row, column.name)
    words = None
    if model_field is not None and model_field.choices and not column.value:
        words = getattr(row, f"get_{column.name}_display")()
    return Value(column.name, capfirst(str(label)), _plain(value), _words(value, words))


def _field(row: models.Model, name: str) -> Any:
    return next((one for one in row._meta.concrete_fields if one.name == name), None)


def _plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, dict | list):
        return json.loads(json.dumps(value, default=str))
    return str(value)


def _words(value: Any, chosen: Any) -> str:
    """A value as people read it; empty where nothing is said."""
    if chosen is not None:
        return str(chosen)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dt.datetime):
        return ui.day_time(value)
    if isinstance(value, dt.date):
        return ui.day(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _name(row: models.Model, field_name: str, number: int) -> str:
    """A name that every system bears; what its sender called it where that is known."""
    called = getattr(row, "name", "") or str(getattr(row, field_name).name).rsplit("/", 1)[-1]
    tame = re.sub(r"[^\w.() -]", "_", str(called)).strip(". ")[-100:]
    return f"{number:02d}-{tame or 'fail'}"
