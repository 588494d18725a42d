"""Somebody with everything in every place, each text with a canary of its own."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from network.cases.models import BreakGlass, Case, CaseGap, CaseNote, CaseNoteFile, Person
from network.cases.models.person import code_hash
from network.models import Gap
from portal.access.roles import Role
from tests.cases.factories import Net, Worker, invite, join, open_case_of, write_note

CODES = ("60001019906", "37605030299")


@dataclass
class Somebody:
    """A person with one case: what was written, by whom, and the words that must not be found."""

    word: str
    case: Case
    anu: Worker
    tiit: Worker
    canaries: set[str] = field(default_factory=set)
    files: list[Any] = field(default_factory=list)

    @property
    def person(self) -> Person:
        return self.case.person


def somebody(net: Net, word: str, code: str = CODES[0]) -> Somebody:
    """A case with everything a case may have; all texts hold `word` and their place."""
    anu, tiit = net.worker(Role.BASE_SUPPORT), net.worker(Role.ADDITIONAL_SUPPORT)
    case = open_case_of(
        anu,
        first_name=f"{word}eesnimi",
        last_name=f"{word}perenimi",
        personal_code=code,
        phone=f"{word}5123",
        email=f"{word}@naidis.example".lower(),
        address=f"{word}tänav 1",
        text=f"{word}märkamine",
    )
    made = Somebody(word, case, anu, tiit)
    member = join(case, tiit, by=anu, task=f"{word}ülesanne")
    invite(case, net.worker(Role.ADDITIONAL_SUPPORT), by=anu, task=f"{word}kutse")
    first = write_note(
        case, by=anu, text=f"{word}märge", place=f"{word}koht", with_whom=f"{word}kellega"
    )
    second = write_note(case, by=anu, text=f"{word}parandus")
    CaseNote.objects.filter(pk=second.pk).update(corrects=first)
    write_note(case, by=tiit, text=f"{word}tiidu märge")
    file = CaseNoteFile.objects.create(
        note=first,
        file=ContentFile(f"{word}faili sisu".encode(), name="x"),
        name=f"{word}fail.txt",
        content_type="text/plain",
        size=20,
    )
    made.files.append(file.file.path)
    outsider = net.worker(Role.BASE_SUPPORT)
    now = timezone.now()
    BreakGlass.objects.create(
        case=case,
        user=outsider.user,
        position=outsider.position,
        reason=f"{word}erakorraline põhjus",
        started_at=now,
        ends_at=now + dt.timedelta(minutes=30),
    )
    gap = Gap.objects.create(
        region=net.region,
        municipality=net.municipality,
        kind=Gap.Kind.MISSING,
        text="Buss ei käi õhtul.",
        month=timezone.localdate().replace(day=1),
    )
    CaseGap.objects.create(case=case, gap=gap, noted_by=anu.user)
    assert member.task
    assert made.person.personal_code_hash == code_hash(code)
    made.canaries = {word, code}
    return made


def close(case: Case, day: dt.date) -> None:
    """The case is closed since `day`."""
    Case.objects.filter(pk=case.pk).update(state=Case.State.CLOSED, closed_on=day)


def new_key() -> uuid.UUID:
    return uuid.uuid4()
