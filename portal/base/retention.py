"""How long things are kept: each app names its kinds, the terms stand in a table (portal.privacy).

retention.register(Kind("base.outbox", _("Letters sent"), …, due=sent_before, erase=forget))
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise

from portal.base.personal import Subject

Words = str | Promise
# Given the moment before which it has to have begun: the rows whose time is over.
Due = Callable[[dt.datetime], models.QuerySet[Any]]
# Rows and now: erase or blank them, return how many.
Act = Callable[[models.QuerySet[Any], dt.datetime], int]


@dataclass(frozen=True)
class Kind:
    """A kind of record whose time may be over.

    Either `subject`: each row is somebody, erased whole by the registry, one transaction each; or
    `act`: rows that go by themselves, some hundreds at once; or neither: the term is written down
    and nothing is done by machine. `anonymises`: the rows stay without the names.
    """

    key: str
    title: Words
    begins: Words
    due: Due | None = None
    subject: Callable[[Any], Subject | None] | None = None
    act: Act | None = None
    anonymises: bool = False
    # What else in the portal counts on: never sooner, never later.
    shortest: dt.timedelta = field(default=dt.timedelta(days=1))
    longest: dt.timedelta | None = None

    @property
    def is_run(self) -> bool:
        return self.due is not None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Name a kind (`AppConfig.ready()`)."""
    _kinds[kind.key] = kind


def kinds() -> dict[str, Kind]:
    """All kinds by their keys."""
    return dict(_kinds)


def kind_of(key: str) -> Kind | None:
    return _kinds.get(key)


def delete_rows(rows: models.QuerySet[Any], now: dt.datetime) -> int:
    """The usual `act`: the rows go."""
    ids = list(rows.order_by().values_list("pk", flat=True))
    for start in range(0, len(ids), 500):
        rows.model._base_manager.filter(pk__in=ids[start : start + 500]).delete()
    return len(ids)
