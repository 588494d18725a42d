"""Who looked at a case, or at what somebody looked, as a table (rules.md 8)."""

import datetime as dt
import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessEvent
from portal.audit.reports import HEADING, between, events_about, subjects_of_number, table
from portal.base.sheets import write_csv

NUMBER = re.compile(r"[0-9A-Za-z]{3}-[0-9A-Za-z]{3}")


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


class Command(BaseCommand):
    help = "Print entries of the view log as CSV, oldest first. Printing them is an entry too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        about = parser.add_mutually_exclusive_group(required=True)
        about.add_argument("--subject", help="a case: its number or its id")
        about.add_argument("--actor", help="a person: the id or the e-mail of the account")
        parser.add_argument("--from", dest="first", type=day_of, help="first day")
        parser.add_argument("--to", dest="last", type=day_of, help="last day, included")
        parser.add_argument(
            "--for-the-person",
            action="store_true",
            help="the copy for the person: organisations without the names of workers",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        until = options["last"] + dt.timedelta(days=1) if options["last"] else None
        wanted = between(options["first"], until)
        subject = options["subject"]
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
        rows = table(events.filter(wanted), with_workers=not options["for_the_person"])
        write_csv(self.stdout, HEADING, rows)
