"""Asking as somebody: what the answer was, what it cost the database and what it wrote."""

import hashlib
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as SHOWN_BY,
)
from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY as SHOWN,
)
from django.apps import apps
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.base import content_version
from portal.base.models import IdempotencyKey, OutboxItem
from tests.world import World, make_world

PRIVATE_APPS = ("accounts", "access", "network", "cases", "meetings")
# Looking leaves its entry in the log, and a session knows when it was used last.
LEFT_BY_LOOKING = re.compile("audit_|django_session|usersessions_")
WRITE = re.compile(r'(?:INSERT INTO|INSERT OR IGNORE INTO|UPDATE|DELETE FROM)\s+"(\w+)"')
SAVEPOINT = re.compile(r"(SAVEPOINT|RELEASE|ROLLBACK TO).*")
# What differs from answer to answer though nothing is told by it.
NONCE = re.compile(rb"nonce-[\w+/=-]+|nonce=\"[^\"]+\"")
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|[\'"]?X-CSRFToken[\'"]?: ?[\'"]\w+')
KEY = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@dataclass
class Answer:
    """`statements`: what was asked of the database, values left out; `wrote`: into which tables."""

    response: Any
    statements: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    @property
    def body(self) -> bytes:
        """All of it; that of a file is read once and kept."""
        if self.response.streaming:
            self.response.kept = getattr(self.response, "kept", None) or self.response.getvalue()
            return bytes(self.response.kept)
        return bytes(self.response.content)

    @property
    def wrote(self) -> list[str]:
        tables = [match[1] for one in self.statements if (match := WRITE.match(one))]
        return [table for table in tables if not LEFT_BY_LOOKING.match(table)]

    @property
    def did(self) -> list[str]:
        """The same without the note that this form was sent before."""
        return [table for table in self.wrote if table != "base_idempotencykey"]

    @property
    def logged(self) -> int:
        """Entries in the view log."""
        return sum(one.startswith('INSERT INTO "audit_accessevent" ') for one in self.statements)

    def plain(self) -> bytes:
        """The body without what is new in every answer."""
        return KEY.sub(b"KEY", TOKEN.sub(b"TOKEN", NONCE.sub(b"NONCE", self.body)))

    def headers(self) -> dict[str, str]:
        """All but the length: a page of the log is longer with every look at it."""
        return {
            name: NONCE.sub(b"NONCE", value.encode()).decode()
            for name, value in self.response.headers.items()
            if name != "Content-Length"
        }


class Asker:
    """A world, and in it a browser for each persona that stays signed in as long as it stands."""

    def __init__(self, without_factor: str) -> None:
        self.browsers: dict[str, Client] = {}
        self.world = make_world(self._open_tabs)
        for name, user in self.world.people.items():
            if name not in self.browsers:
                self.browsers[name] = browser_of(user, has_shown=name != without_factor)
        for browser in self.browsers.values():
            # What is noted once, or found once and kept, is so before anything is counted.
            browser.get(f"/intranet/juhtumid/{uuid.uuid4()}/")

    def _open_tabs(self, world: World) -> None:
        """Sign in whoever is about to be taken off, and let them see what they still may."""
        tab = self.browsers["removed_now"] = browser_of(world.people["removed_now"])
        assert tab.get(f"/intranet/juhtumid/{world.case.pk}/").status_code == 200

    def ask(self, persona: str, method: str, path: str, data: Any = None, **more: Any) -> Answer:
        return ask(self.browsers[persona], method, path, data, **more)


def browser_of(user: User | None, *, has_shown: bool = True) -> Client:
    """A browser in which `user` is signed in and (as if) has typed a one-time code."""
    browser = Client()
    if user is None:
        return browser
    user.is_active, was_active = True, user.is_active
    browser.force_login(user)
    user.is_active = was_active
    if has_shown:
        session = browser.session
        session[SHOWN] = [{"method": "mfa", "at": timezone.now().timestamp()}]
        session[SHOWN_BY] = str(user.pk)
        session.save()
    return browser


def ask(browser: Client, method: str, path: str, data: Any = None, **more: Any) -> Answer:
    statements: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        statements.append(SAVEPOINT.sub(r"\1", sql))
        return execute(sql, *arguments)

    # Asked at most once a second in production; here a rollback before would make one ask anew.
    content_version.current()
    with connection.execute_wrapper(note):
        if method in {"GET", "HEAD", "POST"}:
            response = getattr(browser, method.lower())(path, data, **more)
        else:
            response = browser.generic(method, path, data or b"", **more)
    return Answer(response, statements)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside never was; views may open their own transactions as ever."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def forget_caches() -> None:
    """After something that was undone: a cache is not rolled back."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    content_version.forget()


def everything_stored() -> str:
    """All rows of the private half, the log aside, as one sum: to see that nothing has moved."""
    found = hashlib.sha256()
    models = [model for label in PRIVATE_APPS for model in apps.get_app_config(label).get_models()]
    for model in (*models, IdempotencyKey, OutboxItem):
        for row in sorted(map(repr, model._base_manager.values_list())):
            found.update(row.encode())
    return found.hexdigest()
