"""Which texts the code and the templates ask to be translated; needs no tool of the system.

Python files are read with `ast`, templates are first turned into such calls by Django itself.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation.template import templatize

PACKAGES = ("portal", "catalogue", "network", "home")
TEMPLATES = "templates"
# Texts of the libraries that we say in our own Estonian.
BORROWED = "locale/borrowed.pot"

# Function -> what its first arguments are.
CALLS = {
    "gettext": ("msgid",),
    "gettext_lazy": ("msgid",),
    "gettext_noop": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "ngettext_lazy": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "pgettext_lazy": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
    "npgettext_lazy": ("context", "msgid", "plural"),
}
Key = tuple[str | None, str]

# Files only the staff reads: their texts need Estonian, not Russian.
STAFF_FILES = (
    "portal/apps.py",
    "portal/make/",
    "portal/management/",
    "portal/accounts/apps.py",
    "portal/accounts/models.py",
    "portal/accounts/passkey_forms.py",
    "portal/accounts/sessions.py",
    "portal/accounts/tara/",
    "portal/views/session.py",
    "portal/views/tara.py",
    "templates/account/tara_refused.html",
    "portal/access/",
    "portal/audit/",
    "portal/checks/",
    "portal/privacy/",
    "portal/base/phones.py",
    "portal/base/privacy.py",
    "portal/accounts/privacy.py",
    "network/privacy.py",
    "home/privacy.py",
    "catalogue/importer/",
    "catalogue/models/price_import.py",
    "catalogue/models/round.py",
    "catalogue/privacy.py",
    "catalogue/services/",
    "home/forms/rounds.py",
    "home/views/rounds.py",
    "home/wagtail_rounds.py",
    "home/forms/price_import.py",
    "home/forms/price_sent.py",
    "home/services/price_undo.py",
    "home/views/price_taken.py",
    "home/reports/price_",
    "home/services/price_import.py",
    "home/views/price_import.py",
    "templates/home/price_import",
    "portal/views/holds.py",
    "portal/views/retention.py",
    "templates/privacy/",
    "portal/views/style.py",
    "network/cases/",
    "network/meetings/",
    "network/views/",
    "network/forms/",
    "network/services/",
    "network/monitoring/",
    "home/wagtail_hooks",
    "home/wagtail_prices.py",
    "home/cms.py",
    "home/cms_days.py",
    "home/cms_search.py",
    "home/models/search.py",
    "home/cms_reports.py",
    "home/upkeep/",
    "home/models/outside.py",
    "home/wagtail_upkeep.py",
    "home/panels",
    "templates/cases/",
    "templates/portal/session_ended.html",
    "templates/mfa/",
    "templates/usersessions/",
    "templates/account/_demo_people.html",
    "templates/account/_other_ways.html",
    "templates/account/_session.html",
    "templates/account/invitation",
    "templates/account/profile.html",
    "templates/account/reauthenticate.html",
    "templates/portal/_audit",
    "templates/portal/audit",
    "network/apps.py",
    "network/models/position.py",
    "network/access.py",
    "network/models/change.py",
    "network/reports/resources.py",
    "network/reports/changes.py",
    "network/reports/history.py",
    "network/reports/languages.py",
    "network/filters.py",
    "network/people",
    "network/reports/people.py",
    "network/models/joining.py",
    "network/wording",
    "templates/meetings/",
    "templates/network/",
    "portal/views/audit.py",
    "portal/views/profile.py",
    "portal/views/rights",
    "templates/portal/rights_",
    "templates/portal/_rights",
    "network/explain.py",
    "portal/views/invitation.py",
    "templates/intranet",
    "templates/home/cms/",
    "templates/home/panels/",
    "templates/home/navigation_preview.html",
    "templates/mail/",
    "templates/portal/desk.html",
    "templates/portal/_desk",
    "templates/portal/style.html",
    "templates/wagtailadmin/",
)
# But these words the person reads who sees who has looked at their case.
READ_BY_THE_PERSON = (
    "portal/access/roles.py",
    "portal/audit/actions.py",
    "portal/audit/wording.py",
    "portal/privacy/apps.py",
    "network/cases/actions.py",
    "network/cases/log_reports.py",
    "templates/cases/person_log",
    "templates/cases/_person_log",
    "templates/mail/case_link",
    "templates/ui/print_header.html",
)
# Here a label of a field is read by editors; a choice or a sentence in a function by everybody.
LABELS_FOR_STAFF = (
    "catalogue/",
    "network/",
    "home/models/",
    "home/blocks",
    "portal/base/",
    "portal/search/",
    "portal/apps.py",
    "home/apps.py",
)


@dataclass
class Message:
    """One text: English source, plural form, context, where it stands, does the public read it."""

    msgid: str
    plural: str | None = None
    context: str | None = None
    is_public: bool = False
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return (self.context, self.msgid)


class BadMessage(ValueError):
    """A text that cannot be translated, such as an f-string inside `_()`."""


def collect(root: Path) -> dict[Key, Message]:
    """All messages of the tree below `root`, by context and text. Raises BadMessage."""
    found: dict[Key, Message] = {}
    for path, messages in _all(root):
        for message in messages:
            known = found.setdefault(message.key, message)
            if known.plural and message.plural and known.plural != message.plural:
                raise BadMessage(f"{path}: two plural forms of “{message.msgid}”")
            known.plural = known.plural or message.plural
            known.is_public = known.is_public or message.is_public
            known.files.add(path)
    return found


def _all(root: Path) -> Iterator[tuple[str, Iterable[Message]]]:
    for package in PACKAGES:
        for file in sorted((root / package).rglob("*.py")):
            if "migrations" not in file.parts:
                path = file.relative_to(root).as_posix()
                yield path, from_python(file.read_text(), path)
    for file in sorted((root / TEMPLATES).rglob("*")):
        if file.suffix in {".html", ".txt", ".xml"}:
            path = file.relative_to(root).as_posix()
            yield path, from_template(file.read_text(), path)
    if (root / BORROWED).exists():
        yield BORROWED, from_borrowed(root / BORROWED)


def from_borrowed(file: Path) -> list[Message]:
    """The messages of other people's code; their own Russian is good enough."""
    return [
        Message(entry.msgid, entry.msgid_plural or None, entry.msgctxt or None)
        for entry in polib.pofile(str(file))
    ]


