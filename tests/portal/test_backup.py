"""A copy of everything while people work, and the way back onto an empty machine."""

import base64
import datetime as dt
import errno
import json
import os
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, storages
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.documents.models import Document

from network.cases.models import Case, CaseNote, CaseNoteFile
from portal.access.models import PortalRole
from portal.access.roles import Role
from portal.accounts.models import User
from portal.audit import anchor
from portal.audit.models import AccessEvent
from portal.backup import copies, making, programs
from portal.backup.archive import ArchiveWriter
from portal.base import outbox
from portal.base.models import OutboxItem
from portal.base.uploads import CleanFile
from portal.views.backups import backup_for
from tests.cases.factories import Net, open_case_of, write_note
from tests.plugins import templates

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = "Ohumärgid: uni kaob.".encode()


@dataclass
class Machine:
    """Where the portal of a test keeps everything."""

    folder: Path
    settings: object

    @property
    def copies(self):
        return self.folder.parent / "copies"

    def move_in(self, folder, database):
        """Let the portal stand in `folder` and on `database`."""
        connection.close()
        connections["default"].settings_dict["NAME"] = database
        folder.mkdir(mode=0o700, exist_ok=True)
        self.folder = folder
        self.settings.DATA_DIR = folder
        self.settings.MEDIA_ROOT = folder / "media"
        self.settings.PRIVATE_FILES_ROOT = folder / "private"
        self.settings.AUDIT_ANCHOR_FILE = str(folder / "anchors.log")
        self.settings.ERASURES_FILE = str(folder / "erasures.jsonl")
        for name in ("base_location", "location"):
            storages["private"].__dict__.pop(name, None)


