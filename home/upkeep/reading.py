"""How hard a text is to read: sentence length, long words, and LIX.

LIX (läsbarhetsindex, C.-H. Björnsson 1968) = words per sentence + the share of words longer than
six letters in per cent. Estonian words are long, so our texts stand higher than Swedish ones; what
counts is that a page does not grow harder. The editor's field counts by the same rules while one
writes (portal/static/portal/js/cms-reading.js).
"""

import html
import re
from dataclasses import dataclass
from typing import Any

from django.utils.html import strip_tags
from wagtail.fields import RichTextField

# (words in a sentence, letters in a word): more than this is told to the editor.
USUAL = (15, 14)
PLAIN = (10, 12)
LIX_LETTERS = 6
# Up to the first an Estonian text is easy, above the second hard: Björnsson's 40 and 50, moved.
LIX_EASY, LIX_HARD = 45, 55
ABBREVIATIONS = ("ca", "jm", "jms", "jne", "jt", "lk", "nr", "nt", "sh", "st", "tel", "u", "vt")

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# After a number or an abbreviation a full stop ends nothing: "1. jaanuar", "nt. nõu".
_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_STANDS_ON = re.compile(rf"(?:^|\W)(?:\d+|{'|'.join(ABBREVIATIONS)})\.$", re.IGNORECASE)
_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|div)>|<br\s*/?>", re.IGNORECASE)


@dataclass(frozen=True)
class Measure:
    """What was counted in one text; both lists hold each thing once, in the order of the text."""

    words: int
    sentences: int
    long_sentences: tuple[str, ...]
    hard_words: tuple[str, ...]
    lix: int


def text_of(stored: str) -> str:
    """The words of a stored text, each paragraph on a line of its own."""
    return html.unescape(strip_tags(_BLOCK_END.sub("\n", stored))).replace("\xa0", " ")


def sentences_of(text: str) -> list[str]:
    """The sentences of `text`; a line ends one."""
    found: list[str] = []
    for line in text.splitlines():
        before = ""
        for part in _END.split(line.strip()):
            whole = f"{before} {part}".strip()
            if _STANDS_ON.search(whole):
                before = whole
                continue
            before = ""
            if _WORD.search(whole):
                found.append(whole)
        if _WORD.search(before):
            found.append(before)
    return found


def measure(text: str, limits: tuple[int, int] = USUAL) -> Measure:
    """Count in plain `text`; `limits` as (words in a sentence, letters in a word)."""
    most_words, most_letters = limits
    sentences = sentences_of(text)
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    long_ones = sum(len(word) > LIX_LETTERS for word in words)
    lix = round(len(words) / len(sentences) + 100 * long_ones / len(words)) if words else 0
    return Measure(
        words=len(words),
        sentences=len(sentences),
        long_sentences=tuple(
            dict.fromkeys(one for one in sentences if len(_WORD.findall(one)) > most_words)
        ),
        hard_words=tuple(dict.fromkeys(one for one in words if len(one) > most_letters)),
        lix=lix,
    )


def limits_of(name: str) -> tuple[int, int]:
    """Plain language is measured more strictly than the other texts."""
    return PLAIN if name == "plain" else USUAL


def hard_fields(page: Any) -> list[tuple[str, Measure]]:
    """The texts of `page` that go over the limits, by the name of their field."""
    found = []
    for field in page._meta.fields:
        is_text = isinstance(field, RichTextField) or field.get_internal_type() == "TextField"
        # Search words are typed the way people type them; addresses are no text.
        if not is_text or field.name in {"terms", "url_path", "search_description"}:
            continue
        value = getattr(page, field.name)
        if isinstance(value, str):
            counted = measure(text_of(value), limits_of(field.name))
            if counted.long_sentences or (field.name == "plain" and counted.hard_words):
                found.append((str(field.verbose_name), counted))
    return found