def from_template(source: str, path: str) -> Iterator[Message]:
    """The messages of a template; `path` decides whether the public reads them."""
    is_public = path.startswith(READ_BY_THE_PERSON) or not path.startswith(STAFF_FILES)
    for call in _calls_in_text(templatize(source, origin=path)):
        message = _message(call, CALLS.get(_name(call.func) or "", ("msgid",)), path)
        message.is_public = is_public
        yield message


def _calls_in_text(text: str) -> Iterator[ast.Call]:
    for match in re.finditer(r"(?<![\w.])(_|n?p?gettext)\(", text):
        quote, at = "", match.end()
        while quote or text[at] != ")":
            if text[at] == "\\":
                at += 1
            elif quote:
                quote = "" if text[at] == quote else quote
            elif text[at] in "\"'":
                quote = text[at]
            at += 1
        expression = ast.parse(text[match.start() : at + 1], mode="eval").body
        if isinstance(expression, ast.Call):
            yield expression


def from_python(source: str, path: str) -> list[Message]:
    """The messages of a Python file; `path` decides whether the public reads them."""
    reader = _Reader(path)
    reader.visit(ast.parse(source, filename=path))
    return reader.messages


class _Reader(ast.NodeVisitor):
    def __init__(self, path: str) -> None:
        self.path = path
        self.names: dict[str, tuple[str, ...]] = {}
        self.messages: list[Message] = []
        self.depth = 0
        self.in_choices = False

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module == "django.utils.translation":
            for alias in node.names:
                if alias.name in CALLS:
                    self.names[alias.asname or alias.name] = CALLS[alias.name]

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        before = self.in_choices
        self.in_choices = any("Choices" in (_name(base) or "") for base in node.bases)
        self.generic_visit(node)
        self.in_choices = before

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1

    def visit_Call(self, node: ast.Call) -> None:
        arguments = self._arguments(node.func)
        if arguments:
            message = _message(node, arguments, self.path)
            message.is_public = self.path.startswith(READ_BY_THE_PERSON) or (
                not self.path.startswith(STAFF_FILES)
                and (
                    self.depth > 0 or self.in_choices or not self.path.startswith(LABELS_FOR_STAFF)
                )
            )
            self.messages.append(message)
        self.generic_visit(node)

    def _arguments(self, func: ast.expr) -> tuple[str, ...] | None:
        if isinstance(func, ast.Name):
            return self.names.get(func.id)
        if isinstance(func, ast.Attribute) and _name(func.value) == "translation":
            return CALLS.get(func.attr)
        return None


def _name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _message(call: ast.Call, arguments: tuple[str, ...], path: str) -> Message:
    values = {}
    for name, node in zip(arguments, call.args, strict=False):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            raise BadMessage(f"{path}:{node.lineno}: only a plain text can be translated")
        values[name] = node.value
    return Message(values["msgid"], values.get("plural"), values.get("context"))
