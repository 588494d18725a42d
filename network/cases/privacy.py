"""Whose data cases hold: the person's (portal/base/personal.py).

The person's copy has everything about them. Whoever wrote is an organisation and a role there;
third people stand as they were written. A worker's copy says that they wrote and when, never what:
the words are about somebody else.
"""

import datetime as dt
import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.cases import models
from network.models import Position
from portal.access.roles import Role
from portal.base import personal, retention
from portal.base.personal import Column, Keep, Path, Subject

THEIR_WORDS = Keep("the case is the person's; its writer is nobody's id from now on")


def register() -> None:
    """Called once, when the app is ready. In the order of erasure: who points comes first."""
    personal.declare(
        models.CaseNoteFile,
        _("Files of notes"),
        person=Path(
            lambda subject: models.CaseNoteFile.objects.filter(
                note__case_id__in=subject.cases
            ).order_by("created_at"),
            show=(
                Column("created_at", _("added")),
                "name",
                Column("content_type", _("kind of file")),
                "size",
            ),
            files=("file",),
        ),
    )
    personal.declare(
        models.CaseNote,
        _("Notes"),
        person=Path(
            of_cases(models.CaseNote, "happened_at"),
            show=(
                "happened_at",
                "kind",
                "minutes",
                "place",
                "with_whom",
                "text",
                WRITTEN_BY,
                "created_at",
                Column("corrects", _("corrects the note of"), _corrected),
            ),
            erase=_delete_notes,
        ),
        worker=Path(
            personal.by_account(models.CaseNote, "author"),
            show=("created_at", "kind", "minutes", WRITTEN_BY),
            erase=THEIR_WORDS,
        ),
        excepted={"audience": "who in the team reads it, not about the person"},
    )
    personal.declare(
        models.CaseGap,
        _("What the region was told is missing, without naming anybody"),
        person=Path(
            lambda subject: models.CaseGap.objects.filter(case_id__in=subject.cases).select_related(
                "gap__component", "gap__domain"
            ),
            show=(
                "noted_at",
                Column("kind", _("what is the matter"), lambda row: row.gap.get_kind_display()),
                Column("about", _("about"), lambda row: str(row.gap.subject or "")),
                Column("text", _("in a few words"), lambda row: row.gap.text),
            ),
        ),
        worker=Path(
            personal.by_account(models.CaseGap, "noted_by"),
            show=("noted_at",),
            erase=THEIR_WORDS,
        ),
    )
    personal.declare(
        models.CaseLink,
        _("One-time links to who has looked"),
        person=Path(
            of_cases(models.CaseLink, "made_at"),
            show=("made_at", "purpose", "language", "email", "expires_at", "used_at", "ended_at"),
        ),
        worker=Path(
            personal.by_account(models.CaseLink, "made_by"),
            show=("made_at",),
            erase=THEIR_WORDS,
        ),
        excepted={"token_hash": "a hash of the link"},
    )
    _of_access()
    personal.declare(
        models.Case,
        _("The case"),
        person=Path(
            lambda subject: models.Case.objects.filter(pk__in=subject.cases),
            show=(
                "number",
                "state",
                "noticed_on",
                "noticed_how",
                "noticing",
                Column("municipality", _("municipality"), lambda row: row.municipality.name),
                Column("region", _("region"), lambda row: row.region.name),
                "next_review",
                "opened_at",
                "closed_on",
            ),
        ),
    )
    personal.declare(
        models.Person,
        _("The person"),
        person=Path(
            lambda subject: models.Person.objects.filter(pk__in=subject.ids),
            show=(
                "first_name",
                "last_name",
                "personal_code",
                "phone",
                "email",
                "address",
                Column("municipality", _("municipality"), lambda row: row.municipality.name),
            ),
            erase=lambda subject, rows: personal.delete(subject, rows) if subject.is_whole else 0,
        ),
        excepted={
            "last_name_hash": "finds the row; tells nothing",
            "personal_code_hash": "finds the row; tells nothing",
        },
    )
    personal.register_finder("case", find_case)
    personal.register_finder("person", find_person)
    personal.before_erasing(personal.PERSON, _hold)
    retention.register(
        retention.Kind(
            "cases.case",
            _("Cases, with the person, notes and files"),
            _("the case was closed"),
            due=closed_before,
            subject=lambda pk: find_case(str(pk)),
        )
    )
    retention.register(
        retention.Kind(
            "cases.link",
            _("One-time links for the person, used or too old"),
            _("the link was opened, taken back or became too old"),
            due=_ended_links,
            act=retention.delete_rows,
        )
    )


