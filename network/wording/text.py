"""Text as it reads: no odd spaces, no hidden signs, no look-alike letters of other scripts."""

import re
import unicodedata
from collections.abc import Iterable

from portal.search.analysis import fold

LETTER = r"[^\W\d_]"
WORD = re.compile(rf"{LETTER}+")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_QUOTES = dict.fromkeys(map(ord, "'\u2019\u2018\u00b4`"), "")
# Cyrillic and Greek letters that look like Latin ones; a word of one script alone is spelled out.
LOOKS = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u043a\u043c\u0442\u043d\u0432"
    "\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba",
    "aeopcyxijskmthbaopvik",
)
# How Cyrillic letters sound; those not named here have no sound of their own.
_SOUNDS = dict(zip("абвгдезиклмнопрстуфыэё", "abvgdeziklmnoprstufõeo", strict=True)) | {
    "ж": "ž", "й": "i", "х": "h", "ц": "ts", "ч": "tš", "ш": "š", "щ": "štš",
    "ъ": "", "ь": "", "ю": "ju", "я": "ja",
}  # fmt: skip


def legible(text: str) -> str:
    """`text` with plain letters, spaces and hyphens, and nothing that cannot be seen."""
    composed = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    seen = "".join(
        str(unicodedata.digit(sign)) if sign.isdecimal() else sign
        for sign in composed
        if sign in "\n\t" or unicodedata.category(sign) not in {"Cf", "Cc", "Mn"}
    )
    spaced = re.sub(r"[^\S\n]", " ", seen.translate(_HYPHENS))
    return WORD.sub(lambda match: _one_script(match.group()), spaced)


def _one_script(word: str) -> str:
    """A word that mixes scripts, with its look-alike letters turned into Latin ones."""
    is_latin = any("a" <= sign <= "z" for sign in fold(word.lower()))
    if not is_latin or word.isascii():
        return word
    return "".join(
        looks.upper() if sign.isupper() else looks
        for sign, looks in ((sign, sign.lower().translate(LOOKS)) for sign in word)
    )


def latin(small: str) -> str:
    """A word in Cyrillic as it sounds, or as it looks where that gives a word."""
    if not any("а" <= sign <= "ё" for sign in small):
        return small
    return "".join(_SOUNDS.get(sign, sign) for sign in small)


def matches(pattern: re.Pattern[str], text: str) -> list[str]:
    """Everything in `text` that `pattern` finds."""
    return [match.group().strip() for match in pattern.finditer(text)]


def unique(found: Iterable[str]) -> list[str]:
    """`found` in its order, each once."""
    return list(dict.fromkeys(found))
