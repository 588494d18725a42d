"""The minutes of a meeting, gathered from what was written in it: a page and a PDF. REG-08."""

import datetime as dt
import hashlib
import json
import unicodedata
import uuid
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from network.meetings.models import (
    Action,
    AgendaItem,
    Attendance,
    Decision,
    Meeting,
    MeetingNote,
)
from network.models import Holding

TEMPLATE = Path(__file__).with_name("minutes.typ")
MINUTES_OF_MEETING = (Meeting.State.RUNNING, Meeting.State.ENDED, Meeting.State.APPROVED)


@dataclass(frozen=True)
class AttendancePart:
    """Everybody of one kind: who was there, who was excused, guests."""

    label: str
    people: list[str]


@dataclass(frozen=True)
class MinutesItem:
    """An item of the agenda with what was said and what was made of it."""

    item: AgendaItem
    number: int
    notes: list[MeetingNote]
    decisions: list[Decision]
    actions: list[Action]

    @property
    def title(self) -> str:
        return f"{self.number}. {self.item.title}"

    @property
    def detail(self) -> str:
        """Who introduced it, and whether it was moved on."""
        owner = self.item.owner
        parts = [f"{capfirst(owner.title)}, {owner.organisation.name}"] if owner else []
        if self.item.state == AgendaItem.State.MOVED:
            parts.append(_("Moved on to the next meeting"))
        return " · ".join(parts)


