"""Erasing everybody's data by the registry (portal/base/personal.py): one subject, one transaction.

    subject = personal.find("case", "7KQ-4RD")
    erase(subject, reason="…", by=actor, now=now)
    erase_again(Path("erasures.jsonl"))          # after an older backup was restored

What it did stays as an `Erasure`: an id that leads nowhere, why, when, how many rows.
"""

import datetime as dt
import logging
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.log import Actor, record
from portal.audit.models import AccessEvent
from portal.base import outbox, personal
from portal.base.files import REMOVAL
from portal.base.personal import Keep, Subject
from portal.privacy import erasure_list, wiping
from portal.privacy.holds import holds_of
from portal.privacy.models import Erasure

logger = logging.getLogger(__name__)

CODE = "subject_erase"
# A trace shorter than this is in every second word.
SHORTEST_TRACE = 3


class Refused(Exception):
    """May not be erased now; the text says why."""


class Held(Refused):
    """There is a hold."""


@dataclass
class Erased:
    """What an erasure did: rows by model, files; whether everything was finished."""

    counts: dict[str, int] = field(default_factory=dict)
    files: int = 0
    # Whether the list outside of the database has it, and no trace is left in the file.
    is_listed: bool = True
    is_wiped: bool = True

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


@dataclass
class Result:
    """What `erase_again` found in an old backup: erased, not there any more, failed (ids)."""

    erased: int = 0
    absent: int = 0
    failed: list[str] = field(default_factory=list)
    is_wiped: bool = True


@dataclass(frozen=True)
class _File:
    storage: Storage
    alias: str
    name: str


def check(subject: Subject, *, reason: str, day: dt.date, although_open: bool = False) -> None:
    """Raise Refused if `subject` may not be erased on `day`, or the reason would name it."""
    if holds_of(subject, day).exists():
        raise Held(_("There is a hold: it has to be lifted first."))
    if subject.obstacles and not (although_open and subject.kind == personal.PERSON):
        raise Refused(" ".join(str(one) for one in subject.obstacles))
    said = reason.casefold()
    if any(one.casefold() in said for one in subject.traces if len(one) >= SHORTEST_TRACE):
        raise Refused(_("The reason stays: it must not say whom it was about."))


def erase(
    subject: Subject,
    *,
    reason: str,
    by: Actor,
    now: dt.datetime | None = None,
    although_open: bool = False,
    is_again: bool = False,
    channel: str = AccessEvent.Channel.COMMAND,
    wipe: bool = True,
) -> Erased:
    """Erase everything of `subject`. Erasing again asks neither hold nor state. Raises Refused."""
    now = now or timezone.now()
    day = timezone.localdate(now)
    done, files = Erased(), []
    with transaction.atomic(durable=True):
        if not is_again:
            check(subject, reason=reason, day=day, although_open=although_open)
        files = _erase_rows(subject, done)
        _note(subject, reason, day, done, is_again=is_again)
        record(by, [], actioncode=CODE, channel=channel, now=now)
    finish(subject, files, done)
    if wipe:
        done.is_wiped = wiping.wipe()
    return done


def plan(subject: Subject, *, reason: str, day: dt.date, although_open: bool = False) -> Erased:
    """What `erase` would do: it is done and taken back. Raises Refused."""
    done = Erased()
    with transaction.atomic():
        check(subject, reason=reason, day=day, although_open=although_open)
        _erase_rows(subject, done)
        transaction.set_rollback(True)
    return done


def erase_again(list_path: Path, *, now: dt.datetime | None = None) -> Result:
    """Erase whom the list names and the database still has; run as often as one likes.

    Raises FileNotFoundError if there is no list.
    """
    result = Result()
    lines = erasure_list.read(list_path)
    # A person first: their cases go with them.
    for line in sorted(lines, key=lambda one: one.kind != Erasure.Kind.PERSON):
        subject = personal.find(line.kind, str(line.id)) if line.kind in Erasure.Kind else None
        if subject is None:
            result.absent += 1
            continue
        try:
            erase(
                subject,
                reason=_("erased again after an older backup was restored"),
                by=Actor("", "manage.py erase_again"),
                now=now,
                is_again=True,
                wipe=False,
            )
            result.erased += 1
        except Exception:
            # The next one is somebody else and must not wait for this one to be mended.
            logger.exception("erasing again failed: %s %s", line.kind, line.id)
            result.failed.append(str(line.id))
    if result.erased:
        result.is_wiped = wiping.wipe()
    return result


def _erase_rows(subject: Subject, done: Erased) -> list[_File]:
    """Let every model that holds something of `subject` erase it; return the files to remove."""
    files: list[_File] = []
    if subject.is_whole:
        subject.touched |= subject.ids
    subject.touched |= subject.cases
    personal.prepare(subject)
    for declaration in personal.declarations():
        path = declaration.paths.get(subject.kind)
        if path is None or isinstance(path.erase, Keep):
            continue
        rows = path.rows(subject)
        for name in path.files:
            files += _files_in(rows, name)
        count = path.erase(subject, rows)
        if count:
            done.counts[declaration.label] = count
    for one in files:
        _put_removal(one)
    done.files = len(files)
    return files


def _files_in(rows: models.QuerySet, name: str) -> list[_File]:
    stored: models.FileField = rows.model._meta.get_field(name)
    aliases = [alias for alias in storages.backends if storages[alias] == stored.storage]
    names = rows.order_by().exclude(**{name: ""}).values_list(name, flat=True)
    return [_File(stored.storage, aliases[0] if aliases else "", one) for one in names if one]


def _put_removal(one: _File) -> None:
    """The worker takes the file away if we are killed before we do."""
    try:
        outbox.put(REMOVAL, {"storage": one.alias, "name": one.name})
    except ValueError:
        # A name as its sender wrote it: only now, right after the commit.
        logger.info("a file name of the public half is removed at once only")


def finish(subject: Subject, files: list[_File], done: Erased) -> None:
    """After the commit: files, cache, and the list outside of the database."""
    for one in files:
        try:
            one.storage.delete(one.name)
        except OSError as error:
            logger.warning("a file is removed later by the worker: %s", type(error).__name__)
    wiping.forget_cache(subject.ids)
    try:
        erasure_list.write_missing()
    except OSError as error:
        logger.error("the list of erasures cannot be written: %s", type(error).__name__)
        done.is_listed = False


def _note(subject: Subject, reason: str, day: dt.date, done: Erased, *, is_again: bool) -> None:
    """One row for each id by which an old backup will find them."""
    marks: list[tuple[str, str]] = [(Erasure.Kind.CASE, one) for one in sorted(subject.cases)]
    if subject.kind == personal.WORKER:
        marks = [(Erasure.Kind.WORKER, one) for one in sorted(subject.ids)]
    elif subject.is_whole:
        marks += [(Erasure.Kind.PERSON, one) for one in sorted(subject.ids)]
    for kind, one in marks:
        Erasure.objects.create(
            kind=kind,
            subject_id=uuid.UUID(one),
            reason=reason,
            day=day,
            counts=done.counts | {"files": done.files},
            is_again=is_again,
        )
