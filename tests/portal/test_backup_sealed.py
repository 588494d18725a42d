"""The sealed file: what was written is read back, and whatever else it may be is noticed."""

import base64
import io
import os

import pytest

from portal.backup import Trouble, copies
from portal.backup.archive import ArchiveWriter, Manifest, read_through
from portal.backup.sealed import CHUNK, MARK, SALT_BYTES, TAG_BYTES, Damaged, Reader, Writer

pytestmark = pytest.mark.paper


def key(letter):
    return base64.b64encode(letter.encode() * 32).decode()


KEYS = {"b-2": key("b"), "b-1": key("a")}
HEAD = len(MARK) + 1 + len("b-2") + SALT_BYTES
SEALED = CHUNK + TAG_BYTES


def sealed(content, keys=KEYS):
    out = io.BytesIO()
    writer = Writer(out, keys)
    for start in range(0, len(content), 100_000):
        writer.write(content[start : start + 100_000])
    writer.close()
    return out.getvalue()


def opened(data, keys=KEYS):
    reader = Reader(io.BytesIO(data), keys)
    parts = []
    while part := reader.read(70_000):
        parts.append(part)
    return b"".join(parts)


@pytest.fixture(scope="module")
def noise():
    """Content that cannot be pressed: three full chunks and a part of one."""
    return os.urandom(3 * CHUNK + CHUNK // 2)


@pytest.fixture(scope="module")
def file(noise):
    return sealed(noise)


@pytest.mark.parametrize("content", [b"", b"x", b"a" * 5 * CHUNK, os.urandom(2 * CHUNK)])
def test_what_was_sealed_is_opened_again(content):
    assert opened(sealed(content)) == content


def test_nothing_of_the_content_stands_in_the_file_and_no_two_files_are_alike(noise, file):
    assert b"kanarilind" not in sealed(b"kanarilind" * 1000)
    assert noise[:32] not in file
    assert sealed(b"same") != sealed(b"same")


def test_the_first_key_writes_and_older_ones_still_open():
    old = sealed(b"old", {"b-1": key("a")})
    assert opened(old) == b"old"
    with pytest.raises(Damaged, match="none of BACKUP_KEYS has the id b-2"):
        opened(sealed(b"new"), {"b-1": key("a")})


def test_another_key_under_the_same_id_opens_nothing(file):
    with pytest.raises(Damaged, match="or the key is another"):
        opened(file, {"b-2": key("c")})


def test_without_a_key_nothing_is_written():
    with pytest.raises(Trouble, match="BACKUP_KEYS is empty"):
        sealed(b"x", {})


def chunks(file):
    body = file[HEAD:]
    return [body[start : start + SEALED] for start in range(0, len(body), SEALED)]


def joined(file, parts):
    return file[:HEAD] + b"".join(parts)


def test_every_byte_counts(file):
    places = [0, len(MARK) + 2, HEAD - 1, HEAD, HEAD + SEALED - 1, len(file) // 2, len(file) - 1]
    for place in places:
        changed = bytearray(file)
        changed[place] ^= 1
        with pytest.raises(Damaged):
            opened(bytes(changed))


@pytest.mark.parametrize(
    "size", [0, 5, HEAD - 3, HEAD, HEAD + 10, HEAD + SEALED, HEAD + 2 * SEALED, -1]
)
def test_a_file_that_ends_too_early_is_damaged(file, size):
    with pytest.raises(Damaged):
        opened(file[:size])


def test_chunks_in_another_order_are_damaged(file):
    first, second, *rest = chunks(file)
    with pytest.raises(Damaged, match="chunk 1"):
        opened(joined(file, [second, first, *rest]))


def test_a_chunk_left_out_or_doubled_is_damaged(file):
    first, second, *rest = chunks(file)
    with pytest.raises(Damaged, match="chunk 2"):
        opened(joined(file, [first, *rest]))
    with pytest.raises(Damaged, match="chunk 2"):
        opened(joined(file, [first, first, second, *rest]))


def test_a_chunk_of_another_file_with_the_same_key_is_damaged(noise, file):
    first, _second, *rest = chunks(file)
    other = chunks(sealed(noise))[1]
    with pytest.raises(Damaged, match="chunk 2"):
        opened(joined(file, [first, other, *rest]))


def test_the_last_chunk_cannot_be_taken_for_the_end_of_another_length(file):
    parts = chunks(file)
    with pytest.raises(Damaged):
        opened(joined(file, parts[:-1]))
    with pytest.raises(Damaged):
        opened(joined(file, [*parts, b"more"]))


# --- Entries and their manifest --------------------------------------------------------------


def manifest():
    return Manifest(
        made_at="2026-11-22T10:00:00+00:00",
        database="sqlite",
        server="SQLite",
        migrations=[["base", "0001_initial"]],
        tables={"t": [1]},
        chain={"sequence": 0, "hash": ""},
        keys={},
        left_out=[],
    )


def archive(change=lambda told: None):
    out = io.BytesIO()
    writer = ArchiveWriter(out, KEYS)
    writer.add("private", "ab/cd", [b"one", b"", b"two"], changed_at=5)
    writer.add("database", "", [b"x" * 600_000])
    writer.add("private", "empty", [])
    told = manifest()
    told.entries = list(writer.entries)
    change(told)
    writer.close(told)
    return out.getvalue()


def test_entries_come_back_with_the_names_that_the_manifest_gives_them():
    into = {}
    told = read_through(
        io.BytesIO(archive()), KEYS, lambda number: into.setdefault(number, io.BytesIO())
    )
    assert [(one.place, one.path, one.size) for one in told.entries] == [
        ("private", "ab/cd", 6),
        ("database", "", 600_000),
        ("private", "empty", 0),
    ]
    assert into[1].getvalue() == b"onetwo"
    assert into[2].getvalue() == b"x" * 600_000
    assert told.size == 600_006


def test_a_manifest_that_names_other_entries_is_damaged():
    with pytest.raises(Damaged, match="entry 2"):
        read_through(io.BytesIO(archive(lambda told: told.entries.pop(1))), KEYS)


def test_a_copy_of_a_format_that_is_not_known_yet_is_refused():
    def change(told):
        told.format = 2

    with pytest.raises(Damaged, match="of format 2"):
        read_through(io.BytesIO(archive(change)), KEYS)


# --- The folder of copies --------------------------------------------------------------------


def test_only_names_of_copies_count_and_the_newest_comes_first(tmp_path):
    names = [
        "tugivork-20261101T030000Z.backup",
        "tugivork-20261103T030000Z.backup",
        "tugivork-20261102T030000Z.backup",
    ]
    for name in [*names, ".tugivork-20261104T030000Z.backup.partial", "notes.txt"]:
        (tmp_path / name).touch()
    (tmp_path / "tugivork-20269999T030000Z.backup").touch()
    found = [file.name for file in copies.copies_in(tmp_path)]
    assert found == sorted(names, reverse=True)
    removed = [file.name for file in copies.let_go(tmp_path, 2)]
    assert removed == ["tugivork-20261101T030000Z.backup"]
    assert (tmp_path / "notes.txt").exists()
