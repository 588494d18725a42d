"""Numbers by which somebody is found: codes, phones, addresses of mail and home, days."""

import datetime as dt
import re
from collections.abc import Iterable

from stdnum.ee import ik

from network.wording.text import LETTER, legible, matches, unique
from portal.base.typed_days import NoSuchDay, read_day

# As in a case number (network.cases): no signs that are mistaken for each other.
_SIGN = "[2-9A-HJ-NP-Z]"
_MONTH = r"(?:jaan|veebr|märts|apr|mai|juun|juul|aug|sept|okt|nov|dets)\w*"
_YEAR = r"(?:19|20)\d{2}"

_EMAIL = re.compile(r"[^\s@<>(),;]+@[^\s@<>(),;]+\.\w{2,}")
_CODE = re.compile(r"(?<!\d)[1-8](?:[ -]?\d){10}(?!\d)")
_DAY = re.compile(
    rf"(?<![\d.])(?:\d{{1,2}}[./]\s?\d{{1,2}}[./]\s?(?:19|20)?\d{{2}}"
    rf"|{_YEAR}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}\.\s?{_MONTH}\s+{_YEAR})(?!\d)",
    re.IGNORECASE,
)
_BORN = re.compile(rf"\bsünd\w*\s*:?\s*(?:\d{{1,2}}\.\s?\d{{1,2}}\.\s?)?{_YEAR}\b", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\d.,])(?:(?:\+|00)\d(?:[ -]?\d){7,14}|(?:[3-8]|000)(?:[ -]?\d){4,7})(?!\d)"
)
# What a number may count; then it is no phone.
_COUNTED = re.compile(r"\s*(?:€|%|eur|kroon|inimes|elanik|tund|tunn|h\b|km\b)", re.IGNORECASE)
_CASE = re.compile(rf"(?<![\w-]){_SIGN}{{3}}-{_SIGN}{{3}}(?![\w-])")
# Typed small, letters alone would also find words.
_CASE_SMALL = re.compile(
    rf"(?<![\w-])(?=[a-z-]*\d){_SIGN}{{3}}-{_SIGN}{{3}}(?![\w-])", re.IGNORECASE
)
_CAPITAL = f"[A-ZÕÄÖÜŠŽ]{LETTER}"
_STREET = (
    "(?:tn|tänav(?:as|al|a)?|pst|puiestee|teel?|mnt|maantee|põik|allee|väljak|plats|"
    "talu|mõis|maja|krt|korter(?:is)?)"
)
_ADDRESS = re.compile(
    rf"{_CAPITAL}+(?:[ -]{LETTER}+)? {_STREET}\.? ?\d+[a-zA-Z]?(?:-\d+)?(?!\w)"
    # "Kase 4-2" or "Kreutzwaldi 34,"; but "Antsla 3 inimest" goes on in small letters, and
    # "Teisipäeviti 16-18" is a time.
    rf"|{_CAPITAL}*[aeiou](?<!ti) \d{{1,3}}[a-zA-Z]?(?:-\d+)?(?!\w|-|[.,:]\d| [a-zõäöü€%])"
)


# A court case, "2-25-1234/7": its first digits look like those of a phone.
_COURT = re.compile(r"(?<![\w-])[1-5]-\d{2}-\d{1,6}(?:/\d{1,4})?(?![\w-])")


def numbers_in(
    text: str, known: Iterable[str] = (), *, days_since: dt.date | None = None
) -> list[str]:
    """Codes, phones, e-mails, case numbers, full days and home addresses in `text`, as typed.

    `known` are numbers that must not stand there however they are spaced; days from `days_since`
    on are nobody's birthday and may stand there.
    """
    seen = legible(text)
    days = [typed for typed in matches(_DAY, seen) if not _is_since(typed, days_since)]
    found = [*_always(seen), *days, *matches(_ADDRESS, seen)]
    return unique([*found, *_known(seen, known)])


def _is_since(typed: str, since: dt.date | None) -> bool:
    try:
        day = read_day(typed.replace("/", "."))
    except NoSuchDay:
        return False
    return since is not None and day is not None and day >= since


def without_court_cases(text: str) -> str:
    """`text` without the numbers of court cases."""
    return _COURT.sub(" ", legible(text))


def office_numbers_in(text: str) -> list[str]:
    """The same without days and addresses, which minutes of a meeting need."""
    return unique(_always(legible(text)))


def _always(seen: str) -> list[str]:
    found = [*matches(_EMAIL, seen), *matches(_CASE, seen), *matches(_CASE_SMALL, seen)]
    found += [*_codes(seen), *matches(_BORN, seen)]
    for part in (*found, *matches(_DAY, seen)):
        seen = seen.replace(part, "_" * len(part))
    phones = [
        match.group().strip()
        for match in _PHONE.finditer(seen)
        if _is_phone(match.group()) and not _COUNTED.match(seen, match.end())
    ]
    return [*found, *phones]


def _codes(seen: str) -> list[str]:
    """Personal codes; a mistyped last digit still tells, a day that never was does not."""
    found = []
    for typed in matches(_CODE, seen):
        try:
            ik.get_birth_date(re.sub(r"\D", "", typed))
        except ValueError:
            continue
        found.append(typed)
    return found


def _is_phone(typed: str) -> bool:
    return typed.startswith(("+", "00")) or len(re.sub(r"\D", "", typed)) in (7, 8)


def _known(seen: str, known: Iterable[str]) -> list[str]:
    """What of `known` stands there with any spaces, points and hyphens in between."""
    found = []
    for value in known:
        signs = [re.escape(sign) for sign in legible(value) if sign.isalnum() or sign == "@"]
        if len(signs) > 4:
            spaced = re.compile(r"(?<!\w)" + r"[\s.-]*".join(signs) + r"(?!\w)", re.IGNORECASE)
            found += matches(spaced, seen)
    return found
