"""Everything the portal holds of somebody, in one file (rules.md 16)."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from network.cases.privacy import same_code
from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessEvent
from portal.base import personal
from portal.privacy import asking, copying


class Command(BaseCommand):
    help = (
        "Write everything of a person or worker, and nothing of others, into a ZIP: a page to "
        "read and print, the same as JSON with its schema, and the files. An entry of the log."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        asking.add_arguments(parser)
        parser.add_argument("--out", required=True, help="the new file, such as copy.zip")

    def handle(self, *args: Any, **options: Any) -> None:
        subject = asking.asked(options)
        path = Path(options["out"])
        with transaction.atomic():
            copy = copying.copy_of(subject, timezone.now())
            ids = sorted(subject.cases) or sorted(subject.ids)
            numbers = dict(zip(ids, subject.numbers, strict=False)) if len(ids) == 1 else {}
            record(
                Actor("", "manage.py export_subject"),
                [Subject(one, numbers.get(one, "")) for one in ids],
                actioncode="subject_export",
                channel=AccessEvent.Channel.COMMAND,
            )
            _write(copy, path)
        records = sum(len(section.records) for section in copy.sections)
        self.stdout.write(f"{path}: {records} records, {len(copy.files)} files.")
        others = same_code(subject) if subject.kind == personal.PERSON else []
        for one in others:
            self.stdout.write(
                f"The same personal code stands in person {one} too: not in the copy."
            )


def _write(copy: copying.Copy, path: Path) -> None:
    """For the eyes of whoever runs the machine alone; half a file is no file."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CommandError(f"{path} is there already: choose another name.") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb") as out:
            copying.write_zip(copy, out)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise CommandError(f"The copy cannot be written: {error.strerror}.") from None
        raise
