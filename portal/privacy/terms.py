"""The terms of keeping: read, changed with their history, told to the administrator."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access.policies import is_administrator
from portal.accounts.models import User
from portal.audit.log import record
from portal.base import retention
from portal.base.idempotency import once
from portal.base.versions import save_versioned
from portal.privacy.holds import administrator
from portal.privacy.models import RetentionChange, RetentionClass, RetentionRun
from portal.privacy.policies import RetentionPolicy

FIELDS = ("title", "length", "unit", "ground", "is_active")
# The worker runs it daily; after two days something is wrong.
LATE = dt.timedelta(days=2)


@dataclass(frozen=True)
class Term:
    """What the administrator sets: `length` None leaves the term open."""

    title: str
    length: int | None
    unit: str
    ground: str
    is_active: bool


@dataclass(frozen=True)
class Report:
    """What the administrator's desk says: what the last pass did, and what it could not."""

    last: RetentionRun | None
    erased: int
    held: int
    failed: int
    is_late: bool

    @property
    def asks(self) -> bool:
        """Does it wait for somebody?"""
        return bool(self.failed or self.is_late)


def facts_of(row: RetentionClass) -> dict[str, Any]:
    """What the history keeps of a class."""
    return {name: getattr(row, name) for name in FIELDS}


def change_class(
    row: RetentionClass, term: Term, *, version: int, by: User, key: uuid.UUID
) -> RetentionClass:
    """Set the term of `row`; the same `key` twice sets it once. A line of history for each change.

    Raises PermissionDenied, ValidationError with the field, VersionConflict.
    """
    day = timezone.localdate()
    with transaction.atomic(), once(key, purpose="retention_change", by=str(by.pk)) as attempt:
        if attempt.is_first:
            attempt.result = str(row.pk)
            if not RetentionPolicy.allows(by, "change", row, day):
                raise PermissionDenied
            check_term(row.applies_to, term)
            before = facts_of(RetentionClass.objects.get(pk=row.pk))
            for name in FIELDS:
                setattr(row, name, getattr(term, name))
            save_versioned(row, version, FIELDS)
            if before != facts_of(row):
                RetentionChange.objects.create(of=row, by=by, before=before, after=facts_of(row))
                record(administrator(by), [], actioncode="retention_change")
    return RetentionClass.objects.get(pk=row.pk)


def check_term(applies_to: str, term: Term) -> None:
    """Raise ValidationError if the term cannot be, or cannot be in force."""
    kind = retention.kind_of(applies_to)
    if term.is_active and not term.length:
        raise ValidationError({"length": _("Write how long before you put it in force.")})
    if term.is_active and (kind is None or not kind.is_run):
        raise ValidationError(
            {
                "is_active": _(
                    "The portal cannot erase this by itself; the term is written down only."
                )
            }
        )
    if kind is None or not term.length:
        return
    length = dt.timedelta(days=term.length * (1 if term.unit == RetentionClass.Unit.DAY else 30))
    if length < kind.shortest:
        days = kind.shortest.days
        raise ValidationError(
            {
                "length": ngettext(
                    "The portal itself needs it for %(n)d day at least.",
                    "The portal itself needs it for %(n)d days at least.",
                    days,
                )
                % {"n": days}
            }
        )
    if kind.longest and length > kind.longest:
        days = kind.longest.days
        raise ValidationError(
            {
                "length": ngettext(
                    "The portal forgets it after %(n)d day in any case.",
                    "The portal forgets it after %(n)d days in any case.",
                    days,
                )
                % {"n": days}
            }
        )


def report_for(user: Any, now: dt.datetime) -> Report | None:
    """What the desk of an administrator says of erasing; None for everybody else."""
    if not is_administrator(user, timezone.localdate(now)):
        return None
    last = RetentionRun.objects.order_by("-started_at").first()
    in_force = RetentionClass.objects.filter(is_active=True).exists()
    if last is None:
        return Report(None, 0, 0, 0, is_late=False)
    return Report(
        last,
        sum(last.counts.values()),
        last.held,
        last.failed,
        is_late=in_force and last.started_at < now - LATE,
    )


def ensure_class(code: str, **values: Any) -> None:
    """Add the class `code` if it is not there; what somebody changed stays."""
    RetentionClass.objects.get_or_create(code=code, defaults=values)
