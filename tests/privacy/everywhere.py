"""Every row of every table as text, as it is stored and opened; files; the file of the database."""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection

from portal.base.encryption import CipherText


def rows() -> Iterator[tuple[str, str]]:
    """Table and text: of every row of every model, encrypted texts opened; then raw tables."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.all().iterator():
            said = [str(value) for value in row.__dict__.values()]
            for name, value in list(row.__dict__.items()):
                if isinstance(value, CipherText):
                    said.append(str(getattr(row, name)))
            if isinstance(row, Session):
                said.append(str(row.get_decoded()))
            yield model._meta.label, " ".join(said)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield table, " ".join(map(str, row))


def where(*words: str) -> set[str]:
    """The tables, caches and files that hold one of `words`."""
    wanted = [word.casefold() for word in words]
    found = {place for place, text in rows() if any(w in text.casefold() for w in wanted)}
    for alias in caches:
        cache = caches[alias]
        stored = getattr(cache, "_cache", {})
        said = " ".join(f"{key}{value!r}" for key, value in dict(stored).items()).casefold()
        if any(word in said for word in wanted):
            found.add(f"cache {alias}")
    for root in (settings.PRIVATE_FILES_ROOT, settings.MEDIA_ROOT):
        for path in Path(root).rglob("*"):
            if path.is_file() and _holds(path, wanted):
                found.add(f"file {path.name}")
    return found


def in_bytes(path: Path, *words: str) -> set[str]:
    """Which of `words` stand in the bytes of the database file or of what lies beside it."""
    found = set()
    for one in (path, *(path.with_name(path.name + end) for end in ("-wal", "-journal"))):
        if one.exists():
            content = one.read_bytes()
            found |= {word for word in words if word.encode() in content}
    return found


def _holds(path: Path, wanted: list[str]) -> bool:
    content = path.read_bytes().decode("utf-8", "ignore").casefold()
    return any(word in content for word in wanted)
