"""A world to throw things at: every request is undone, and what it wrote is told.

with town() as it:
    answer = it.get("base", "/intranet/juhtumid/", "state=%00")
    answer.writes          # names of the tables that were written
    it.forms               # every form that somebody is offered, with who is
"""

import datetime as dt
import gzip
import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import time_machine
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.core.exceptions import ViewDoesNotExist
from django.db import connection, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, override_settings
from django.urls import Resolver404, resolve, reverse

from network.cases.models import BreakGlass
from network.cases.services.links import add_case_link
from network.meetings.services.feeds import make_feed
from network.models import Position, Resource
from network.services.people import invite_worker
from portal.access.routes import routes
from tests.fuzz.page import Form, Page
from tests.home.factories import SmallSite
from tests.meetings.factories import ended_meeting, gap_item, gap_of, planned_meeting, topic
from tests.network.factories import ComponentFactory
from tests.world import KINDS, MINE, NOW, World, make_world

OURS = {route.name: route.path for route in routes() if route.door is None}
ID = re.compile(r"<(uuid|int):(\w+)>")
WRITE = re.compile(
    r'\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+"?(\w+)', re.I
)
# Who is asked first for an address that begins so, then whoever else may; few have to be asked.
FIRST = (
    ("/konto/sisse/", ("nobody",)),
    ("/konto/", ("base", "nobody")),
    ("/intranet/logi/", ("auditor",)),
    ("/intranet/oigused/", ("administrator",)),
    ("/intranet/juhtumid/", ("base",)),
    ("/intranet/kutsed/", ("invited",)),
    ("/intranet/erakorraline/", ("auditor", "base")),
    ("/intranet/ressursid/minu/", ("offer_editor",)),
    ("/intranet/ressursid/ettepanekud/", ("coordinator", "offer_editor")),
    ("/intranet/inimesed/kinnita/", ("lead",)),
    ("/intranet/inimesed/", ("administrator",)),
    ("/intranet/liitumised/", ("coordinator",)),
    ("/intranet/tegevused/", ("coordinator", "responsible")),
    ("/intranet/", ("coordinator", "administrator", "base", "offer_editor")),
    ("/cms/", ("editor",)),
    ("/", ("nobody", "base")),
)
PUBLIC = (
    "/",
    "/teenused/",
    "/teenused/noustamine/",
    "/arvuta/",
    "/vordle/",
    "/minu-nimekiri/",
    "/leia/",
    "/kaart/",
    "/kaart/andmed.geojson",
    "/kaart/nimekiri.csv",
    "/vajadus-ja-pakkumine/",
    "/vajadus-ja-pakkumine/tabel.csv",
    "/otsing/",
    "/uudised/",
    "/uudised/uus-ruhm/",
    "/asutused/",
    "/abinumbrid/",
    "/kontakt/",
    "/sisu/",
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/sitemap.xml",
    "/ru/",
    "/en/",
)
ACCOUNT = (
    "/konto/sisse/",
    "/konto/sisse/kood/",
    "/konto/sisse/voti/",
    "/konto/valja/",
    "/konto/parool/",
    "/konto/parool/uus/",
    "/konto/kinnita/",
    "/konto/kood/",
    "/konto/kood/lisa/",
    "/konto/voti/lisa/",
    "/konto/profiil/",
)


Sent = dict[str, list[str]]


@dataclass
class Answer:
    """What came back, what it cost and what it wrote."""

    response: HttpResponseBase
    seconds: float
    statements: int
    writes: set[str]
    error: BaseException | None

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def is_html(self) -> bool:
        return self.response.headers.get("Content-Type", "").startswith("text/html")

    @property
    def body(self) -> str:
        data = content(self.response)
        if self.response.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        return data.decode("utf-8", "replace")


def content(response: HttpResponseBase) -> bytes:
    """All that was sent, also of an answer that comes in pieces."""
    if isinstance(response, HttpResponse):
        return response.content
    return b"".join(getattr(response, "streaming_content", []))


@dataclass
class Offered:
    """A form and who is offered it on which page."""

    persona: str
    address: str
    form: Form

    @property
    def route(self) -> str:
        return name_of(self.form.path)


