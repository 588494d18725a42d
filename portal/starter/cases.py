"""Eight invented cases at different stages, so that every desk of the demo has something today.

All is written through the services, by the people of the demo. What began "weeks ago" is then set
back in the tables: days count from the day of loading, so a review is always due today.
"""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from network.cases.models import Case, CaseNote, Person, TeamMember
from network.cases.models.person import surname_hash
from network.cases.services.changing import change_case
from network.cases.services.notes import NoteText, add_case_note
from network.cases.services.opening import Noticing, open_case
from network.cases.services.team import answer_invitation, end_membership, invite_team_member
from network.models import Municipality, Position
from network.services.people import sync_position
from portal.accounts.models import User
from portal.starter.network import POSTS
from portal.starter.source import read_yaml

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://tugivork.example/naidisjuhtumid")


def load_cases(positions: dict[str, Position], today: dt.date) -> None:
    """Create the cases that are not there yet; `positions` by key as in the data file."""
    users = {post.key: User.objects.get(email=post.holder.email) for post in POSTS if post.holder}
    for row in read_yaml("cases"):
        # Each surname is used once. What somebody did with a case in the demo stays.
        there = Person.objects.filter(is_sample=True, last_name_hash=surname_hash(row["last_name"]))
        if not there.exists():
            Loader(row, positions, users, today).load()


class Loader:
    """One case of the data file."""

    def __init__(
        self,
        row: dict[str, Any],
        positions: dict[str, Position],
        users: dict[str, User],
        today: dt.date,
    ) -> None:
        self.row, self.positions, self.users, self.today = row, positions, users, today

    @transaction.atomic
    def load(self) -> Case:
        """Open it, invite the team, write the notes, bring it to its state, set it back."""
        case = self._open()
        members = {one["position"]: self._invite(case, one) for one in self.row.get("team", [])}
        for number, note in enumerate(self.row["notes"]):
            self._write(case, note, number)
        self._bring_to_state(case)
        self._set_back(case, members)
        for one in self.row.get("team", []):
            if "ended" in one:
                self._end(members[one["position"]], self._day(one["ended"]))
        for member in case.team.select_related("position"):
            sync_position(member.position)
        return case

    def _open(self) -> Case:
        row = self.row
        noticing = Noticing(
            first_name=row["first_name"],
            last_name=row["last_name"],
            municipality=Municipality.objects.get(slug=row["municipality"]),
            noticed_on=weekday(self._day(row["opened"])),
            noticed_how=row["noticed_how"],
            personal_code=row.get("code", ""),
            phone=row.get("phone", ""),
            address=row.get("address", ""),
            text=row["noticing"],
        )
        return open_case(
            noticing,
            position=self.positions[row["by"]],
            by=self.users[row["by"]],
            key=self._key("open"),
        )

    def _invite(self, case: Case, one: dict[str, Any]) -> TeamMember:
        position = self.positions[one["position"]]
        until = self._day(-one["until"]) if "until" in one else None
        member = invite_team_member(
            case,
            position=position,
            role=position.role,
            by=self.users[self.row["by"]],
            key=self._key(f"team-{one['position']}"),
            task=one.get("task", ""),
            parts=one.get("parts"),
            valid_until=until,
        )
        if one.get("waits"):
            return member
        return answer_invitation(member, accept=True, by=self.users[one["position"]])

    def _write(self, case: Case, note: dict[str, Any], number: int) -> None:
        hour, _point, minute = note["at"].partition(".")
        day = weekday(self._day(note["days"]))
        moment = timezone.make_aware(dt.datetime.combine(day, dt.time(int(hour), int(minute))))
        corrects = None
        if "corrects" in note:
            corrects = CaseNote.objects.get(
                case=case, happened_at=moment, corrected_by__isnull=True
            )
        written = add_case_note(
            case,
            NoteText(
                kind=note["kind"],
                happened_at=moment,
                minutes=note.get("minutes", 0),
                text=note["text"],
                audience=note.get("audience", CaseNote.Audience.TEAM),
                place=note.get("place", ""),
                with_whom=note.get("with_whom", ""),
            ),
            by=self.users[note["by"]],
            key=self._key(f"note-{number}"),
            corrects=corrects,
        )
        later = dt.timedelta(minutes=note.get("minutes", 0) + (40 if corrects else 15))
        CaseNote.objects.filter(pk=written.pk).update(created_at=moment + later)

    def _bring_to_state(self, case: Case) -> None:
        change_case(
            case,
            state=self.row["state"],
            # What is late by now was not when it was set.
            next_review=max(self.today, self._day(self.row["review"])),
            noticing=case.noticing,
            version=case.version,
            by=self.users[self.row["by"]],
            key=self._key("state"),
        )

    def _set_back(self, case: Case, members: dict[str, TeamMember]) -> None:
        changed: dict[str, Any] = {
            "opened_at": midday(weekday(self._day(self.row["opened"]))),
            "next_review": self._day(self.row["review"]),
        }
        if "closed" in self.row:
            changed["closed_on"] = weekday(self._day(self.row["closed"]))
        Case.objects.filter(pk=case.pk).update(**changed)
        Person.objects.filter(pk=case.person_id).update(is_sample=True)
        joined = {members[one["position"]].pk: one for one in self.row.get("team", [])}
        for member in case.team.all():
            one = joined.get(member.pk, {})
            day = self._day(one.get("joined", self.row["opened"]))
            TeamMember.objects.filter(pk=member.pk).update(
                valid_from=day,
                invited_at=midday(day) - dt.timedelta(days=2),
                answered_at=None if one.get("waits") else midday(day),
            )

    def _end(self, member: TeamMember, day: dt.date) -> None:
        end_membership(
            TeamMember.objects.get(pk=member.pk),
            by=self.users[self.row["by"]],
            key=self._key(f"end-{member.position_id}"),
        )
        TeamMember.objects.filter(pk=member.pk).update(valid_until=day)

    def _day(self, days_ago: int) -> dt.date:
        return self.today - dt.timedelta(days=days_ago)

    def _key(self, act: str) -> uuid.UUID:
        return uuid.uuid5(NAMESPACE, f"{self.row['last_name']}/{act}")


def weekday(day: dt.date) -> dt.date:
    """`day`, or the Friday before it: nobody of the demo works on weekends."""
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def midday(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
