"""Whose data the tables of this app hold, and how long they are kept (portal/base/personal.py)."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from portal.base import personal, retention
from portal.base.idempotency import KEPT_FOR
from portal.base.models import ContentVersion, DueJob, IdempotencyKey, OutboxItem
from portal.base.personal import Path, Subject

DAY = dt.timedelta(days=1)


def register() -> None:
    """Called once, when the app is ready."""
    personal.holds_nobody(ContentVersion, "a number of the public pages")
    personal.holds_nobody(DueJob, "names of repeated jobs", texts=("name", "last_error"))
    personal.declare(
        IdempotencyKey,
        _("Forms sent"),
        person=Path(_keys_of),
        worker=Path(_keys_of),
        excepted={
            "purpose": "the name of a form and an id, nothing that was typed",
            "by": "an id",
            "result": "an id",
        },
    )
    letters = personal.mentioning(OutboxItem, "key", "payload")
    personal.declare(
        OutboxItem,
        _("Letters of the portal"),
        person=Path(letters),
        worker=Path(letters, show=("kind", "state", "created_at", "sent_at")),
        excepted={
            "key": "ids",
            "payload": "ids; the words of a letter are kept nowhere",
            "last_error": "the class of a mistake",
        },
    )
    tasks = personal.mentioning(DBTaskResult, "args_kwargs", "return_value", "traceback")
    personal.declare(
        DBTaskResult,
        _("Work queued"),
        person=Path(tasks),
        worker=Path(tasks),
        excepted=dict.fromkeys(
            (
                "args_kwargs",
                "return_value",
                "traceback",
                "exception_class_path",
                "task_path",
                "queue_name",
                "backend_name",
                "worker_ids",
                "status",
            ),
            "the working of the machine: ids and names of functions",
        ),
    )
    retention.register(
        retention.Kind(
            "base.outbox",
            _("Letters of the portal: to whom, when"),
            _("the letter was sent"),
            due=lambda cut: OutboxItem.objects.filter(state="sent", sent_at__lt=cut),
            act=retention.delete_rows,
            # Of an older letter nobody is told anew that it went, so jobs count on some days.
            shortest=14 * DAY,
            longest=30 * DAY,
        )
    )
    retention.register(
        retention.Kind(
            "base.idempotency",
            _("Marks of forms sent, so that none is saved twice"),
            _("the form was sent"),
            due=lambda cut: IdempotencyKey.objects.filter(created_at__lt=cut),
            act=retention.delete_rows,
            shortest=14 * DAY,
            longest=KEPT_FOR,
        )
    )


def _keys_of(subject: Subject) -> QuerySet[Any]:
    """Marks of forms that made something of the subject, were about its cases, or sent by it."""
    ids = subject.mentions
    wanted = Q(by__in=sorted(subject.ids))
    for case in subject.cases:
        wanted |= Q(purpose__endswith=case)
    found = set(IdempotencyKey.objects.filter(wanted).values_list("pk", flat=True))
    for some in personal.batches(sorted(ids)):
        rows = IdempotencyKey.objects.filter(result__in=some)
        found |= set(rows.values_list("pk", flat=True))
    return IdempotencyKey.objects.filter(pk__in=found)
