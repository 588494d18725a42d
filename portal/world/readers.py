"""Who may read what, said once more: by rules.md and not by the code that is to be proved.

Canaries of texts that are written once by services get their places here: each row is read back.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from network.cases.models import CaseNote, CaseNoteFile, TeamMember
from portal.world.canaries import Canaries, text_fields, with_word, words_in
from portal.world.personas import NOBODY, OF_REGION, STAFF

# Apps, and single models besides, whose texts are nobody's but the network's own.
PRIVATE_APPS = ("cases", "meetings")
PRIVATE_MODELS = (
    "network.Gap",
    "network.JoinRequest",
    "network.Position",
    "network.ResourceChange",
    "accounts.User",
)
# The constraint of the row wants it empty.
EMPTY_IN = {"meetings.Attendance.guest_name": lambda row: row.position_id is not None}

EVERYTHING = {"contact", "code", "noticing", "team", "notes_team", "notes_all", "gaps"}
PARTS: dict[str, set[str]] = {
    "base_support": EVERYTHING,
    "case_manager": EVERYTHING,
    "additional_support": {"contact", "team", "notes_team", "gaps"},
    "organisation_lead": {"team"},
}
TICKS = {"contact": "contact", "notes": "notes_team", "team": "team"}
PERSON = {"first_name": "contact", "last_name": "contact", "phone": "contact"}
PERSON |= {"personal_code": "code", "email": "noticing", "address": "noticing"}


def private_models() -> list[type[models.Model]]:
    """Models in which every text is somebody's secret or the network's business."""
    return [
        *(model for name in PRIVATE_APPS for model in apps.get_app_config(name).get_models()),
        *(apps.get_model(label) for label in PRIVATE_MODELS),
    ]


class Readers:
    """Knows by position who is which persona, and by case who is on its team."""

    def __init__(self, by_position: dict[Any, str], leads: dict[Any, str], letters: dict[Any, str]):
        # Position → persona; organisation → the persona who leads it; region → its letter.
        self.by_position, self.leads, self.letters = by_position, leads, letters

    def of_team(self, members: Iterable[Any], part: str) -> tuple[str, ...]:
        """The personas whose membership among `members` shows them `part` of the case."""
        found = set()
        for member in members:
            if member.state != TeamMember.State.ACCEPTED or member.valid_until_passed:
                continue
            persona = self.by_position.get(member.position_id)
            if persona and part in parts_of(member.role, member.parts):
                found.add(persona)
            lead = self.leads.get(member.position.organisation_id)
            if lead and part in PARTS["organisation_lead"]:
                found.add(lead)
        return tuple(sorted(found))

    def of_region(self, region_id: Any) -> tuple[str, ...]:
        return OF_REGION[self.letters[region_id]]


def parts_of(role: str, ticks: list[str]) -> set[str]:
    """What a role sees; of a partner, what was ticked."""
    if role == "partner":
        return {TICKS[tick] for tick in ticks if tick in TICKS}
    return PARTS.get(role, set())


class Finder:
    """Reads back what services have stored, and tells the canaries where they stand."""

    def __init__(self, canaries: Canaries, readers: Readers, day: Any):
        self.canaries, self.readers, self.day = canaries, readers, day
        self.known = canaries.places()
        self.claimed: set[str] = set()
        self.teams: dict[Any, list[Any]] = {}

    def read_back(self) -> None:
        """Give every text that has none a canary, and every canary its place and its readers."""
        for member in TeamMember.objects.select_related("position"):
            ended = member.valid_until is not None and member.valid_until <= self.day
            member.valid_until_passed = ended  # type: ignore[attr-defined]
            self.teams.setdefault(member.case_id, []).append(member)
        for model in private_models():
            for row in model._default_manager.order_by("pk"):
                self._row(row)
        for file in CaseNoteFile.objects.select_related("note").order_by("pk"):
            with file.file.open("rb") as stored:
                text = stored.read().decode(errors="ignore")
            for word in words_in(text):
                sees = self._of_note(file.note)
                self.canaries.remember(word, file, "file", sees, file.note.case_id)
        self.canaries.settle()

    def _row(self, row: Any) -> None:
        label = row._meta.label
        is_changed = []
        for field in text_fields(type(row)):
            place = (label, field.name, str(row.pk))
            if place in self.known or EMPTY_IN.get(f"{label}.{field.name}", _never)(row):
                continue
            case, sees = self._readers(row, field.name)
            value = getattr(row, field.name)
            # A meeting repeats the words of its series: they tell where they stood first.
            words = [word for word in words_in(value) if word not in self.claimed]
            if not words:
                words = [self.canaries.draw()]
                setattr(row, field.name, with_word(field, value or "", words[0]))
                is_changed.append(field.name)
            self.claimed.update(words)
            for word in words:
                self.canaries.remember(word, row, field.name, sees, case)
        if is_changed:
            # Past the services: only texts that they make themselves are left by now.
            models.Model.save_base(row, update_fields=is_changed)

    def _readers(self, row: Any, name: str) -> tuple[Any, tuple[str, ...]]:
        """The case (empty if none is behind it) and who may read it."""
        label = row._meta.label
        if label == "cases.Person":
            case = row.cases.get()
            return case.pk, self._of_team(case.pk, PERSON[name])
        if label == "cases.Case":
            return row.pk, self._of_team(row.pk, "noticing")
        if label == "cases.TeamMember":
            asked = self.readers.by_position.get(row.position_id)
            sees = self._of_team(row.case_id, "team")
            return row.case_id, tuple(sorted({*sees, asked} - {None}))  # type: ignore[arg-type]
        if label == "cases.CaseNote":
            return row.case_id, self._of_note(row)
        if label == "cases.CaseNoteFile":
            return row.note.case_id, self._of_note(row.note)
        if label == "cases.CaseLink":
            # The address of a letter; read by whoever delivers it, shown to nobody.
            return row.case_id, NOBODY
        if label == "cases.BreakGlass":
            return row.case_id, ("auditor",)
        if label == "network.Gap":
            return "", self._of_gap(row)
        if label == "network.JoinRequest":
            return "", self.readers.of_region(row.region_id)
        if label == "network.ResourceChange":
            letters = row.organisation.region_memberships.values_list("region_id", flat=True)
            return "", self.readers.of_region(letters[0])
        if row._meta.app_label == "meetings":
            return "", self.readers.of_region(_region_of(row))
        return "", STAFF

    def _of_team(self, case_id: Any, part: str) -> tuple[str, ...]:
        return self.readers.of_team(self.teams.get(case_id, ()), part)

    def _of_note(self, note: CaseNote) -> tuple[str, ...]:
        part = "notes_team" if note.audience == CaseNote.Audience.TEAM else "notes_all"
        sees = set(self._of_team(note.case_id, part))
        members = [one for one in self.teams[note.case_id] if one.position_id == note.position_id]
        author = self.readers.by_position.get(note.position_id)
        if author and any(not member.valid_until_passed for member in members):
            sees.add(author)
        return tuple(sorted(sees))

    def _of_gap(self, gap: Any) -> tuple[str, ...]:
        """The region; and whoever works on the case that it was noted from."""
        sees = set(self.readers.of_region(gap.region_id))
        for members in (
            self.teams[case_id]
            for case_id in self.teams
            if any(one.case.gaps.filter(gap=gap).exists() for one in self.teams[case_id][:1])
        ):
            sees |= set(self.readers.of_team(members, "gaps"))
        return tuple(sorted(sees))


def _never(row: Any) -> bool:
    return False


def _region_of(row: Any) -> Any:
    """The region of whatever belongs to a meeting."""
    for path in ("group", "meeting.group", "item.meeting.group"):
        found = row
        for name in path.split("."):
            found = getattr(found, name, None)
        if found is not None:
            return found.region_id
    raise ValueError(f"{row._meta.label} belongs to no region.")
