"""What stands around every page: menu, help numbers, footer, languages."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from home.addresses import language_prefix, page_address
from home.kept_question import kept_question
from home.models import ContactPage, HelpPage, Navigation
from home.plain import reads_plain, switch_address
from home.querysets import DEFAULT_LANGUAGE
from portal.base.memo import per_content_version

LANGUAGE_NAMES = {"et": "Eesti", "en": "English", "ru": "Русский"}


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class HelpNumber:
    number: str
    name: str
    lang: str = DEFAULT_LANGUAGE

    @property
    def tel(self) -> str:
        return "".join(sign for sign in self.number if sign.isdigit() or sign == "+")


@dataclass(frozen=True)
class Contact:
    phone: str
    email: str
    hours: str
    url: str

    @property
    def tel(self) -> str:
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


@dataclass(frozen=True)
class Words:
    """What editors wrote for the frame, in one language."""

    links: tuple[tuple[str, str, str], ...]
    about: str
    sample_note: str
    help_numbers: tuple[HelpNumber, ...]
    contact: Contact | None


@dataclass(frozen=True)
class Language:
    code: str
    name: str
    url: str
    current: bool


@dataclass
class Frame:
    menu: list[Link] = field(default_factory=list)
    footer_help: list[Link] = field(default_factory=list)
    footer_info: list[Link] = field(default_factory=list)
    help_numbers: tuple[HelpNumber, ...] = ()
    about: str = ""
    sample_note: str = ""
    contact: Contact | None = None
    languages: list[Language] = field(default_factory=list)
    home_url: str = "/"
    search_url: str = "/otsing/"
    is_plain: bool = False
    plain_url: str = ""
    is_demo: bool = False


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame, made when a template first asks for it."""
    return {"frame": _LazyFrame(request)}


class _LazyFrame:
    """Builds the frame at the first question, so that answers without it cost nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._frame: Frame | None = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self._frame is None:
            self._frame = build_frame(self._request)
        return getattr(self._frame, name)


def build_frame(request: HttpRequest, navigation: Navigation | None = None) -> Frame:
    """The frame of this request; `navigation` is a draft to be previewed."""
    language = translation.get_language() or DEFAULT_LANGUAGE
    words = words_of(navigation, language) if navigation else _words(language)
    path = request.path
    links: dict[str, list[Link]] = {"main": [], "help": [], "info": []}
    home = language_prefix(language)
    question = kept_question(request)
    for place, label, url in words.links:
        current = path == url or (url != home and path.startswith(url))
        links[place].append(Link(label, url, current))
    return Frame(
        menu=links["main"],
        footer_help=links["help"],
        footer_info=links["info"],
        help_numbers=words.help_numbers,
        about=words.about,
        sample_note=words.sample_note,
        contact=words.contact,
        languages=[
            Language(
                code, LANGUAGE_NAMES[code], _in_language(path, code) + question, code == language
            )
            for code, _name in settings.LANGUAGES
        ],
        home_url=home,
        search_url=f"{home}otsing/",
        is_plain=reads_plain(request),
        plain_url=switch_address(request, home),
        is_demo=settings.IS_DEMO,
    )


def _in_language(path: str, code: str) -> str:
    """The same address in another language."""
    for other, _name in settings.LANGUAGES:
        prefix = language_prefix(other)
        if prefix != "/" and (path + "/").startswith(prefix):
            path = "/" + path[len(prefix) :]
            break
    return language_prefix(code) + path.lstrip("/")


@per_content_version
def _words(language: str) -> Words:
    return words_of(None, language)


def words_of(navigation: Navigation | None, language: str) -> Words:
    """Read the editors' words in at most four statements; Estonian where there is no other."""
    if navigation is None:
        both = Navigation.objects.filter(
            live=True, locale__language_code__in={language, DEFAULT_LANGUAGE}
        ).select_related("locale")
        navigation = min(both, key=lambda one: one.locale.language_code != language, default=None)
    links = []
    if navigation is not None:
        items = navigation.items.all()
        if navigation.pk and not navigation.has_unpublished_changes:
            items = navigation.items.select_related("page")
        for item in items:
            if item.page_id and not item.page.live:
                continue
            url = page_address(item.page.url_path) if item.page_id else item.path
            links.append((item.place, item.label, url))
    help_page = HelpPage.objects.visible().in_language(language).select_related("locale").first()
    contact_page = ContactPage.objects.visible().in_language(language).first()
    return Words(
        links=tuple(links),
        about=navigation.about if navigation else "",
        sample_note=navigation.sample_note if navigation else "",
        help_numbers=tuple(
            HelpNumber(block.value["number"], block.value["name"], help_page.locale.language_code)
            for block in (help_page.numbers if help_page else [])
            if block.value.get("in_header")
        ),
        contact=(
            Contact(
                contact_page.phone,
                contact_page.email,
                contact_page.hours,
                page_address(contact_page.url_path),
            )
            if contact_page
            else None
        ),
    )
