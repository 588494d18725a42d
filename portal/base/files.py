"""Private files: outside the public media folder, no address, random names, for our user only."""

import uuid
from contextlib import suppress
from os import PathLike
from pathlib import PurePath
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages
from django.http import FileResponse
from django.utils.deconstruct import deconstructible
from django.utils.functional import cached_property

from portal.base.models import OutboxItem

# The kind of outbox item that takes a file away: its row is gone already, and a kill between the
# two must not leave the file behind.
REMOVAL = "file_removal"


@deconstructible(path="portal.base.files.PrivateFileSystemStorage")
class PrivateFileSystemStorage(FileSystemStorage):
    """Files of cases and the like. Reached only through a guarded view and `serve_private`."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @cached_property
    def base_location(self) -> str:
        return str(settings.PRIVATE_FILES_ROOT)

    def _clear_cached_properties(self, setting: Any, **kwargs: Any) -> None:
        """Follow the folder where it is changed, as Django's own does with MEDIA_ROOT."""
        if setting == "PRIVATE_FILES_ROOT":
            self.__dict__.pop("base_location", None)
            self.__dict__.pop("location", None)
        super()._clear_cached_properties(setting, **kwargs)

    def url(self, name: str | None) -> str:
        """There is none: raises, so that a template cannot print one by mistake."""
        raise ValueError("A private file has no address; serve it through a guarded view.")

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A random name: what the sender called the file stands in the database, not on disk."""
        random = uuid.uuid4().hex
        # Two levels, so that no folder grows to a hundred thousand entries.
        return str(PurePath(random[:2], random[2:]))

    def _save(self, name: str, content: File) -> str:
        """All of it or nothing: on a full disk no beginning of a file stays behind."""
        try:
            saved: str = super()._save(name, content)  # type: ignore[misc]
            return saved
        except OSError:
            with suppress(OSError):
                self.delete(name)
            raise

    def generate_filename(self, filename: str | PathLike[str]) -> str:
        return self.get_available_name(str(filename))


def serve_private(file: File | IO[bytes], *, name: str, content_type: str) -> FileResponse:
    """Answer with a file to be saved, never shown: no script in it runs in our name.

    The caller's view has asked the policy and written the log.
    """
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    headers: dict[str, Any] = {
        "X-Content-Type-Options": "nosniff",
        # The rest of the policy is added for every answer (csp.py).
        "Content-Security-Policy": "default-src 'none'",
        "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    for header, value in headers.items():
        response.headers[header] = value
    return response


def remove(item: OutboxItem) -> None:
    """Take away the file that an outbox item names; one that is gone already is no mistake."""
    storages[item.payload["storage"]].delete(item.payload["name"])
