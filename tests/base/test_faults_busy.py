"""Locked, full, read-only, away: 503 with the text, and all well again by itself (rules.md 11)."""

import datetime as dt
import errno
import os
import sqlite3
import time

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError, InternalError, OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from portal.accounts.session_store import SessionStore
from portal.accounts.sessions import SEEN_AT
from portal.base import busy, content_version, orphans, patience
from portal.base.patience import SHORT, SHORTEST, THREADS, PatienceMiddleware, lock_wait
from tests.cases.factories import Net, open_case_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def caused(kind, **facts):
    """An error of Django as the driver's error makes it."""
    error = kind("text")
    error.__cause__ = type("Cause", (Exception,), facts)()
    return error


def of_sqlite(code):
    error = OperationalError("text")
    error.__cause__ = sqlite3.OperationalError("text")
    error.__cause__.sqlite_errorcode = code
    return error


# --- What is a busy time ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (caused(InternalError, sqlstate="25006"), True),  # a read-only transaction
        (caused(OperationalError, sqlstate="53100"), True),  # disk full
        (caused(OperationalError, sqlstate="55P03"), True),  # lock not available
        (caused(OperationalError, sqlstate="57P01"), True),  # shutting down
        (caused(InternalError, sqlstate="25P02"), False),  # a statement after a failed one
        (caused(DatabaseError, sqlstate="42601"), False),  # a statement of ours that is none
        (OSError(errno.ENOSPC, "full"), True),
        (OSError(errno.EROFS, "read-only"), True),
        (OSError(errno.EFBIG, "limit"), True),
        (FileNotFoundError(errno.ENOENT, "none"), False),
        (ConnectionResetError(errno.ECONNRESET, "gone"), False),
    ],
)
def test_a_busy_time_is_told_from_a_mistake(error, is_one):
    assert busy.is_busy(error) is is_one


# --- Private files ---------------------------------------------------------------------------


class FullDisk(ContentFile):
    """The disk is full after the first kilobyte."""

    def chunks(self, chunk_size=None):
        yield b"x" * 1024
        raise OSError(errno.ENOSPC, "No space left on device")


def stored():
    root = settings.PRIVATE_FILES_ROOT
    return {file for file in root.glob("*/*") if file.is_file()}


def test_full_disk_leaves_no_beginning_of_a_file():
    before = stored()
    with pytest.raises(OSError, match="No space left"):
        storages["private"].save("file", FullDisk(b"x" * 4096))
    assert stored() == before