@dataclass
class Town:
    world: World
    clients: dict[str, Client]
    feed: str
    _pages: dict[str, tuple[str, Page]] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)

    @property
    def pages(self) -> dict[str, tuple[str, Page]]:
        """Address → who opens it and the page; all are opened when somebody asks first."""
        if not self._seen:
            self.walk()
        return self._pages

    @property
    def seen(self) -> dict[str, str]:
        """Address → who opens it, pages or not."""
        return self._seen if self.pages else {}

    def ask(self, client: Client, *sends: Callable[[], Any]) -> list[Answer]:
        """Send requests one after the other; undo all that they did, in the browser too."""
        kept = client.cookies.output(header="")
        with undone():
            answers = [self._answer(send) for send in sends]
        client.cookies = SimpleCookie(kept)
        return answers

    def _answer(self, send: Callable[[], Any]) -> Answer:
        asked: list[str] = []

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            asked.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            before = time.process_time()
            response = send()
            content(response)
            seconds = time.process_time() - before
        error = getattr(response, "exc_info", None)
        return Answer(
            response,
            seconds,
            len(asked),
            {found[1] for sql in asked if (found := WRITE.match(sql))},
            error[1] if error else None,
        )

    def get(self, persona: str, path: str, query: str = "", **extra: Any) -> Answer:
        client = self.clients[persona]
        return self.ask(client, lambda: client.get(path, QUERY_STRING=query, **extra))[0]

    def page(self, persona: str, address: str) -> Page:
        """The page as `persona` sees it."""
        path, _mark, query = address.partition("?")
        return Page(self.get(persona, path, query).body, address)

    def read(self, persona: str, path: str, query: str) -> Answer:
        """Ask and undo nothing."""
        client = self.clients[persona]
        return self._answer(lambda: client.get(path, QUERY_STRING=query))

    def generic(self, persona: str, method: str, path: str, **extra: Any) -> Answer:
        """Ask in any way, with whatever a server may hand on."""
        client = self.clients[persona]
        return self.ask(client, lambda: client.generic(method, path, **extra))[0]

    def post(self, persona: str, path: str, data: Any, **extra: Any) -> Answer:
        client = self.clients[persona]
        return self.ask(client, lambda: client.post(path, data, **extra))[0]

    def send(self, persona: str, path: str, sent: Sent, then: Sequence[str] = ()) -> list[Answer]:
        """Send a form, see where it leads, and read `then` what it has put there."""
        client = self.clients[persona]
        body = urlencode(_bytes(sent), doseq=True)
        told: list[str] = []

        def post() -> Any:
            answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
            told.append(answer.headers.get("Location", ""))
            return answer

        def follow() -> Any:
            return client.get(told[0] if told[0].startswith("/") else "/healthz")

        reads = [lambda place=place: client.get(place) for place in then]
        answers = self.ask(client, post, follow, *reads)
        return answers if told[0] else answers[:1]

    def twice(self, persona: str, path: str, sent: Sent) -> list[Answer]:
        """The same form again, as somebody does who has seen no answer."""
        client = self.clients[persona]
        body = urlencode(_bytes(sent), doseq=True)
        kind = "application/x-www-form-urlencoded"
        return self.ask(client, *[lambda: client.post(path, body, content_type=kind)] * 2)

    def forged(self, persona: str, path: str, sent: Sent, token: str) -> Answer:
        """The form with a token that we never gave, as from another site."""
        client = self.clients[persona]
        client.handler.enforce_csrf_checks = True
        try:
            return self.send(persona, path, sent | {"csrfmiddlewaretoken": [token]})[0]
        finally:
            client.handler.enforce_csrf_checks = False

    def addresses(self) -> list[str]:
        """One address of every route of ours that has a page, and of what stands in a state."""
        found = [*PUBLIC, *ACCOUNT, f"/kalender/{self.feed}.ics"]
        for name, path in OURS.items():
            if "(" not in path and not re.search(r"<(?:str|slug|path)", path):
                found.append(reverse(name, kwargs=self.ids_of(name, MINE)))
        found += self.of_states()
        return list(dict.fromkeys(found))

    def of_states(self) -> list[str]:
        """Things in another state than those of the world: forms that it does not offer."""
        meetings = [self.planned, self.ended]
        found = [reverse("meeting_detail", args=[meeting.pk]) for meeting in meetings]
        found += [
            f"{reverse('meeting_detail', args=[self.world.ids[MINE]['meeting_id']])}?punkt={item}"
            for item in (self.item.pk, self.gap_item.pk)
        ]
        found += [
            reverse(name, args=[self.planned.pk])
            for name in ("meeting_change", "meeting_invite", "agenda_item_add", "meeting_cancel")
        ]
        found.append(reverse("agenda_item_change", args=[self.planned.pk, self.topic.pk]))
        found.append(reverse("minutes", args=[self.ended.pk]))
        found.append(reverse("gap_detail", args=[self.gap.pk]))
        found.append(reverse("gap_answer", args=[self.gap.pk]))
        found.append(reverse("resource_detail", args=[self.draft.pk]))
        found.append(reverse("resource_change", args=[self.draft.pk]))
        return found

    def ids_of(self, route: str, kind: str) -> dict[str, Any]:
        """What stands in the address of `route` for something of `kind`."""
        other = {"note_id": "meeting_note_id"} if route.startswith("meeting_") else {}
        ids = self.world.ids[kind]
        return {
            name: ids.get(other.get(name, name), 1 if kind_of_id == "int" else uuid.UUID(int=1))
            for kind_of_id, name in ID.findall(OURS[route])
        }

    def foreign(self) -> list[str]:
        """Ids of what is not ours or not there at all."""
        return [
            str(value) for kind in KINDS if kind != MINE for value in self.world.ids[kind].values()
        ]

    def walk(self, everybody: bool = False) -> None:
        """Open all addresses as the first persona who may (or as all of them)."""
        for address in self.addresses():
            for name in self.clients if everybody else first_for(address):
                path, _mark, query = address.partition("?")
                answer = self.get(name, path, query)
                if answer.status != 200:
                    continue
                self._seen.setdefault(address, name)
                if answer.is_html:
                    key = address if not everybody else f"{name} {address}"
                    self._pages[key] = (name, Page(answer.body, address))
                if not everybody:
                    break

    @property
    def forms(self) -> list[Offered]:
        """Each form that is sent by POST, once for each set of fields."""
        found: dict[Any, Offered] = {}
        for address, (name, page) in self.pages.items():
            for form in page.forms_sent("post"):
                key = (form.path if not name_of(form.path) else name_of(form.path),)
                key += (tuple(sorted(form.fields)), tuple(sorted(form.buttons))[:1])
                found.setdefault(key, Offered(name, address, form))
        return list(found.values())

    def queries(self) -> dict[str, tuple[str, dict[str, list[str]]]]:
        """Path → who opens it and its parameters: those of forms, of links and of our own code."""
        found: dict[str, tuple[str, dict[str, list[str]]]] = {
            urlsplit(address).path: (name, {}) for address, name in self.seen.items()
        }
        for _name, page in self.pages.values():
            for form in page.forms_sent("get"):
                for one in form.fields.values():
                    _put(found, form.path, one.name, [one.value, *one.options])
            for path, pairs in page.queries():
                for parameter, value in pairs:
                    _put(found, path, parameter, [value])
        return found


