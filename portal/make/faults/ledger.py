"""What stands in the database and on the disk: asked by `make faults` beside the server.

    python -m portal.make.faults.ledger check WRITES.json   # what is lost, half done or doubled
    python -m portal.make.faults.ledger mail 20             # put letters into the outbox
    python -m portal.make.faults.ledger hurry               # let what was put off be due now

The only module of `portal.make` that needs the portal itself.
"""

from __future__ import annotations

import collections
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings

from portal.make.faults.writers import MARK


def main(arguments: list[str]) -> int:
    django.setup()
    if not settings.IS_DEMO:
        print("This writes into the database: only the demo's may be asked.", file=sys.stderr)
        return 1
    command, *rest = arguments
    answer: dict[str, Callable[..., dict[str, Any]]] = {
        "check": check,
        "mail": put_mail,
        "hurry": hurry,
        "mails": mails,
        "count": count,
    }
    print(json.dumps(answer[command](*rest)))
    return 0


def rows(model: str) -> Any:
    """The rows of a model named as `app.Model`."""
    return apps.get_model(model)._default_manager


def check(file: str) -> dict[str, Any]:
    """Compare what was sent with what is there; `wrong` is empty if all is well."""
    told = json.loads(Path(file).read_text())
    wrong = [*_objects(told["writes"]), *_entries(told["before"]), *_files(), *_chain(), *_outbox()]
    return {"wrong": wrong[:20], **count()}


def count() -> dict[str, int]:
    """How much of each there is."""
    return {
        "case_note_add": _entries_of("case_note_add"),
        "organisation_invite": _entries_of("organisation_invite"),
        "notes": rows("cases.CaseNote").count(),
        "files": rows("cases.CaseNoteFile").count(),
        "entries": rows("audit.AccessEvent").count(),
        "letters": rows("base.OutboxItem").count(),
        "waiting": rows("base.OutboxItem").filter(state="pending").count(),
    }


def _objects(writes: list[dict[str, Any]]) -> list[str]:
    """Each acknowledged text stands there once, every other at most once."""
    notes = [note for note in rows("cases.CaseNote").prefetch_related("files") if MARK in note.text]
    texts = collections.Counter(note.text for note in notes)
    texts.update(gap.text for gap in rows("network.Gap").all() if MARK in gap.text)
    for model, field in (("meetings.Action", "text"), ("network.JoinRequest", "name")):
        texts.update(
            getattr(row, field) for row in rows(model).all() if MARK in getattr(row, field)
        )
    with_file = {note.text: len(note.files.all()) for note in notes}
    wrong = []
    for write in writes:
        found = texts.pop(write["text"], 0)
        if write["done"] and not found:
            wrong.append(f"lost: {write['kind']} {write['key']}")
        if found > 1:
            wrong.append(f"doubled: {write['kind']} {write['key']} stands there {found} times")
        if found and write["has_file"] and with_file.get(write["text"]) != 1:
            wrong.append(f"half done: {write['kind']} {write['key']} without its file")
    return wrong


def _entries(before: dict[str, int]) -> list[str]:
    """Every note and every request of ours has one entry in the log, and no entry is without."""
    notes = sum(MARK in note.text for note in rows("cases.CaseNote").all())
    invites = rows("network.JoinRequest").filter(name__contains=MARK).count()
    wrong = []
    for code, there in (("case_note_add", notes), ("organisation_invite", invites)):
        entries = _entries_of(code) - before[code]
        if entries != there:
            wrong.append(f"half done: {there} rows and {entries} entries {code}")
    return wrong


def _entries_of(code: str) -> int:
    """How often the log says that this was done."""
    return rows("audit.AccessEvent").filter(actioncode=code, outcome="allowed").count()


def _files() -> list[str]:
    """Every row has its file."""
    stored = rows("cases.CaseNoteFile").all()
    return [f"half done: file of {row.pk} is gone" for row in stored if not _is_whole(row)]


def _is_whole(row: Any) -> bool:
    return row.file.storage.exists(row.file.name) and row.file.size == row.size


def _chain() -> list[str]:
    # Reads models, so it cannot be loaded before the apps are.
    from portal.audit.verify import verify

    fault = verify().fault
    return [f"log: entry {fault.sequence} {fault.what}"] if fault else []


def _outbox() -> list[str]:
    """For each request of ours one letter to each reader, whatever happened."""
    letters: collections.Counter[str] = collections.Counter()
    for item in rows("base.OutboxItem").filter(kind="mail"):
        if item.payload.get("letter") == "join_asked":
            letters[f"{item.payload['request']} {item.payload['user']}"] += 1
    return [f"doubled: letter {name}" for name, times in letters.items() if times > 1]


def put_mail(number: str) -> dict[str, Any]:
    """Put letters into the outbox, each to one of the people; return their ids."""
    from django.db import transaction

    from portal.base import mail

    people = list(rows("accounts.User").filter(is_active=True).order_by("pk"))
    with transaction.atomic():
        items = [
            mail.send("second_factor", {"user": str(people[n % len(people)].pk), "what": "added"})
            for n in range(int(number))
        ]
    return {"ids": [str(item.pk) for item in items]}


def hurry() -> dict[str, Any]:
    """Whatever waits is due now: five minutes of a dead worker's claim are over."""
    from django.utils import timezone

    waiting = rows("base.OutboxItem").filter(state="pending")
    return {"moved": waiting.update(next_attempt_at=timezone.now())}


def mails(*ids: str) -> dict[str, Any]:
    """How the letters with these ids stand."""
    found = rows("base.OutboxItem").filter(pk__in=ids)
    return {
        "states": collections.Counter(found.values_list("state", flat=True)),
        "errors": collections.Counter(found.values_list("last_error", flat=True)),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
