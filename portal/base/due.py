"""What has to be done every so often, without a schedule outside the portal.

due.register("publish", publish_scheduled, every=timedelta(seconds=30))   # AppConfig.ready()
due.run_due(now)                                                          # the worker
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import OperationalError
from django.db.models import Q

from portal.base.models import DueJob

logger = logging.getLogger(__name__)

Job = Callable[[dt.datetime], None]


@dataclass(frozen=True)
class Registered:
    job: Job
    every: dt.timedelta


_jobs: dict[str, Registered] = {}


def register(name: str, job: Job, *, every: dt.timedelta) -> None:
    """Run `job(now)` every so often. A job must bear to be run again: it may be cut off."""
    _jobs[name] = Registered(job, every)


def run_due(now: dt.datetime) -> list[str]:
    """Run the jobs that are due at `now`, each by one worker; return their names."""
    known = dict(DueJob.objects.values_list("name", "next_run_at"))
    ran = []
    for name, registered in _jobs.items():
        if name not in known:
            DueJob.objects.get_or_create(name=name, defaults={"next_run_at": now})
        next_run_at = known.get(name, now)
        is_due = next_run_at <= now or next_run_at > now + registered.every
        if is_due and _claim(name, now, registered.every):
            _run(name, registered.job, now)
            ran.append(name)
    return ran


def skip_missed(now: dt.datetime) -> str:
    """In a restored database: whatever comes once a day and is due has had its turn already.

    Its letters may have left after the copy was made; a day without one is better than two.
    """
    skipped = 0
    for name, registered in _jobs.items():
        if registered.every >= dt.timedelta(days=1):
            due = DueJob.objects.filter(name=name, next_run_at__lte=now)
            skipped += due.update(next_run_at=now + registered.every)
    return f"{skipped} daily jobs wait for their next turn" if skipped else ""


def _claim(name: str, now: dt.datetime, every: dt.timedelta) -> bool:
    """Move the job on; of several workers the database lets one change the row."""
    jobs = DueJob.objects.filter(name=name)
    # Later than it could have been put: the clock was ahead then and has been set right.
    due = jobs.filter(Q(next_run_at__lte=now) | Q(next_run_at__gt=now + every))
    return bool(due.update(next_run_at=now + every, last_run_at=now))


def _run(name: str, job: Job, now: dt.datetime) -> None:
    error = ""
    try:
        job(now)
    except OperationalError:
        # The database itself: the worker waits and comes again.
        raise
    except Exception as failure:
        logger.exception("repeated job %s failed", name)
        error = type(failure).__name__[:100]
    DueJob.objects.filter(name=name).update(last_error=error)
