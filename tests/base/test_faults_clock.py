"""A clock that jumps, and the two nights in which the clocks change: nothing waits for ever."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core import mail as mailbox
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessEvent
from portal.audit.verify import verify
from portal.base import due, mail, outbox, sent_journal
from portal.base.models import OutboxItem
from tests.cases.factories import Net, open_case_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 24, 12, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# Half an hour before to an hour and a half after each change, in steps that hit the odd hour.
SPRING = dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC)
AUTUMN = dt.datetime(2026, 10, 25, 1, 0, tzinfo=dt.UTC)
MINUTES = (-31, -1, 0, 30, 59, 61)
NIGHTS = [
    change + dt.timedelta(minutes=minutes) for change in (SPRING, AUTUMN) for minutes in MINUTES
]


# --- Jumps -----------------------------------------------------------------------------------


@pytest.fixture
def jobs(monkeypatch):
    monkeypatch.setattr(due, "_jobs", {})
    due.register("tick", lambda now: None, every=HOUR)


@pytest.mark.parametrize("ahead", [2 * HOUR, DAY, 3000 * DAY])
def test_jobs_go_on_when_a_clock_that_was_ahead_is_set_right(jobs, ahead):
    due.run_due(NOON)
    assert due.run_due(NOON + ahead) == ["tick"]
    assert due.run_due(NOON + 5 * dt.timedelta(minutes=1)) == ["tick"]
    assert due.run_due(NOON + 6 * dt.timedelta(minutes=1)) == []
    assert due.run_due(NOON + 2 * HOUR) == ["tick"]


@pytest.fixture
def letter(monkeypatch):
    """An outbox kind that fails as long as it is told to."""
    told = {"fails": True, "asked": 0}

    def deliver(item):
        told["asked"] += 1
        if told["fails"]:
            raise ConnectionError

    monkeypatch.setattr(outbox, "_handlers", {"letter": deliver, "other": lambda item: None})
    return told


def put(kind, times=1):
    with transaction.atomic():
        return [outbox.put(kind, {"n": number}) for number in range(times)]


def test_letter_put_off_by_a_clock_that_was_ahead_leaves_when_it_is_set_right(letter):
    with time_machine.travel(NOON, tick=False):
        put("letter")
    outbox.deliver_due(NOON + 30 * DAY)
    letter["fails"] = False
    assert outbox.deliver_due(NOON + HOUR).sent == 1


def test_letter_put_off_as_long_as_is_usual_waits_for_its_time(letter):
    with time_machine.travel(NOON, tick=False):
        [item] = put("letter")
    OutboxItem.objects.filter(pk=item.pk).update(next_attempt_at=NOON + outbox.LONGEST_WAIT)
    letter["fails"] = False
    assert outbox.deliver_due(NOON).sent == 0


def test_session_does_not_last_longer_because_a_clock_was_ahead(client):
    with time_machine.travel(NOON + DAY, tick=False) as clock:
        client.force_login(UserFactory())
        assert client.get("/intranet/").status_code == 200
        clock.move_to(NOON)
        assert client.get("/intranet/").status_code == 200
        clock.move_to(NOON + dt.timedelta(minutes=31))
        assert client.get("/intranet/").status_code == 302


def test_log_stays_whole_when_the_clock_goes_back():
    actor = Actor(usercode="1", username="Anu")
    for moment in (NOON, NOON + DAY, NOON - DAY, NOON):
        with transaction.atomic():
            record(actor, [Subject("x")], actioncode="case_view", now=moment)
    assert verify().fault is None
    assert AccessEvent.objects.count() == 4


# --- A mail server that says nothing ---------------------------------------------------------


def test_silent_mail_server_is_tried_thrice_and_other_work_goes_on(letter):
    put("letter", 10)
    put("other", 2)
    done = outbox.deliver_due(timezone.now())
    assert (letter["asked"], done.put_off, done.sent) == (outbox.MOST_FAILURES, 3, 2)
    waiting = OutboxItem.objects.filter(kind="letter", attempts=0)
    assert waiting.count() == 7
    letter["fails"] = False
    assert outbox.deliver_due(timezone.now()).sent == 7


# --- A worker that is killed -----------------------------------------------------------------


class Killed(BaseException):
    """What no handler catches, as nobody outlives kill -9."""


def test_letter_that_had_left_when_its_worker_was_killed_leaves_once(letter, monkeypatch):
    letter["fails"] = False
    put("letter")
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_mine", killed)
        with pytest.raises(Killed):
            outbox.deliver_due(timezone.now())
    assert outbox.deliver_due(timezone.now() + HOUR).sent == 1
    assert letter["asked"] == 1


def killed(*args):
    raise Killed


def test_letter_that_had_not_left_is_sent_by_the_next_worker(letter, monkeypatch):
    put("letter")
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_handlers", {"letter": killed})
        with pytest.raises(Killed):
            outbox.deliver_due(timezone.now())
    letter["fails"] = False
    assert outbox.deliver_due(timezone.now() + HOUR).sent == 1
    assert letter["asked"] == 1


def test_without_its_journal_the_outbox_sends_all_the_same(letter, settings, tmp_path):
    settings.OUTBOX_JOURNAL_FILE = tmp_path / "no folder" / "file"
    letter["fails"] = False
    put("letter", 2)
    assert outbox.deliver_due(timezone.now()).sent == 2


def test_long_journal_is_cut_to_its_end(settings, tmp_path, monkeypatch):
    settings.OUTBOX_JOURNAL_FILE = tmp_path / "sent.log"
    monkeypatch.setattr(sent_journal, "CUT_FROM", 100)
    monkeypatch.setattr(sent_journal, "KEPT_LINES", 2)
    ids = [uuid.uuid4() for _number in range(5)]
    for one in ids:
        sent_journal.note(one)
    sent_journal.cut()
    assert [sent_journal.has(one) for one in ids] == [False, False, False, True, True]


# --- The two nights --------------------------------------------------------------------------


@pytest.mark.parametrize("moment", NIGHTS, ids=str)
def test_in_the_night_of_the_change_a_note_is_written_and_read(client, moment):
    with time_machine.travel(moment, tick=False):
        anu = Net().worker()
        case = open_case_of(anu)
        client.force_login(anu.user)
        form = client.get(reverse("case_note_add", args=[case.pk])).context["form"]
        typed = {
            "text": "Öine märge",
            "kind": "phone",
            "duration": "15",
            "day": form["day"].value().strftime("%d.%m.%Y"),
            "time": form["time"].value().strftime("%H.%M"),
            "audience": "team",
        }
        saved = client.post(reverse("case_note_add", args=[case.pk]), typed)
        assert saved.status_code == 302
        for page in ("case_note_list", "case_detail"):
            assert client.get(reverse(page, args=[case.pk])).status_code == 200
        note = case.notes.get()
        # What was offered is what is kept, but for the hour that comes twice in autumn.
        assert dt.timedelta() <= moment - note.happened_at <= HOUR + dt.timedelta(minutes=1)


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_hourly_jobs_run_once_an_hour_all_night(jobs, change):
    ran = [
        minute
        for minute in range(0, 6 * 60, 10)
        if due.run_due(change - 3 * HOUR + dt.timedelta(minutes=minute))
    ]
    assert ran == [0, 60, 120, 180, 240, 300]


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_session_is_half_an_hour_long_also_across_the_change(client, change):
    with time_machine.travel(change - dt.timedelta(minutes=10), tick=False) as clock:
        client.force_login(UserFactory())
        clock.move_to(change + dt.timedelta(minutes=19))
        assert client.get("/intranet/").status_code == 200
        clock.move_to(change + dt.timedelta(minutes=50))
        assert client.get("/intranet/").status_code == 302


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_letter_of_that_night_leaves_once(change, monkeypatch):
    user = UserFactory()
    with time_machine.travel(change - dt.timedelta(minutes=1), tick=False) as clock:
        with transaction.atomic():
            mail.send("second_factor", {"user": str(user.pk), "what": "added"})
        for _minute in range(90):
            outbox.deliver_due(timezone.now())
            clock.shift(60)
    assert len(mailbox.outbox) == 1
