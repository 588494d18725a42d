"""What somebody with the rights of the database does to the log, and what audit_verify says."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from portal.audit.log import Actor, Subject, hash_of, record
from portal.audit.models import AccessEvent


def write(number):
    """One more entry, about two cases."""
    with transaction.atomic():
        record(
            Actor(f"person {number}", "Anu Näidis"),
            [Subject(f"case {number}", "7KQ-4RD"), Subject(f"other {number}")],
            actioncode="case_view",
        )


def complaint(*arguments):
    """What audit_verify finds wrong."""
    with pytest.raises(CommandError) as caught:
        call_command("audit_verify", *arguments)
    return str(caught.value)


def praise(*arguments):
    """What audit_verify says of a log that is whole."""
    out = StringIO()
    call_command("audit_verify", *arguments, stdout=out)
    return out.getvalue()


def copy_entry(cursor, source, place):
    """Insert a copy of an entry at `place`, with a hash of its own that is right."""
    event = AccessEvent.objects.get(sequence=source)
    event.previous_hash, event.sequence = event.hash, place
    cursor.execute(
        "INSERT INTO audit_accessevent (sequence, id, logtime, usercode, username, receivercode,"
        " receiver, role, actioncode, purpose, channel, outcome, previous_hash, hash)"
        " SELECT %s, %s, logtime, usercode, username, receivercode, receiver, role, actioncode,"
        " purpose, channel, outcome, %s, %s FROM audit_accessevent WHERE sequence = %s",
        [place, "1" * 32, event.previous_hash, hash_of(event, []), source],
    )


def forge_the_rest(cursor, since):
    """Change an entry and make everything after it anew, the head too."""
    before = AccessEvent.objects.filter(sequence=since - 1).first()
    previous = before.hash if before else "0" * 64
    for event in AccessEvent.objects.filter(sequence__gte=since).order_by("sequence"):
        event.username, event.previous_hash = "Keegi Teine", previous
        previous = hash_of(event, [one.digest for one in event.subjects.all()])
        cursor.execute(
            "UPDATE audit_accessevent SET username = %s, previous_hash = %s, hash = %s"
            " WHERE sequence = %s",
            [event.username, event.previous_hash, previous, event.sequence],
        )
    cursor.execute("UPDATE audit_chainhead SET hash = %s", [previous])


def cut_after(cursor, last):
    """Remove the end of the log and set the head back to fit."""
    cursor.execute("DELETE FROM audit_accesssubject WHERE event_id > %s", [last])
    cursor.execute("DELETE FROM audit_accessevent WHERE sequence > %s", [last])
    now_last = AccessEvent.objects.get(sequence=last).hash
    cursor.execute("UPDATE audit_chainhead SET sequence = %s, hash = %s", [last, now_last])


def without_key(cursor):
    """SQLite takes the key off the table of entries only by making the table anew."""
    cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'audit_accessevent'")
    made = cursor.fetchone()[0].replace(" PRIMARY KEY", "").replace(" UNIQUE", "")
    cursor.execute("PRAGMA defer_foreign_keys = ON")
    cursor.execute("PRAGMA legacy_alter_table = ON")
    cursor.execute("ALTER TABLE audit_accessevent RENAME TO of_old")
    cursor.execute(made)
    cursor.execute("INSERT INTO audit_accessevent SELECT * FROM of_old")
    cursor.execute("PRAGMA legacy_alter_table = OFF")
