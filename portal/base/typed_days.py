"""Days and months as people write them: `24.03.2026`, `1. märts 2027`, `2026-03`, `aprill 26`.

Pure functions. Names of months are known in every language of the portal: an address with one in
it is sent to others.
"""

import datetime as dt
import re
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_ALT

# `oktoobris` and `novembril` lose a vowel of the name.
STEMS = {"oktoobr": 10, "septembr": 9, "novembr": 11, "detsembr": 12}
SHORTEST = 3
_NAMED = re.compile(r"(\d{1,2})\s*[.,]?\s*([^\W\d_]+)\s*[.,]?\s*(\d{4}|\d{2})(?:\s*\.?\s*a)?[.,]?")
_POINTS = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})")
_MONTH = re.compile(r"(\d{1,2})[./](\d{4}|\d{2})")
_NAMED_MONTH = re.compile(r"([^\W\d_]+)\s*[.,]?\s*(\d{4}|\d{2})(?:\s*\.?\s*a)?[.,]?")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class NoSuchDay(ValueError):
    """It is written as a day, but the calendar has none like it."""


@cache
def month_names() -> tuple[tuple[str, int], ...]:
    """The names of the months in every language of the portal, in lower case."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for names in (MONTHS, MONTHS_ALT):
                found += [(str(name).lower(), number) for number, name in names.items()]
    return tuple(found)


def month_of(word: str) -> int | None:
    """The number of a month by its name, its beginning or its case: `sept`, `märtsil`, `may`."""
    word = word.lower()
    found = {
        number
        for name, number in month_names()
        if word.startswith(name) or (len(word) >= SHORTEST and name.startswith(word))
    } | {number for stem, number in STEMS.items() if word.startswith(stem)}
    return found.pop() if len(found) == 1 else None


def read_day(typed: str) -> dt.date | None:
    """The day that is written, None if none is. Raises NoSuchDay for 31.02.2027."""
    typed = typed.strip()
    if named := _NAMED.fullmatch(typed):
        month = month_of(named[2])
        return None if month is None else _day(named[3], str(month), named[1])
    joined = "".join(typed.split()).rstrip(".,").replace(",", ".")
    if points := _POINTS.fullmatch(joined):
        return _day(points[3], points[2], points[1])
    if iso := _ISO.fullmatch(joined):
        return _day(iso[1], iso[2], iso[3])
    return None


def read_month(typed: str) -> dt.date | None:
    """The first day of the month that is written, None if none is. Raises NoSuchDay for 13.2027."""
    typed = typed.strip()
    if named := _NAMED_MONTH.fullmatch(typed):
        month = month_of(named[1])
        return None if month is None else _day(named[2], str(month), "1")
    joined = "".join(typed.split()).rstrip(".,").replace(",", ".")
    if points := _MONTH.fullmatch(joined):
        return _day(points[2], points[1], "1")
    if iso := _ISO_MONTH.fullmatch(joined):
        return _day(iso[1], iso[2], "1")
    return None


def _day(year: str, month: str, day: str) -> dt.date:
    number = int(year)
    if len(year) == 2:
        # As Python and POSIX read two digits.
        number += 1900 if number >= 69 else 2000
    try:
        return dt.date(number, int(month), int(day))
    except ValueError:
        raise NoSuchDay(f"{year}-{month}-{day}") from None
