"""What hangs on a component: pages, offers, prices and ceilings. Plans are not looked into."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from catalogue.models import Cap, Component, Price
from home.models import ComponentLimit, ComponentPage
from network.models import Offer


@dataclass(frozen=True)
class Usage:
    """How often one component is used where."""

    component: Component
    pages: int
    offers: int
    prices: int
    caps: int
    named: int


@dataclass(frozen=True)
class Place:
    """One place where a component is used: what it is, its name, and where it is changed."""

    kind: str
    name: str
    page: int | None = None


def usages(day: dt.date) -> list[Usage]:
    """Every component with its counts, in seven statements at most."""
    pages = _counts(ComponentPage.objects.live())
    offers = _counts(Offer.objects.published())
    prices = _counts(Price.objects.valid_on(day))
    caps = _counts(Cap.objects.valid_on(day).filter(component__isnull=False))
    named = _counts(ComponentLimit.objects.filter(instead__isnull=False), "instead_id")
    return [
        Usage(row, pages[row.pk], offers[row.pk], prices[row.pk], caps[row.pk], named[row.pk])
        for row in Component.objects.order_by("position")
    ]


def _counts(rows: Any, column: str = "component_id") -> Counter[int]:
    pairs = rows.order_by().values_list(column).annotate(n=Count("pk"))
    return Counter(dict(pairs))


def places_of(component: Component, day: dt.date) -> list[Place]:
    """Every place where `component` is used; of offers, the public ones."""
    pages = ComponentPage.objects.filter(component=component).select_related("locale")
    limits = ComponentLimit.objects.filter(instead=component).select_related("page__locale")
    offers = (
        Offer.objects.published()
        .filter(component=component)
        .select_related("resource__organisation")
    )
    prices = Price.objects.valid_on(day).filter(component=component).select_related("round")
    caps = Cap.objects.valid_on(day).filter(component=component).select_related("round")
    return [
        *(Place("page", f"{page.title} ({page.locale.language_code})", page.pk) for page in pages),
        *(Place("limit", f"{row.page.title}: {row.text}", row.page_id) for row in limits),
        *(Place("offer", f"{row.resource.organisation}: {row.resource}") for row in offers),
        *(
            Place("price", f"{row.round}: {row.get_form_display()}, {row.gross} €")
            for row in prices
        ),
        *(Place("cap", f"{row.round}: {row.yearly} €") for row in caps),
    ]
