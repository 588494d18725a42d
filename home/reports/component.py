"""One component: prices by form and round, the ceiling, who offers it near home."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q

from catalogue.models import Cap, Component, Price
from home.reports.calculator import Rates, rates_of
from home.reports.contacts import municipal_contact
from home.visit import Visit
from network.models import Offer, Organisation
from network.reports.offers import OfferRow, near_ids, offer_rows
from network.reports.places import places

OFFERS_ON_PAGE = 50


@dataclass(frozen=True)
class FormPrice:
    """What one form costs: the reference of the running round and what offers ask, with VAT."""

    form: str
    reference: Price | None
    lowest: Decimal | None
    highest: Decimal | None
    is_sample: bool


@dataclass(frozen=True)
class ComponentReport:
    visit: Visit
    domain_name: str
    round: str
    near: list[OfferRow]
    elsewhere: list[OfferRow]
    has_more: bool
    prices: list[FormPrice]
    upcoming_prices: list[Price]
    past_prices: list[Price]
    cap: Cap | None
    upcoming_caps: list[Cap]
    past_caps: list[Cap]
    contact: Organisation | None
    rates: Rates

    @property
    def near_km(self) -> int:
        return settings.NEAR_KM

    @property
    def counties(self) -> list[Any]:
        return places().by_county

    @property
    def offers(self) -> list[OfferRow]:
        return [*self.near, *self.elsewhere]

    @property
    def from_price(self) -> FormPrice | None:
        """The cheapest form that somebody offers."""
        priced = [price for price in self.prices if price.lowest is not None]
        return min(priced, key=lambda price: price.lowest or 0, default=None)

    @property
    def plain_price(self) -> Decimal | None:
        """The one price of a plain sentence: the lowest that is asked, else the reference."""
        if self.from_price:
            return self.from_price.lowest
        references = [price.reference.gross for price in self.prices if price.reference]
        return min(references, default=None)


def component_report(visit: Visit, component: Component) -> ComponentReport:
    """Five statements: reference prices, ceilings, offers, their prices, the contact."""
    offers = Offer.objects.published().filter(component_id=component.pk)
    rows = offer_rows(offers, visit.municipality, visit.day, OFFERS_ON_PAGE + 1)
    shown = rows[:OFFERS_ON_PAGE]
    near, elsewhere = _split(shown, visit)
    references = list(component.prices.with_round().order_by("-valid_from", "form"))
    running = [price for price in references if _is_running(price, visit)]
    caps = list(
        Cap.objects.filter(Q(component_id=component.pk) | Q(domain_id=component.domain_id or 0))
        .select_related("round", "domain")
        .order_by("-valid_from")
    )
    # Where the component and its life domain both have one, the lower is met first.
    cap = min(
        (cap for cap in caps if _is_running(cap, visit)), key=lambda one: one.yearly, default=None
    )
    return ComponentReport(
        visit=visit,
        domain_name=component.domain.name_in(visit.language) if component.domain else "",
        round=running[0].round.name if running else "",
        near=near,
        elsewhere=elsewhere,
        has_more=len(rows) > OFFERS_ON_PAGE,
        prices=[_form_price(form.value, running, near or shown) for form in component.forms],
        upcoming_prices=[price for price in references if price.valid_from > visit.day],
        past_prices=[price for price in references if _is_over(price, visit)],
        cap=cap,
        upcoming_caps=[one for one in caps if one.valid_from > visit.day],
        past_caps=[one for one in caps if _is_over(one, visit)],
        contact=municipal_contact(visit),
        rates=rates_of(component, shown, references, caps, visit.day),
    )


def _is_running(row: Price | Cap, visit: Visit) -> bool:
    return row.is_valid_on(visit.day) and row.round.is_valid_on(visit.day)


def _is_over(row: Price | Cap, visit: Visit) -> bool:
    return row.valid_from <= visit.day and not _is_running(row, visit)


def _split(rows: list[OfferRow], visit: Visit) -> tuple[list[OfferRow], list[OfferRow]]:
    """Offers near home, then the others; without a municipality all stand in the second list."""
    if visit.municipality is None:
        return [], rows
    names = {places().by_id[pk].name for pk in near_ids(visit.municipality)}
    near = [row for row in rows if row.municipality in names or row.comes_to_chosen]
    # A free place first, then the distance: what can begin now is what people look for.
    near.sort(key=lambda row: (row.capacity != "free", row.km or 0))
    return near, [row for row in rows if row not in near]


def _form_price(form: str, running: list[Price], offers: list[OfferRow]) -> FormPrice:
    asked = [
        (price.gross, offer.is_sample)
        for offer in offers
        for price in offer.prices
        if price.form == form
    ]
    amounts = [gross for gross, _sample in asked]
    return FormPrice(
        form=form,
        reference=next((price for price in running if price.form == form), None),
        lowest=min(amounts, default=None),
        highest=max(amounts, default=None),
        is_sample=any(sample for _gross, sample in asked),
    )
