"""The folders that are copied with the database, and which of their files rows point at."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.apps import apps
from django.core.files.storage import FileSystemStorage, storages
from django.db.models import FileField

PIECE = 256 * 1024


@dataclass(frozen=True)
class Folder:
    """A storage on this machine's disk: `place` is what entries of a copy call it."""

    place: str
    root: Path
    storage: FileSystemStorage

    @property
    def file_mode(self) -> int:
        return self.storage.file_permissions_mode or 0o600

    @property
    def folder_mode(self) -> int:
        return self.storage.directory_permissions_mode or 0o700


def folders() -> tuple[list[Folder], list[str]]:
    """The folders to copy, and the places that stand elsewhere and are not copied."""
    found, elsewhere = [], []
    for place, alias in (("private", "private"), ("media", "default")):
        storage: Any = storages[alias]
        if isinstance(storage, FileSystemStorage):
            found.append(Folder(place, Path(storage.location), storage))
        else:
            elsewhere.append(place)
    return found, elsewhere


def files_in(root: Path) -> Iterator[str]:
    """Every file below `root`, by its name inside it; links and the like are none."""
    for folder, _folders, names in os.walk(root):
        for name in sorted(names):
            path = Path(folder, name)
            try:
                is_file = stat.S_ISREG(path.lstat().st_mode)
            except FileNotFoundError:
                continue
            if is_file:
                yield str(PurePosixPath(path.relative_to(root)))


def pieces_of(handle: int) -> Iterator[bytes]:
    """The content of an open file."""
    with os.fdopen(handle, "rb", buffering=0) as file:
        while piece := file.read(PIECE):
            yield piece


def safe_path(root: Path, name: str) -> Path | None:
    """Where the file `name` stands below `root`; None if it would stand elsewhere."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
        return None
    return root / path


def pointed_at() -> dict[str, set[str]]:
    """By place, the names of the files that rows point at."""
    places = {folder.root: folder.place for folder in folders()[0]}
    found: dict[str, set[str]] = {place: set() for place in places.values()}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if not isinstance(field, FileField) or not isinstance(field.storage, FileSystemStorage):
                continue
            place = places.get(Path(field.storage.location))
            if place and not model._meta.proxy:
                rows = model._base_manager.exclude(**{field.name: ""})
                rows = rows.exclude(**{f"{field.name}__isnull": True})
                found[place].update(rows.values_list(field.name, flat=True).iterator())
    return found
