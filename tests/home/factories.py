"""A public site with as little on it as each test needs."""

from typing import Any

from wagtail.models import Locale, Page, Site

from catalogue.models import Component
from home.models import (
    CataloguePage,
    ComponentPage,
    ContactPage,
    ContentPage,
    FrontPage,
    HelpPage,
    MapPage,
    NewsIndexPage,
    NewsPage,
    OrganisationsPage,
    SearchPage,
    SupplyPage,
)
from tests.network.factories import ComponentFactory


def add(parent: Page, page: Page) -> Any:
    """Put a page into the tree and publish it, as an editor would."""
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()
    # Publishing works on the revision's own copy; this one would still think it is a draft.
    return type(page).objects.get(pk=page.pk)


class SmallSite:
    """The fixed pages of the site in Estonian; the rest is added by the test."""

    def __init__(self) -> None:
        self.locale = Locale.objects.get_or_create(language_code="et")[0]
        for code in ("en", "ru"):
            Locale.objects.get_or_create(language_code=code)
        root = Page.get_first_root_node()
        self.front = add(
            root, FrontPage(title="Tugivõrk", slug="avaleht", question="Mida otsite?", lead="Abi.")
        )
        site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
        site.root_page = self.front
        site.save()
        self.catalogue = self.under(CataloguePage(title="Teenused", slug="teenused"))
        self.map = self.under(MapPage(title="Kaart", slug="kaart"))
        self.supply = self.under(
            SupplyPage(title="Vajadus ja pakkumine", slug="vajadus-ja-pakkumine")
        )
        self.search = self.under(SearchPage(title="Otsing", slug="otsing"))
        self.organisations = self.under(OrganisationsPage(title="Asutused", slug="asutused"))
        self.news = self.under(NewsIndexPage(title="Uudised", slug="uudised"))
        self.help = self.under(
            HelpPage(
                title="Abinumbrid",
                slug="abinumbrid",
                numbers=[
                    ("number", {"number": "112", "name": "hädaabi", "in_header": True}),
                    ("number", {"number": "116 111", "name": "lasteabi", "in_header": False}),
                ],
            )
        )
        self.contact = self.under(ContactPage(title="Kontakt", slug="kontakt", phone="000 1010"))

    def under(self, page: Page, parent: Page | None = None) -> Any:
        return add(parent or self.front, page)

    def component(self, component: Component | None = None, **fields: Any) -> ComponentPage:
        """A component with its page."""
        component = component or ComponentFactory()
        values = {"title": component.name, "summary": f"Lühidalt: {component.name}."} | fields
        page = ComponentPage(component=component, slug=component.slug, **values)
        return self.under(page, self.catalogue)

    def content(self, slug: str, **fields: Any) -> ContentPage:
        return self.under(ContentPage(slug=slug, **({"title": slug.title()} | fields)))

    def news_item(self, slug: str, **fields: Any) -> NewsPage:
        values = {"title": slug.title(), "intro": "Uudis.", "date": "2026-11-01"} | fields
        return self.under(NewsPage(slug=slug, **values), self.news)
