"""Append-only and chained: in the code, in the database, and with many writers at once."""

import datetime as dt
import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError

from portal.audit.log import ERASE, Actor, Subject, erase, hash_of, record
from portal.audit.models import AccessEvent, AccessSubject, AppendOnly, ChainHead
from portal.audit.verify import verify
from tests.base.together import at_once

pytestmark = pytest.mark.django_db
ANU = Actor(str(uuid.uuid4()), "Anu Näidis", str(uuid.uuid4()), "Asutus", "base_support")


def written(*subjects, actor=ANU, **fields):
    with transaction.atomic():
        return record(actor, subjects, **{"actioncode": "case_view"} | fields)


def test_entries_are_chained_from_the_first_to_the_head():
    entries = [written(Subject("a", "7KQ-4RD")) for _one in range(3)]
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert entries[0].previous_hash == "0" * 64
    assert [entry.previous_hash for entry in entries[1:]] == [one.hash for one in entries[:2]]
    head = ChainHead.objects.get()
    assert (head.sequence, head.hash) == (3, entries[2].hash)


def test_an_entry_read_back_gives_the_hash_it_was_stored_with():
    moment = dt.datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    entry = AccessEvent.objects.get(pk=written(Subject("a", "b"), Subject("c"), now=moment).pk)
    assert hash_of(entry, [one.digest for one in entry.subjects.all()]) == entry.hash


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_of_a_transaction_is_refused():
    with pytest.raises(TransactionManagementError):
        record(ANU, [], actioncode="case_view")
    with pytest.raises(TransactionManagementError):
        erase("a")


def test_an_entry_goes_with_the_act_that_is_rolled_back():
    with transaction.atomic():
        record(ANU, [Subject("a")], actioncode="case_view")
        transaction.set_rollback(True)
    assert not AccessEvent.objects.exists()
    assert written().sequence == 1


def test_names_longer_than_their_column_are_cut_and_still_verify():
    written(actor=Actor("a" * 36, "õ" * 400, "b" * 36, "ä" * 400, "partner"))
    entry = AccessEvent.objects.get()
    assert (len(entry.username), len(entry.receiver)) == (300, 160)
    assert verify().fault is None


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: AccessEvent.objects.update(username=""),
        lambda entry: AccessEvent.objects.filter(pk=entry.pk).delete(),
        lambda entry: AccessEvent.objects.create(sequence=9),
        lambda entry: AccessEvent.objects.bulk_create([entry]),
        lambda entry: AccessEvent.objects.bulk_update([entry], ["username"]),
        lambda entry: entry.subjects.update(number=""),
        lambda entry: entry.subjects.all().delete(),
        lambda entry: entry.subjects.get().save(),
        lambda entry: entry.subjects.get().delete(),
        lambda entry: entry.subjects.create(subject="x"),
    ],
)
def test_the_models_refuse_every_change(change):
    entry = written(Subject("a", "7KQ-4RD"))
    with pytest.raises(AppendOnly):
        change(entry)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_accessevent SET username = 'keegi teine'",
        "UPDATE audit_accessevent SET outcome = outcome",
        "DELETE FROM audit_accessevent",
        "UPDATE audit_accesssubject SET number = 'AAA-AAA'",
        "UPDATE audit_accesssubject SET digest = ''",
        "UPDATE audit_accesssubject SET subject = '', number = '', salt = ''",
        "UPDATE audit_accesssubject SET erased_at = '2026-01-01 00:00:00'",
        "UPDATE audit_accesssubject SET subject = '', number = '', salt = '', digest = '',"
        " erased_at = '2026-01-01 00:00:00'",
        "DELETE FROM audit_accesssubject",
        "DELETE FROM audit_chainhead",
    ],
)
def test_the_database_refuses_every_change(statement):
    written(Subject("a", "7KQ-4RD"))
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert verify().fault is None


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
def test_the_database_refuses_to_empty_the_log():
    written(Subject("a"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute("TRUNCATE audit_accessevent, audit_accesssubject")


def test_an_erasure_blanks_whom_and_keeps_that():
    about = str(uuid.uuid4())
    written(Subject(about, "7KQ-4RD"), Subject("another", "AAA-AAA"))
    written(Subject(about, "7KQ-4RD"))
    assert erase(about) == 2
    assert not AccessSubject.objects.filter(subject=about).exists()
    assert not AccessSubject.objects.filter(number="7KQ-4RD").exists()
    assert AccessSubject.objects.filter(number="AAA-AAA").exists()
    assert AccessEvent.objects.exclude(actioncode=ERASE).count() == 2
    verdict = verify()
    assert (verdict.fault, verdict.entries, verdict.erased) == (None, 3, 2)


def test_what_is_erased_is_not_written_again():
    written(Subject("a", "7KQ-4RD"))
    erase("a")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE audit_accesssubject SET subject = 'b'")


@pytest.mark.django_db(transaction=True)
def test_sixty_writers_at_once_leave_an_unbroken_chain():
    def write_three():
        return [written(Subject(str(uuid.uuid4()), "7KQ-4RD")).sequence for _one in range(3)]

    places = [place for three in at_once(write_three, 20) for place in three]
    assert sorted(places) == list(range(1, 61))
    verdict = verify()
    assert (verdict.fault, verdict.entries) == (None, 60)
