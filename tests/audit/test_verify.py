"""audit_verify names the first bad entry, whatever was done to it."""

import datetime as dt

import pytest
from django.db import connection, transaction

from portal.audit import verify as verifying
from portal.audit.anchor import anchor, read_anchors
from portal.audit.log import digest_of, erase, hash_of
from portal.audit.models import AccessEvent
from portal.audit.verify import missing_triggers
from portal.base import due
from tests.audit.conftest import unfenced
from tests.audit.forging import complaint, copy_entry, cut_after, forge_the_rest, praise, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def anchors(settings, tmp_path):
    """An anchor file for each test."""
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "kaugel" / "anchors.log")
    return tmp_path / "kaugel" / "anchors.log"


@pytest.fixture
def ten(db):
    """Ten entries about two cases each."""
    for number in range(10):
        write(number)


def test_a_whole_log_is_called_whole(ten):
    assert "whole: 10 entries" in praise()


def test_an_empty_log_is_whole():
    assert "whole: 0 entries" in praise()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("username", "Keegi Teine"),
        ("usercode", "x"),
        ("receiver", "Muu asutus"),
        ("receivercode", "x"),
        ("role", "auditor"),
        ("actioncode", "case_list"),
        ("purpose", "x"),
        ("channel", "file"),
        ("outcome", "refused"),
        ("logtime", "2020-01-01 00:00:00+00"),
        ("id", "00000000000000000000000000000000"),
        ("previous_hash", "0" * 64),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_entry_is_named(ten, forger, column, value):
    forger.execute(f"UPDATE audit_accessevent SET {column} = %s WHERE sequence = 4", [value])
    assert complaint().startswith("Entry 4 was changed")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_accesssubject SET subject = 'somebody else' WHERE id = %s",
        "UPDATE audit_accesssubject SET number = 'AAA-AAA' WHERE id = %s",
        "UPDATE audit_accesssubject SET salt = '' WHERE id = %s",
        "UPDATE audit_accesssubject SET digest = '' WHERE id = %s",
        "UPDATE audit_accesssubject SET erased_at = '2026-01-01 00:00:00+00' WHERE id = %s",
        "DELETE FROM audit_accesssubject WHERE id = %s",
    ],
)
def test_an_entry_that_is_about_somebody_else_is_named(ten, forger, change):
    row = AccessEvent.objects.get(sequence=6).subjects.get(subject="case 5")
    forger.execute(change, [row.pk])
    assert complaint().startswith("Entry 6 was changed")


def test_a_subject_moved_to_another_entry_is_named(ten, forger):
    row = AccessEvent.objects.get(sequence=6).subjects.get(subject="case 5")
    forger.execute("UPDATE audit_accesssubject SET event_id = 3 WHERE id = %s", [row.pk])
    assert complaint().startswith("Entry 3 was changed")


def test_an_added_subject_is_named(ten, forger):
    forger.execute(
        "INSERT INTO audit_accesssubject (event_id, subject, number, salt, digest)"
        " VALUES (2, 'x', '', 's', %s)",
        [digest_of("s", "x", "")],
    )
    assert complaint().startswith("Entry 2 was changed")


@pytest.mark.parametrize("place", [1, 5, 10])
def test_a_removed_entry_is_named(ten, forger, place):
    forger.execute("DELETE FROM audit_accesssubject WHERE event_id = %s", [place])
    forger.execute("DELETE FROM audit_accessevent WHERE sequence = %s", [place])
    assert complaint().startswith(f"Entry {place} was removed")


def test_a_log_that_was_emptied_is_named(ten, forger):
    forger.execute("DELETE FROM audit_accesssubject")
    forger.execute("DELETE FROM audit_accessevent")
    assert complaint().startswith("Entry 1 was removed")


@pytest.mark.parametrize("place", [-3, 0, 11, 40])
def test_an_inserted_entry_is_named(ten, forger, place):
    copy_entry(forger, 10, place)
    assert complaint().startswith(f"Entry {place} was inserted")


def test_two_entries_that_changed_places_are_named(ten, forger):
    checks = "SET CONSTRAINTS ALL {}" if connection.vendor == "postgresql" else "SELECT '{}'"
    forger.execute(checks.format("DEFERRED"))
    for was, becomes in ((3, 77), (4, 3), (77, 4)):
        forger.execute(
            "UPDATE audit_accessevent SET sequence = %s WHERE sequence = %s", [becomes, was]
        )
    forger.execute(checks.format("IMMEDIATE"))
    assert complaint().startswith("Entry 3 was changed")