def test_note_whose_file_finds_no_room_comes_back_with_its_text(client, monkeypatch):
    anu = Net().worker()
    case = open_case_of(anu)
    client.force_login(anu.user)

    def full(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    typed = {
        "text": "Minu pikk märge",
        "kind": "phone",
        "duration": "15",
        "day": timezone.localdate().strftime("%d.%m.%Y"),
        "time": "00.01",
        "audience": "team",
        "attachments": ContentFile(b"tere", name="leht.txt"),
    }
    answer = client.post(reverse("case_note_add", args=[case.pk]), typed)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "Minu pikk märge" in answer.content.decode()
    assert not case.notes.exists()


def lay(name, age):
    """A private file that no row knows."""
    file = settings.PRIVATE_FILES_ROOT / "zz" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x")
    moment = (timezone.now() - age).timestamp()
    os.utime(file, (moment, moment))
    return file


def test_file_that_a_kill_left_behind_goes_after_a_day():
    old, new = lay("old", dt.timedelta(days=2)), lay("new", dt.timedelta(hours=2))
    orphans.remove_orphans(timezone.now())
    assert not old.exists()
    assert new.exists()
    new.unlink()


def test_file_that_a_row_knows_stays(monkeypatch):
    file = lay("known", dt.timedelta(days=2))
    monkeypatch.setattr(orphans, "known_names", lambda: {"zz/known"})
    orphans.remove_orphans(timezone.now())
    assert file.exists()
    file.unlink()


def test_beside_the_wrong_database_no_file_is_deleted(monkeypatch):
    monkeypatch.setattr(orphans, "AT_MOST", 2)
    files = [lay(f"many-{number}", dt.timedelta(days=2)) for number in range(3)]
    orphans.remove_orphans(timezone.now())
    assert all(file.exists() for file in files)
    for file in files:
        file.unlink()


# --- An open file that is spoilt -------------------------------------------------------------


def test_after_a_read_only_moment_connections_are_opened_anew(monkeypatch):
    closed = []

    class Connection:
        in_atomic_block = False

        def close(self):
            closed.append(self)

    class All:
        def all(self, initialized_only):
            return [Connection()]

    monkeypatch.setattr(busy, "connections", All())
    monkeypatch.setattr(busy, "_distrusted_until", 0.0)
    busy.close_distrusted()
    busy.distrust_connections(of_sqlite(sqlite3.SQLITE_BUSY))
    busy.close_distrusted()
    assert not closed
    busy.distrust_connections(of_sqlite(sqlite3.SQLITE_READONLY))
    busy.close_distrusted()
    assert len(closed) == 1


# --- Sessions --------------------------------------------------------------------------------


def refuse_sessions(monkeypatch):
    """No session can be stored, as on a full disk."""

    def full(self, *args, **kwargs):
        try:
            raise of_sqlite(sqlite3.SQLITE_FULL)
        except DatabaseError:
            raise UpdateError  # noqa: B904 - as Django does

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", full)


def test_reader_who_was_seen_a_minute_ago_reads_on_while_nothing_can_be_stored(client, monkeypatch):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.force_login(UserFactory())
        clock.shift(61)
        refuse_sessions(monkeypatch)
        assert client.get("/intranet/").status_code == 200


def test_session_that_cannot_be_stored_is_a_busy_time_and_the_text_comes_back(edge, monkeypatch):
    refuse_sessions(monkeypatch)
    monkeypatch.setattr(SessionStore, "_is_only_seen", lambda self: False)
    answer = Client(raise_request_exception=False).post("/session-write/", {"note": "tere"})
    assert answer.status_code == 503
    assert "tere" in answer.content.decode()


def test_session_that_was_ended_meanwhile_stays_ended(client):
    client.force_login(UserFactory())
    store = SessionStore(client.session.session_key)
    store["visits"] = 1
    SessionStore(store.session_key).delete()
    with pytest.raises(UpdateError):
        store.save()


def test_that_somebody_was_seen_is_told_from_all_other_changes(client):
    client.force_login(UserFactory())
    store = SessionStore(client.session.session_key)
    store[SEEN_AT] = 5
    assert store._is_only_seen()
    store["visits"] = 1
    assert not store._is_only_seen()


# --- Pages that go on without the database ---------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_kept_page_goes_on_while_the_database_is_away(edge, client, monkeypatch):
    before = client.get("/leht/").content
    monkeypatch.setattr("portal.base.page_cache.content_version.current", away)
    assert Client().get("/leht/").content == before


@pytest.mark.django_db(transaction=True)
def test_page_of_an_older_version_is_better_than_none(edge, client, monkeypatch):
    before = client.get("/leht/").content
    with transaction.atomic():
        content_version.move_on()
    monkeypatch.setattr("tests.base.urls.HttpResponse", away)
    answer = Client(raise_request_exception=False).get("/leht/")
    assert (answer.status_code, answer.content) == (200, before)


def away(*args):
    raise OperationalError("connection refused")


# --- The last thread -------------------------------------------------------------------------


def test_only_the_last_thread_waits_a_little_and_hardly_after_another_waited_in_vain(monkeypatch):
    monkeypatch.setattr(patience, "_stalled_until", 1000.0)
    assert lock_wait(0, 1001.0) is None
    assert lock_wait(THREADS - 2, 1001.0) is None
    assert lock_wait(THREADS - 1, 1001.0) == SHORT
    assert lock_wait(THREADS - 2, 999.0) is None
    assert lock_wait(THREADS - 1, 999.0) == SHORTEST


def test_one_wait_in_vain_shortens_the_next_and_one_that_went_well_ends_that(monkeypatch):
    monkeypatch.setattr(patience, "_under_way", set(range(-THREADS, -1)))
    monkeypatch.setattr(patience, "_stalled_until", 0.0)
    for status, expected in ((503, SHORTEST), (302, SHORT)):
        PatienceMiddleware(lambda request, status=status: HttpResponse(status=status))(
            RequestFactory().post("/intranet/")
        )
        assert lock_wait(THREADS - 1, time.monotonic()) == expected


def waits(vendor=connection.vendor):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout" if vendor == "sqlite" else "SHOW lock_timeout")
        return cursor.fetchone()[0]


def test_the_wait_of_a_connection_is_shortened_for_one_request(monkeypatch):
    usual, seen = waits(), []
    monkeypatch.setattr(patience, "_under_way", set(range(-THREADS, -1)))

    def view(request):
        seen.append(waits())
        return HttpResponse()

    edge = PatienceMiddleware(view)
    edge(RequestFactory().post("/intranet/"))
    assert seen != [usual]
    assert waits() == usual


def test_reading_the_public_half_is_not_counted(monkeypatch):
    seen = []
    edge = PatienceMiddleware(lambda request: seen.append(len(patience._under_way)))
    edge(RequestFactory().get("/teenused/"))
    edge(RequestFactory().get("/intranet/"))
    edge(RequestFactory().post("/liitu/"))
    assert seen == [0, 1, 1]
    assert not patience._under_way
