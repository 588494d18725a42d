"""The only sender of mail. A letter is put out by name and id, and written when it is delivered.

    mail.register("password_reset", write)                    # AppConfig.ready()
    mail.send("password_reset", {"user": str(user.pk)})       # inside the transaction
    def write(payload) -> mail.Letter | None: ...              # None: nothing to send any more

Two templates belong to a letter: `mail/<name>_subject.txt` and `mail/<name>.txt`. Neither holds
the name of a person whom a case is about, nor a word out of a case.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import loader
from django.utils import translation

from portal.base import outbox
from portal.base.models import OutboxItem

KIND = "mail"


@dataclass(frozen=True)
class CalendarPart:
    """What a calendar reads in a letter (RFC 6047): the file, and the METHOD that stands in it."""

    content: bytes
    method: str
    file_name: str


@dataclass(frozen=True)
class Letter:
    """To whom, in which language, and what the templates need to know."""

    to: str
    context: dict[str, Any] = field(default_factory=dict)
    language: str = settings.LANGUAGE_CODE
    calendar: CalendarPart | None = None


Write = Callable[[outbox.Payload], Letter | None]
_writers: dict[str, Write] = {}


def register(name: str, write: Write) -> None:
    """Tell who writes the letter `name` from the ids in its payload."""
    _writers[name] = write


def send(name: str, payload: outbox.Payload, *, key: str = "") -> OutboxItem:
    """Put a letter into the outbox, in the caller's transaction. With `key`: once."""
    if name not in _writers:
        raise LookupError(f"Nobody writes the letter {name!r}.")
    return outbox.put(KIND, {**payload, "letter": name}, key=key and f"{name}:{key}")


def deliver(item: OutboxItem) -> None:
    """Write and send one letter; raises to be tried again."""
    name = item.payload["letter"]
    letter = _writers[name](item.payload)
    if letter is None:
        return
    with translation.override(letter.language):
        subject = loader.render_to_string(f"mail/{name}_subject.txt", letter.context)
        body = loader.render_to_string(f"mail/{name}.txt", letter.context)
    host = settings.WAGTAILADMIN_BASE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    message = EmailMultiAlternatives(
        # A subject is one line; more would be headers.
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.to],
        headers={
            # The same at every try, so that a mailbox shows a repeat once.
            "Message-ID": f"<{item.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    if letter.calendar:
        _add_calendar(message, letter.calendar)
    message.send()


def _add_calendar(message: EmailMultiAlternatives, part: CalendarPart) -> None:
    """Twice the same: some programmes offer the alternative to the calendar, others the file."""
    text = part.content.decode()
    message.attach_alternative(text, f"text/calendar; method={part.method}")
    message.attach(part.file_name, part.content, "application/ics")
