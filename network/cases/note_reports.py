"""Notes as a page shows them, and who can read a note before it is saved."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from network.cases.models import Case, CaseNote, CaseNoteFile
from network.cases.policies import CasePolicy, readable_notes
from network.cases.sight import Sight, sight_of
from network.models import Holding, Position

PAGE_SIZE = 20
# Words are compared after opening each text, so there is an end to it.
SEARCHED_AT_MOST = 2_000
FOUND_AT_MOST = 50


@dataclass(frozen=True)
class Reader:
    """A position on the team, and which notes it can read besides its own."""

    title: str
    organisation: str
    is_me: bool
    reads_team: bool
    reads_leads: bool

    @property
    def title_inside(self) -> str:
        """The title in the middle of a sentence; an abbreviation keeps its capitals."""
        begins = self.title[:2]
        return self.title if begins.isupper() else self.title[:1].lower() + self.title[1:]


@dataclass(frozen=True)
class Readers:
    """The team as the box beside the save button shows it. The writer always reads the note."""

    all: list[Reader]

    @property
    def of_team_notes(self) -> list[Reader]:
        return [reader for reader in self.all if reader.reads_team or reader.is_me]

    @property
    def of_leads_notes(self) -> list[Reader]:
        return [reader for reader in self.all if reader.reads_leads or reader.is_me]

    @property
    def not_of_team_notes(self) -> list[Reader]:
        return [reader for reader in self.all if reader not in self.of_team_notes]

    @property
    def not_of_leads_notes(self) -> list[Reader]:
        return [reader for reader in self.all if reader not in self.of_leads_notes]

    @property
    def leads_besides_me(self) -> list[Reader]:
        return [reader for reader in self.of_leads_notes if not reader.is_me]


def readers_of(case: Case, user: Any, day: dt.date) -> Readers:
    """Who on the team of `case` can read a note that `user` writes on `day`."""
    mine = set(
        Holding.objects.valid_on(day).filter(user_id=user.pk).values_list("position_id", flat=True)
    )
    members = case.team.accepted().valid_on(day).select_related("position__organisation")
    found = []
    for member in members:
        sight = sight_of(member.role, member.parts)
        found.append(
            Reader(
                title=member.position.title,
                organisation=member.position.organisation.name,
                is_me=member.position_id in mine,
                reads_team="notes_team" in sight or "notes_all" in sight,
                reads_leads="notes_all" in sight,
            )
        )
    # The reader's own line first, then whoever sees most.
    found.sort(key=lambda one: (not one.is_me, not one.reads_leads, not one.reads_team, one.title))
    return Readers(found)


@dataclass(frozen=True)
class NoteRow:
    """One note with what stands around it. `corrected_by` and `corrects` are ids of notes."""

    note: CaseNote
    is_mine: bool
    may_correct: bool
    corrected_by: uuid.UUID | None
    corrects: uuid.UUID | None
    files: list[CaseNoteFile]


@dataclass(frozen=True)
class NoteChoice:
    """What the reader asked for; empty means everything."""

    kind: str = ""
    audience: str = ""
    position: uuid.UUID | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotePage:
    """One page of notes, newest first. `last` is the key of the next page, if there is one."""

    rows: list[NoteRow]
    last: uuid.UUID | None = None
    is_first: bool = True
    # A search by words that did not look at everything, or did not show everything.
    is_cut: bool = False


def note_page(
    case: Case,
    user: Any,
    sight: Sight,
    day: dt.date,
    choice: NoteChoice | None = None,
    *,
    before: uuid.UUID | None = None,
    at: uuid.UUID | None = None,
    size: int = PAGE_SIZE,
) -> NotePage:
    """The notes of `case` that `user` may read: a page, or what a search by words finds.

    The page begins after the note `before`, or with the note `at`; ids that are not readable
    begin at the newest.
    """
    choice = choice or NoteChoice()
    readable = readable_notes(user, case, sight)
    notes = _chosen(readable, choice).select_related("author", "position__organisation")
    notes = notes.order_by("-happened_at", "-id")
    is_first = True
    if choice.words:
        found, is_cut = _with_words(notes, choice.words)
        last = None
    else:
        asked = before or at
        mark = readable.filter(pk=asked).first() if asked else None
        if mark:
            is_first = False
            at_that_time = Q(id__lt=mark.pk) if before else Q(id__lte=mark.pk)
            notes = notes.filter(
                Q(happened_at__lt=mark.happened_at)
                | (Q(happened_at=mark.happened_at) & at_that_time)
            )
        found = list(notes[: size + 1])
        is_cut, last = False, found[size - 1].pk if len(found) > size else None
        found = found[:size]
    may_note = CasePolicy.allows(user, "note", case, day)
    return NotePage(
        rows=_rows(found, readable, user, may_note),
        last=last,
        is_first=is_first,
        is_cut=is_cut,
    )


def _chosen(notes: QuerySet[CaseNote], choice: NoteChoice) -> QuerySet[CaseNote]:
    if choice.kind:
        notes = notes.filter(kind=choice.kind)
    if choice.audience:
        notes = notes.filter(audience=choice.audience)
    if choice.position:
        notes = notes.filter(position_id=choice.position)
    return notes


def _with_words(notes: QuerySet[CaseNote], words: Iterable[str]) -> tuple[list[CaseNote], bool]:
    """The notes that hold all of `words`, and whether that is less than there is."""
    wanted = [word.casefold() for word in words]
    found: list[CaseNote] = []
    newest = notes[: SEARCHED_AT_MOST + 1].iterator(chunk_size=200)
    for looked_at, note in enumerate(newest):
        if looked_at == SEARCHED_AT_MOST or len(found) >= FOUND_AT_MOST:
            return found, True
        said = " ".join((note.text, note.place, note.with_whom)).casefold()
        if all(word in said for word in wanted):
            found.append(note)
    return found, False


def _rows(
    notes: list[CaseNote], readable: QuerySet[CaseNote], user: Any, may_note: bool
) -> list[NoteRow]:
    ids = [note.pk for note in notes]
    # Whoever reads a note reads its correction (services/notes.py), but not the other way round.
    corrected = dict(readable.filter(corrects__in=ids).values_list("corrects_id", "pk"))
    older = set(
        readable.filter(
            pk__in=[note.corrects_id for note in notes if note.corrects_id]
        ).values_list("pk", flat=True)
    )
    files: dict[uuid.UUID, list[CaseNoteFile]] = {}
    for file in CaseNoteFile.objects.filter(note__in=ids).order_by("created_at", "pk"):
        files.setdefault(file.note_id, []).append(file)
    return [
        NoteRow(
            note=note,
            is_mine=note.author_id == user.pk,
            may_correct=may_note and note.author_id == user.pk and note.pk not in corrected,
            corrected_by=corrected.get(note.pk),
            corrects=note.corrects_id if note.corrects_id in older else None,
            files=files.get(note.pk, []),
        )
        for note in notes
    ]


def note_writers(case: Case, user: Any, sight: Sight) -> list[Position]:
    """The positions whose holders wrote the notes that `user` may read, to choose from."""
    readable = readable_notes(user, case, sight)
    return list(
        Position.objects.filter(pk__in=readable.order_by().values("position_id"))
        .select_related("organisation")
        .order_by("title", "organisation__name")
    )
