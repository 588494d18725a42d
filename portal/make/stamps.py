"""Work is done again only when what it was made from has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STAMPS = ROOT / "build" / "stamps"


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """Return one hash over the contents of files, of all files in folders, and over `words`."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(path)).encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    for word in words:
        digest.update(b"\0" + word.encode())
    return digest.hexdigest()


class Stamp:
    """A small file that remembers from what a thing was made last."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self.path = path
        self.fingerprint = fingerprint

    def fits(self) -> bool:
        """Say whether the thing was made from exactly this."""
        try:
            return self.path.read_text() == self.fingerprint
        except OSError:
            return False

    def set(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.fingerprint)