@dataclass(frozen=True)
class Minutes:
    """Everything that stands in the minutes; made by `minutes_of`."""

    meeting: Meeting
    attendance: list[AttendancePart]
    items: list[MinutesItem]

    @cached_property
    def day(self) -> dt.date:
        return timezone.localdate(self.meeting.started_at or self.meeting.starts_at)

    @property
    def title(self) -> str:
        return _("Minutes of %(day)s") % {"day": f"{self.day:%d.%m.%Y}"}

    @property
    def hours(self) -> str:
        """From when to when it went on, as far as that is known."""
        begun = self.meeting.started_at or self.meeting.starts_at
        ended = self.meeting.ended_at
        return f"{_hour(begun)}–{_hour(ended)}" if ended else _hour(begun)

    @property
    def state(self) -> str:
        if self.meeting.state == Meeting.State.RUNNING:
            return _("The meeting goes on: the minutes are being written")
        if self.meeting.approved_on:
            return _("Approved on %(day)s") % {"day": f"{self.meeting.approved_on:%d.%m.%Y}"}
        return _("Draft, not approved yet")

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What stands on top, as label and words."""
        taker = self.meeting.minutes_taker
        facts = [
            (
                _("When"),
                _("%(day)s at %(hours)s") % {"day": f"{self.day:%d.%m.%Y}", "hours": self.hours},
            ),
            (_("Where"), self.meeting.place or (_("by video") if self.meeting.link else "")),
            (
                _("Minutes taken by"),
                f"{capfirst(taker.title)}, {taker.organisation.name}" if taker else "",
            ),
            (_("State"), self.state),
        ]
        return [(label, words) for label, words in facts if words]

    def data(self) -> dict[str, Any]:
        """All words of the minutes as plain text, for the PDF and for `fingerprint`."""
        return {
            "title": f"{self.title}, {self.meeting.group}",
            "group": str(self.meeting.group),
            "heading": self.title,
            "facts": self.facts,
            "attendance_heading": _("Attendance"),
            "attendance": [
                {"label": part.label, "people": part.people} for part in self.attendance
            ],
            "items": [_item_data(item) for item in self.items],
            "state": self.state,
        }

    @property
    def fingerprint(self) -> str:
        """Stands for what was read: minutes that changed since have another one."""
        with translation.override(settings.LANGUAGE_CODE):
            words = json.dumps(self.data(), sort_keys=True)
        return hashlib.sha256(words.encode()).hexdigest()


def minutes_of(meeting: Meeting) -> Minutes:
    """Gather the minutes; the number of statements does not depend on how much was written."""
    meeting = Meeting.objects.select_related("group__region", "minutes_taker__organisation").get(
        pk=meeting.pk
    )
    items = (
        AgendaItem.objects.filter(meeting=meeting)
        .select_related("owner__organisation")
        .order_by("place", "pk")
        .prefetch_related(
            "notes",
            Prefetch("decisions", Decision.objects.order_by("year", "serial")),
            Prefetch(
                "made_actions",
                Action.objects.select_related("position__organisation").order_by("first_due", "pk"),
            ),
        )
    )
    listed = [
        MinutesItem(
            item,
            number,
            list(item.notes.all()),
            list(item.decisions.all()),
            list(item.made_actions.all()),
        )
        for number, item in enumerate(items, start=1)
    ]
    return Minutes(meeting, _attendance(meeting), listed)


def _attendance(meeting: Meeting) -> list[AttendancePart]:
    rows = list(meeting.attendance.select_related("position__organisation"))
    names = _holders(rows, timezone.localdate(meeting.started_at or meeting.starts_at))
    status = Attendance.Status
    here = [row for row in rows if row.status == status.PRESENT]
    parts = [
        (pgettext("minutes", "Present"), [row for row in here if not row.is_guest]),
        (pgettext("minutes", "Guests"), [row for row in here if row.is_guest]),
        (pgettext("minutes", "Excused"), [row for row in rows if row.status == status.EXCUSED]),
        (pgettext("minutes", "Absent"), [row for row in rows if row.status == status.ABSENT]),
        (pgettext("minutes", "Not marked"), [row for row in rows if row.status == status.UNKNOWN]),
    ]
    return [
        AttendancePart(label, [_person(row, names) for row in members])
        for label, members in parts
        if members
    ]


def _holders(rows: list[Attendance], day: dt.date) -> dict[uuid.UUID, list[str]]:
    """Names of whoever held the positions on the day of the meeting."""
    found: dict[uuid.UUID, list[str]] = {}
    holdings = Holding.objects.valid_on(day).filter(
        position_id__in=[row.position_id for row in rows if row.position_id]
    )
    for holding in holdings.select_related("user").order_by("kind", "valid_from", "pk"):
        name = holding.user.get_full_name()
        if name:
            found.setdefault(holding.position_id, []).append(name)
    return found


def _person(row: Attendance, names: dict[uuid.UUID, list[str]]) -> str:
    position = row.position
    if position is None:
        return row.guest_name
    place = f"{capfirst(position.title)}, {position.organisation.name}"
    people = " / ".join(names.get(position.pk, []))
    return f"{place} ({people})" if people else place


def _item_data(item: MinutesItem) -> dict[str, Any]:
    decisions = [
        {"label": _("Decision %(number)s") % {"number": row.number}, "text": row.text, "who": ""}
        for row in item.decisions
    ]
    actions = [
        {
            "label": _("Action"),
            "text": row.text,
            "who": f"{capfirst(row.position.title)}, {row.position.organisation.name} · "
            f"{row.first_due:%d.%m.%Y}",
        }
        for row in item.actions
    ]
    return {
        "title": item.title,
        "detail": item.detail,
        "notes": [note.text for note in item.notes],
        "made": [*decisions, *actions],
    }


def _hour(moment: dt.datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.hour}.{local:%M}"


def pdf_of(minutes: Minutes) -> bytes:
    """The minutes as a tagged PDF that a screen reader can read (PDF/UA-1), in Estonian."""
    with translation.override(settings.LANGUAGE_CODE):
        data = _printable(minutes.data())
    # Only fonts that come with the package: the same paper on every machine.
    asked: dict[str, Any] = {
        "input": TEMPLATE.read_bytes(),
        "sys_inputs": {"data": json.dumps(data)},
        "ignore_system_fonts": True,
        "timestamp": int(minutes.meeting.starts_at.timestamp()),
    }
    try:
        return typst.compile(**asked, pdf_standards="ua-1")
    except typst.TypstError:
        # A sign that no font of ours has is no reason to give no paper.
        return typst.compile(**asked)


def _printable(value: Any) -> Any:
    """`value` with its texts free of control signs, which have no place on paper."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(
            sign for sign in text if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"}
        )
    if isinstance(value, dict):
        return {name: _printable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return value
