"""The words of the small world that stand in one text only, and who may meet which of them."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.test import Client

from tests.asking import Answer, ask
from tests.headers import links_in
from tests.world import CANARIES, PERSONAL_CODE

PAGES_AT_MOST = 30
# Leaving ends the walk; the CMS has tests of its own (tests/test_side_doors.py).
LEFT_OUT = ("/konto/valja/", "/cms/", "/static/")
# Every canary has a word of its own that begins like this; number and code have none.
WORDS = re.compile(rf"kanaari\w*|{re.escape(CANARIES['phone'])}|{PERSONAL_CODE}")
CONTACT = {"kanaarieesnimi", "kanaariperenimi", CANARIES["phone"]}
NOTES = {"kanaarimärge", "kanaarikoht", "kanaariema", "kanaarifail", "kanaarisisu"}
TASKS = {"kanaariülesanne"}
REST = {"kanaari", "kanaaritalu", "kanaarimärkamine", PERSONAL_CODE}
# Whoever stands here not meets none of them, anywhere.
MEETS: dict[str, set[str]] = {
    "base": CONTACT | NOTES | TASKS | REST,
    "additional": CONTACT | NOTES | TASKS,
    "partner": CONTACT | NOTES | TASKS,
    "bare_partner": TASKS,
    "invited": TASKS,
    "lead": TASKS,
}


def words_in(text: str) -> set[str]:
    return set(WORDS.findall(text.casefold()))


def met_in(answer: Answer) -> set[str]:
    """The canaries in body, headers and cookies of an answer; long lines of calendars unfolded."""
    response: Any = answer.response
    head = " ".join([*response.headers.values(), response.cookies.output()])
    return words_in(head + answer.body.decode(errors="replace").replace("\r\n ", ""))


def not_for(persona: str, answer: Answer) -> set[str]:
    """What an answer tells `persona` that they may never meet."""
    return met_in(answer) - MEETS.get(persona, set())


def crawl(
    browser: Client,
    begin: Iterable[str],
    judge: Callable[[Answer], set[Any]],
    most: int = PAGES_AT_MOST,
) -> tuple[set[str], dict[str, set[Any]]]:
    """Follow the links from `begin`: which pages were seen, and what `judge` says of them."""
    queue, seen, found = list(begin), set(), dict[str, set[Any]]()
    while queue and len(seen) < most:
        path = queue.pop(0)
        if path in seen or path.startswith(LEFT_OUT):
            continue
        seen.add(path)
        answer = ask(browser, "GET", path)
        if told := judge(answer):
            found[path] = told
        if answer.response.get("Content-Type", "").startswith("text/html"):
            queue += links_in(answer.body.decode(), path.partition("?")[0])
    return seen, found
