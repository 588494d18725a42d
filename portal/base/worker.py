"""The work behind the pages: queued tasks, the outbox, repeated jobs.

One process beside the web server runs `pass_once` again and again; several do no harm. Nothing is
kept in the process, so it may be stopped and started at any time.
"""

import datetime as dt
import logging
import uuid

from django_tasks import task_backends
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from portal.base import due, outbox

logger = logging.getLogger(__name__)

BACKEND = "default"
# Between two looks at the outbox.
TASKS_AT_ONCE = 50
# No task of ours takes as long; one that still "runs" was cut off with its worker.
CUT_OFF_AFTER = dt.timedelta(minutes=15)
MOST_STARTS = 3
KEEP_RESULTS = dt.timedelta(days=14)


def pass_once(now: dt.datetime) -> None:
    """Do what is due at `now` and return."""
    run_tasks()
    done = outbox.deliver_due(now)
    ran = due.run_due(now)
    if done.sent or done.put_off or done.given_up or ran:
        logger.info(
            "worker: sent %s, put off %s, given up %s, jobs %s",
            done.sent,
            done.put_off,
            done.given_up,
            ", ".join(ran) or "none",
        )


def run_tasks() -> None:
    """Run the queued tasks, if they are queued in the database at all (tests run them at once)."""
    if not isinstance(task_backends[BACKEND], DatabaseBackend):
        return
    Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name=BACKEND,
        startup_delay=False,
        max_tasks=TASKS_AT_ONCE,
        worker_id=uuid.uuid4().hex,
    ).run()


def rescue_tasks(now: dt.datetime) -> None:
    """Put tasks back that a killed worker left running; the third time they have failed."""
    cut_off = DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__lt=now - CUT_OFF_AFTER
    )
    for task in cut_off:
        again = len(task.worker_ids) < MOST_STARTS
        status = TaskResultStatus.READY if again else TaskResultStatus.FAILED
        cut_off.filter(pk=task.pk, started_at=task.started_at).update(
            status=status, finished_at=None if again else now
        )


def prune_tasks(now: dt.datetime) -> None:
    """Forget results that nobody will ask for."""
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_RESULTS).delete()
