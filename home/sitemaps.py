"""What search engines may know, one file per language: published pages and public organisations.

Each address names its other languages, so that a reader is led to the own one.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.utils import translation
from wagtail.models import Page

from home.addresses import language_prefix, page_address
from home.querysets import DEFAULT_LANGUAGE, SitePageQuerySet
from network.models import Organisation


@dataclass(frozen=True)
class Entry:
    """An address, and the same thing in other languages (language → address)."""

    location: str
    languages: dict[str, str]
    changed: dt.datetime | None = None


class LanguageSitemap(Sitemap[Entry]):
    """Entries in the language of the address at which the file is asked for."""

    def location(self, item: Entry) -> str:
        return item.location

    def lastmod(self, item: Entry) -> Any:
        return item.changed

    def get_urls(self, page: Any = 1, site: Any = None, protocol: str | None = None) -> Any:
        urls = super().get_urls(page, site, protocol)
        start = f"{self.get_protocol(protocol)}://{self.get_domain(site)}"
        for url in urls:
            languages = url["item"].languages
            found = languages | {"x-default": languages.get(DEFAULT_LANGUAGE, url["item"].location)}
            url["alternates"] = [
                {"lang_code": code, "location": start + address} for code, address in found.items()
            ]
        return urls


class PageSitemap(LanguageSitemap):
    """Every visible page as it stands in this language: Estonian where it is not written yet."""

    def items(self) -> list[Entry]:
        pages = SitePageQuerySet(Page).visible()
        facts = pages.filter(depth__gte=2).order_by("path")
        versions: dict[Any, dict[str, tuple[str, Any]]] = defaultdict(dict)
        for key, code, url_path, changed in facts.values_list(
            "translation_key", "locale__language_code", "url_path", "last_published_at"
        ):
            versions[key][code] = (url_path, changed)
        return [entry for entry in map(_entry, versions.values()) if entry]


def _entry(written: dict[str, tuple[str, Any]]) -> Entry | None:
    """A page with its addresses; `written`: by language its path in the tree and its last change.

    The same choice as `in_language`: the own language, else Estonian, else it is not there.
    """
    language = translation.get_language() or DEFAULT_LANGUAGE
    shown = {
        code: written.get(code, written.get(DEFAULT_LANGUAGE)) for code, _ in settings.LANGUAGES
    }
    here = shown[language]
    if here is None:
        return None
    languages = {code: page_address(one[0], code) for code, one in shown.items() if one}
    return Entry(languages[language], languages, here[1])


class OrganisationSitemap(LanguageSitemap):
    """Every public organisation; its page stands in each language."""

    def items(self) -> list[Entry]:
        language = translation.get_language() or DEFAULT_LANGUAGE
        found = []
        for slug in _public().values_list("slug", flat=True):
            languages = {
                code: f"{language_prefix(code)}asutused/{slug}/" for code, _ in settings.LANGUAGES
            }
            found.append(Entry(languages[language], languages))
        return found


def _public() -> Any:
    return Organisation.objects.public().order_by("slug")


SITEMAPS = {"pages": PageSitemap, "organisations": OrganisationSitemap}
