"""What a page offers: its forms with their fields, its links, and what it says is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

TYPED = {"text", "textarea", "search", "email", "tel", "url", "number", "date", "time"}
BUTTONS = {"submit", "image", "button", "reset"}
# Where a page says what is wrong.
WRONG = {"wrong", "errors", "errorlist", "message", "note", "alert"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Field:
    """One field of a form. `options`: what a list, radio button or tick box offers."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    is_required: bool = False
    is_many: bool = False

    @property
    def is_typed(self) -> bool:
        return self.kind in TYPED


@dataclass
class Form:
    """One form as a browser would send it; `buttons` are the names and values of its buttons."""

    action: str
    method: str
    has_files: bool
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def path(self) -> str:
        return urlsplit(self.action).path

    def sent_as_it_is(self) -> dict[str, list[str]]:
        """Name → values if somebody pressed the button without touching anything."""
        sent: dict[str, list[str]] = {}
        for one in self.fields.values():
            if one.kind in {"checkbox", "radio", "select", "select-many"}:
                values = [one.value] if one.value else []
                if one.kind == "select" and not values and "" in one.options:
                    values = [""]
            elif one.kind == "file":
                continue
            else:
                values = [one.value]
            if values:
                sent[one.name] = values
        return sent


class Page(HTMLParser):
    """Reads one page. `address` is where it stands, so that relative addresses can be followed."""

    def __init__(self, html: str, address: str = "/") -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.said: list[str] = []
        self.wrong: list[str] = []
        # What stands in text boxes, those to copy from too.
        self.copies: list[str] = []
        self._form: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._outside: list[tuple[str, Field]] = []
        self._field: Field | None = None
        self._open: list[tuple[str, bool]] = []
        self._depth = 0
        self._hidden = 0
        self.feed(html)
        self.close()
        for target, one in self._outside:
            if form := self._by_id.get(target):
                _add(form, one)

    @property
    def text(self) -> str:
        """All that a reader sees."""
        return " ".join(self.said)

    @property
    def errors(self) -> str:
        """All that the page says is wrong."""
        return " ".join(self.wrong)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in attributes}
        if tag not in VOID:
            is_wrong = bool(WRONG & set(attrs.get("class", "").split()))
            is_hidden = tag in {"script", "style", "template"}
            self._open.append((tag, is_wrong))
            self._depth += is_wrong
            self._hidden += is_hidden
        if tag == "a" and attrs.get("href"):
            self.links.append(self._absolute(attrs["href"]))
        elif tag == "form":
            self._form = Form(
                self._absolute(attrs.get("action") or self.address),
                attrs.get("method", "get").lower(),
                attrs.get("enctype") == "multipart/form-data",
            )
            self.forms.append(self._form)
            if attrs.get("id"):
                self._by_id[attrs["id"]] = self._form
        elif tag in {"input", "textarea", "select", "button"}:
            self._field_begins(tag, attrs)
        elif tag == "option" and self._field:
            value = attrs.get("value", "")
            self._field.options.append(value)
            if "selected" in attrs:
                self._field.value = value

    def _field_begins(self, tag: str, attrs: dict[str, str]) -> None:
        kind = attrs.get("type", "text" if tag == "input" else "submit")
        if tag == "textarea":
            kind = "textarea"
        elif tag == "select":
            kind = "select-many" if "multiple" in attrs else "select"
        one = Field(
            attrs.get("name", ""),
            kind,
            attrs.get("value", ""),
            is_required="required" in attrs,
            is_many="multiple" in attrs,
        )
        if tag in {"textarea", "select"}:
            self._field = one
        if "disabled" in attrs:
            return
        if kind in BUTTONS:
            action = attrs.get("formaction", "")
            if self._form:
                place = self._absolute(action) if action else self._form.action
                self._form.buttons.append((place, one.name, one.value))
            return
        if kind in {"checkbox", "radio"}:
            one.options = [attrs.get("value", "on")]
            one.value = one.options[0] if "checked" in attrs else ""
        if attrs.get("form"):
            self._outside.append((attrs["form"], one))
        elif self._form and one.name:
            _add(self._form, one)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"textarea", "select"}:
            if self._field and tag == "textarea":
                self.copies.append(self._field.value)
            self._field = None
        if tag == "form":
            self._form = None
        while self._open:
            opened, was_wrong = self._open.pop()
            self._depth -= was_wrong
            self._hidden -= opened in {"script", "style", "template"}
            if opened == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._field and self._field.kind == "textarea":
            self._field.value += data if self._field.value else data.removeprefix("\n")
        text = data.strip()
        if not text or self._hidden:
            return
        if not self._field:
            self.said.append(text)
            if self._depth:
                self.wrong.append(text)

    def _absolute(self, address: str) -> str:
        return urljoin(self.address, address)

    def forms_sent(self, method: str) -> Iterator[Form]:
        """The forms with this method; one for each address that a button of it leads to."""
        for form in self.forms:
            if form.method != method:
                continue
            places = {place for place, _name, _value in form.buttons} or {form.action}
            for place in sorted(places):
                buttons = [one for one in form.buttons if one[0] == place]
                yield Form(place, form.method, form.has_files, form.fields, buttons)

    def queries(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Path and parameters of every link of ours that has any."""
        for link in self.links:
            parts = urlsplit(link)
            if parts.query and not parts.netloc:
                yield parts.path, parse_qsl(parts.query, keep_blank_values=True)


def _add(form: Form, one: Field) -> None:
    """Put a field into its form; radio buttons and tick boxes of one name are one field."""
    there = form.fields.get(one.name)
    if there and one.kind in {"checkbox", "radio"}:
        there.options += one.options
        there.value = there.value or one.value
        there.is_many = one.kind == "checkbox"
        return
    form.fields.setdefault(one.name, one)
