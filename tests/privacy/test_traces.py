"""After an erasure no byte of it stands in the file of the database. rules.md 16."""

import os
import sqlite3
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from network.cases.models import CaseNote, Person
from portal.base import personal
from portal.privacy.wiping import wipe
from tests.cases.factories import Net
from tests.privacy.everywhere import in_bytes
from tests.privacy.factories import CODES, close, somebody

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="PostgreSQL keeps its rows in files of its own"
    ),
]


@pytest.fixture
def on_disk(tmp_path, monkeypatch):
    """The tables of the tests in a file of their own, and Django working on it."""
    path = tmp_path / "tugivork.sqlite3"
    connection.ensure_connection()
    with sqlite3.connect(path) as copy:
        connection.connection.backup(copy)
    memory = connections["default"]
    disk = connections.create_connection("default")
    disk.settings_dict = {**disk.settings_dict, "NAME": str(path)}
    connections["default"] = disk
    yield path
    connections["default"] = memory
    disk.inc_thread_sharing()
    disk.close()


def sealed(case) -> set[str]:
    """The cipher texts of a case and its person, as they stand in the file."""
    rows = [*CaseNote.objects.filter(case=case), Person.objects.get(pk=case.person_id)]
    names = ("text", "place", "with_whom", "first_name", "personal_code")
    found = {row.__dict__[name] for row in rows for name in names if name in row.__dict__}
    return {str(text) for text in found if text}


def test_no_byte_of_the_erased_is_left_in_the_file_and_the_others_are(on_disk: Path):
    net = Net()
    first, second = somebody(net, "Kanaarik", CODES[0]), somebody(net, "Tihane", CODES[1])
    close(first.case, timezone.localdate())
    number = first.case.number
    gone, stays = {*sealed(first.case), number}, {*sealed(second.case), second.case.number}
    assert len(gone) > 8
    assert in_bytes(on_disk, *gone) == gone
    assert os.path.getsize(f"{on_disk}-wal") > 0
    call_command("erase_subject", "--case", number, "--reason", "Tähtaeg läbi.", "--yes")
    assert in_bytes(on_disk, *gone) == set()
    assert os.path.getsize(f"{on_disk}-wal") == 0
    assert in_bytes(on_disk, *stays) == stays
    assert personal.find("case", number) is None


def test_every_connection_overwrites_what_it_deletes(on_disk: Path):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone()[0] == 1


def test_somebodys_long_reading_is_said(on_disk: Path, monkeypatch, capsys):
    from portal.privacy import wiping

    monkeypatch.setattr(wiping, "PATIENCE", 0)
    Net()
    with sqlite3.connect(on_disk) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM network_region").fetchone()
        Net()
        assert wipe() is False
    reader.close()
    assert wipe() is True
