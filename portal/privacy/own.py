"""Whose data the tables of this app hold (portal/base/personal.py)."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.base import personal
from portal.base.personal import Keep, Path, Subject
from portal.privacy.models import (
    Erasure,
    LegalHold,
    RetentionChange,
    RetentionClass,
    RetentionRun,
)


def register() -> None:
    """Called once, when the app is ready."""
    personal.holds_nobody(
        RetentionClass,
        "terms of keeping",
        texts=("code", "title", "applies_to", "begins", "ground"),
    )
    personal.holds_nobody(RetentionRun, "counts of what was erased", texts=("counts",))
    personal.holds_nobody(
        Erasure,
        "that somebody was erased, by an id that leads nowhere any more; a reason that names them "
        "is refused",
        texts=("reason", "counts"),
    )
    personal.declare(
        RetentionChange,
        _("Terms of keeping that I changed"),
        worker=Path(
            personal.by_account(RetentionChange, "by"),
            show=("at", "before", "after"),
            erase=Keep("the history of a term; whoever changed it is nobody's id from now on"),
        ),
    )
    holds = Path(
        _holds,
        show=("kind", "valid_from", "valid_until", "lifted_at", "reason"),
        erase=_forget_hold,
    )
    personal.declare(
        LegalHold,
        _("Holds: kept although the time is over"),
        person=holds,
        worker=holds,
        excepted={
            "number": "repeats the case",
            "lifted_why": "belongs to whoever runs the portal",
        },
    )


def _holds(subject: Subject) -> QuerySet[Any]:
    ids = [*subject.cases, *subject.ids]
    return LegalHold.objects.filter(subject_id__in=ids)


def _forget_hold(subject: Subject, rows: QuerySet[Any]) -> int:
    """That there was a hold stays, by its id; what it says does not."""
    return rows.update(number="", reason="", lifted_why="")
