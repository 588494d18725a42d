"""Words beside a price, in columns that are not read: do they say that it is for something else?

“Nädalavahetusel ja pühadel”, “hind kogu grupi eest”, “45 min”: nothing is concluded from them, the
reader is asked.
"""

import re
from collections.abc import Iterable

from catalogue.importer.units import EVERY, FREE, LATE, OTHER, WORKDAY, clean, timed, unit_stated

# In a longer text only what is said of a price counts.
SHORT = 80
SENTENCES = re.compile(r"(?<=[^\d\s]{2})[.;!]\s+|\n+|;\s*")
OF_A_PRICE = re.compile(r"(?<!\w)(?:hin[dn]|maksumus|tasu(?!ta)|price|цен|стоимост)")
# “Nädalavahetusel +50 %”, “öösel 60 €”, “v.a öösel”: paid besides, or nothing is given then.
BESIDES = re.compile(
    r"\d\s*(?:€|eur)|"
    r"lisan[db]|lisatasu|lisaks|%|\+|kalli|topelt|(?<!\w)v\.?\s?a(?!\w)|välja arvatud|"
    r"(?<!\w)ei (?:osuta|paku|toimu|ole|tööta)|surcharge|except"
)
VISIT = re.compile(r"vastuvõt|(?<!\w)(?:visii[dt]|külastus|seans|sessioon|visit|session)")
WHOLE_GROUP = re.compile(
    r"(?<!\w)(?:kogu|terve)\s+(?:grup|rühm)|(?:grupi|rühma)\w*\s+(?:eest|kohta)(?!\w)|"
    r"hind\w*\s+(?:grupi|rühma)(?:le|lt)?(?!\w)|whole group"
)


def remark_of_name(name: str) -> str:
    """“Psühholoogi vastuvõtt”: a name that calls the thing a visit; "" if it does not."""
    return name if VISIT.search(clean(name)) else ""


def remark_in(texts: Iterable[str]) -> str:
    """The first of `texts` that speaks of other days, another unit or a whole group; "" if none."""
    return next((" ".join(text.split()) for text in texts if _is_doubtful(text)), "")


def _is_doubtful(text: str) -> bool:
    is_short = len(text) <= SHORT
    if is_short and _is_unit(clean(text)):
        return True
    said = map(clean, SENTENCES.split(text))
    return any(_speaks(one) for one in said if is_short or OF_A_PRICE.search(one))


def _is_unit(said: str) -> bool:
    """“45 min”, “kord”: nothing but a unit; hours of a month are no unit of a price."""
    return bool(OTHER.fullmatch(said)) or (timed(said) == said and "min" in said)


def _speaks(said: str) -> bool:
    if WHOLE_GROUP.search(said) or unit_stated(said).is_other:
        return True
    is_other_day = bool(FREE.search(said) or LATE.search(said))
    return is_other_day and not any(one.search(said) for one in (WORKDAY, EVERY, BESIDES))
