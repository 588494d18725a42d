"""A file that is too large is dropped while it arrives: nothing of it is kept, the text is.

Django would write 100 MB to the disk before a form could refuse them; stopping the request would
lose what was typed. So the bytes are read past, and the form is told the name of the file.
"""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from portal.base.http import is_private
from portal.base.uploads import MAX_BYTES

# The CMS has limits and sentences of its own.
NOT_OURS = "/cms/"


class UploadLimit(FileUploadHandler):
    """Stands first among the handlers; passes on what is within the limit, for private pages."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        if self.received > MAX_BYTES and self._is_ours():
            dropped: list[str] = self.request.__dict__.setdefault("dropped_files", [])
            dropped.append(str(self.file_name or ""))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handlers make the file."""

    def _is_ours(self) -> bool:
        path = self.request.path_info if self.request else ""
        return is_private(path) and not path.startswith(NOT_OURS)


def dropped_files(request: HttpRequest) -> list[str]:
    """The names of the files that were too large to be taken in; asks for the body first."""
    _ = request.POST
    return list(getattr(request, "dropped_files", []))
