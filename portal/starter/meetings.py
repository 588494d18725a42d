"""Meetings of the demo: one held with minutes that wait for approval, others to come.

All is written through the services, by the people of the demo. The meeting that was held is begun
and ended on its day in the past; days of actions count from the day of loading, so one is always
late and another soon due.
"""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from network.meetings.models import Action, AgendaItem, Attendance, Meeting, MeetingNote, Series
from network.meetings.schedule import Repeat, moment_of
from network.meetings.services.agenda import ItemText, add_gap, add_topic
from network.meetings.services.inviting import ask_guest, invite_to_meeting
from network.meetings.services.outcomes import add_action, add_decision, close_action, move_action
from network.meetings.services.planning import MeetingPlan, add_meeting
from network.meetings.services.running import (
    add_guest,
    add_note,
    end_meeting,
    finish_item,
    set_attendance,
    start_meeting,
)
from network.meetings.services.series import SeriesPlan, add_series
from network.models import Gap, Position, Region
from portal.accounts.models import User
from portal.starter.network import POSTS
from portal.starter.source import read_yaml

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://tugivork.example/naidiskohtumised")
LEADER = "koordinaator"
# The meeting that was held is at least so long ago, so that actions of it can be late by now.
AGO = dt.timedelta(days=14)


def load_meetings(positions: dict[str, Position], gaps: dict[str, Gap], today: dt.date) -> None:
    """Create the meetings unless there are any: what somebody planned in the demo stays."""
    region = Region.objects.get(slug="vorumaa")
    users = {post.key: User.objects.get(email=post.holder.email) for post in POSTS if post.holder}
    for row in read_yaml("meetings"):
        if not Series.objects.filter(group__region=region, group__body=row["body"]).exists():
            Loader(row, region, positions, gaps, users, today).load()


