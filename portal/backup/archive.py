"""What stands in a sealed copy: numbered entries, and behind them the manifest that names them.

Names, sizes and hashes are written last, when they are known; an entry itself says its number only.
Whoever reads a copy knows after one pass whether it is all there and is what the manifest says.
"""

import hashlib
import json
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO, Protocol

from portal.backup.sealed import Damaged, Reader, Writer

FORMAT = 1
# The manifest is the entry with this number, and the last.
MANIFEST = 0
PIECE = 256 * 1024
_ENTRY = struct.Struct(">Q")
_LENGTH = struct.Struct(">I")


class Takes(Protocol):
    """Where the bytes of an entry go."""

    def write(self, data: bytes, /) -> Any: ...


@dataclass(frozen=True)
class Entry:
    """One entry: `place` is `database`, `private`, `media`, `anchors` or `erasures`.

    `path` is a file's name inside its folder; of two entries with one name the later counts.
    `gone`: the file was removed while the copy was made.
    """

    number: int
    place: str
    path: str
    size: int
    sha256: str
    changed_at: float = 0
    gone: bool = False


@dataclass
class Manifest:
    """What a copy is a copy of. `tables`: rows by table, and what they add up to if asked for."""

    made_at: str
    database: str
    server: str
    migrations: list[list[str]]
    tables: dict[str, list[Any]]
    chain: dict[str, Any]
    keys: dict[str, str]
    left_out: list[str]
    entries: list[Entry] = field(default_factory=list)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table[0] for table in self.tables.values())

    @property
    def size(self) -> int:
        return sum(entry.size for entry in self.entries)

    def in_place(self, place: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.place == place]

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Manifest":
        """Read a manifest. Raises Damaged if it is not of a kind that we know."""
        try:
            told = json.loads(data)
            if told["format"] != FORMAT:
                raise Damaged(f"it is of format {told['format']}; this portal reads {FORMAT}")
            entries = [Entry(**entry) for entry in told.pop("entries")]
            return cls(**told, entries=entries)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Damaged("its manifest cannot be read") from None


class ArchiveWriter:
    """Writes entries one after the other; remembers their sizes and hashes for the manifest."""

    def __init__(self, file: BinaryIO, keys: Any) -> None:
        self._sealed = Writer(file, keys)
        self.entries: list[Entry] = []

    def add(
        self, place: str, path: str, pieces: Iterable[bytes], *, changed_at: float = 0
    ) -> Entry:
        number = len(self.entries) + 1
        size, digest = self._write(number, pieces)
        entry = Entry(number, place, path, size, digest, changed_at)
        self.entries.append(entry)
        return entry

    def close(self, manifest: Manifest) -> None:
        self._write(MANIFEST, [manifest.as_bytes()])
        self._sealed.close()

    def _write(self, number: int, pieces: Iterable[bytes]) -> tuple[int, str]:
        size, digest = 0, hashlib.sha256()
        self._sealed.write(_ENTRY.pack(number))
        for whole in pieces:
            for start in range(0, len(whole), PIECE):
                piece = whole[start : start + PIECE]
                self._sealed.write(_LENGTH.pack(len(piece)) + piece)
                digest.update(piece)
                size += len(piece)
        self._sealed.write(_LENGTH.pack(0))
        return size, digest.hexdigest()


# Given the number of an entry: where its bytes go, or None to pass them by.
Route = Callable[[int], Takes | None]


def read_through(file: BinaryIO, keys: Any, route: Route = lambda number: None) -> Manifest:
    """Read a whole copy, hand the entries to `route` and return the manifest.

    Raises Damaged if anything is not as it was written; by then `route` may have had a part.
    """
    sealed = Reader(file, keys)
    seen: dict[int, tuple[int, str]] = {}
    while True:
        (number,) = _ENTRY.unpack(_exactly(sealed, _ENTRY.size))
        if number == MANIFEST:
            manifest = Manifest.from_bytes(b"".join(_pieces(sealed)))
            if sealed.read(1):
                raise Damaged("something stands behind its manifest")
            _compare(manifest, seen)
            return manifest
        target = route(number)
        size, digest = 0, hashlib.sha256()
        for piece in _pieces(sealed):
            digest.update(piece)
            size += len(piece)
            if target is not None:
                target.write(piece)
        seen[number] = (size, digest.hexdigest())


def _pieces(sealed: Reader) -> Iterator[bytes]:
    while True:
        (length,) = _LENGTH.unpack(_exactly(sealed, _LENGTH.size))
        if length == 0:
            return
        if length > PIECE:
            raise Damaged("an entry is not as it was written")
        yield _exactly(sealed, length)


def _exactly(sealed: Reader, size: int) -> bytes:
    data = sealed.read(size)
    if len(data) < size:
        raise Damaged("it ends too early")
    return data


def _compare(manifest: Manifest, seen: dict[int, tuple[int, str]]) -> None:
    named = {entry.number: (entry.size, entry.sha256) for entry in manifest.entries}
    if named != seen:
        wrong = min(
            number for number in named.keys() | seen if named.get(number) != seen.get(number)
        )
        raise Damaged(f"entry {wrong} is not what the manifest says")
