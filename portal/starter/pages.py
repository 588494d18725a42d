"""The pages of the public site, the menus and the footer."""

import datetime as dt
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html_join
from wagtail.models import Locale, Page, Site

from catalogue.models import Component
from home.addresses import language_prefix
from home.models import (
    CataloguePage,
    ComponentLimit,
    ComponentPage,
    ContactPage,
    ContentPage,
    FrontPage,
    HelpPage,
    MapPage,
    Navigation,
    NavigationItem,
    NewsIndexPage,
    NewsPage,
    OrganisationsPage,
    SearchPage,
    SupplyPage,
)
from home.models.base import MainPage
from portal.starter.source import read_yaml

FRONT_SLUG = "avaleht"


def load_pages() -> None:
    """Create the tree of pages: what an editor made or changed stays as it is."""
    locales = {
        code: Locale.objects.get_or_create(language_code=code)[0] for code, _n in settings.LANGUAGES
    }
    words = read_yaml("pages")
    front = load_front(words["front"], locales["et"])
    catalogue = child(front, CataloguePage, "teenused", **texts(words["catalogue"]))
    load_component_pages(catalogue)
    child(front, MapPage, "kaart", **texts(words["map"]))
    child(front, SupplyPage, "vajadus-ja-pakkumine", **texts(words["supply"]))
    child(front, SearchPage, "otsing", **texts(words["search"]))
    child(front, OrganisationsPage, "asutused", **texts(words["organisations"]))
    news = child(front, NewsIndexPage, "uudised", **texts(words["news"]))
    load_news(news)
    load_help(front, words["help"])
    load_content(front, words)
    load_navigation(locales, words["footer"])


def child(parent: Page, model: type[Any], slug: str, **fields: Any) -> Any:
    """The page `slug` under `parent`, made and published if it is not there."""
    found = parent.get_children().filter(slug=slug).first()
    if found:
        return found.specific
    # Search shows it under the title.
    fields.setdefault("search_description", fields.get("intro", "")[:250])
    if issubclass(model, MainPage):
        fields.setdefault("plain", plain_text(slug))
    page = model(slug=slug, locale=parent.locale, live=False, **fields)
    parent.add_child(instance=page)
    page.save_revision(log_action="wagtail.create").publish()
    return page


def texts(words: dict[str, Any]) -> dict[str, Any]:
    """The fields of a page out of its entry: everything but the address and the menu."""
    return {key: value for key, value in words.items() if key not in {"slug", "menu"}}


@cache
def _plain_words() -> dict[str, list[str]]:
    return dict(read_yaml("plain"))


def plain_text(key: str) -> str:
    """The page `key` (a code or a slug) in plain language, one paragraph for each line."""
    return format_html_join("", "<p>{}</p>", ((line,) for line in _plain_words().get(key, [])))


def load_front(words: dict[str, Any], locale: Locale) -> FrontPage:
    """The front page, put in the place of the page that a fresh CMS comes with."""
    front = FrontPage.objects.filter(locale=locale).first()
    if front:
        return front
    root = Page.get_first_root_node()
    front = FrontPage(
        slug=FRONT_SLUG,
        locale=locale,
        live=False,
        title=words["title"],
        question=words["question"],
        lead=words["lead"],
        placeholder=words["search_placeholder"],
        near_lead=words["near_lead"],
        steps_title=words.get("steps_title", "Kuidas abi algab"),
        examples=[("example", text) for text in words["examples"]],
        steps=[("step", step) for step in words["steps"]],
        plain=plain_text(FRONT_SLUG),
    )
    root.add_child(instance=front)
    front.save_revision(log_action="wagtail.create").publish()
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    stock = site.root_page if site.pk else None
    site.root_page = front
    site.site_name = settings.WAGTAIL_SITE_NAME
    site.save()
    if stock and stock.specific_class is Page:
        stock.delete()
    return front


def load_component_pages(catalogue: CataloguePage) -> None:
    components = {row.code: row for row in Component.objects.all()}
    known = set(ComponentPage.objects.child_of(catalogue).values_list("component__code", flat=True))
    for row in read_yaml("components"):
        if row["code"] in known:
            continue
        component = components[row["code"]]
        page = ComponentPage(
            slug=component.slug,
            locale=catalogue.locale,
            live=False,
            title=row["title"],
            component=component,
            summary=row["summary"],
            explanation=row.get("explanation", ""),
            activities=[("activity", text) for text in row.get("activities", [])],
            for_whom=row.get("for_whom", ""),
            forms_text=row.get("forms_text", ""),
            hour_text=row.get("hour_text", ""),
            delivered_by=row.get("delivered_by", ""),
            good_to_know=row.get("good_to_know", ""),
            terms="\n".join(row.get("terms", [])),
            source=row.get("source", ""),
            reviewed_on=timezone.localdate(),
            plain=plain_text(row["code"]),
        )
        page.limits = [
            ComponentLimit(
                sort_order=place,
                text=limit["text"],
                instead=components.get(limit.get("instead", "")),
            )
            for place, limit in enumerate(row.get("limits", []))
        ]
        catalogue.add_child(instance=page)
        page.save_revision(log_action="wagtail.create").publish()


