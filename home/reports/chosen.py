"""Components picked out one by one, each with what is offered near home.

The comparison, the visitor's own list and the finder show the same facts; here they are read once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Max,
    Min,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from catalogue.calculator import to_cents
from home.reports.catalogue import ComponentRow
from home.visit import Visit
from network.models import Offer, OfferPrice
from network.querysets import OfferQuerySet
from network.reports.offers import OfferRow, by_distance, near_ids, offer_rows

HAS_FREE = Q(free_places__gt=0)


@dataclass(frozen=True)
class Facts:
    """How many offers of a component there are near home, and how many of them are of a kind."""

    offers: int = 0
    free: int = 0
    at_home: int = 0
    remote: int = 0


@dataclass(frozen=True)
class Asked:
    """What providers near home ask for an hour in one form, in euros with VAT."""

    form: str
    lowest: Decimal
    highest: Decimal
    is_sample: bool


@dataclass(frozen=True)
class Chosen:
    """A component with its page, its line for a list and its nearest offers."""

    page: Any
    row: ComponentRow
    offers: list[OfferRow]
    asked: list[Asked]


def visible_components(visit: Visit, components: Any) -> Any:
    """The pages of components in use, each in the visitor's language or else in Estonian."""
    pages = components.visible().in_language(visit.language).filter(component__is_active=True)
    return pages.select_related("component__domain", "locale")


def chosen_components(pages: list[Any], visit: Visit, each: int = 2) -> list[Chosen]:
    """Every one of `pages` with the `each` nearest offers of its component, in four statements."""
    ids = [page.component_id for page in pages]
    if not ids:
        return []
    facts = facts_of(visit, Offer.objects.filter(component_id__in=ids))
    asked = _asked(visit, ids)
    offers = nearest_offers(visit, ids, each)
    return [
        _chosen(
            page,
            visit,
            facts.get(page.component_id, Facts()),
            asked.get(page.component_id, []),
            offers.get(page.component.slug, []),
        )
        for page in pages
    ]


def facts_rows(visit: Visit, offers: OfferQuerySet) -> QuerySet[Any, Any]:
    """One row a component of `offers`: its key and the numbers of Facts, near home if known."""
    return (
        _near(visit, offers)
        .order_by()
        .values_list("component_id")
        .annotate(
            offers=Count("pk"),
            free=Count("pk", filter=HAS_FREE),
            homes=Count("pk", filter=Q(at_home=True)),
            remotes=Count("pk", filter=Q(remote=True)),
        )
    )


def facts_of(visit: Visit, offers: OfferQuerySet) -> dict[int, Facts]:
    """By component, in one statement; whoever has no offer near home is not in it."""
    return {pk: Facts(*numbers) for pk, *numbers in facts_rows(visit, offers)}


def nearest_offers(visit: Visit, ids: Iterable[int], each: int) -> dict[str, list[OfferRow]]:
    """By the component's slug its `each` best offers: near home, a free place, then the distance.

    Two statements for any number of components and offers.
    """
    offers = Offer.objects.published().filter(component_id__in=ids)
    order: list[Any] = [_far_last(visit), Case(When(HAS_FREE, then=Value(0)), default=Value(1))]
    if visit.municipality:
        offers = by_distance(offers, visit.municipality)
        order.append(F("km"))
    else:
        order.append(F("resource__municipality__name"))
    in_line = Window(RowNumber(), partition_by=F("component_id"), order_by=[*order, F("pk")])
    first = dict(
        offers.order_by()
        .annotate(in_line=in_line)
        .filter(in_line__lte=each)
        .values_list("pk", "in_line")
    )
    rows = offer_rows(Offer.objects.filter(pk__in=first), visit.municipality, visit.day, len(first))
    found: dict[str, list[OfferRow]] = {}
    for row in sorted(rows, key=lambda row: first[row.id]):
        found.setdefault(row.component_slug, []).append(row)
    return found


def _far_last(visit: Visit) -> Case:
    if visit.municipality is None:
        return Case(default=Value(0), output_field=IntegerField())
    near = Q(resource__municipality_id__in=near_ids(visit.municipality)) | Q(comes=True)
    return Case(When(near, then=Value(0)), default=Value(1), output_field=IntegerField())


def _near(visit: Visit, offers: OfferQuerySet) -> OfferQuerySet:
    offers = offers.published()
    if visit.municipality:
        offers = offers.near(near_ids(visit.municipality), visit.municipality.id)
    return offers


def _asked(visit: Visit, ids: list[int]) -> dict[int, list[Asked]]:
    offers = _near(visit, Offer.objects.filter(component_id__in=ids))
    rows = (
        OfferPrice.objects.on(visit.day)
        .filter(offer__in=offers.values("pk"))
        .order_by()
        .values_list("offer__component_id", "form")
        .annotate(
            lowest=Min("gross"),
            highest=Max("gross"),
            samples=Count("pk", filter=Q(offer__resource__organisation__is_sample=True)),
        )
    )
    found: dict[int, list[Asked]] = {}
    for pk, form, lowest, highest, samples in rows:
        found.setdefault(pk, []).append(
            Asked(form, to_cents(lowest), to_cents(highest), bool(samples))
        )
    return found


def _chosen(
    page: Any, visit: Visit, facts: Facts, asked: list[Asked], offers: list[OfferRow]
) -> Chosen:
    component = page.component
    domain = component.domain
    forms = [form.value for form in component.forms]
    in_order = sorted(
        (one for one in asked if one.form in forms), key=lambda one: forms.index(one.form)
    )
    cheapest = min(in_order, key=lambda one: one.lowest, default=None)
    nearest = None
    if visit.municipality and not facts.offers and offers:
        nearest = (offers[0].municipality, offers[0].km or 0)
    elif visit.municipality:
        # Near home stands first; what is farther is no example of it.
        offers = offers[: facts.offers]
    row = ComponentRow(
        title=page.title,
        slug=page.slug,
        summary=page.summary,
        kind=component.kind,
        audience=component.audience,
        forms=forms,
        domain_slug=domain.slug if domain else "base",
        domain_name=domain.name_in(visit.language) if domain else "",
        domain_icon=domain.icon if domain else "route",
        lang="" if page.locale.language_code == visit.language else page.locale.language_code,
        from_price=cheapest.lowest if cheapest else None,
        from_form=cheapest.form if cheapest else "",
        is_sample=bool(cheapest and cheapest.is_sample),
        offers=facts.offers,
        free=facts.free,
        nearest=nearest,
    )
    return Chosen(page, row, offers, in_order)
