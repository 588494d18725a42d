"""Private files: outside the public media folder, no address of their own."""

from django.core.files.storage import FileSystemStorage


class PrivateFileSystemStorage(FileSystemStorage):
    pass