class Loader:
    """One group of the data file."""

    def __init__(
        self,
        row: dict[str, Any],
        region: Region,
        positions: dict[str, Position],
        gaps: dict[str, Gap],
        users: dict[str, User],
        today: dt.date,
    ) -> None:
        self.row, self.region, self.positions = row, region, positions
        self.gaps, self.users, self.today = gaps, users, today
        self.leader = users[LEADER]

    @transaction.atomic
    def load(self) -> None:
        """Plan the series; hold the meeting that was; prepare the one that comes."""
        words = self.row["series"]
        repeat = Repeat(words["often"], weekday=words["weekday"], nth=words["nth"])
        long_ago = self.today - dt.timedelta(days=365)
        *_earlier, held_on = repeat.days(long_ago, self.today - AGO)
        hour, minute = map(int, words["time"].split("."))
        plan = SeriesPlan(
            repeat=repeat,
            starts_on=held_on,
            starts_at=dt.time(hour, minute),
            minutes=words["minutes"],
            title=words["title"],
            place=words["place"],
        )
        series = add_series(
            plan,
            region=self.region,
            body=self.row["body"],
            by=self.leader,
            key=self._key("series"),
        )
        if "held" in self.row:
            self._hold(self._past(series, held_on))
        coming = series.meetings.filter(series_day__gt=self.today).order_by("starts_at").first()
        if coming:
            self._prepare(coming)

    def _past(self, series: Series, day: dt.date) -> Meeting:
        """A meeting of the series on a day before there was a portal to plan it in."""
        plan = MeetingPlan(
            starts_at=moment_of(day, series.starts_at, series.zone),
            minutes=series.minutes,
            title=series.title,
            place=series.place,
            minutes_taker=self.positions[self.row["minutes_taker"]],
        )
        meeting = add_meeting(
            plan,
            region=self.region,
            body=self.row["body"],
            by=self.leader,
            key=self._key("held"),
        )
        Meeting.objects.filter(pk=meeting.pk).update(series=series, series_day=day)
        return Meeting.objects.get(pk=meeting.pk)

    def _hold(self, meeting: Meeting) -> None:
        rows = self.row["held"]["items"]
        items = [(row, self._item(meeting, row, number)) for number, row in enumerate(rows)]
        for key in self.row["held"]["guests"]:
            guest = self.positions[key]
            ask_guest(meeting, position=guest, by=self.leader, key=self._key(f"guest-{key}"))
        start_meeting(meeting, by=self.leader, now=meeting.starts_at)
        self._list_who_came(meeting)
        moment = meeting.starts_at + dt.timedelta(minutes=15)
        for item in meeting.items.filter(kind=AgendaItem.Kind.ACTIONS):
            finish_item(item, by=self.leader)
        for row, item in items:
            self._talk(item, row, moment)
            moment += dt.timedelta(minutes=item.minutes)
            finish_item(item, by=self.leader)
        for item in meeting.items.filter(kind=AgendaItem.Kind.NEXT):
            finish_item(item, by=self.leader)
        end_meeting(meeting, by=self.leader, now=meeting.ends_at)

    def _item(self, meeting: Meeting, row: dict[str, Any], number: int) -> AgendaItem:
        if "gap" not in row:
            return self._topic(meeting, row | {"title": row["topic"]}, f"held-{number}")
        item = add_gap(meeting, self.gaps[row["gap"]], self.leader)
        item.owner, item.minutes = self.positions[row["owner"]], row["minutes"]
        item.save(update_fields=["owner", "minutes"])
        return item

    def _topic(self, meeting: Meeting, row: dict[str, Any], act: str) -> AgendaItem:
        typed = ItemText(
            title=row["title"],
            text=row.get("text", ""),
            owner=self.positions[row["owner"]],
            minutes=row["minutes"],
        )
        by = self.users[row.get("by", LEADER)]
        return add_topic(meeting, typed, by=by, key=self._key(act))

    def _list_who_came(self, meeting: Meeting) -> None:
        held = self.row["held"]
        status = {
            self.positions[key].pk: said
            for said in (
                Attendance.Status.PRESENT,
                Attendance.Status.EXCUSED,
                Attendance.Status.ABSENT,
            )
            for key in held[said]
        }
        status |= {self.positions[key].pk: Attendance.Status.PRESENT for key in held["guests"]}
        rows = {row.pk: status[row.position_id] for row in meeting.attendance.all()}
        set_attendance(meeting, rows, by=self.leader)
        for number, name in enumerate(held["outside"]):
            add_guest(meeting, name, by=self.leader, key=self._key(f"guest-{number}"))

    def _talk(self, item: AgendaItem, row: dict[str, Any], moment: dt.datetime) -> None:
        day = timezone.localdate(moment)
        for number, note in enumerate(row.get("notes", [])):
            key = self._key(f"note-{item.place}-{number}")
            written = add_note(item, note["text"], by=self.users[note["by"]], key=key)
            at = moment + dt.timedelta(minutes=4 * (number + 1))
            MeetingNote.objects.filter(pk=written.pk).update(written_at=at, changed_at=at)
        for text in row.get("decisions", []):
            add_decision(item, text=text, by=self.leader, day=day)
        for said in row.get("actions", []):
            self._action(item, said, day)

    def _action(self, item: AgendaItem, said: dict[str, Any], day: dt.date) -> None:
        action = add_action(
            item,
            text=said["text"],
            position=self.positions[said["position"]],
            due=max(day, self._day(said["due"])),
            by=self.leader,
            day=day,
        )
        if "done" in said:
            close_action(
                action,
                state=Action.State.DONE,
                version=action.version,
                by=self.leader,
                day=self._day(-said["done"]),
                note=said["note"],
            )
        if "moved" in said:
            move_action(
                action,
                due=self._day(said["moved"]),
                version=action.version,
                by=self.leader,
                day=self.today,
            )

    def _prepare(self, meeting: Meeting) -> None:
        coming = self.row["coming"]
        taker = self.positions[self.row["minutes_taker"]]
        Meeting.objects.filter(pk=meeting.pk).update(minutes_taker=taker)
        for key in coming["gaps"]:
            add_gap(meeting, self.gaps[key], self.leader)
        for number, row in enumerate(coming["topics"]):
            self._topic(meeting, row, f"coming-{number}")
        if coming.get("invite"):
            invite_to_meeting(meeting, by=self.leader, key=self._key("invite"))

    def _day(self, days_from_now: int) -> dt.date:
        return self.today + dt.timedelta(days=days_from_now)

    def _key(self, act: str) -> uuid.UUID:
        return uuid.uuid5(NAMESPACE, f"{self.row['body']}/{act}")
