import datetime as dt
import os
import signal
import subprocess
import sys
import time

import pytest
from django.core import mail as mailbox
from django.core.management import call_command
from django.db import OperationalError, transaction
from django.template import engines
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.base import due, mail, outbox, worker
from portal.base.models import DueJob
from tests.base.together import at_once

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def jobs(monkeypatch):
    """An empty list of jobs; nothing of the portal's own runs."""
    monkeypatch.setattr(due, "_jobs", {})
    return due._jobs


# --- Repeated jobs --------------------------------------------------------------------------


@pytest.mark.django_db
def test_job_runs_at_once_and_then_every_so_often(jobs, now):
    due.register("tick", lambda now: None, every=HOUR)
    assert due.run_due(now) == ["tick"]
    assert due.run_due(now + HOUR / 2) == []
    assert due.run_due(now + HOUR) == ["tick"]


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_runs_the_job(jobs, now):
    due.register("tick", lambda now: None, every=HOUR)
    ran = at_once(lambda: due.run_due(now), 6)
    assert sorted(ran, key=len)[-2:] == [[], ["tick"]]


@pytest.mark.django_db
def test_failed_job_is_noted_and_does_not_stop_the_next(jobs, now):
    def fail(now):
        raise ValueError("Mari Maasikas")

    due.register("broken", fail, every=HOUR)
    due.register("tick", lambda now: None, every=HOUR)
    assert due.run_due(now) == ["broken", "tick"]
    assert DueJob.objects.get(name="broken").last_error == "ValueError"
    assert DueJob.objects.get(name="tick").last_error == ""


@pytest.mark.django_db
def test_portals_own_jobs_run_without_error(now):
    assert "publish scheduled pages" in due.run_due(now)
    assert not DueJob.objects.exclude(last_error="").exists()


# --- Mail -----------------------------------------------------------------------------------


@pytest.fixture
def letter(monkeypatch):
    """A letter with templates of its own, to one address."""
    templates = {
        "mail/test_subject.txt": "Tere\n{{ word }}\n",
        "mail/test.txt": "{% load i18n %}{% get_current_language as code %}{{ code }} {{ word }}",
    }
    engine = engines["django"]
    monkeypatch.setattr(
        mail.loader,
        "render_to_string",
        lambda name, context: engine.from_string(templates[name]).render(context),
    )
    monkeypatch.setitem(
        mail._writers,
        "test",
        lambda payload: mail.Letter("mari@example.org", {"word": payload["user"]}, "ru"),
    )


@pytest.mark.django_db
def test_letter_is_written_when_it_is_delivered(letter, now):
    with transaction.atomic():
        item = mail.send("test", {"user": "7"})
    assert mailbox.outbox == []
    outbox.deliver_due(now + HOUR)
    (message,) = mailbox.outbox
    assert message.to == ["mari@example.org"]
    assert message.subject == "Tere 7"
    assert message.body == "ru 7\n"
    assert str(item.pk) in message.extra_headers["Message-ID"]


@pytest.mark.django_db
def test_letter_that_has_lost_its_reason_is_not_sent(letter, monkeypatch, now):
    with transaction.atomic():
        mail.send("test", {"user": "7"})
    monkeypatch.setitem(mail._writers, "test", lambda payload: None)
    assert outbox.deliver_due(now + HOUR).sent == 1
    assert mailbox.outbox == []


@pytest.mark.django_db
def test_letter_that_nobody_writes_is_refused():
    with pytest.raises(LookupError):
        mail.send("unheard-of", {})


# --- Tasks and the process --------------------------------------------------------------------


def running_task(now, workers):
    return DBTaskResult.objects.create(
        status="RUNNING",
        started_at=now - HOUR,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="x.y",
        worker_ids=workers,
        backend_name="default",
        run_after=now,
        exception_class_path="",
        traceback="",
    )


@pytest.mark.django_db
def test_task_of_a_killed_worker_is_put_back_twice_and_then_failed(now):
    again, over = running_task(now, ["a"]), running_task(now, ["a", "b", "c"])
    worker.rescue_tasks(now - HOUR)
    again.refresh_from_db()
    assert again.status == "RUNNING"
    worker.rescue_tasks(now)
    again.refresh_from_db()
    over.refresh_from_db()
    assert (again.status, over.status) == ("READY", "FAILED")


@pytest.mark.django_db
def test_old_results_of_tasks_are_forgotten(now):
    task = running_task(now, ["a"])
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=now)
    worker.prune_tasks(now + dt.timedelta(days=13))
    assert DBTaskResult.objects.get() == task
    worker.prune_tasks(now + dt.timedelta(days=15))
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_one_pass_delivers_and_runs_the_jobs(letter, jobs):
    due.register("tick", lambda now: None, every=HOUR)
    with transaction.atomic():
        mail.send("test", {"user": "7"})
    call_command("run_due")
    assert len(mailbox.outbox) == 1
    assert DueJob.objects.get().last_run_at


@pytest.mark.django_db
def test_broken_pass_does_not_end_the_worker(monkeypatch):
    from portal.base.management.commands import work

    for error in (OperationalError, ValueError):
        monkeypatch.setattr(
            work, "pass_once", lambda now, error=error: (_ for _ in ()).throw(error)
        )
        assert work.Command()._pass() is False
    monkeypatch.setattr(work, "pass_once", lambda now: None)
    assert work.Command()._pass() is True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_worker_starts_works_and_stops_when_told(how, tmp_path):
    from django.db import connection

    settings = tmp_path / "worker_settings.py"
    settings.write_text(
        "from portal.settings.test import *\n"
        f"DATABASES['default']['NAME'] = {str(connection.settings_dict['NAME'])!r}\n"
    )
    process = subprocess.Popen(
        [sys.executable, "manage.py", "work", "--interval", "0.1"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "worker_settings",
            "PYTHONPATH": str(tmp_path),
        },
    )
    try:
        for _ in range(600):
            if DueJob.objects.filter(name="prune task results", last_run_at__isnull=False).exists():
                break
            time.sleep(0.1)
        process.send_signal(how)
        assert process.wait(60) == 0
    finally:
        process.kill()
    assert DueJob.objects.filter(name="prune task results").exists()
