"""Questions that nothing answered: noted in memory, written down by a thread, never by a request.

    note("kus on sauna", day)     # in the request: no statement, no wait
    write_down()                  # half a minute later: words, month and count

Nothing is kept of who asked. Words that may be somebody's name or number are left out, and so is
every word that no dictionary knows: it may be a surname.
"""

import datetime as dt
import threading
from collections import Counter

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from home.models.search import Synonym, UnansweredQuestion
from network.wording import looks_like_names, names_in, numbers_in
from network.wording import words as names
from portal.search import analysis, synonyms
from portal.search import words as places

MAX_WORDS = 8
MAX_LENGTH = 120
# Somebody who types rubbish all day fills neither the memory nor the table.
MOST_WAITING = 200
MOST_A_MONTH = 2000
# Stands for a given name; nobody types it.
GIVEN = "\ue000"

_waiting: Counter[tuple[dt.date, str]] = Counter()
_timer: threading.Timer | None = None
_lock = threading.Lock()


def plain_words(text: str) -> str:
    """The words of a question that may be kept; empty if none may."""
    text = analysis.normal(text[: analysis.MAX_QUERY_CHARACTERS]).replace("\0", " ")
    for found in (*numbers_in(text), *looks_like_names(text), *names_in(text, names.GIVEN)):
        # What stands after a given name alone is a surname, though it may be a word too.
        is_name_alone = " " not in found and not any(sign.isdigit() for sign in found)
        text = text.replace(found, f" {GIVEN} " if is_name_alone and "@" not in found else " ")
    kept: list[str] = []
    after_name = False
    for piece in text.split():
        if piece == GIVEN:
            after_name = True
            continue
        for token in analysis.tokens(piece):
            if not after_name and _is_word(token.word):
                kept.append(token.word)
        after_name = False
    return " ".join(kept[:MAX_WORDS])[:MAX_LENGTH]


def _is_word(word: str) -> bool:
    if any(sign.isdigit() for sign in word):
        return False
    is_place = not places.PLACES.isdisjoint(analysis.lemmas(word))
    return is_place or analysis.is_plain_word(word) or analysis.is_foreign_word(word)


def note(text: str, day: dt.date) -> None:
    """Remember that nothing answered `text`; it is written down soon."""
    global _timer
    said = plain_words(text)
    if not said:
        return
    with _lock:
        key = (day.replace(day=1), said)
        if key in _waiting or len(_waiting) < MOST_WAITING:
            _waiting[key] += 1
        if _timer is None and settings.QUESTIONS_WRITTEN_AFTER:
            _timer = threading.Timer(settings.QUESTIONS_WRITTEN_AFTER, _write_and_leave)
            _timer.daemon = True
            _timer.start()


def write_down() -> int:
    """Write what was noted, and return how many questions that were."""
    global _timer
    with _lock:
        noted, _timer = dict(_waiting), None
        _waiting.clear()
    with transaction.atomic():
        for (month, said), count in noted.items():
            rows = UnansweredQuestion.objects.filter(month=month)
            if rows.filter(words=said).update(count=F("count") + count):
                continue
            if rows.count() < MOST_A_MONTH:
                row, is_new = UnansweredQuestion.objects.get_or_create(
                    month=month, words=said, defaults={"count": count}
                )
                if not is_new:
                    UnansweredQuestion.objects.filter(pk=row.pk).update(count=F("count") + count)
    return len(noted)


def answered_by(synonym: Synonym) -> int:
    """Mark the questions that `synonym` speaks of as answered; return how many."""
    said = [" ".join(one.lower().split()) for one in synonyms.APART.split(synonym.said)]
    new = UnansweredQuestion.objects.filter(state=UnansweredQuestion.State.NEW, words__in=said)
    return new.update(state=UnansweredQuestion.State.SYNONYM)


def _write_and_leave() -> None:
    """The thread's own connection is closed again; what cannot be written is not missed."""
    try:
        write_down()
    except DatabaseError:
        pass
    finally:
        connection.close()
