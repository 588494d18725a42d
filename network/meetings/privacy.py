"""Whose data meetings hold (portal/base/personal.py): workers', and names of guests."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from network.meetings import models
from portal.base import personal, retention
from portal.base.personal import Column, Keep, Path, Subject

SHARED = (
    "read by everybody who works in the region: whoever writes is told that nobody whom a case is "
    "about stands there, and numbers by which somebody can be found are refused (network/wording)"
)


def register() -> None:
    """Called once, when the app is ready."""
    personal.holds_nobody(models.Group, "a body of a region")
    personal.holds_nobody(models.Series, SHARED, texts=("title", "rule", "zone", "place", "link"))
    personal.holds_nobody(models.Decision, SHARED, texts=("text",))
    personal.holds_nobody(models.Action, SHARED, texts=("text", "note"))
    personal.declare(
        models.MeetingNote,
        _("What I wrote into minutes"),
        worker=Path(
            personal.by_account(models.MeetingNote, "written_by"),
            show=("written_at", "text", "changed_at"),
            erase=Keep("minutes stay as they were; their writer is nobody's id from now on"),
        ),
    )
    personal.holds_nobody(models.AgendaItem, SHARED, texts=("title", "text"))
    personal.declare(
        models.Attendance,
        _("Meetings I came to as a guest"),
        worker=Path(
            _as_guest,
            show=(
                Column("when", _("when"), lambda row: row.meeting.starts_at),
                Column("title", _("title"), lambda row: str(row.meeting.title)),
                "guest_name",
                "status",
            ),
            erase=lambda subject, rows: rows.update(guest_name=NO_NAME),
        ),
    )
    personal.declare(
        models.MeetingGrant,
        _("Rights to meetings"),
        worker=Path(personal.by_account(models.MeetingGrant)),
    )
    personal.holds_nobody(models.Meeting, SHARED, texts=("title", "place", "link"))
    personal.declare(
        models.CalendarFeed,
        _("Calendar addresses"),
        worker=Path(personal.by_account(models.CalendarFeed), show=("created_at", "revoked_at")),
        excepted={"token_hash": "a hash of the link"},
    )
    retention.register(
        retention.Kind(
            "meetings.feed",
            _("Calendar addresses that were taken back"),
            _("the address was taken back"),
            due=lambda cut: models.CalendarFeed.objects.filter(revoked_at__lt=cut),
            act=retention.delete_rows,
        )
    )
    retention.register(
        retention.Kind(
            "meetings.guest",
            _("Names of guests who came to a meeting"),
            _("the meeting was held"),
            due=_guests_before,
            act=lambda rows, now: rows.update(guest_name=NO_NAME),
            anonymises=True,
        )
    )


# Stands where the name of a guest stood. Kept in the row, so in one language.
NO_NAME = "külaline"


def _as_guest(subject: Subject) -> QuerySet[Any]:
    """Rows with the worker's own name as that of somebody from outside ("Mari Kask, Vald").

    Compared here and not in the database: SQLite knows the case of English letters alone.
    """
    names = tuple(trace.casefold() for trace in subject.traces if " " in trace)
    rows = models.Attendance.objects.exclude(guest_name="").values_list("pk", "guest_name")
    found = [pk for pk, name in rows if name.casefold().startswith(names)] if names else []
    return models.Attendance.objects.filter(pk__in=found).select_related("meeting")


def _guests_before(cut: dt.datetime) -> QuerySet[Any]:
    rows = models.Attendance.objects.filter(meeting__starts_at__lt=cut)
    return rows.exclude(guest_name="").exclude(guest_name=NO_NAME)
