"""Whose data stand where. Every model says it once; copy and erasure read it here (rules.md 16).

    personal.declare(CaseNote, "Notes", person=Path(of_case, show=("kind", "text")), …)
    personal.holds_nobody(Component, "facts of the catalogue", texts=("name",))

Said in `privacy.py` of each app, called from its `AppConfig.ready()`. Apps get ready from the top
of the house down, and keys point down, so rows are erased in the order in which they were declared:
whatever points at a row is gone before it. A model without a word here fails a test.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise

# Whom a case is about; and whoever has an account.
PERSON, WORKER = "person", "worker"
KINDS = (PERSON, WORKER)

UUID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
AT_ONCE = 500

Words = str | Promise


@dataclass
class Subject:
    """Whose data: ids of people (whom cases are about) or accounts, and the cases that are meant.

    `is_whole`: nothing of them stays; false where only one of several cases is meant.
    `obstacles`: why they cannot be erased now, in sentences. `traces`: texts that would name them.
    `touched` grows while rows are erased: whatever mentions one of these ids goes too.
    """

    kind: str
    ids: frozenset[str]
    cases: frozenset[str] = frozenset()
    numbers: tuple[str, ...] = ()
    is_whole: bool = True
    obstacles: tuple[Words, ...] = ()
    traces: tuple[str, ...] = ()
    touched: set[str] = field(default_factory=set)

    @property
    def mentions(self) -> set[str]:
        """Ids by which other tables may speak of them."""
        own = self.ids if self.is_whole else frozenset()
        return {*own, *self.cases, *self.touched}


Rows = Callable[[Subject], models.QuerySet[Any]]
Erase = Callable[[Subject, models.QuerySet[Any]], int]


@dataclass(frozen=True)
class Column:
    """One thing that the copy says of a row: `value` gives it, a field of this name otherwise."""

    name: str
    label: Words = ""
    value: Callable[[Any], Any] | None = None


def delete(subject: Subject, rows: models.QuerySet[Any]) -> int:
    """Erase by deleting the rows and whatever history keeps of them; return how many."""
    model = rows.model
    ids = list(rows.order_by().values_list("pk", flat=True))
    subject.touched |= {str(pk) for pk in ids}
    history = getattr(model, "history", None)
    for some in batches(ids):
        model._base_manager.filter(pk__in=some).delete()
        if history is not None:
            # After the row: deleting it is a line of the history too.
            history.filter(**{f"{model._meta.pk.attname}__in": some}).delete()
    return len(ids)


class Keep:
    """Erase by leaving the rows as they are, for a reason that stands in the code."""

    def __init__(self, why: str) -> None:
        self.why = why

    def __call__(self, subject: Subject, rows: models.QuerySet[Any]) -> int:
        return 0


class Blank:
    """Erase by emptying columns; the row says what happened, no longer to whom."""

    def __init__(self, **values: Any) -> None:
        self.values = values

    def __call__(self, subject: Subject, rows: models.QuerySet[Any]) -> int:
        return rows.order_by().update(**self.values)


@dataclass(frozen=True)
class Path:
    """How one finds what a model holds of a subject, what the copy shows, and how it is erased.

    `files`: names of file fields whose files go with the rows.
    """

    rows: Rows
    show: tuple[str | Column, ...] = ()
    erase: Erase = delete
    files: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(one if isinstance(one, Column) else Column(one) for one in self.show)


@dataclass(frozen=True)
class Declaration:
    """What a model says of itself. `nobody`: why it holds nobody, then it has no paths."""

    model: type[models.Model]
    title: Words = ""
    paths: Mapping[str, Path] = field(default_factory=dict)
    # Text columns that the copy leaves out, each with its reason.
    excepted: Mapping[str, str] = field(default_factory=dict)
    nobody: str = ""
    # Of a model that holds nobody: the columns in which somebody writes freely.
    texts: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.model._meta.label


_declared: dict[type[models.Model], Declaration] = {}
_finders: dict[str, Callable[[str], Subject | None]] = {}
_before: dict[str, list[Callable[[Subject], None]]] = {PERSON: [], WORKER: []}


def declare(
    model: type[models.Model],
    title: Words,
    *,
    person: Path | None = None,
    worker: Path | None = None,
    excepted: Mapping[str, str] | None = None,
) -> None:
    """Say how `model` leads to people and how they leave it."""
    paths = {kind: path for kind, path in ((PERSON, person), (WORKER, worker)) if path}
    if not paths:
        raise ValueError(f"{model._meta.label}: say holds_nobody().")
    _put(Declaration(model, title, paths, excepted or {}))


def holds_nobody(model: type[models.Model], why: str, *, texts: Iterable[str] = ()) -> None:
    """Say why `model` holds nothing of anybody; `texts` are its columns of free text."""
    _put(Declaration(model, nobody=why, texts=tuple(texts)))


def _put(declaration: Declaration) -> None:
    # The same word twice is one: an app may get ready more than once.
    if _declared.get(declaration.model) not in (None, declaration):
        raise ValueError(f"{declaration.label} has said already whose data it holds.")
    _declared[declaration.model] = declaration


def declarations() -> list[Declaration]:
    """All declarations, in the order of erasure."""
    return list(_declared.values())


def declaration_of(model: type[models.Model]) -> Declaration | None:
    return _declared.get(model)


def register_finder(name: str, find: Callable[[str], Subject | None]) -> None:
    """Tell who finds a subject by `name` ("person", "case", "worker"): given an id or a number."""
    _finders[name] = find


def find(name: str, value: str) -> Subject | None:
    """The subject that `value` names, None if there is none."""
    return _finders[name](value)


def before_erasing(kind: str, act: Callable[[Subject], None]) -> None:
    """Call `act` in the transaction of an erasure, before anything goes: to hold rows, to end."""
    _before[kind].append(act)


def prepare(subject: Subject) -> None:
    """Do what has to be done before the rows of `subject` go."""
    for act in _before[subject.kind]:
        act(subject)


def batches(ids: list[Any]) -> Iterable[list[Any]]:
    """`ids` in pieces that a statement bears."""
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def mentioning(model: type[models.Model], *columns: str) -> Rows:
    """Rows whose `columns` (text or JSON) hold an id of the subject, in whatever way."""

    def rows(subject: Subject) -> models.QuerySet[Any]:
        wanted = {one.replace("-", "").lower() for one in subject.mentions}
        found = [
            pk
            for pk, *texts in model._base_manager.values_list("pk", *columns).iterator()
            if any(
                match.replace("-", "").lower() in wanted
                for text in texts
                for match in UUID.findall(str(text))
            )
        ]
        return model._base_manager.filter(pk__in=found)

    return rows


def by_account(model: type[models.Model], column: str = "user") -> Rows:
    """The rows of `model` whose `column`, a foreign key, points at the account."""
    return lambda subject: model._base_manager.filter(**{f"{column}_id__in": subject.ids})
