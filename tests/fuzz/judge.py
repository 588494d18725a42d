"""What is wrong with an answer, whatever was asked."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from tests.fuzz.page import WRONG, Page
from tests.fuzz.throw import Thrown
from tests.fuzz.town import Answer
from tests.fuzz.values import APOSTROPHE, ATTRIBUTE, FORMULA, TAG, TEMPLATE_DONE

SECONDS = 2.0
STATEMENTS = 200
# The log of looks, the session that was used, letters of the portal about the request itself.
GET_MAY_WRITE = {
    "audit_accessevent",
    "audit_accesssubject",
    "audit_chainhead",
    "django_session",
    "usersessions_usersession",
}
# A machine that has looked inside itself, or a text that nobody has translated.
ENGLISH = re.compile(
    r"\b(the|this|that|is|are|not|must|please|enter|select|ensure|valid|invalid|required|field|"
    r"choose|you|your|cannot|with|of|at|least|most|characters|value|submitted)\b",
    re.IGNORECASE,
)
INSIDE = re.compile(
    # “If-None-Match” is the name of a header, and a page of ours tells about it.
    r"(?<!If-)\bNone\b|Traceback|object at 0x|<function|&lt;function|__class__|\{\{|\{%|%\(\w+\)s|"
    r"\bDataError\b|\bIntegrityError\b|\bnan\b|Decimal\("
)
ERRORS = re.compile(r'class="[^"]*\b(' + "|".join(WRONG) + r")\b")
NEVER_LEFT = ("\r", "\n", "\0")


def wrong(answer: Answer, sent: Iterable[str] = (), *, is_read: bool = False) -> list[str]:
    """Sentences about the answer; none if it is fine. `sent`: texts that were in the request."""
    return list(_wrong(answer, [text for text in sent if text], is_read))


def _wrong(answer: Answer, sent: list[str], is_read: bool) -> Iterator[str]:
    if answer.status >= 500:
        where = _last_line(answer.error)
        yield f"status {answer.status}: {answer.error!r} {where}"
        return
    if answer.seconds > SECONDS:
        yield f"took {answer.seconds:.1f} s"
    if answer.statements > STATEMENTS:
        yield f"asked the database {answer.statements} times"
    if is_read and (written := answer.writes - GET_MAY_WRITE):
        yield f"wrote {sorted(written)}"
    for name, value in answer.response.headers.items():
        if any(sign in value for sign in NEVER_LEFT):
            yield f"the header {name} breaks"
    place = urlsplit(answer.response.headers.get("Location", ""))
    if place.netloc not in ("", "testserver") or place.scheme not in ("", "http"):
        yield f"leads away: {place.geturl()[:80]}"
    kind = answer.response.headers.get("Content-Type", "")
    if kind.startswith("text/html"):
        yield from _wrong_page(answer.body, sent)
    elif kind.startswith("text/csv"):
        yield from _wrong_table(answer.body)
    elif "javascript" in kind:
        yield "a script"


def told(found: list[str]) -> str:
    """The first of them, each on a line of its own."""
    return "\n".join(["", *(one[:600] for one in found[:40])])


def lost(answer: Answer, one: Thrown) -> list[str]:
    """What a refused form does not give back of what was typed, or that it says no word."""
    if not answer.is_html or answer.status not in (200, 400, 403, 409):
        return []
    has_button = not one.offered.form.buttons or any(
        not name or one.sent.get(name, [None])[-1] == value
        for _place, name, value in one.offered.form.buttons
    )
    if not has_button:
        # No browser sends a form without its button; nobody knows what was meant.
        return []
    page = Page(answer.body)
    there = {_flat(found.value) for form in page.forms for found in form.fields.values()}
    # A page of another kind shows the text to copy; where two wrote, both texts are shown.
    there |= {_flat(text) for text in (*page.copies, *page.said)}
    gone = [
        found.name
        for found in one.offered.form.fields.values()
        if found.is_typed
        and any(_flat(text) not in there | {""} for text in one.sent.get(found.name, [])[-1:])
    ]
    words = [f"lost the text of {gone}"] if gone else []
    if answer.status == 200 and not page.errors:
        words.append("refused without a word")
    return words


def taken(answer: Answer, one: Thrown) -> list[str]:
    """The choices that nobody was offered and that were taken all the same."""
    if answer.status != 302:
        return []
    return [
        f"took {value[:60]!r} for {name}"
        for name in one.odd
        if (found := one.offered.form.fields.get(name)) and found.kind in {"radio", "select"}
        for value in one.sent.get(name, [])[-1:]
        if value.strip() and value.strip() not in found.options
    ]


def _flat(text: str) -> str:
    """Text as it looks, without what no database keeps and how line ends are written."""
    seen = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return " ".join(seen.replace("\0", "").replace("\ufffd", "").split())


def _wrong_page(body: str, sent: list[str]) -> Iterator[str]:
    for sign in (TAG, ATTRIBUTE, APOSTROPHE):
        if sign in body:
            at = body.index(sign)
            yield f"not escaped: {body[max(0, at - 80) : at + 40]!r}"
    if TEMPLATE_DONE in body:
        yield "a template was run"
    # Reading a page properly takes longer than making it.
    if not INSIDE.search(body) and not ERRORS.search(body):
        return
    page = Page(body)
    for text in (said for said in page.said if not _is_echo(said, sent)):
        if found := INSIDE.search(text):
            yield f"shows its inside: {text[max(0, found.start() - 40) : found.end() + 40]!r}"
    for text in (said for said in page.wrong if not _is_echo(said, sent)):
        if found := ENGLISH.search(text):
            yield f"not in Estonian: {text[:160]!r}"


def _is_echo(said: str, sent: list[str]) -> bool:
    """Is this what was typed, or does it quote it?"""
    flat = " ".join(said.split())
    pieces = [" ".join(text.split()) for text in sent]
    return any(
        piece and (piece[:20] in flat or flat in piece or _first_word(piece) in flat)
        for piece in pieces
    )


def _first_word(text: str) -> str:
    word = text.split(" ")[0]
    return word if len(word) > 2 else text


def _wrong_table(body: str) -> Iterator[str]:
    for row in csv.reader(io.StringIO(body.lstrip("\ufeff")), delimiter=";"):
        for cell in row:
            if cell.startswith(FORMULA):
                yield f"a cell that is a formula: {cell[:60]!r}"


def _last_line(error: BaseException | None) -> str:
    trace, place = getattr(error, "__traceback__", None), ""
    while trace:
        code = trace.tb_frame.f_code
        if "site-packages" not in code.co_filename and "/python3" not in code.co_filename:
            place = f"{code.co_filename.rpartition('/main/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