def test_a_replaced_entry_with_a_hash_of_its_own_is_named(ten, forger):
    event = AccessEvent.objects.get(sequence=4)
    event.username = "Keegi Teine"
    forged = hash_of(event, [one.digest for one in event.subjects.all()])
    forger.execute(
        "UPDATE audit_accessevent SET username = %s, hash = %s WHERE sequence = 4",
        [event.username, forged],
    )
    assert complaint().startswith("Entry 4 was replaced")


def test_a_head_that_names_another_entry_is_named(ten, forger):
    forger.execute("UPDATE audit_chainhead SET hash = %s", ["f" * 64])
    assert complaint().startswith("Entry 10 is not the one")


def test_a_head_that_was_set_back_is_named(ten, forger):
    eighth = AccessEvent.objects.get(sequence=8).hash
    forger.execute("UPDATE audit_chainhead SET sequence = 8, hash = %s", [eighth])
    assert complaint().startswith("Entry 9 was inserted")


def test_a_missing_head_is_named(ten, forger):
    forger.execute("DELETE FROM audit_chainhead")
    assert complaint() == "The log has lost the head of its chain. 0 entries before it agree."


def test_a_lawful_erasure_passes(ten):
    with transaction.atomic():
        assert erase("case 4") == 1
    assert "1 subjects lawfully erased" in praise()


def test_a_chain_made_anew_is_found_by_its_anchor(ten, anchors):
    anchor(dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC))
    with unfenced() as forger:
        forge_the_rest(forger, since=7)
    assert complaint().startswith("Entry 10 was changed, and the chain after it made anew")
    anchors.unlink()
    assert "whole" in praise()


def test_a_log_cut_short_with_its_head_is_found_by_its_anchor(ten, forger, anchors):
    anchor(dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC))
    cut_after(forger, 8)
    assert complaint().startswith("Entry 9 was removed")


def test_anchors_can_be_read_from_where_they_were_taken_to(ten, anchors, tmp_path):
    anchor(dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC))
    kept = tmp_path / "collected.log"
    kept.write_text('{"event": "anchor ' + anchors.read_text().strip() + '", "level": "info"}')
    anchors.unlink()
    with unfenced() as forger:
        cut_after(forger, 8)
    assert "whole" in praise()
    assert complaint("--anchors", str(kept)).startswith("Entry 9 was removed")


def test_the_first_anchor_of_an_entry_counts(anchors):
    anchors.parent.mkdir()
    time = "2026-11-01T12:00:00Z"
    anchors.write_text(f"{time} 3 {'a' * 64}\nbroken line\n{time} 3 {'b' * 64}\n")
    assert {key: one.hash for key, one in read_anchors(anchors).by_sequence.items()} == {
        3: "a" * 64
    }


def test_the_head_is_anchored_every_hour_outside_of_the_database(ten, anchors):
    now = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
    assert "anchor the view log" in due.run_due(now)
    assert "anchor the view log" not in due.run_due(now + dt.timedelta(minutes=59))
    write(11)
    assert "anchor the view log" in due.run_due(now + dt.timedelta(minutes=61))
    lines = anchors.read_text().splitlines()
    assert [line.split()[1] for line in lines] == ["10", "11"]
    assert lines[0].split()[2] == AccessEvent.objects.get(sequence=10).hash
    assert "whole: 11 entries, 0 subjects lawfully erased, 2 anchors" in praise()


def test_an_entry_written_while_the_log_is_read_is_no_fault(ten, monkeypatch):
    real = verifying._fault_at_the_end

    def write_and_go_on(*arguments):
        write(12)
        return real(*arguments)

    monkeypatch.setattr(verifying, "_fault_at_the_end", write_and_go_on)
    assert "whole: 10 entries" in praise()
    assert "whole: 11 entries" in praise()


def test_a_missing_trigger_is_named(ten):
    assert missing_triggers() == []
    with connection.cursor() as cursor:
        where = " ON audit_accessevent" if connection.vendor == "postgresql" else ""
        if where:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP TRIGGER audit_accessevent_no_delete{where}")
    assert "no audit_accessevent_no_delete" in complaint()


def test_the_log_is_read_in_a_bounded_number_of_statements(ten, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        praise()
