"""Links in the texts of pages: which lead to something of ours that is gone, which lead out."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.template.loader import get_template
from django.urls import Resolver404, resolve
from django.utils import translation
from wagtail.documents.models import Document
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import Image
from wagtail.models import Page

from home.models import NavigationItem
from home.models.base import SitePage
from home.querysets import DEFAULT_LANGUAGE, SitePageQuerySet
from network.models import Organisation

GONE, HIDDEN, NO_PAGE, NO_PLACE, NO_FILE, NOT_WHOLE = (
    *("gone", "hidden", "no_page", "no_place", "no_file", "not_whole"),
)
OUTSIDE = ("http://", "https://")
HARMLESS = ("mailto:", "tel:")
IDS = re.compile(r'\bid="([\w-]+)"')


@dataclass(frozen=True)
class Link:
    """One link as it stands in the text of a page; `kind` is page, document, image or href."""

    page: int
    title: str
    language: str
    model: type[Any]
    label: str
    kind: str
    target: str


@dataclass(frozen=True)
class Broken:
    """A link that leads nowhere, and why: one of the words on top of this module."""

    link: Link
    reason: str


class _Reader(HTMLParser):
    """Collects links and their words out of one text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, list[str]]] = []
        self._open: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        words: list[str] = []
        if tag == "a":
            kind = values.get("linktype") or "href"
            target = values.get("href") if kind == "href" else values.get("id")
            self.found.append((kind, target or "", words))
            self._open = words
        elif tag == "embed" and values.get("embedtype") == "image":
            self.found.append(("image", values.get("id") or "", [values.get("alt") or ""]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.append(data)


def links_in(html: str) -> list[tuple[str, str, str]]:
    """(kind, target, words) of each link in `html`, as the CMS stores it."""
    if "<" not in html:
        return []
    reader = _Reader()
    reader.feed(html)
    return [(kind, target, "".join(words).strip()) for kind, target, words in reader.found]


def all_links() -> Iterator[Link]:
    """Every link in a published page, one statement for each kind of page."""
    for model in apps.get_app_config("home").get_models():
        if not issubclass(model, SitePage):
            continue
        fields = [
            one.name for one in model._meta.fields if isinstance(one, RichTextField | StreamField)
        ]
        for page in model.objects.live().select_related("locale") if fields else ():
            texts = [_text(getattr(page, name)) for name in fields]
            for kind, target, label in (one for text in texts for one in links_in(text)):
                code = page.locale.language_code
                yield Link(page.pk, page.title, code, model, label, kind, target)


def _text(value: Any) -> str:
    """What is stored: the HTML itself, or all strings of the blocks."""
    raw = getattr(value, "raw_data", None)
    return value if raw is None else " ".join(_strings(json.loads(json.dumps(list(raw)))))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def broken_links() -> list[Broken]:
    """Links to pages, documents, images and addresses of ours that are not there (any more)."""
    links = [*all_links(), *_of_navigation()]
    known = _Known.for_links(links)
    pairs = ((link, known.trouble(link)) for link in links)
    return [Broken(link, reason) for link, reason in pairs if reason]


def outside_addresses() -> dict[str, list[Link]]:
    """Addresses outside the portal, with the links that lead there."""
    found: dict[str, list[Link]] = {}
    for link in all_links():
        if link.kind == "href" and link.target.startswith(OUTSIDE) and not _own(link.target):
            found.setdefault(link.target.partition("#")[0], []).append(link)
    return found


def _of_navigation() -> Iterator[Link]:
    """The menu and the footer lead to pages and addresses too."""
    for item in NavigationItem.objects.select_related("navigation__locale"):
        code = item.navigation.locale.language_code
        kind, target = ("page", str(item.page_id)) if item.page_id else ("href", item.path)
        yield Link(0, str(item.navigation), code, NavigationItem, item.label, kind, target)


def _own(address: str) -> bool:
    hosts = {urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc, settings.PUBLIC_HOST}
    return urlsplit(address).netloc in hosts - {""}


@dataclass
class _Known:
    """What there is, read at once for all links."""

    pages: set[str] = field(default_factory=set)
    visible: dict[str, str] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)
    images: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)

    @classmethod
    def for_links(cls, links: list[Link]) -> "_Known":
        visible = SitePageQuerySet(Page).visible().values_list("pk", "url_path")
        return cls(
            pages={str(pk) for pk in Page.objects.values_list("pk", flat=True)},
            visible={str(pk): "/".join(path.split("/")[2:]) for pk, path in visible},
            documents=_existing(Document, links, "document"),
            images=_existing(Image, links, "image"),
            organisations=set(Organisation.objects.public().values_list("slug", flat=True)),
        )

    def __post_init__(self) -> None:
        self._addresses = set(self.visible.values())

    def trouble(self, link: Link) -> str:
        """Why `link` leads nowhere, or an empty word."""
        if link.kind == "page":
            if link.target not in self.pages:
                return GONE
            return "" if link.target in self.visible else HIDDEN
        if link.kind in ("document", "image"):
            files = self.documents if link.kind == "document" else self.images
            return "" if link.target in files else NO_FILE
        return self._trouble_of_address(link)

    def _trouble_of_address(self, link: Link) -> str:
        target = link.target
        if target.startswith("#"):
            return "" if target[1:] in _places_of(link.model) else NO_PLACE
        if target.startswith(HARMLESS):
            return ""
        if target.startswith(OUTSIDE) and not _own(target):
            # They are asked one by one, by the worker and never by a reader of this report.
            return ""
        if not (target.startswith(OUTSIDE) or (target[:1] == "/" and target[:2] != "//")):
            return NOT_WHOLE
        return "" if self._leads_somewhere(urlsplit(target).path or "/") else NO_PAGE

    def _leads_somewhere(self, path: str) -> bool:
        for code, _name in settings.LANGUAGES:
            if code != DEFAULT_LANGUAGE and f"{path}/".startswith(f"/{code}/"):
                path = path[len(code) + 1 :] or "/"
        with translation.override(DEFAULT_LANGUAGE):
            try:
                match = resolve(path)
            except Resolver404:
                try:
                    match = resolve(f"{path}/")
                except Resolver404:
                    return False
        if match.url_name == "organisation_detail":
            return match.kwargs["slug"] in self.organisations
        if match.url_name == "wagtaildocs_serve":
            return str(match.kwargs["document_id"]) in self.documents
        if match.url_name in ("wagtail_serve", "component_detail"):
            return f"{path.strip('/')}/" in self._addresses
        return True


def _existing(model: Any, links: list[Link], kind: str) -> set[str]:
    """Keys of `model` that there are, among those the links ask for."""
    asked = {int(link.target) for link in links if link.kind == kind and link.target.isdecimal()}
    if kind == "document":
        # Addresses of documents name them too; there are not many.
        return {str(pk) for pk in model.objects.values_list("pk", flat=True)}
    return {str(pk) for pk in model.objects.filter(pk__in=asked).values_list("pk", flat=True)}


def _places_of(model: Any) -> set[str]:
    """Names of places on a page of `model` that a link can lead to."""
    sources = (model.template, "base.html") if hasattr(model, "template") else ("base.html",)
    templates: list[Any] = [get_template(source) for source in sources]
    return {name for one in templates for name in IDS.findall(one.template.source)}
