"""Whose data the view log holds (portal/base/personal.py)."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access.roles import Role
from portal.audit.actions import in_words
from portal.audit.log import erase
from portal.audit.models import AccessEvent, AccessSubject, ChainHead
from portal.base import personal, retention
from portal.base.personal import Column, Keep, Path, Subject

WHAT = Column("actioncode", _("what was done"), lambda event: in_words(event.actioncode))


def register() -> None:
    """Called once, when the app is ready."""
    personal.holds_nobody(ChainHead, "the number and hash of the last entry", texts=("hash",))
    personal.declare(
        AccessSubject,
        _("Who has looked, when and why"),
        person=Path(
            subjects_of,
            show=(
                Column("logtime", _("when"), lambda row: row.event.logtime),
                Column("receiver", _("organisation"), lambda row: row.event.receiver),
                Column("role", _("role"), lambda row: _role(row.event)),
                Column("actioncode", WHAT.label, lambda row: in_words(row.event.actioncode)),
                Column("purpose", _("purpose"), lambda row: row.event.purpose),
                Column("channel", _("channel"), lambda row: row.event.get_channel_display()),
                Column("outcome", _("outcome"), lambda row: row.event.get_outcome_display()),
            ),
            erase=_blank,
        ),
        worker=Path(
            subjects_of,
            show=(
                Column("logtime", _("when"), lambda row: row.event.logtime),
                Column("receiver", _("organisation"), lambda row: row.event.receiver),
                Column("role", _("role"), lambda row: _role(row.event)),
                Column("actioncode", WHAT.label, lambda row: in_words(row.event.actioncode)),
            ),
            erase=_blank,
        ),
        excepted={
            "subject": "the id that brought the entry here",
            "number": "the number of the case that is being copied",
            "salt": "random signs of the chain",
            "digest": "a hash of the chain",
        },
    )
    personal.declare(
        AccessEvent,
        _("What I have done"),
        worker=Path(
            lambda subject: AccessEvent.objects.filter(usercode__in=sorted(subject.ids)),
            show=("logtime", "receiver", "role", WHAT, "channel", "outcome"),
            erase=Keep(
                "proof of who looked: kept for the time of the log, so that the people whose cases "
                "were opened can learn of it; the chain would break"
            ),
        ),
        excepted={
            "usercode": "the id of the account",
            "username": "the name of the day, which the account has too",
            "receivercode": "the id of the organisation, which is named",
            "purpose": "belongs to the case",
            "previous_hash": "a hash of the chain",
            "hash": "a hash of the chain",
        },
    )
    retention.register(
        retention.Kind(
            "audit.log",
            _("The view log: who looked at what"),
            _("the entry was written"),
        )
    )


def subjects_of(subject: Subject) -> QuerySet[Any]:
    """The rows by which the log leads to the subject: by its ids, and those of what was its."""
    found: list[int] = []
    for some in personal.batches(sorted(subject.mentions)):
        rows = AccessSubject.objects.filter(subject__in=some)
        found += rows.values_list("pk", flat=True)
    rows = AccessSubject.objects.filter(pk__in=found)
    return rows.select_related("event").order_by("event_id", "pk")


def _blank(subject: Subject, rows: QuerySet[Any]) -> int:
    ids = set(rows.order_by().values_list("subject", flat=True))
    return sum(erase(one) for one in sorted(ids))


def _role(event: AccessEvent) -> str:
    return str(Role(event.role).label) if event.role in Role.values else event.role