def load_news(index: NewsIndexPage) -> None:
    for row in read_yaml("news"):
        child(
            index,
            NewsPage,
            row["slug"],
            title=row["title"],
            date=dt.date.fromisoformat(str(row["date"])),
            intro=row["intro"],
            body=row["body"],
        )


def load_help(front: FrontPage, words: dict[str, Any]) -> None:
    in_header = {"112", "116 123", "1220"}
    numbers = [
        {
            "number": row["number"],
            "name": row["name"],
            "text": row.get("text", ""),
            "hours": row.get("hours", ""),
            "source": row.get("source", ""),
            "checked_on": None,
            "in_header": row["number"] in in_header,
        }
        for row in words["numbers"]
    ]
    child(
        front,
        HelpPage,
        words["slug"],
        title=words["title"],
        intro=words["intro"],
        numbers=[("number", row) for row in numbers],
    )


def load_content(front: FrontPage, words: dict[str, Any]) -> None:
    contact = words["contact"]
    child(front, ContactPage, contact["slug"], **texts(contact))
    for name in ("accessibility", "privacy"):
        child(front, ContentPage, words[name]["slug"], **texts(words[name]))
    for page in words["pages"]:
        child(front, ContentPage, page["slug"], **texts(page))


# Labels of the menu in the three languages; where a link stands, and the address of its page.
LINKS = (
    ("main", "teenused", "Teenused", "Services", "Услуги"),
    ("main", "kaart", "Kaart", "Map", "Карта"),
    ("main", "asutused", "Asutused", "Who helps", "Кто помогает"),
    ("main", "alustamine", "Alustamine", "How to begin", "С чего начать"),
    ("main", "lahedasele", "Lähedasele", "For families", "Близким"),
    ("main", "vorgustik", "Võrgustik", "The network", "Сеть помощи"),
    ("help", "/leia/", "Abi leidmine", "Find help", "Найти помощь"),
    ("help", "abinumbrid", "Abinumbrid", "Help numbers", "Телефоны помощи"),
    ("help", "/arvuta/", "Mida abi maksab", "What help costs", "Сколько стоит помощь"),
    ("help", "hind-ja-ulempiir", "Hind ja ülempiir", "Price and ceiling", "Цена и предел"),
    ("help", "sonastik", "Sõnastik", "Glossary", "Словарь"),
    ("info", "vajadus-ja-pakkumine", "Vajadus ja pakkumine", "Needs and supply", "Нужды и помощь"),
    ("info", "uudised", "Uudised", "News", "Новости"),
    ("info", "/api/", "Avaandmed", "Open data", "Открытые данные"),
    ("info", "kontakt", "Kontakt", "Contact", "Контакт"),
    ("info", "ligipaasetavus", "Ligipääsetavus", "Accessibility", "Доступность"),
    ("info", "andmekaitse", "Andmekaitse", "Privacy", "Защита данных"),
)


def load_navigation(locales: dict[str, Locale], footer: dict[str, Any]) -> None:
    """A menu and a footer in each language, all leading to the same pages."""
    key = None
    for place, code in enumerate(("et", "en", "ru")):
        existing = Navigation.objects.filter(locale=locales[code]).first()
        if existing:
            key = existing.translation_key
            continue
        suffix = "" if code == "et" else f"_{code}"
        navigation = Navigation(
            locale=locales[code],
            live=False,
            about=footer.get(f"about{suffix}", ""),
            sample_note=footer.get(f"sample_note{suffix}", ""),
        )
        if key:
            navigation.translation_key = key
        key = navigation.translation_key
        navigation.items = [
            NavigationItem(
                sort_order=order,
                place=link[0],
                label=link[2 + place],
                **_target(link[1], locales["et"], code),
            )
            for order, link in enumerate(LINKS)
        ]
        navigation.save()
        navigation.save_revision(log_action="wagtail.create").publish()


def _target(where: str, estonian: Locale, code: str) -> dict[str, Any]:
    """What a link of `LINKS` leads to: an address of the portal in language `code`, or a page."""
    if where.startswith("/"):
        return {"path": language_prefix(code) + where.lstrip("/")}
    return {"page": Page.objects.get(slug=where, depth=3, locale=estonian)}
