"""Private files that no row knows: what a kill between the disk and the commit left behind.

Nobody could reach such a file, but nobody could erase it either, so it goes once a day.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import FileField

from portal.base.files import PrivateFileSystemStorage

logger = logging.getLogger(__name__)

# No transaction is under way for so long: what is older has no row to come.
OLD_ENOUGH = dt.timedelta(days=1)
# More than kills can leave: then it is the wrong database beside these files, and nothing goes.
AT_MOST = 50


def remove_orphans(now: dt.datetime) -> None:
    """Delete the private files that are older than a day and stand in no row."""
    orphans = list(find_orphans(now))
    if len(orphans) > AT_MOST:
        logger.error("%s private files are in no row: none was deleted", len(orphans))
        return
    for file in orphans:
        file.unlink(missing_ok=True)
    if orphans:
        logger.warning("%s private files that no row knew are deleted", len(orphans))


def find_orphans(now: dt.datetime) -> Iterator[Path]:
    """The files themselves."""
    root, before = Path(settings.PRIVATE_FILES_ROOT), (now - OLD_ENOUGH).timestamp()
    old = [file for file in root.glob("*/*") if file.is_file() and file.stat().st_mtime < before]
    known = known_names() if old else set()
    return (file for file in old if str(file.relative_to(root)) not in known)


def known_names() -> set[str]:
    """What the rows of all models call their private files."""
    names: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField) and isinstance(field.storage, PrivateFileSystemStorage):
                names.update(model._base_manager.values_list(field.name, flat=True))
    return names
