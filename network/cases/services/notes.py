"""Notes: written once, corrected by a further note that points at the first. CASE-12."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.cases.acting import about, acting_as
from network.cases.models import Case, CaseNote, CaseNoteFile
from network.cases.policies import CasePolicy, membership_of, readable_notes, sight_on
from portal.accounts.models import User
from portal.audit.log import record
from portal.base.idempotency import once
from portal.base.uploads import CleanFile

# A clock that goes a little ahead is no note from the future.
CLOCK_SLACK = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class NoteText:
    """What was typed: `happened_at` with its zone, `minutes` of work."""

    kind: str
    happened_at: dt.datetime
    minutes: int
    text: str
    audience: str = CaseNote.Audience.TEAM
    place: str = ""
    with_whom: str = ""
    files: Sequence[CleanFile] = field(default_factory=tuple)


@transaction.atomic
def add_case_note(
    case: Case,
    note: NoteText,
    *,
    by: User,
    key: uuid.UUID,
    corrects: CaseNote | None = None,
) -> CaseNote:
    """Write a note; the same `key` twice, or ten times at once, writes one note and one entry.

    A repeat returns the note that was written first, whatever it says now. `corrects` is a note
    that `by` wrote. Raises PermissionDenied, ValidationError with the field.
    """
    day = timezone.localdate()
    if not CasePolicy.allows(by, "note", case, day):
        raise PermissionDenied
    # A key belongs to one case: sent to another case it is another note.
    with once(key, purpose=f"case_note_add {case.pk}", by=str(by.pk)) as attempt:
        if attempt.is_first:
            attempt.result = str(_write(case, note, by, day, corrects).pk)
    return CaseNote.objects.get(pk=attempt.result)


def _write(
    case: Case, note: NoteText, by: User, day: dt.date, corrects: CaseNote | None
) -> CaseNote:
    if note.happened_at > timezone.now() + CLOCK_SLACK:
        raise ValidationError({"happened_at": _("A note cannot be about what has not been yet.")})
    if corrects is not None:
        _check_correction(case, note, by, day, corrects)
    member = membership_of(by, case, day)
    if member is None:
        raise PermissionDenied
    written = CaseNote.objects.create(
        case=case,
        kind=note.kind,
        happened_at=note.happened_at,
        minutes=note.minutes,
        place=note.place,
        with_whom=note.with_whom,
        text=note.text,
        audience=note.audience,
        author=by,
        position=member.position,
        corrects=corrects,
    )
    stored: list[CaseNoteFile] = []
    try:
        for one in note.files:
            stored.append(
                CaseNoteFile.objects.create(
                    note=written,
                    # The storage gives a name of its own; what it was called stands encrypted.
                    file=File(one.content, name="file"),
                    name=one.name,
                    content_type=one.content_type,
                    size=one.size,
                )
            )
        code = "case_note_correct" if corrects else "case_note_add"
        record(acting_as(by, member), about(case), actioncode=code)
    except BaseException:
        # The rows go with the transaction; the files on the disk would stay.
        for row in stored:
            row.file.delete(save=False)
        raise
    return written


def _check_correction(
    case: Case, note: NoteText, by: User, day: dt.date, corrects: CaseNote
) -> None:
    readable = readable_notes(by, case, sight_on(by, case, day))
    # Held until the commit: of two corrections at once the second finds the first.
    first = readable.select_for_update().filter(pk=corrects.pk, author_id=by.pk).first()
    if first is None:
        raise PermissionDenied
    if CaseNote.objects.filter(corrects=first).exists():
        raise ValidationError(_("This note has been corrected already."))
    if first.audience == CaseNote.Audience.TEAM and note.audience != CaseNote.Audience.TEAM:
        raise ValidationError(
            {"audience": _("Whoever could read the first note must be able to read the new one.")}
        )
