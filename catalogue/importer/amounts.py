"""What stands in a cell of money or of a day: a value, nothing, or why it is neither."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from catalogue.importer.cells import FORMULA, Cell
from catalogue.importer.units import days_of, unit_of
from catalogue.importer.words import FOOTNOTE, NO_PRICE, ON_REQUEST, plain
from portal.base.typed_days import read_day

# An hour that costs more is a typing error, or no hour.
DEAREST = Decimal(1000)
UNIT = re.compile(
    r"€|\beur(o|ot|os)?\b|\beurot?/|/\s*(1\s*)?(h|t|tund|tunnis?|60 ?min)\b\.?|\btunnis\b|"
    r"\b(hind|tunnihind)\b|\b(1\s+)?(tund|tunni)\b",
    re.IGNORECASE,
)
SPACES = "\u00a0\u202f\u2009 "
PLAIN_NUMBER = re.compile(r"[-−–+]?\d+([.,]\d+)?")
THOUSANDS = re.compile(r"\d{1,3}([ \u00a0\u202f\u2009]\d{3})+([.,]\d+)?")
POINTS_AND_COMMA = re.compile(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(,\d{3})+\.\d+")
NUMBERS = re.compile(r"\d+(?:[.,]\d+)?")
ONE_NUMBER = (
    r"[-−–+]?(?:\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*)(?:[.,][-–—])?"
)
EUROS = r"(?:€|eur(?:o|ot|os)?(?!\w)\.?)"
# “20 €/45 min”, “310 € kuu”, “20/45 min”; “45 min – 20 €”.
BEFORE_UNIT = re.compile(
    rf"(?:{EUROS}\s*)?({ONE_NUMBER})\s*(?:{EUROS}\s*([/(,]|per(?!\w))?|([/(]|per(?!\w)))\s*(.+)",
    re.IGNORECASE,
)
# “Tööpäeval”, “E–R”: on these days; a “tööpäev” may be what the price is for.
ON_DAYS = re.compile(r"(?:l|ti)$|^[ETKNRLP]\s*[-–]", re.IGNORECASE)
AFTER_UNIT = re.compile(rf"(.*?[^\W\d_].*?)[\s:=–-]+({ONE_NUMBER})\s*{EUROS}", re.IGNORECASE)


@dataclass(frozen=True)
class Money:
    """`amounts`: one or, where a cell names several, all of them. `problem`: a code of words."""

    amounts: tuple[Decimal, ...] = ()
    problem: str = ""
    # The cell says that there is no price; an empty cell says nothing.
    says_none: bool = False
    # The unit that is not an hour, or the words with which a price is kept back.
    said: str = ""
    is_hour: bool = False

    def __bool__(self) -> bool:
        return bool(self.amounts or self.problem)


NOTHING = Money()


def money_in(cell: Cell) -> Money:
    """What a cell of a price column says."""
    if not cell:
        return NOTHING
    if cell.mark == FORMULA or cell.text.startswith("="):
        return Money(problem="formula")
    if cell.number is not None:
        return _checked(cell.number)
    text = FOOTNOTE.sub(" ", cell.text)
    if not text.strip():
        return NOTHING
    if not NUMBERS.search(text):
        if NO_PRICE.fullmatch(plain(text) or "-"):
            return Money(says_none=True)
        if ON_REQUEST.search(plain(text)):
            return Money(says_none=True, said=" ".join(text.split())[:80])
    if money := _with_unit(" ".join(text.split())):
        return money
    bare = UNIT.sub(" ", text).strip(f"{SPACES}.:\n\t")
    bare = re.sub(r"[.,][-–—]$", "", bare)
    number = number_in(bare)
    if number is not None:
        return _checked(number)
    if re.search(r"\btasuta\b", text, re.IGNORECASE):
        return Money(problem="free")
    if re.search(r"\b(alates|al|kuni|from|до|от)\b", text, re.IGNORECASE) and NUMBERS.search(bare):
        return Money(problem="from_to")
    if re.fullmatch(r"\d+([.,]\d+)?\s*[-–—…]\s*\d+([.,]\d+)?", bare):
        return Money(problem="from_to")
    several = [number_in(part.strip()) for part in re.split(r"\s*[/;\n]\s*", bare) if part.strip()]
    if len(several) > 1 and all(one is not None for one in several):
        checked = [_checked(one) for one in several if one is not None]
        wrong = next((one for one in checked if one.problem), None)
        return wrong or Money(tuple(one.amounts[0] for one in checked))
    return Money(problem="no_amount", said=" ".join(text.split())[:40])


def _with_unit(text: str) -> Money:
    """An amount beside what it is for: one hour is a price, anything else is told by its name."""
    if found := BEFORE_UNIT.fullmatch(text):
        amount, sign, rest = found[1], found[2] or found[3], found[4]
    elif found := AFTER_UNIT.fullmatch(text):
        rest, sign, amount = found[1], "", found[2]
    else:
        return NOTHING
    rest, is_per = rest.strip(" ()"), (sign or "").casefold() in {"/", "per"}
    unit, days = unit_of(rest), days_of(rest)
    is_unit = (unit.is_hour or unit.is_other) and (is_per or rest.casefold() != "km")
    is_workday = days.is_workday and not is_per and bool(ON_DAYS.search(rest))
    if not (is_unit or is_workday or days.is_other):
        return NOTHING
    number = number_in(re.sub(r"[.,][-–—]$", "", amount))
    if number is None:
        return NOTHING
    if unit.is_other:
        return Money(problem="unit", said=unit.said)
    if days.is_other:
        return Money(problem="when", said=days.said)
    return replace(_checked(number), is_hour=unit.is_hour)


def number_in(text: str) -> Decimal | None:
    """“65”, “65,00”, “1 234,50”, “1.234,50”; None if it is something else."""
    text = text.strip()
    if POINTS_AND_COMMA.fullmatch(text):
        last = max(text.rfind(","), text.rfind("."))
        text = re.sub(r"[.,]", "", text[:last]) + "." + text[last + 1 :]
    elif THOUSANDS.fullmatch(text):
        text = re.sub(f"[{SPACES}]", "", text)
    elif not PLAIN_NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(re.sub("[−–]", "-", text).replace(",", "."))
    except InvalidOperation:
        return None


def _checked(number: Decimal) -> Money:
    if number < 0:
        return Money(problem="negative")
    if number == 0:
        return Money((Decimal(0),))
    if number > DEAREST:
        return Money(problem="too_dear")
    if number != number.quantize(Decimal("0.01")):
        return Money(problem="decimals")
    return Money((number.quantize(Decimal("0.01")),))


DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\.?\s?(a|aasta)?\.?(\s\d{1,2}:\d{2}.*)?")
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(T.*|\s.*)?")


def day_in(text: str) -> dt.date | None:
    """“01.01.2025”, “1.1.2025 a.”, “2025-01-01”, “1. jaan 2027”; None where it is no day."""
    text = " ".join(text.split())
    try:
        if found := DAY.fullmatch(text):
            return dt.date(int(found[3]), int(found[2]), int(found[1]))
        if found := ISO_DAY.fullmatch(text):
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
        return read_day(text)
    except ValueError:
        return None


UNTIL = re.compile(r"(?<!\w)(?:kuni|until|до|по)(?!\w)", re.IGNORECASE)
BEGINS = re.compile(r"^(?:kehtib\s+)?(?:alates|from|с)\s+", re.IGNORECASE)
PARTS = re.compile(r"\s*[–—]\s*|\s+-\s+|(?<=\d{4})-(?=\d)|(?<=\.)-(?=\d)")
YEAR = re.compile(r"(20\d\d)(?:\.\s?(?:a|aasta)\w*\.?)?")
NO_YEAR = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.?")


@dataclass(frozen=True)
class Span:
    """From which day on, and which day is the last one; None where the cell does not say it."""

    first: dt.date | None = None
    last: dt.date | None = None


def span_in(text: str) -> Span | None:
    """“01.01.2026”, “1.1.–31.12.2026”, “kuni 31.12.2026”, “2026. a”; None where it is no day."""
    text = BEGINS.sub("", " ".join(text.split()))
    if day := day_in(text):
        return Span(day)
    if year := YEAR.fullmatch(text):
        return Span(dt.date(int(year[1]), 1, 1), dt.date(int(year[1]), 12, 31))
    parts = UNTIL.split(text, 1) if UNTIL.search(text) else PARTS.split(text, 1)
    if len(parts) != 2:
        return None
    last = day_in(parts[1].strip())
    if last is None:
        return None
    begins = parts[0].strip()
    if not begins:
        return Span(None, last)
    first = day_in(f"{begins.rstrip('.')}.{last.year}" if NO_YEAR.fullmatch(begins) else begins)
    return Span(first, last) if first and first <= last else None
