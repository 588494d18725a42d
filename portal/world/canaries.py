"""One word in every text that stands nowhere else: found in the wrong place, it tells whose it is.

A canary is `kanaari` and eight letters, so it passes every check of words and every search. Where
letters cannot stand (a personal code) the value itself is one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import models

from portal.base.fields import EncryptedTextField

WORD = "kanaari"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SIZE = len(LETTERS) ** 8
# Odd and no multiple of 13, so that counting on by it meets every combination once.
STRIDE = 95_467_812_347
PATTERN = re.compile(rf"{WORD}[a-z]{{8}}")
CODE_PATTERN = re.compile(r"\b[56]\d\d[2-9]\d{7}\b")
TEXT_FIELDS = (models.CharField, models.TextField, models.JSONField, models.FileField)

# Fields that hold no text of anybody's, each with the reason.
EXEMPT: dict[str, str] = {
    "cases.Person.last_name_hash": "a keyed hash",
    "cases.Person.personal_code_hash": "a keyed hash",
    "cases.Case.number": "random itself, and unique",
    "cases.CaseListing.number": "the number of the case",
    "cases.CaseListing.state": "one of the states of a case",
    "cases.TeamMember.parts": "a list of choices",
    "cases.CaseNoteFile.file": "a random name; the content of the file has a canary",
    "cases.CaseNoteFile.content_type": "told by the content",
    "cases.CaseLink.token_hash": "a hash",
    "meetings.CalendarFeed.token_hash": "a hash",
    "meetings.Series.rule": "a rule in signs (RFC 5545)",
    "meetings.Series.zone": "the name of a time zone",
    "network.Organisation.slug": "a part of a public address",
    "network.Organisation.registry_code": "eight digits of a public register",
    "network.Region.slug": "a part of an address",
    "network.County.slug": "public reference data",
    "network.County.name": "public reference data",
    "network.County.ehak": "public reference data",
    "network.Municipality.slug": "public reference data",
    "network.Municipality.name": "public reference data",
    "network.Municipality.ehak": "public reference data",
    "network.Municipality.ehak_before": "public reference data",
    "network.Municipality.seat": "public reference data",
    "network.Region.name": "the name of a county, which everybody knows",
    "network.Offer.languages": "codes of languages",
    "network.Gap.decision_number": "the number of a decision",
    "network.ResourceChange.before": "repeats the texts of the resource",
    "network.ResourceChange.after": "repeats the texts of the resource",
    "accounts.User.password": "a hash",
    "accounts.Invitation.token_hash": "a hash",
}


@dataclass(frozen=True)
class Canary:
    """Where a canary stands and which personas may read it there (`*`: everybody)."""

    word: str
    model: str
    field: str
    object: str
    case: str
    sees: tuple[str, ...]


def text_fields(model: type[models.Model]) -> list[Any]:
    """The fields of `model` in which somebody writes: no choices, no hashes, no keys."""
    return list(_text_fields(model))


@lru_cache(maxsize=200)
def _text_fields(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, TEXT_FIELDS)
        and not field.choices
        and f"{model._meta.label}.{field.name}" not in EXEMPT
    )


class Canaries:
    """Draws canaries and remembers where they stand. `offset` comes from the seed."""

    def __init__(self, offset: int, keep: bool = True) -> None:
        self.offset, self.keep = offset, keep
        self.drawn = 0
        self._codes = 0
        self._kept: list[tuple[str, str, str, Any, Any, tuple[str, ...]]] = []

    def draw(self) -> str:
        """A new word."""
        self.drawn += 1
        number = (self.offset + self.drawn * STRIDE) % SIZE
        signs = []
        for _place in range(8):
            number, rest = divmod(number, len(LETTERS))
            signs.append(LETTERS[rest])
        return WORD + "".join(signs)

    def code(self) -> str:
        """A personal code of nobody: eleven digits, but no year has a twentieth month."""
        self._codes += 1
        number = self._codes
        month, number = 20 + number % 80, number // 80
        day, number = number % 100, number // 100
        year, number = number % 100, number // 100
        return f"{5 + number % 2}{year:02}{month}{day:02}{number // 2:04}"

    def fill(
        self, row: models.Model, sees: tuple[str, ...], case: Any = "", only: Iterable[str] = ()
    ) -> None:
        """Give every text of the unsaved `row` (or those of `only`) a canary and remember it."""
        wanted = set(only)
        for field in text_fields(type(row)):
            if not wanted or field.name in wanted:
                self.put(row, field, sees, case)

    def put(self, row: models.Model, field: Any, sees: tuple[str, ...], case: Any = "") -> None:
        value = getattr(row, field.name)
        word = self.draw()
        setattr(row, field.name, with_word(field, value or "", word))
        self.remember(word, row, field.name, sees, case)

    def remember(
        self, word: str, row: models.Model, field: str, sees: tuple[str, ...], case: Any = ""
    ) -> None:
        """`row` may be unsaved: its key is asked for when everything is told."""
        if self.keep:
            self._kept.append((word, row._meta.label, field, row, case, sees))

    def settle(self) -> None:
        """Let go of the rows that have got their keys since: only the keys are needed."""
        self._kept = [
            (word, label, field, str(row.pk) if isinstance(row, models.Model) else row, case, sees)
            for word, label, field, row, case, sees in self._kept
        ]

    def places(self) -> set[tuple[str, str, str]]:
        """Model, field and key of every text whose canary is known."""
        self.settle()
        return {(label, field, str(row)) for _word, label, field, row, _case, _sees in self._kept}

    def __iter__(self) -> Iterator[Canary]:
        self.settle()
        for word, label, field, pk, case, sees in self._kept:
            yield Canary(word, label, field, pk, str(case) if case else "", sees)


def with_word(field: Any, value: str, word: str) -> str:
    """`value` with `word` in it, in the shape that `field` wants."""
    if isinstance(field, models.EmailField) or field.name == "email":
        return f"{word}@kanaari.example"
    if isinstance(field, models.URLField):
        return f"https://{word}.example/"
    if field.max_length and not isinstance(field, EncryptedTextField):
        value = value[: field.max_length - len(word) - 1]
    return f"{value} {word}".strip()


def words_in(value: Any) -> list[str]:
    """The canaries in a value of a field, whatever its type."""
    text = str(value or "")
    return PATTERN.findall(text) + CODE_PATTERN.findall(text)
