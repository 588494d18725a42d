"""After the rows are back: newer migrations, erasures, sessions and letters, and a last look."""

import datetime as dt
from collections.abc import Container
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from portal.access import grants
from portal.audit.anchor import anchor_file, note_restore, read_anchors
from portal.audit.log import Actor, record
from portal.audit.models import AccessEvent
from portal.audit.verify import missing_triggers, verify
from portal.backup import Trouble, erasures
from portal.backup.archive import Manifest
from portal.backup.databases import Database
from portal.backup.filling import Gathered
from portal.backup.folders import Folder, pointed_at
from portal.backup.report import Report, Wanted
from portal.backup.tables import differences, sums
from portal.base import restored
from portal.privacy import erasing
from portal.privacy.erasure_list import list_file


def compare(manifest: Manifest, data: Database, report: Report) -> None:
    """Are all rows there, before anything else changes them?"""
    digests = any(len(table) > 1 for table in manifest.tables.values())
    with data.snapshot() as snapshot:
        found = sums(snapshot.ask, data.kind, digests=digests)
    wrong = differences(manifest.tables, found)
    report.faults += [f"The rows of {table} are not those of the copy." for table in wrong]


def migrate(report: Report) -> None:
    """Bring the tables to the shape of today's code."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
        report.done.append(f"{len(plan)} newer migrations applied")


def clear_caches(report: Report) -> None:
    """What was kept of another state is not shown any more."""
    for alias in settings.CACHES:
        try:
            caches[alias].clear()
        except Exception as error:
            report.faults.append(
                f"The cache “{alias}” could not be emptied: {type(error).__name__}."
            )


def erase_again(copy: Path, gathered: Gathered, wanted: Wanted, report: Report) -> None:
    """Erase everybody once more who is on any list that can be found."""
    lines = bytes(gathered.erasures).decode().splitlines()
    lines += erasures.lines_of(list_file())
    try:
        lines += erasures.lines_beside(copy.parent)
    except (OSError, Trouble) as trouble:
        report.faults.append(f"The list of erasures beside the copies cannot be used: {trouble}.")
    if wanted.erasures:
        lines += erasures.lines_of(wanted.erasures)
    lines = list(dict.fromkeys(line for line in lines if line))
    if not lines:
        return
    result = erasing.erase_again(erasures.keep(lines))
    report.done.append(
        f"{len(lines)} on the list of erasures: {result.erased} erased again,"
        f" {result.absent} not there"
    )
    report.faults += [f"Could not be erased again: {one}." for one in result.failed]
    if not result.is_wiped:
        report.faults.append("Traces of the erased are left in the database: run `wipe_traces`.")


def settle(now: dt.datetime, without: Container[str], report: Report) -> None:
    """Sessions, links, letters; and an anchor, before the log goes on from an older entry."""
    with transaction.atomic():
        report.done += restored.settle(now, without=without)
    try:
        note_restore(now)
    except OSError as error:
        report.faults.append(f"No anchor could be written: {error.filename}: {error.strerror}.")


def write_down(now: dt.datetime) -> None:
    """The entry in the log that says why something is missing from it."""
    with transaction.atomic():
        record(
            Actor("", "manage.py restore"),
            [],
            actioncode="restore",
            channel=AccessEvent.Channel.COMMAND,
            now=now,
        )


def look_over(there: list[Folder], report: Report) -> None:
    """The log, the grants and the files; what is wrong with them is a fault, told to the end."""
    anchors = read_anchors(anchor_file())
    verdict = verify(anchors)
    if anchors.broken_line:
        report.faults.append(f"Line {anchors.broken_line} of the anchors was changed.")
    elif verdict.fault:
        where = verdict.fault.sequence
        report.faults.append(f"The view log, entry {where}: {verdict.fault.what}.")
    elif missing := missing_triggers():
        report.faults.append(f"The database would let the log be changed: no {missing[0]}.")
    else:
        report.done.append(f"the view log is whole, {verdict.entries} entries")
    report.faults += [f"A grant is {line}" for line in grants.differences()[:20]]
    roots = {folder.place: folder.root for folder in there}
    for place, names in pointed_at().items():
        missing_files = sorted(name for name in names if not (roots[place] / name).exists())
        if missing_files:
            report.faults.append(
                f"{len(missing_files)} rows point at files that are not there ({place})."
            )