@pytest.fixture
def machine(settings, tmp_path):
    """A machine of its own: database, files, keys."""
    if connection.vendor == "postgresql":
        try:
            programs.find("pg_dump", connection.pg_version // 10000)
        except Exception as missing:
            pytest.skip(str(missing))
    first = connections["default"].settings_dict["NAME"]
    machine = Machine(tmp_path, settings)
    machine.move_in(tmp_path / "first", first)
    yield machine
    machine.move_in(tmp_path / "first", first)
    storages["private"].__dict__.pop("base_location", None)
    storages["private"].__dict__.pop("location", None)


@pytest.fixture
def empty_machine(machine, tmp_path):
    """Go on on a machine that has the keys and nothing else; its database is dropped in the end."""
    made = []

    def move(word="second"):
        server = templates.server(tmp_path / word)
        (tmp_path / word).mkdir(mode=0o700)
        # Names of databases are short, and several workers share one server.
        name = server.name(f"{word}-{uuid.uuid4().hex[:8]}")
        server.create(name)
        made.append((server, name))
        machine.move_in(tmp_path / word, name)
        return machine

    yield move
    connection.close()
    for server, name in made:
        server.drop(name)


@dataclass
class World:
    """What stands in the database and on the disk before the copy."""

    case: Case
    note: CaseNote
    file: CaseNoteFile


@pytest.fixture
def world(machine):
    anu = Net().worker(Role.BASE_SUPPORT)
    case = open_case_of(anu)
    file = CleanFile("Mall Näidis.txt", ContentFile(CONTENT), "text/plain; charset=utf-8")
    note = write_note(case, by=anu, text="Täna räägiti öisest ärevusest.", files=[file])
    Document.objects.create(title="Juhend", file=ContentFile(b"avalik juhend", name="juhend.txt"))
    with transaction.atomic():
        outbox.put("mail", {"letter": "second_factor", "user": str(anu.user.pk)})
    Session.objects.create(
        session_key="a" * 32, session_data="x", expire_date=timezone.now() + dt.timedelta(hours=9)
    )
    anchor.anchor(timezone.now())
    return World(case, note, CaseNoteFile.objects.get(note=note))


def backup(machine, *options):
    said = StringIO()
    call_command("backup", str(machine.copies), *options, stdout=said, stderr=said)
    return said.getvalue()


def restore(machine, *options, source=None):
    said = StringIO()
    call_command("restore", str(source or machine.copies), *options, stdout=said, stderr=said)
    return said.getvalue()


def newest(machine):
    return copies.copies_in(machine.copies)[0]


def damage(file, place=-200):
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(bytes(data))


def tables():
    """How many rows each table has."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        counts = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


# --- There and back --------------------------------------------------------------------------


def test_everything_comes_back_on_an_empty_machine(machine, world, empty_machine):
    before, log = tables(), list(AccessEvent.objects.values_list("sequence", "hash"))
    said = backup(machine, "--digests")
    assert "2 files; checked" in said
    empty_machine()
    said = restore(machine)
    assert "the view log is whole" in said

    case = Case.objects.get(pk=world.case.pk)
    assert case.person.last_name == world.case.person.last_name
    note = CaseNote.objects.get(case=case)
    assert note.text == "Täna räägiti öisest ärevusest."
    file = CaseNoteFile.objects.get(note=note)
    assert file.name == "Mall Näidis.txt"
    assert file.file.read() == CONTENT
    assert Document.objects.get().file.read() == b"avalik juhend"
    after = tables()
    # Sessions end, and the log says that there was a restore; nothing else differs.
    assert after.pop("django_session") == 0
    assert after.pop("audit_accessevent") == before.pop("audit_accessevent") + 1
    before.pop("django_session")
    assert after == before
    restored = list(AccessEvent.objects.order_by("sequence").values_list("sequence", "hash"))
    assert restored[:-1] == sorted(log)
    assert AccessEvent.objects.order_by("-sequence").first().actioncode == "restore"
    call_command("audit_verify", stdout=StringIO())
    # New rows get numbers of their own.
    Document.objects.create(title="Teine", file=ContentFile(b"teine", name="teine.txt"))


@pytest.mark.paper
def test_letters_that_waited_are_held_unless_somebody_asks(machine, world, empty_machine):
    backup(machine)
    waiting = OutboxItem.objects.filter(state="pending", kind="mail").count()
    assert waiting
    empty_machine()
    assert f"{waiting} letters held back" in restore(machine)
    assert OutboxItem.objects.filter(state="held").count() == waiting
    empty_machine("third")
    restore(machine, "--send-queued")
    assert OutboxItem.objects.filter(state="pending", kind="mail").count() == waiting


def test_nobody_but_the_owner_reads_any_of_it(machine, world, empty_machine):
    backup(machine)
    assert machine.copies.stat().st_mode & 0o777 == 0o700
    for file in machine.copies.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600, file.name
    content = newest(machine).read_bytes()
    for secret in (CONTENT, b"juhend", b"django_migrations", b"CREATE TABLE"):
        assert secret not in content
    empty_machine()
    restore(machine)
    private = machine.folder / "private"
    for path in [private, *private.rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert path.stat().st_mode & 0o777 == wanted, path
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        assert database.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in machine.folder.iterdir() if "restoring" in path.name] == []


def test_anchors_of_this_machine_go_on_and_say_that_there_was_a_restore(machine, world):
    backup(machine)
    write_note(world.case, by=_writer(world), text="Hiljem.")
    anchor.anchor(timezone.now())
    lines = Path(machine.settings.AUDIT_ANCHOR_FILE).read_text().splitlines()
    restore(machine, "--replace")
    now_there = Path(machine.settings.AUDIT_ANCHOR_FILE).read_text().splitlines()
    assert now_there[: len(lines)] == lines
    assert "restored" in now_there[-1]
    said = StringIO()
    call_command("audit_verify", stdout=said)
    assert "an older backup was taken back" in said.getvalue()


def _writer(world):
    from tests.cases.factories import Worker

    position = world.note.position
    return Worker(user=world.note.author, position=position)


# --- While people work -----------------------------------------------------------------------


@contextmanager
def when_the_database_is_copied(monkeypatch, work):
    """Do `work` after the files were copied and before the database is; and once more after it."""
    add = ArchiveWriter.add

    def adding(self, place, path, pieces, **more):
        if place == "database":
            work("before")
            entry = add(self, place, path, pieces, **more)
            work("after")
            return entry
        return add(self, place, path, pieces, **more)

    with monkeypatch.context() as patch:
        patch.setattr(ArchiveWriter, "add", adding)
        yield


def test_what_is_written_meanwhile_is_in_it_wholly_or_not_at_all(
    machine, world, empty_machine, monkeypatch
):
    writer = _writer(world)

    def work(when):
        file = CleanFile(f"{when}.txt", ContentFile(when.encode()), "text/plain; charset=utf-8")
        write_note(world.case, by=writer, text=when, files=[file])

    with when_the_database_is_copied(monkeypatch, work):
        said = backup(machine)
    assert "4 files" in said
    empty_machine()
    said = restore(machine)
    assert "not there" not in said
    texts = {note.text for note in CaseNote.objects.all()}
    # SQLite and PostgreSQL fix their moment when the snapshot is opened, before the first of them.
    assert "after" not in texts
    for file in CaseNoteFile.objects.all():
        assert file.file.read() in (CONTENT, b"before")


@pytest.mark.paper
def test_a_file_that_was_still_being_written_is_copied_again(
    machine, world, empty_machine, monkeypatch
):
    path = machine.folder / "private" / world.file.file.name
    path.write_bytes(CONTENT[:5])

    def work(when):
        path.write_bytes(CONTENT)

    with when_the_database_is_copied(monkeypatch, work):
        backup(machine)
    empty_machine()
    restore(machine)
    assert CaseNoteFile.objects.get().file.read() == CONTENT


@pytest.mark.paper
def test_a_file_removed_meanwhile_comes_back_only_with_its_row(
    machine, world, empty_machine, monkeypatch
):
    orphan = machine.folder / "private" / "ab" / ("0" * 30)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"of nobody any more")
    kept = machine.folder / "private" / world.file.file.name

    def work(when):
        # The row of the second is still in the copied database.
        for path in (orphan, kept):
            path.unlink(missing_ok=True)

    with when_the_database_is_copied(monkeypatch, work):
        backup(machine)
    empty_machine()
    restore(machine)
    assert not (machine.folder / "private" / "ab" / ("0" * 30)).exists()
    assert CaseNoteFile.objects.get().file.read() == CONTENT


@pytest.mark.paper
def test_two_backups_into_one_folder_do_not_meet(machine, world):
    machine.copies.mkdir()
    with copies.only_one(machine.copies), pytest.raises(CommandError, match="is under way"):
        backup(machine)


# --- Copies that are not whole ---------------------------------------------------------------


def test_a_damaged_newest_copy_is_named_and_the_one_before_it_used(machine, world, empty_machine):
    backup(machine)
    write_note(world.case, by=_writer(world), text="Hiljem.")
    backup(machine)
    damage(newest(machine))
    with pytest.raises(CommandError, match="1 of 2 cannot be used"):
        call_command(
            "backup", "--verify", str(machine.copies), stdout=StringIO(), stderr=StringIO()
        )
    empty_machine()
    with pytest.raises(CommandError, match="latest-only"):
        restore(machine, "--latest-only")
    said = restore(machine)
    assert f"{newest(machine).name} cannot be used" in said
    assert CaseNote.objects.count() == 1


@pytest.mark.paper
def test_with_no_whole_copy_nothing_is_touched(machine, world, empty_machine):
    backup(machine)
    file = newest(machine)
    file.write_bytes(file.read_bytes()[:-500])
    empty_machine()
    with pytest.raises(CommandError, match="No copy can be used"):
        restore(machine)
    with pytest.raises(CommandError, match="ends too early|is changed"):
        restore(machine, source=file)
    assert not (machine.folder / "private").exists()
    assert tables() == {}


@pytest.mark.paper
def test_with_another_key_nothing_is_touched(machine, world, empty_machine, settings):
    backup(machine)
    settings.BACKUP_KEYS = {"test": base64.b64encode(b"x" * 32).decode()}
    empty_machine()
    with pytest.raises(CommandError, match="or the key is another"):
        restore(machine)
    assert tables() == {}


@pytest.mark.paper
def test_a_copy_whose_texts_this_machine_could_not_read_is_refused(
    machine, world, empty_machine, settings
):
    backup(machine)
    settings.FIELD_HASH_KEY = base64.b64encode(b"y" * 32).decode()
    empty_machine()
    with pytest.raises(CommandError, match="does not have the key FIELD_HASH_KEY"):
        restore(machine)
    assert tables() == {}


@pytest.mark.paper
def test_a_copy_made_by_newer_code_is_refused(machine, world, empty_machine, monkeypatch):
    real = making._manifest

    def newer(*args, **kwargs):
        told = real(*args, **kwargs)
        told.migrations.append(["base", "9999_tomorrow"])
        return told

    monkeypatch.setattr(making, "_manifest", newer)
    backup(machine)
    empty_machine()
    with pytest.raises(CommandError, match=r"newer code \(base.9999_tomorrow\)"):
        restore(machine)
    assert tables() == {}


# --- What is there already -------------------------------------------------------------------


def test_nothing_that_is_there_is_replaced_unless_that_is_said_in_full(machine, world):
    backup(machine)
    note = write_note(world.case, by=_writer(world), text="Hiljem.")
    for options in ((), ("--into-empty",)):
        with pytest.raises(CommandError, match="Not empty: the database"):
            restore(machine, *options)
    with pytest.raises(CommandError, match="unrecognized"):
        restore(machine, "--repl")
    assert CaseNote.objects.filter(pk=note.pk).exists()
    restore(machine, "--replace")
    assert not CaseNote.objects.filter(pk=note.pk).exists()
    assert CaseNoteFile.objects.get().file.read() == CONTENT


@pytest.mark.paper
def test_files_alone_are_something_too(machine, world, empty_machine):
    backup(machine)
    empty_machine()
    (machine.folder / "private").mkdir()
    (machine.folder / "private" / "x").write_bytes(b"x")
    with pytest.raises(CommandError, match="Not empty: .*private"):
        restore(machine)


def test_a_database_that_somebody_has_open_is_not_replaced(machine, world):
    backup(machine)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM base_outboxitem")
        with pytest.raises(CommandError, match="stop the web server and the worker"):
            restore(machine, "--replace")
    finally:
        other.close()
    assert CaseNote.objects.count() == 1


def test_a_restore_that_breaks_off_leaves_everything_as_it_was(machine, world, monkeypatch):
    backup(machine)
    write_note(world.case, by=_writer(world), text="Hiljem.")
    before = tables()
    real, calls = os.fsync, []

    def full(handle):
        calls.append(handle)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    monkeypatch.setattr("portal.backup.filling.os.fsync", full)
    with pytest.raises(CommandError, match="No space left"):
        restore(machine, "--replace")
    monkeypatch.undo()
    assert tables() == before
    assert CaseNoteFile.objects.get().file.read() == CONTENT
    assert [path.name for path in machine.folder.iterdir() if "restoring" in path.name] == []


# --- Making them -----------------------------------------------------------------------------


@pytest.mark.paper
def test_a_full_disk_leaves_nothing_that_looks_like_a_copy(machine, world, monkeypatch):
    backup(machine)
    before = sorted(machine.copies.iterdir())
    real, written = making.ArchiveWriter, []

    class Full(real):
        def _write(self, number, pieces):
            written.append(number)
            if len(written) > 3:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super()._write(number, pieces)

    monkeypatch.setattr(making, "ArchiveWriter", Full)
    with pytest.raises(CommandError, match="no room left"):
        backup(machine, "--keep", "1")
    assert sorted(machine.copies.iterdir()) == before


@pytest.mark.paper
def test_old_copies_go_only_after_the_new_one_was_checked(machine, world, monkeypatch):
    for _ in range(3):
        backup(machine)
    assert len(copies.copies_in(machine.copies)) == 3
    with monkeypatch.context() as patch:
        patch.setattr(making.os, "fsync", lambda handle: _spoil(machine))
        with pytest.raises(CommandError):
            backup(machine, "--keep", "1")
    assert len(copies.copies_in(machine.copies)) == 3
    said = backup(machine, "--keep", "2")
    assert said.count("Removed: ") == 2
    assert len(copies.copies_in(machine.copies)) == 2


def _spoil(machine):
    """What a disk may do: it says that all is stored and has one bit wrong."""
    for draft in machine.copies.glob(".tugivork-*.partial"):
        damage(draft)


@pytest.mark.paper
def test_what_a_killed_run_left_is_swept_up_and_never_restored(machine, world):
    machine.copies.mkdir()
    left = machine.copies / ".tugivork-20261101T030000Z.backup.partial"
    left.write_bytes(b"half")
    with pytest.raises(CommandError, match="No copies stand"):
        restore(machine)
    backup(machine)
    assert not left.exists()


@pytest.mark.paper
def test_copies_do_not_go_where_they_would_be_copied_or_published(machine, world):
    for name in ("media", "private"):
        with pytest.raises(CommandError, match="part of what is copied"):
            call_command("backup", str(machine.folder / name / "copies"), stdout=StringIO())


@pytest.mark.paper
def test_without_a_key_or_a_folder_it_says_what_is_missing(machine, settings):
    with pytest.raises(CommandError, match="set BACKUP_DIR"):
        call_command("backup")
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("backup", str(machine.folder / "typing" / "error"))
    settings.BACKUP_KEYS = {}
    with pytest.raises(CommandError, match="BACKUP_KEYS is empty"):
        call_command("backup", str(machine.copies))


@pytest.mark.paper
def test_it_says_when_the_last_copy_was_made(machine, settings, caplog):
    now = timezone.now()
    assert copies.last_copy(now) is None
    settings.BACKUP_DIR = str(machine.copies)
    assert copies.last_copy(now).is_late
    with pytest.raises(CommandError, match="No copy has been made"):
        call_command("backup", "--status")
    call_command("backup", stdout=StringIO())
    last = copies.last_copy(now)
    assert not last.is_late
    assert abs(last.made_at - now) < dt.timedelta(minutes=5)
    call_command("backup", "--status", stdout=StringIO())
    copies.warn_if_late(now + dt.timedelta(hours=25))
    assert caplog.records == []
    copies.warn_if_late(now + dt.timedelta(hours=27))
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.paper
def test_pictures_in_an_object_store_are_said_not_to_be_in_it(machine, world, monkeypatch):
    monkeypatch.setitem(storages._storages, "default", InMemoryStorage())
    assert "Not in it: media" in backup(machine)


@pytest.mark.paper
def test_missing_or_old_programs_get_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(programs, "PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(programs.Trouble, match="There is no pg_dump .*postgresql-client-15"):
        programs.find("pg_dump", 15)
    program = tmp_path / "pg_dump"
    program.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.9 (Debian 14.9-1)'\n")
    program.chmod(0o755)
    assert programs.find("pg_dump", 14) == program
    with pytest.raises(programs.Trouble, match="pg_dump 14 is older than the server, 15"):
        programs.find("pg_dump", 15)


# --- Erased stays erased ---------------------------------------------------------------------


def test_whoever_was_erased_since_is_erased_again(machine, world, empty_machine):
    backup(machine)
    line = {"day": "2026-11-22", "kind": "case", "id": str(world.case.pk)}
    Path(machine.settings.ERASURES_FILE).write_text(json.dumps(line) + "\n")
    # The list beside the copies learns of it with the next copy, which is then damaged.
    backup(machine)
    damage(newest(machine))
    empty_machine()
    said = restore(machine)
    assert "1 on the list of erasures: 1 erased again" in said
    assert not CaseNote.objects.exists()
    assert not any(path.is_file() for path in (machine.folder / "private").rglob("*"))
    assert str(world.case.pk) in Path(machine.settings.ERASURES_FILE).read_text()


def test_the_log_goes_on_also_where_somebody_is_erased_again_under_old_anchors(machine, world):
    backup(machine)
    for text in ("Üks.", "Kaks.", "Kolm."):
        write_note(world.case, by=_writer(world), text=text)
        anchor.anchor(timezone.now())
    line = {"day": "2026-11-22", "kind": "case", "id": str(world.case.pk)}
    Path(machine.settings.ERASURES_FILE).write_text(json.dumps(line) + "\n")
    assert "1 erased again" in restore(machine, "--replace")
    assert not CaseNote.objects.exists()
    call_command("audit_verify", stdout=StringIO())


def test_what_fails_after_the_data_are_in_place_says_not_to_start(machine, world, monkeypatch):
    backup(machine)

    def fails(path):
        raise RuntimeError("no such column")

    monkeypatch.setattr("portal.backup.settling.erasing.erase_again", fails)
    line = {"day": "2026-11-22", "kind": "case", "id": str(world.case.pk)}
    Path(machine.settings.ERASURES_FILE).write_text(json.dumps(line) + "\n")
    with pytest.raises(CommandError, match="do not start the portal"):
        restore(machine, "--replace")
    # Nobody is signed in and nothing leaves, whatever was not done yet.
    assert not Session.objects.exists()
    assert not OutboxItem.objects.filter(state="pending", kind="mail").exists()


@pytest.mark.paper
def test_a_list_of_erasures_kept_elsewhere_is_used_and_a_forged_one_is_not(
    machine, world, empty_machine, tmp_path
):
    backup(machine)
    elsewhere = tmp_path / "list"
    line = {"day": "2026-11-22", "kind": "case", "id": str(world.case.pk)}
    elsewhere.write_text(json.dumps(line) + "\n")
    (machine.copies / "erasures.sealed").write_bytes(elsewhere.read_bytes())
    empty_machine()
    with pytest.raises(CommandError, match="There is no list"):
        restore(machine, "--erasures", str(tmp_path / "typing-error"))
    with pytest.raises(CommandError, match="somebody has to look"):
        restore(machine)
    assert CaseNote.objects.exists()
    empty_machine("third")
    with pytest.raises(CommandError, match="somebody has to look"):
        restore(machine, "--erasures", str(elsewhere))
    assert not CaseNote.objects.exists()


# --- The desk --------------------------------------------------------------------------------


@pytest.mark.paper
def test_the_administrator_reads_when_the_last_copy_was_made_and_nobody_else(machine, settings):
    now = timezone.now()
    administrator, other = User.objects.create_user("a@x.ee"), User.objects.create_user("b@x.ee")
    since = dt.date(2020, 1, 1)
    PortalRole.objects.create(user=administrator, role=Role.ADMINISTRATOR, valid_from=since)

    def shown(user, when):
        context = {"backup": backup_for(user, when)}
        return render_to_string("portal/_desk_backup.html", context).strip()

    assert shown(administrator, now) == ""
    settings.BACKUP_DIR = str(machine.copies)
    assert "Ühtegi pole veel tehtud." in shown(administrator, now)
    assert shown(other, now) == ""
    machine.copies.mkdir()
    (machine.copies / "tugivork-20261103T040000Z.backup").touch()
    soon = dt.datetime(2026, 11, 3, 20, tzinfo=dt.UTC)
    # In local time, two hours ahead of the file's name.
    assert "03.11.2026\xa0kell\xa06.00" in shown(administrator, soon)
    assert "Liiga vana" not in shown(administrator, soon)
    assert "Liiga vana" in shown(administrator, soon + dt.timedelta(days=1))