def first_for(address: str) -> tuple[str, ...]:
    """The personas who are asked for an address."""
    return next(names for start, names in FIRST if address.startswith(start))


def _bytes(sent: Sent) -> dict[str, list[bytes]]:
    """Lone surrogates go out as the bytes that they would be."""
    return {
        name: [value.encode("utf-8", "surrogatepass") for value in values]
        for name, values in sent.items()
    }


def _put(found: Any, path: str, name: str, values: list[str]) -> None:
    if path in found:
        known = found[path][1].setdefault(name, [])
        known += [value for value in values if value and value not in known]


def name_of(path: str) -> str:
    """The name of the route of `path`; empty if there is none."""
    try:
        return resolve(path).view_name or ""
    except (Resolver404, ViewDoesNotExist):
        return ""


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that our durable ones may stand in, rolled back in the end."""
    outer = transaction.atomic()
    outer._from_testcase = True
    with outer:
        yield
        transaction.set_rollback(True)


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """Build it; the clock stands at NOW, the database forgets everything afterwards."""
    with (
        override_settings(PRIVATE_FILES_ROOT=folder / "private", MEDIA_ROOT=folder / "media"),
        undone(),
        time_machine.travel(NOW, tick=False),
    ):
        world = make_world()
        it = Town(world, _clients(world), make_feed(by=world.here.member.user, key=uuid.uuid4()))
        _add_states(it)
        _add_people(it)
        _add_site()
        yield it


def _clients(world: World) -> dict[str, Client]:
    found = {}
    for name, user in world.people.items():
        found[name] = Client(raise_request_exception=False)
        if user and user.is_active:
            found[name].force_login(user)
    return found


def _add_states(it: Town) -> None:
    here = it.world.here
    it.planned, it.ended = planned_meeting(here.steering), ended_meeting(here.steering)
    it.topic = topic(it.planned)
    it.gap = gap_of(here, text="Transporti ei ole.")
    meeting = it.planned.__class__.objects.get(pk=it.world.ids[MINE]["meeting_id"])
    it.item = topic(meeting)
    it.gap_item = gap_item(meeting, gap_of(here, text="Ruumi ei ole."))
    resource = Resource.objects.get(pk=it.world.ids[MINE]["resource_id"])
    it.draft = Resource.objects.create(
        organisation=resource.organisation,
        municipality=resource.municipality,
        kind=Resource.Kind.COMMUNITY,
        name="Mustand",
        state=Resource.State.DRAFT,
    )


def _add_people(it: Town) -> None:
    """Somebody who is invited and has not come yet, an emergency look that goes on, a link."""
    world = it.world
    it.link = add_case_link(
        world.case, language="et", days=7, by=world.people["base"], key=uuid.UUID(int=7)
    )
    keeper = Position.objects.get(pk=world.ids[MINE]["position_id"])
    administrator, colleague = world.people["administrator"], world.people["colleague"]
    it.invited = invite_worker(email="tuleja@naidis.example", position=keeper, by=administrator)
    it.look = BreakGlass.objects.create(
        case=world.case,
        user=colleague,
        position=Position.objects.get(holdings__user=colleague),
        reason="Uks oli lahti ja keegi ei vastanud.",
        started_at=NOW,
        ends_at=NOW + dt.timedelta(hours=1),
    )
    # Base support has just shown who it is, as an emergency look asks.
    session = it.clients["base"].session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": NOW.timestamp()}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(world.people["base"].pk)
    session.save()


def _add_site() -> None:
    site = SmallSite()
    site.component(ComponentFactory(slug="noustamine"))
    site.content("sisu")
    site.news_item("uus-ruhm")
