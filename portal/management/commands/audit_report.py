"""Who looked at a case, or at what somebody looked: a table, or what the data tracker reads."""

import datetime as dt
import json
import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from network.models import Organisation
from portal.accounts.models import User
from portal.audit import tracker
from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessEvent
from portal.audit.reports import (
    HEADING,
    between,
    events_about,
    lines,
    subjects_of_number,
    table,
)
from portal.base.sheets import write_csv

NUMBER = re.compile(r"[0-9A-Za-z]{3}-[0-9A-Za-z]{3}")
CSV, TRACKER, TRACKER_XML = "csv", "tracker", "tracker-xml"
# What the tracker is told of a body without a registry code.
KINDS = {
    Organisation.Kind.MUNICIPALITY: "GOV",
    Organisation.Kind.PROVIDER: "COM",
    Organisation.Kind.HEALTH: "COM",
    Organisation.Kind.OTHER: "NGO",
}


def day_of(text: str) -> dt.datetime:
    """The beginning of a day, typed as 24.03.2026 or 2026-03-24."""
    try:
        parts = [int(part) for part in text.split(".")] if "." in text else []
        day = dt.date(*reversed(parts)) if parts else dt.date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise ArgumentTypeError(f"not a day: {text}") from error
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def code_of(person: str) -> str:
    """The id of an account, given its id or its e-mail; the log keeps ids only."""
    found = User.objects.filter(email__iexact=person).values_list("pk", flat=True).first()
    return str(found) if found else person


def body_of(code: str, name: str) -> tracker.Body:
    """The organisation of an entry: the name of the day, registry code and kind of today."""
    found = Organisation.objects.filter(pk=int(code)).first() if code.isdecimal() else None
    if found is None:
        return tracker.Body(name)
    return tracker.Body(name, found.registry_code, KINDS[Organisation.Kind(found.kind)])


class Command(BaseCommand):
    help = (
        "Print entries of the view log. Printing them is an entry too. As CSV oldest first; as the "
        "answer that the national data tracker (Andmejälgija) reads, newest first: 'tracker' is "
        "findUsage version 3 (JSON), 'tracker-xml' version 1, both for one case and without the "
        "names of workers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        about = parser.add_mutually_exclusive_group(required=True)
        about.add_argument("--subject", help="a case: its number or its id")
        about.add_argument("--actor", help="a person: the id or the e-mail of the account")
        parser.add_argument("--from", dest="first", type=day_of, help="first day")
        parser.add_argument("--to", dest="last", type=day_of, help="last day, included")
        parser.add_argument("--format", choices=(CSV, TRACKER, TRACKER_XML), default=CSV)
        parser.add_argument(
            "--limit",
            type=int,
            default=tracker.USUAL,
            help=f"for the tracker: how many entries at most (1 to {tracker.MOST})",
        )
        parser.add_argument(
            "--offset", type=int, default=0, help="for the tracker: how many entries to leave out"
        )
        parser.add_argument(
            "--for-the-person",
            action="store_true",
            help="the copy for the person: organisations without the names of workers",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        until = options["last"] + dt.timedelta(days=1) if options["last"] else None
        wanted = between(options["first"], until)
        subject, form = options["subject"], options["format"]
        if form != CSV and not subject:
            raise CommandError("The tracker is told about one case: give --subject.")
        if not 1 <= options["limit"] <= tracker.MOST or options["offset"] < 0:
            raise CommandError(f"--limit is 1 to {tracker.MOST}, --offset 0 or more.")
        if subject:
            ids = subjects_of_number(subject) if NUMBER.fullmatch(subject) else [subject]
            events = events_about(ids)
        else:
            ids = []
            events = AccessEvent.objects.filter(usercode=code_of(options["actor"]))
        with transaction.atomic():
            record(
                Actor("", "manage.py audit_report"),
                [Subject(one) for one in ids],
                actioncode="audit_report",
                channel=AccessEvent.Channel.COMMAND,
            )
        if form == CSV:
            rows = table(events.filter(wanted), with_workers=not options["for_the_person"])
            write_csv(self.stdout, HEADING, rows)
        else:
            self._tell_tracker(events.filter(wanted), options)

    def _tell_tracker(self, events: Any, options: dict[str, Any]) -> None:
        told = tracker.told(events)
        start = options["offset"]
        found = tracker.usages(lines(told[start : start + options["limit"]]), body_of)
        if options["format"] == TRACKER_XML:
            self.stdout.write(tracker.as_xml(found), ending="")
        else:
            answer = tracker.as_json(found, total=told.count())
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
