"""Components with their pages, resources with offers and prices: any number of them, in bulk."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from modelsearch.backends import get_search_backend
from wagtail.models import Locale, Page

from catalogue.models import Component, LifeDomain, Price, Round
from catalogue.models.component import Form, Kind
from home.models import CataloguePage, ComponentPage, ContentPage, FrontPage
from network.models import Offer, OfferPrice, Resource
from portal.world.canaries import Canaries
from portal.world.luck import Luck
from portal.world.net import Area
from portal.world.personas import EDITORS, PUBLIC

AT_ONCE = 2_000
# Two of the words that people search by: one that every page has, one that a hundredth have.
COMMON, RARE = "nõustamine", "jalgrattaremont"
WORDS = ("kodu", "töö", "vestlus", "rühm", "pere", "uni", "rutiin", "raha", "tervis", "suhtlus")
PRICES_SINCE = dt.date(2026, 1, 1)


class SupplyLoader:
    """What the public sees, and what is still hidden from it."""

    def __init__(self, luck: Luck, canaries: Canaries, areas: dict[str, Area], today: dt.date):
        self.luck, self.canaries, self.areas, self.today = luck, canaries, areas, today
        self.locale = Locale.objects.get(language_code="et")

    def load(self, components: int, resources: int) -> None:
        """So many of each besides the starter content; and a draft that only editors see."""
        for first in range(0, components, AT_ONCE):
            self._components(range(first, min(components, first + AT_ONCE)))
        on_offer = list(
            Component.objects.filter(kind=Kind.ADDITIONAL, slug__startswith="maailm-")
        ) or list(Component.objects.filter(kind=Kind.ADDITIONAL))
        for first in range(0, resources, AT_ONCE):
            self._resources(range(first, min(resources, first + AT_ONCE)), on_offer)
        self._draft()

    @transaction.atomic
    def _components(self, numbers: range) -> None:
        domains = list(LifeDomain.objects.all())
        rows = [self._component(number, domains) for number in numbers]
        Component.objects.bulk_create(rows)
        running = Round.objects.valid_on(self.today).get()
        Price.objects.bulk_create(
            Price(
                component=row,
                round=running,
                form=Form.INDIVIDUAL,
                net=Decimal(20 + row.position % 60),
                gross=Decimal(20 + row.position % 60),
                valid_from=running.valid_from,
            )
            for row in rows
        )
        self._pages(rows)
        self.canaries.settle()

    def _component(self, number: int, domains: Sequence[LifeDomain]) -> Component:
        row = Component(
            code=f"W{number}",
            slug=f"maailm-komponent-{number}",
            name=f"{self.luck.choice(WORDS).capitalize()} {COMMON} {number}",
            kind=Kind.ADDITIONAL,
            domain=domains[number % len(domains)],
            is_group=number % 3 == 0,
            position=100 + number % 30_000,
        )
        self.canaries.fill(row, PUBLIC, only=("name",))
        return row

    def _pages(self, components: list[Component]) -> None:
        """Pages are rows of two tables, which Django does not create in bulk by itself."""
        catalogue = CataloguePage.objects.get(locale=self.locale)
        taken = Page.objects.child_of(catalogue).count()
        now = timezone.now()
        pages = [
            self._page(catalogue, component, taken + place, now)
            for place, component in enumerate(components, start=1)
        ]
        # Both halves carry all values: the first table gets its own, then the second.
        halves = [
            Page(**{field.attname: getattr(page, field.attname) for field in _of(Page)})
            for page in pages
        ]
        Page.objects.bulk_create(halves, batch_size=500)
        for page, half in zip(pages, halves, strict=True):
            page.pk = page.page_ptr_id = half.pk
        manager: Any = ComponentPage._base_manager
        for first in range(0, len(pages), 500):
            manager._insert(pages[first : first + 500], fields=_of(ComponentPage), using=manager.db)
        Page.objects.filter(pk=catalogue.pk).update(numchild=taken + len(pages))
        get_search_backend().add_bulk(ComponentPage, pages)

    def _page(
        self, catalogue: CataloguePage, component: Component, place: int, now: dt.datetime
    ) -> ComponentPage:
        words = " ".join(self.luck.choices(WORDS, k=12))
        rare = RARE if place % 100 == 7 else ""
        page = ComponentPage(
            component=component,
            title=component.name,
            draft_title=component.name,
            slug=component.slug,
            locale=self.locale,
            content_type=ContentType.objects.get_for_model(ComponentPage),
            path=Page._get_path(catalogue.path, catalogue.depth + 1, place),
            depth=catalogue.depth + 1,
            numchild=0,
            url_path=f"{catalogue.url_path}{component.slug}/",
            translation_key=self.luck.uuid(),
            live=True,
            has_unpublished_changes=False,
            first_published_at=now,
            last_published_at=now,
            latest_revision_created_at=now,
            summary=f"{words} {rare}".strip(),
            explanation=f"<p>{words} {COMMON}</p>",
            reviewed_on=self.today,
        )
        self.canaries.fill(page, PUBLIC, only=("summary", "for_whom", "forms_text", "delivered_by"))
        return page

    @transaction.atomic
    def _resources(self, numbers: range, components: list[Component]) -> None:
        # The third region is left without, so that there is an empty one too.
        areas = [self.areas["A"], self.areas["B"]]
        providers = [
            [post.organisation for post in area.of("organisation_lead", "provider")]
            for area in areas
        ]
        resources = []
        for number in numbers:
            area = areas[number % 2]
            town = area.municipalities[number // 2 % len(area.municipalities)]
            row = Resource(
                organisation=providers[number % 2][number // 2 % len(providers[number % 2])],
                name=f"{self.luck.choice(WORDS)} {number}",
                municipality=town,
                address=f"Kase {number}",
                lat=town.lat + self.luck.uniform(-0.08, 0.08),
                lon=town.lon + self.luck.uniform(-0.15, 0.15),
                state=Resource.State.PUBLISHED,
                confirmed_on=self.today - dt.timedelta(days=self.luck.randrange(90)),
            )
            self.canaries.fill(row, PUBLIC)
            resources.append(row)
        Resource.objects.bulk_create(resources)
        offers = [
            Offer(
                resource=row,
                component=components[number % len(components)],
                places=8,
                free_places=number % 8,
                waiting_weeks=number % 5,
            )
            for number, row in zip(numbers, resources, strict=True)
        ]
        for offer in offers:
            self.canaries.fill(offer, PUBLIC)
        Offer.objects.bulk_create(offers)
        OfferPrice.objects.bulk_create(
            OfferPrice(
                offer=offer,
                form=Form.INDIVIDUAL,
                net=Decimal(30 + number % 40),
                gross=Decimal(30 + number % 40),
                valid_from=PRICES_SINCE,
            )
            for number, offer in zip(numbers, offers, strict=True)
        )
        self.canaries.settle()

    @transaction.atomic
    def _draft(self) -> None:
        """A page that is being written, and a published one with changes that wait."""
        front = FrontPage.objects.get(locale=self.locale)
        for slug, is_live in (("maailm-mustand", False), ("maailm-muudetav", True)):
            page = ContentPage(slug=slug, locale=self.locale, live=False, title="Proovileht")
            names = ("title", "intro", "body", "seo_title", "search_description")
            if is_live:
                front.add_child(instance=page)
                page.save_revision().publish()
                page.refresh_from_db()
            for name in names:
                self.canaries.put(page, page._meta.get_field(name), EDITORS)
            page.body = f"<p>{page.body}</p>"
            if is_live:
                page.save_revision()
            else:
                page.draft_title = page.title
                front.add_child(instance=page)
                page.save_revision()


def _of(model: type[Any]) -> list[Any]:
    """The columns of the model's own table; the key of a plain page is the database's."""
    return [field for field in model._meta.local_concrete_fields if field.name != "id"]
