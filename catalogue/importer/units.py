"""For how long a price is, and on which days: one hour of a workday passes, nothing is converted.

The same words stand in columns of their own, in headings of prices and in the cells of prices.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass

LONGEST = 60
MARKS = re.compile(r"[*†‡⁰¹²³⁴⁵⁶⁷⁸⁹]+")
WORDS = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+")
CURRENCY = frozenset({"eur", "euro", "eurot", "euros", "eurodes", "€", "евро"})
HOUR_WORDS = frozenset(
    {
        *("tund", "tunni", "tunnis", "tundi", "tunnihind", "tunnitasu", "töötund", "kellatund"),
        *("täistund", "h", "t", "hour", "hours", "hourly", "час", "часа", "ч"),
    }
)
# What may stand beside an hour without making it anything else.
FILLERS = CURRENCY | {
    *("1", "üks", "ühe", "in", "inimene", "inimese", "inimesele", "isik", "isiku", "isikule"),
    *("osaleja", "osalejale", "klient", "kliendi", "kliendile", "kohta", "eest", "per", "an"),
    *("astronoomiline", "astronoomilise", "hind", "hinna", "one", "за", "один"),
}
HOUR_OF_MINUTES = re.compile(r"(?<![\d.,])60\s*(?:min(?:ut\w*)?|мин\w*)(?!\w)\.?")
ONE = re.compile(r"(?<![\d.,])1[.,]0+(?![\d])")
TIMED = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.,]\d+)?)\s*(?:-|–)?\s*(min(?:ut\w*)?|h|t|tun[dn]\w*|мин\w*|час\w*)(?!\w)"
)
OTHER = re.compile(
    r"(?<!\w)(?:"
    r"(?:akadeemili\w+|ak(?:ad)?)\.?\s*(?:tun[dn]\w*|h|t)|a/t|"
    r"(?:õppe|kooli|loengu|paaris|akadeemilise|kontakt|veerand|pool)tun[dn]\w*|pool(?:e|t)?\s+tun[dn]\w*|"
    r"öö|öö\s*päev\w*|päev|päeva|päevas|päeva(?:hind|tasu|maksumus)\w*|"
    r"kuu|kuus|kuu(?:hind|tasu|maksumus)\w*|nädal|nädala|nädalas|nädala(?:hind|tasu)\w*|"
    r"aastas|aasta(?:hind|tasu)\w*|aasta kohta|"
    r"kord|korra|korda|korra(?:hind|tasu)\w*|ühekordne|ühekordse|"
    r"seans\w*|sessioon\w*|visii[dt]\w*|külastus\w*|kohtumi[ns]e\w*|vastuvõt\w*|konsultatsioon|"
    r"pake(?:t|tt|ti)(?:hind\w*)?|tük[ki]|tk|komplekt\w*|sõidukilomee\w+|kilomee\w+|"
    r"day|daily|24/7|month|monthly|week|weekly|session|visit|night|"
    r"сутки|сутк\w+|день|месяц\w*|недел\w+|раз|сеанс\w*|визит\w*"
    r")(?!\w)"
)
HOUR_IN_HEADING = re.compile(
    r"(?<!\w)(?:tund|tunni|tunnis|tunni(?:hind|tasu|maksumus)\w*|hour\w*|час\w*)(?!\w)|"
    r"(?<!\w)(?:1\s*)?h(?!\w)|/\s*(?:1\s*)?t(?!\w)"
)
# Only whole cells: in a heading “km” is VAT.
WHOLE_OTHER = frozenset(
    {"km", "min", "minut", "minutit", "inimene", "in", "isik", "osaleja", "grupp", "aasta"}
)
DURATION = re.compile(r"kestus|kestvus|pikkus|duration|длительн")


@dataclass(frozen=True)
class Unit:
    """What a price is for: `said` as written; empty where nothing is said."""

    said: str = ""
    is_hour: bool = False
    # Other than an hour, and one that is known.
    is_other: bool = False

    def __bool__(self) -> bool:
        return bool(self.said)


SILENT = Unit()


def clean(text: str) -> str:
    """Lower case, one space, no footnote marks; numbers in front stay, “1.5 h” is no list."""
    text = unicodedata.normalize("NFC", MARKS.sub(" ", text)).casefold()
    return " ".join(text.replace("\u00ad", "").split()).strip(" .:;,-–—")


def timed(said: str) -> str:
    """The first span of time that is not one hour, as written."""
    for found in TIMED.finditer(said):
        number, word = found[1].replace(",", "."), found[2]
        is_minutes = word.startswith(("min", "мин"))
        if float(number) != (60 if is_minutes else 1):
            return found[0]
    return ""


@functools.lru_cache(maxsize=4096)
def unit_of(text: str, heading: str = "") -> Unit:
    """What a cell says that a price is for; `heading` tells what a bare number counts."""
    shown = " ".join(text.split())[:LONGEST]
    said = clean(text)
    if re.fullmatch(r"\d+(?:[.,]\d+)?", said) and (word := _counted(heading)):
        said = f"{said} {word}"
        shown = f"{shown} {word}"
    said = said.removeprefix("/").strip()
    if re.fullmatch(r"0?1:00(:00)?", said):
        return Unit(shown, is_hour=True)
    if timed(said):
        return Unit(shown, is_other=True)
    words = WORDS.findall(ONE.sub("1", HOUR_OF_MINUTES.sub(" tund ", said)))
    if not words or set(words) <= CURRENCY:
        return SILENT
    if OTHER.search(said) or said in WHOLE_OTHER:
        return Unit(shown, is_other=True)
    has_hour = not HOUR_WORDS.isdisjoint(words)
    if has_hour and set(words) <= HOUR_WORDS | FILLERS:
        return Unit(shown, is_hour=True)
    return Unit(shown)


def _counted(heading: str) -> str:
    """“min” or “h” where a heading such as “Kestus (min)” says what its numbers count."""
    said = clean(heading)
    if re.search(r"(?<!\w)min(?:ut\w*)?(?!\w)", said):
        return "min"
    return "h" if re.search(r"(?<!\w)(?:h|tun[dn]\w*)(?!\w)", said) else ""


@functools.lru_cache(maxsize=4096)
def unit_in_heading(text: str) -> Unit:
    """What the heading of a price says that it is for: “Hind €/tund”, “Kuutasu”, “hind (kord)”."""
    said = clean(text)
    found = OTHER.search(said)
    if other := timed(said) or (found[0] if found else ""):
        return Unit(other, is_other=True)
    if re.search(r"€\s*/\s*km(?![\w-])", said):
        return Unit("km", is_other=True)
    if HOUR_OF_MINUTES.search(said) or HOUR_IN_HEADING.search(said):
        return Unit("tund", is_hour=True)
    return SILENT


@functools.lru_cache(maxsize=4096)
def unit_within(text: str) -> str:
    """A unit that is not an hour beside a name: “(45 min)”, “, ööpäev”, “/ kord” at its end."""
    said = clean(text)
    if span := timed(said):
        return span
    ends = re.findall(r"\(([^()]*)\)", said) + re.split(r"[,/]|\s[–-]\s", said)[1:]
    for end in ends:
        unit = unit_of(end.strip(" ()"))
        if unit.is_other and OTHER.fullmatch(end.strip(" ()")):
            return unit.said
    return ""


# A sentence above the prices: “Hinnad on ühe kuu kohta”.
STATED = re.compile(
    r"(?<!\w)(?:hin[dn]\w*|maksumus\w*|tasu\w*)[^.;]{0,40}?(?<!\w)(.{1,25}?) "
    r"(?:kohta|eest)(?!\w)"
)


def unit_stated(text: str) -> Unit:
    """What a line of words between or above the prices says that they are for."""
    found = STATED.search(clean(text))
    words = found[1].split() if found else []
    for start in range(len(words)):
        said = " ".join(words[start:])
        if OTHER.fullmatch(said) or timed(said) == said:
            return Unit(said, is_other=True)
        if unit_of(said).is_hour:
            return Unit(said, is_hour=True)
    return SILENT


# --- Days --------------------------------------------------------------------------------------

EVERY = re.compile(
    r"iga\s?päev(?!ae)|igapäevas|kõi(?:k|gil|kidel) päev|kogu aeg|ööpäev\w* läbi|ööpäevaringse|"
    r"24/7|(?<!\w)e\s*(?:-|–|kuni)\s*p(?!\w)|every day|any day|daily|all days|ежедневно|каждый день"
)
WORKDAY = re.compile(
    r"töö\s?päev|argi\s?päev|tava\s?päev|nädala\s?sees|tööaeg|tööaja|"
    r"(?<!\w)e\s*(?:-|–|kuni)\s*[rl](?!\w)|(?:esmas|teisi|kolma|nelja)päev|(?<!\w)reede|"
    r"workday|working day|weekday|рабоч|будн"
)
LATE = re.compile(r"(?<!\w)õhtu|(?<!\w)öö(?!päev)|(?<!\w)öine|evening|night|ноч|вечер")
FREE = re.compile(
    r"nädala\s?vahetus|nädala\s?lõp|puhke\s?päev|(?<!\w)püha|riigi\s?püha|lau\s?päev|"
    r"(?<!\w)n/?v(?!\w)|(?<!\w)l\s*(?:-|–|,|/|ja)\s*p(?!\w)|weekend|holiday|saturday|sunday|"
    r"выходн|праздн"
)
# “E”, “L, P”: letters of days and nothing else.
LETTERS = re.compile(r"[etknrlp](?:\s*[-–,/]\s*[etknrlp])*")
CLOCK = re.compile(
    r"(?:kella?|kl)?\.?\s*(\d{1,2})(?:[.:]\d{2})?\s*(?:-|–|kuni)\s*(\d{1,2})(?:[.:]\d{2})?"
)
# Between these hours it is day; what is not is evening or night.
MORNING, EVENING = 6, 19


@dataclass(frozen=True)
class Days:
    """On which days a price holds: `is_workday` also for every day; both false: not understood."""

    said: str = ""
    is_workday: bool = False
    is_other: bool = False

    def __bool__(self) -> bool:
        return bool(self.said)


@functools.lru_cache(maxsize=4096)
def days_of(text: str) -> Days:
    """What a cell of days says; false for an empty one."""
    whole = clean(text)
    shown = " ".join(text.split())[:LONGEST]
    if not whole:
        return Days()
    said = re.sub(r"(?:(?<!\w)v\.?\s?a(?!\w)|välja arvatud|except).*", " ", CLOCK.sub(" ", whole))
    said = said.strip(" .:;,-–—")
    if EVERY.search(said):
        return Days(shown, is_workday=True)
    if LATE.search(said) or not _is_daytime(whole):
        return Days(shown, is_other=True)
    if WORKDAY.search(said) or not said:
        return Days(shown, is_workday=True)
    if LETTERS.fullmatch(said):
        return Days(shown, is_workday=said[0] not in "lp", is_other=said[0] in "lp")
    return Days(shown, is_other=bool(FREE.search(said)))


def _is_daytime(said: str) -> bool:
    """Do the hours that are named, if any, lie in the day, or make all of it?"""
    spans = [(int(found[1]), int(found[2])) for found in CLOCK.finditer(said)]
    day = [MORNING <= first < last <= EVENING or (first, last) == (0, 24) for first, last in spans]
    return any(day) or not day


@functools.lru_cache(maxsize=4096)
def days_in_heading(text: str) -> Days:
    """Days in the heading of a price, in whole words: “Hind nädalavahetusel”."""
    said = clean(text)
    late = re.search(
        r"(?<!\w)(?:õhtul|õhtune|öösel|öine|öötun\w+|nädalavahetus\w*|puhkepäev\w*|"
        r"(?:riigi)?püha(?:l|del|päev\w*)?|laupäev\w*|weekends?|holidays?)(?!\w)",
        said,
    )
    if late and not (
        WORKDAY.search(re.sub(r"(?<!\w)[a-zõäöü](?!\w)", " ", said)) or EVERY.search(said)
    ):
        return Days(late[0], is_other=True)
    return Days()


def days_stated(text: str) -> Days | None:
    """On which days the prices below hold, by a line such as “Hinnad nädalavahetusel”."""
    said = clean(text)
    if len(said) > LONGEST or not re.search(r"(?<!\w)hin[dn]|hinnad|hinnakiri", said):
        return None
    if re.search(r"lisand|%|kord(?:ne|selt)|\d", said):
        return None
    if days := days_in_heading(said):
        return days
    return Days() if WORKDAY.search(said) or EVERY.search(said) else None
