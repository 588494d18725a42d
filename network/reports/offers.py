"""Offers as visitors see them: who, where, how far, at what price, whether a place is free."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Value, When

from catalogue.models.component import Form
from network.models import Offer, OfferPrice
from network.querysets import OfferQuerySet
from network.reports.places import MunicipalityRow, places

# Farther than any place of the country: rows whose distance is not known come last.
UNKNOWN_KM = 9999
FORM_ORDER = [form.value for form in Form]


@dataclass(frozen=True)
class PriceRow:
    """One hour in one form, in euros; `vat_rate` in per cent, None where exempt."""

    id: int
    form: str
    net: Decimal
    vat_rate: Decimal | None
    vat: Decimal
    gross: Decimal


@dataclass(frozen=True)
class OfferRow:
    """An offer as a list shows it. A confidential place has no address."""

    id: int
    component_name: str
    component_slug: str
    domain_slug: str
    organisation: str
    organisation_slug: str
    is_sample: bool
    phone: str
    municipality: str
    address: str
    km: int | None
    comes_to_chosen: bool
    at_home: bool
    remote: bool
    places: int | None
    free_places: int | None
    waiting_weeks: int | None
    languages: list[str]
    note: str
    confirmed_on: dt.date | None
    is_fresh: bool
    prices: list[PriceRow] = field(default_factory=list)

    @property
    def capacity(self) -> str:
        """`free`, `waiting`, `full` or `unknown`."""
        if self.free_places:
            return "free"
        if self.waiting_weeks:
            return "waiting"
        return "full" if self.free_places == 0 else "unknown"


def near_ids(chosen: MunicipalityRow) -> list[int]:
    """Ids of the municipalities that count as near `chosen` (settings.NEAR_KM)."""
    return places().near(chosen, settings.NEAR_KM)


def by_distance(offers: OfferQuerySet, chosen: MunicipalityRow) -> OfferQuerySet:
    """Annotate `km` from `chosen` and whether the offer `comes` there; nearest first."""
    whens = [
        When(resource__municipality_id=pk, then=Value(km))
        for pk, km in places().distances(chosen).items()
    ]
    comes = Offer.serves.through.objects.filter(offer_id=OuterRef("pk"), municipality_id=chosen.id)
    return offers.annotate(
        km=Case(*whens, default=Value(UNKNOWN_KM), output_field=IntegerField()),
        comes=Exists(comes),
    ).order_by("km", "-comes", "resource__organisation__name", "pk")


def offer_rows(
    offers: OfferQuerySet, chosen: MunicipalityRow | None, day: dt.date, limit: int
) -> list[OfferRow]:
    """The first `limit` of `offers` with the prices of `day`, in two statements."""
    if chosen is not None:
        offers = by_distance(offers, chosen)
    else:
        offers = offers.order_by(
            "resource__municipality__name", "resource__organisation__name", "pk"
        )
    prices = OfferPrice.objects.on(day)
    found = offers.select_related(
        "component__domain", "resource__organisation", "resource__municipality"
    ).prefetch_related(Prefetch("prices", prices, to_attr="prices_today"))[:limit]
    return [_row(offer, day) for offer in found]


def _row(offer: Offer, day: dt.date) -> OfferRow:
    resource = offer.resource
    organisation = resource.organisation
    # The Prefetch of the list has put the prices of the day there.
    today: list[OfferPrice] = offer.prices_today
    return OfferRow(
        id=offer.pk,
        component_name=offer.component.name,
        component_slug=offer.component.slug,
        domain_slug=offer.component.domain.slug if offer.component.domain else "base",
        organisation=organisation.name,
        organisation_slug=organisation.slug,
        is_sample=organisation.is_sample,
        phone=organisation.phone,
        municipality=resource.municipality.name,
        address=resource.public_address,
        km=getattr(offer, "km", None),
        comes_to_chosen=getattr(offer, "comes", False),
        at_home=offer.at_home,
        remote=offer.remote,
        places=offer.places,
        free_places=offer.free_places,
        waiting_weeks=offer.waiting_weeks,
        languages=offer.language_codes,
        note=offer.note,
        confirmed_on=resource.confirmed_on,
        is_fresh=resource.is_fresh(day),
        prices=[
            PriceRow(price.pk, price.form, price.net, price.vat_rate, price.vat, price.gross)
            for price in sorted(today, key=lambda price: FORM_ORDER.index(price.form))
        ],
    )


def nearest_places(component_ids: list[int], chosen: MunicipalityRow) -> dict[int, tuple[str, int]]:
    """For each component the nearest municipality with an offer and its distance in km."""
    if not component_ids:
        return {}
    pairs = (
        Offer.objects.published()
        .filter(component_id__in=component_ids)
        .values_list("component_id", "resource__municipality_id")
        .distinct()
        .order_by()
    )
    distances = places().distances(chosen)
    nearest: dict[int, tuple[str, int]] = {}
    for component_id, place_id in pairs:
        km = distances[place_id]
        if component_id not in nearest or km < nearest[component_id][1]:
            nearest[component_id] = (places().by_id[place_id].name, km)
    return nearest