def _of_access() -> None:
    """Who may see a case, and who looked in an emergency."""
    personal.declare(
        models.BreakGlass,
        _("Looks in an emergency"),
        person=Path(
            of_cases(models.BreakGlass, "started_at"),
            show=(
                "started_at",
                "ends_at",
                "reason",
                Column("by", _("who"), lambda row: seat_in_words(row.position, "")),
                "verdict",
                "verdict_text",
            ),
        ),
        worker=Path(
            personal.by_account(models.BreakGlass),
            show=("started_at", "ends_at", "verdict", "verdict_text"),
            erase=THEIR_WORDS,
        ),
    )
    personal.declare(
        models.CaseListing,
        _("Lists of cases"),
        person=Path(of_cases(models.CaseListing, "pk")),
        worker=Path(personal.by_account(models.CaseListing)),
        excepted={
            "number": "repeats the case",
            "state": "repeats the case",
        },
    )
    personal.declare(
        models.CaseGrant,
        _("Rights to see the case"),
        person=Path(of_cases(models.CaseGrant, "pk", "content_object")),
        worker=Path(personal.by_account(models.CaseGrant)),
    )
    personal.declare(
        models.TeamMember,
        _("The team"),
        person=Path(
            of_cases(models.TeamMember, "invited_at"),
            show=(
                Column("who", _("who"), lambda row: seat_in_words(row.position, row.role)),
                "task",
                "state",
                Column("parts", _("what it sees"), _parts),
                "valid_from",
                "valid_until",
            ),
        ),
        worker=Path(
            personal.by_account(models.TeamMember, "answered_by"),
            show=("answered_at", "state", "role"),
            erase=THEIR_WORDS,
        ),
    )


def of_cases(model: type[Any], order: str, column: str = "case") -> personal.Rows:
    """The rows of `model` that hang on the cases meant, in their order."""
    return lambda subject: model._base_manager.filter(
        **{f"{column}_id__in": subject.cases}
    ).order_by(order)


def seat_in_words(position: Position, role: str) -> str:
    """Who, as the person's copy says it: organisation and role, without a worker's name."""
    role = role or position.role
    return f"{position.organisation.name}, {Role(role).label}"


WRITTEN_BY = Column("position", _("written by"), lambda row: seat_in_words(row.position, ""))


def _corrected(note: models.CaseNote) -> dt.datetime | None:
    return note.corrects.happened_at if note.corrects else None


def _parts(member: models.TeamMember) -> str:
    words = dict(models.TeamMember.Part.choices)
    return ", ".join(str(words.get(part, part)) for part in member.parts)


def _delete_notes(subject: Subject, rows: QuerySet[Any]) -> int:
    # A correction points at its note, and neither goes before the other.
    rows.order_by().filter(corrects__isnull=False).update(corrects=None)
    return personal.delete(subject, rows)


def _hold(subject: Subject) -> None:
    """Whoever writes into the case meanwhile comes before or after, never between."""
    rows = models.Case.objects.select_for_update().filter(pk__in=subject.cases)
    list(rows.order_by("pk").values_list("pk", flat=True))


def find_case(value: str) -> Subject | None:
    """The person of one case, by its number or id; other cases of theirs are not meant."""
    cases = models.Case.objects.defer("noticing")
    try:
        case = cases.filter(pk=uuid.UUID(value)).first()
    except ValueError:
        case = cases.filter(number=value.strip().upper()).first()
    return _subject([case]) if case else None


def find_person(value: str) -> Subject | None:
    """The person with this id, and all cases about them."""
    try:
        person = models.Person.objects.filter(pk=uuid.UUID(value)).first()
    except ValueError:
        person = None
    return _subject(list(person.cases.defer("noticing")), person) if person else None


def _subject(cases: list[models.Case], person: models.Person | None = None) -> Subject:
    person = person or cases[0].person
    ids = {case.pk for case in cases}
    others = models.Case.objects.filter(person=person).exclude(pk__in=ids)
    obstacles = [
        _("Case %(number)s is not closed.") % {"number": case.number}
        for case in cases
        if case.state != models.Case.State.CLOSED
    ]
    traces = (person.name, person.last_name, person.first_name, person.personal_code or "")
    return Subject(
        personal.PERSON,
        frozenset({str(person.pk)}),
        cases=frozenset(str(pk) for pk in ids),
        numbers=tuple(sorted(case.number for case in cases)),
        is_whole=not others.exists(),
        obstacles=tuple(obstacles),
        traces=tuple(filter(None, (*traces, person.phone, person.email))),
    )


def same_code(subject: Subject) -> list[uuid.UUID]:
    """Other people rows with the same personal code: other teams know the same person."""
    rows = models.Person.objects.filter(pk__in=subject.ids, personal_code_hash__isnull=False)
    hashes = rows.values("personal_code_hash")
    found = models.Person.objects.filter(personal_code_hash__in=hashes)
    return list(found.exclude(pk__in=subject.ids).values_list("pk", flat=True))


def _ended_links(cut: dt.datetime) -> QuerySet[Any]:
    ended = Q(used_at__lt=cut) | Q(ended_at__lt=cut) | Q(expires_at__lt=cut)
    return models.CaseLink.objects.filter(ended).defer("email")


def closed_before(cut: dt.datetime) -> QuerySet[Any]:
    """Cases closed before the day of `cut`."""
    day = timezone.localdate(cut)
    cases = models.Case.objects.filter(state=models.Case.State.CLOSED, closed_on__lt=day)
    return cases.defer("noticing").order_by("closed_on", "number")
