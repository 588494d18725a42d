"""Erasing what was kept long enough: each class by itself, each subject in its own transaction.

Cut off in the middle nothing is lost: what is done is not due any more, the rest waits for the
next pass.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.log import Actor, record
from portal.audit.models import AccessEvent
from portal.base import retention
from portal.privacy import erasing, erasure_list, wiping
from portal.privacy.models import RetentionClass, RetentionRun

logger = logging.getLogger(__name__)

BY = Actor("", "retention")
# Rows that go by themselves: so many in one transaction, so that nobody waits for long.
AT_ONCE = 500


@dataclass
class ClassResult:
    """What one class did, or in a dry run would do. Numbers of cases, never names."""

    of: RetentionClass
    done: int = 0
    held: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)


@dataclass
class Pass:
    """All classes together."""

    classes: list[ClassResult]
    is_wiped: bool = True

    @property
    def failed(self) -> int:
        return sum(len(one.failed) for one in self.classes)

    @property
    def held(self) -> int:
        return sum(len(one.held) for one in self.classes)


def cut_of(one: RetentionClass, now: dt.datetime) -> dt.datetime:
    """The moment before which a record has to have begun to be due at `now`."""
    length = one.length or 0
    if one.unit == RetentionClass.Unit.DAY:
        return now - dt.timedelta(days=length)
    return now - relativedelta(months=length)


def active_classes() -> list[RetentionClass]:
    """The classes that are in force and that a machine can carry out."""
    rows = RetentionClass.objects.filter(is_active=True, length__gte=1).order_by("code")
    return [
        one
        for one in rows
        if (kind := retention.kind_of(one.applies_to)) is not None and kind.is_run
    ]


def run(now: dt.datetime, *, dry: bool = False) -> Pass:
    """Erase what is due at `now`; with `dry` only tell. Resumes by itself after a break."""
    done = Pass([])
    row = None if dry else RetentionRun.objects.create(started_at=timezone.now())
    somebody = False
    for one in active_classes():
        result = ClassResult(one)
        done.classes.append(result)
        kind = retention.kinds()[one.applies_to]
        if kind.subject is not None:
            _of_subjects(result, kind, now, dry=dry)
            somebody = somebody or bool(result.done)
        else:
            _of_rows(result, kind, now, dry=dry)
        if row is not None:
            row.counts[one.code] = result.done
            row.held, row.failed = done.held, done.failed
            row.save(update_fields=["counts", "held", "failed"])
    if row is not None:
        if somebody:
            done.is_wiped = wiping.wipe()
        _close(row)
    return done


def run_due(now: dt.datetime) -> None:
    """The daily job: also fills gaps in the list of erasures."""
    erasure_list.write_missing()
    run(now)


def _close(row: RetentionRun) -> None:
    row.ended_at = timezone.now()
    with transaction.atomic():
        row.save(update_fields=["ended_at"])
        if any(row.counts.values()):
            record(BY, [], actioncode="retention_run", channel=AccessEvent.Channel.COMMAND)


def _of_subjects(result: ClassResult, kind: retention.Kind, now: dt.datetime, *, dry: bool) -> None:
    """Somebody by somebody: whoever is held or fails is named and left."""
    reason = _("the term is over: %(title)s") % {"title": result.of.title}
    for pk in _due(kind, result.of, now):
        subject = kind.subject(pk) if kind.subject else None
        if subject is None:
            continue
        name = ", ".join(subject.numbers) or str(pk)
        try:
            if dry:
                erasing.check(subject, reason="", day=timezone.localdate(now))
            else:
                erasing.erase(subject, reason=reason, by=BY, now=now, wipe=False)
        except erasing.Held:
            result.held.append(name)
        except OperationalError:
            # The database itself: the worker waits and comes again.
            raise
        except Exception as error:
            if not isinstance(error, erasing.Refused):
                logger.exception("retention: %s failed", result.of.code)
            result.failed.append(name)
        else:
            result.done += 1
            result.numbers += subject.numbers


def _due(kind: retention.Kind, one: RetentionClass, now: dt.datetime) -> list[Any]:
    if kind.due is None:
        return []
    return list(kind.due(cut_of(one, now)).values_list("pk", flat=True))


def _of_rows(result: ClassResult, kind: retention.Kind, now: dt.datetime, *, dry: bool) -> None:
    """Rows that go by themselves, some hundreds at once."""
    if kind.due is None or kind.act is None:
        return
    due = kind.due(cut_of(result.of, now))
    if dry:
        result.done = due.order_by().count()
        return
    for ids in _pieces(list(due.order_by().values_list("pk", flat=True))):
        with transaction.atomic():
            result.done += kind.act(due.model._base_manager.filter(pk__in=ids), now)


def _pieces(ids: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
