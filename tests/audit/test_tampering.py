"""More that can be done to the log with the rights of the database, each of it named.

With tests/audit/test_verify.py these are the kinds: a changed field, time, actor or outcome; an
entry removed in the middle or at the end; the head moved, set back or gone; an entry inserted,
standing twice or changing places; a subject removed, added, moved, changed, blanked or filled
again; the chain made anew; another database; a changed file of anchors.
"""

import datetime as dt

import pytest
from django.db import connection, transaction

from portal.audit import verify as verifying
from portal.audit.log import erase
from portal.world.log import AT_ONCE
from tests.audit.forging import complaint, copy_entry, praise, without_key, write

pytestmark = pytest.mark.django_db

MOMENT = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
BLANK = "UPDATE audit_accesssubject SET subject = '', number = '', salt = '', erased_at = "


@pytest.fixture(autouse=True)
def ten(settings, tmp_path):
    """Ten entries about two cases each, and no anchors."""
    settings.AUDIT_ANCHOR_FILE = str(tmp_path / "anchors.log")
    for number in range(10):
        write(number)


@pytest.mark.parametrize("who", ["case 4", "other 4"])
def test_a_subject_that_was_blanked_by_hand_is_named(forger, who):
    """Blanked like a lawful erasure, but no entry of the log tells of one."""
    with transaction.atomic():
        erase("case 8")
    forger.execute(f"{BLANK} '2026-01-01 00:00:00' WHERE subject = %s", [who])  # noqa: S608
    assert complaint().startswith("Entry 5 was changed: a subject was blanked")


def test_one_more_blanked_at_the_moment_of_a_lawful_erasure_is_named(forger):
    with transaction.atomic():
        erase("case 8")
    moment = "(SELECT max(erased_at) FROM audit_accesssubject)"
    forger.execute(f"{BLANK} {moment} WHERE subject = 'case 2'")  # noqa: S608
    assert complaint().startswith("Entry 3 was changed: a subject was blanked")


@pytest.mark.parametrize(
    "text", ["subject = 'case 4', salt = 's', number = '7KQ-4RD', erased_at = NULL", "salt = 's'"]
)
def test_an_erased_subject_that_is_filled_again_is_named(forger, text):
    with transaction.atomic():
        erase("case 4")
    forger.execute(f"UPDATE audit_accesssubject SET {text} WHERE erased_at IS NOT NULL")  # noqa: S608
    assert complaint().startswith("Entry 5 was changed")


def test_lawful_erasures_of_several_at_one_moment_pass():
    with transaction.atomic():
        assert erase("case 4", now=MOMENT) == erase("other 4", now=MOMENT) == 1
        assert erase("case 6") == 1
    assert "whole: 13 entries, 3 subjects lawfully erased" in praise()


def test_a_lawful_erasure_while_the_log_is_read_is_no_fault(monkeypatch):
    real = verifying._fault_at_the_end

    def erase_and_go_on(head, walk):
        # As if the row had been blanked just before its entry was read.
        walk.blanked["2026-11-01T00:00:00.000000+00:00"] += 1
        walk.first_blanked["2026-11-01T00:00:00.000000+00:00"] = 8
        with transaction.atomic():
            erase("case 7", now=MOMENT)
        return real(head, walk)

    monkeypatch.setattr(verifying, "_fault_at_the_end", erase_and_go_on)
    assert "1 subjects lawfully erased" in praise()


def test_a_number_that_stands_twice_is_named(forger):
    """Without its key the table takes a second entry 4."""
    if connection.vendor == "postgresql":
        forger.execute(
            "ALTER TABLE audit_accessevent DROP CONSTRAINT audit_accessevent_pkey CASCADE"
        )
    else:
        without_key(forger)
    copy_entry(forger, 3, 4)
    assert complaint().startswith("Entry 4 was")


def test_a_whole_entry_that_stands_twice_is_named(forger):
    if connection.vendor == "postgresql":
        forger.execute(
            "ALTER TABLE audit_accessevent DROP CONSTRAINT audit_accessevent_pkey CASCADE"
        )
        forger.execute(
            "ALTER TABLE audit_accessevent DROP CONSTRAINT IF EXISTS audit_accessevent_id_key"
        )
    else:
        without_key(forger)
    forger.execute(
        "INSERT INTO audit_accessevent SELECT * FROM audit_accessevent WHERE sequence = 6"
    )
    assert complaint().startswith("Entry 6 was inserted: this number stands in the log twice")


def test_a_subject_of_no_entry_is_named(forger):
    if connection.vendor == "postgresql":
        forger.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f'"
            " AND conrelid = 'audit_accesssubject'::regclass"
        )
        (name,) = forger.fetchone()
        forger.execute(f"ALTER TABLE audit_accesssubject DROP CONSTRAINT {name}")
    else:
        forger.execute("PRAGMA defer_foreign_keys = ON")
    forger.execute(
        "INSERT INTO audit_accesssubject (event_id, subject, number, salt, digest)"
        " VALUES (40, 'x', '', 's', 'd')"
    )
    assert complaint().startswith("Entry 40 has a subject")
    forger.execute("DELETE FROM audit_accesssubject WHERE event_id = 40")


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps its types")
@pytest.mark.parametrize("value", ["x'00ff'", "17", "CAST(x'c3' AS TEXT)"])
def test_what_fits_no_column_is_named_and_breaks_nothing(forger, value):
    forger.execute(f"UPDATE audit_accessevent SET username = {value} WHERE sequence = 4")  # noqa: S608
    assert complaint().startswith("Entry 4 was changed")


def test_the_end_of_a_long_log_is_found_by_ranges(monkeypatch):
    monkeypatch.setattr(verifying, "AT_ONCE", 3)
    assert "whole: 10 entries" in praise()
    assert AT_ONCE > 3


@pytest.mark.parametrize("place", [3, 4, 7, 10])
def test_an_entry_removed_at_the_edge_of_a_range_is_named(forger, monkeypatch, place):
    monkeypatch.setattr(verifying, "AT_ONCE", 3)
    forger.execute("DELETE FROM audit_accesssubject WHERE event_id = %s", [place])
    forger.execute("DELETE FROM audit_accessevent WHERE sequence = %s", [place])
    assert complaint().startswith(f"Entry {place} was removed")


def test_a_head_far_beyond_the_end_is_named_at_once(forger):
    forger.execute("UPDATE audit_chainhead SET sequence = 4000000000000")
    assert complaint().startswith("Entry 11 was removed: the log went on to entry 4000000000000")
