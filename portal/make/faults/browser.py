"""Somebody who works with the portal: pages, forms, cookies, and how long each answer took."""

from __future__ import annotations

import http.client
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field
from html.parser import HTMLParser

# Longer than anything may take: who gets no answer by then is told so in the table.
PATIENCE = 60
NO_ANSWER = 0


@dataclass
class Answer:
    """`status` 0: there was no answer."""

    status: int
    seconds: float
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


@dataclass
class Form:
    """A form of a page: what it would send if nobody typed anything."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    # What can be chosen: the values of each group of buttons or list.
    choices: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **typed: str) -> list[tuple[str, str]]:
        """The fields with `typed` in place of what stood there."""
        kept = [(name, value) for name, value in self.fields if name not in typed]
        return [*kept, *typed.items()]

    @property
    def names(self) -> set[str]:
        return {name for name, _value in self.fields} | set(self.choices)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._area: str | None = None
        self._text = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""))
            self.forms.append(self._open)
        if self._open is None:
            return
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "input" and name and given.get("type") not in ("submit", "file"):
            if given.get("type") in ("radio", "checkbox"):
                self._open.choices.setdefault(name, []).append(value)
                if "checked" not in given:
                    return
            self._open.fields.append((name, value))
        elif tag == "textarea":
            self._area, self._text = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._open.choices.setdefault(self._select, []).append(value)
            if "selected" in given:
                self._open.fields.append((self._select, value))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._open is not None and self._area is not None:
            self._open.fields.append((self._area, self._text.removeprefix("\n")))
            self._area = None
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._open = None


def forms_of(page: str) -> list[Form]:
    """The forms of a page, in their order."""
    parser = _Forms()
    parser.feed(page)
    return parser.forms


def form_with(page: str, *names: str) -> Form:
    """The first form that has all these fields; LookupError without one."""
    for form in forms_of(page):
        if set(names) <= form.names:
            return form
    raise LookupError(f"No form with {', '.join(names)} on the page.")


class Browser:
    """Keeps cookies, opens a connection for each request, never follows a redirect unasked."""

    def __init__(self, port: int, patience: float = PATIENCE) -> None:
        self.port, self.patience = port, patience
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(
        self,
        path: str,
        fields: list[tuple[str, str]],
        file: tuple[str, str, bytes] | None = None,
    ) -> Answer:
        """Send a form. `file`: name of the field, name of the file, content."""
        if file is None:
            body = urllib.parse.urlencode(fields).encode()
            kind = "application/x-www-form-urlencoded"
        else:
            edge = uuid.uuid4().hex
            body, kind = _multipart(fields, file, edge), f"multipart/form-data; boundary={edge}"
        return self._ask("POST", path, body, {"Content-Type": kind})

    def sign_in(self, email: str, password: str) -> Answer:
        """Fill in the sign-in; 302 tells that it worked."""
        page = self.get("/konto/sisse/")
        form = form_with(page.body, "login", "password")
        return self.post("/konto/sisse/", form.filled(login=email, password=password))

    def _ask(self, method: str, path: str, body: bytes | None, more: dict[str, str]) -> Answer:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**more, "Host": f"localhost:{self.port}"} | (
            {"Cookie": cookie} if cookie else {}
        )
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return Answer(NO_ANSWER, time.monotonic() - began)
        finally:
            connection.close()
        self._keep(response.headers.get_all("Set-Cookie") or [])
        given = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, time.monotonic() - began, text, given)

    def _keep(self, set_cookies: list[str]) -> None:
        for line in set_cookies:
            name, _equals, value = line.partition(";")[0].partition("=")
            if value.strip('"'):
                self.cookies[name.strip()] = value
            else:
                self.cookies.pop(name.strip(), None)


def _multipart(fields: list[tuple[str, str]], file: tuple[str, str, bytes], edge: str) -> bytes:
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    field_name, file_name, content = file
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="{field_name}";'
        f' filename="{file_name}"\r\nContent-Type: text/plain\r\n\r\n'
    )
    return b"".join([*parts, head.encode(), content, f"\r\n--{edge}--\r\n".encode()])
