"""One component: prices by form, the ceiling, who offers it near home, and a small calculator."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from catalogue.calculator import Estimate, estimate
from catalogue.models import Cap, Component, Price
from home.fields import HoursField
from home.reports.contacts import municipal_contact
from home.visit import Visit
from network.models import Offer, Organisation
from network.reports.offers import OfferRow, PriceRow, near_ids, offer_rows
from network.reports.places import places

OFFERS_ON_PAGE = 50
HOURS_AT_FIRST = Decimal(4)


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
    past_prices: list[Price]
    cap: Cap | None
    past_caps: list[Cap]
    contact: Organisation | None
    calculator: "Calculator | None"

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


class Calculator(forms.Form):
    """Hours a month at the price of one offer: what a month and a year cost."""

    price = forms.ChoiceField(label=_("Price"))
    hours = HoursField(label=_("Hours a month"))

    def __init__(self, asked: QueryDict, offers: list[OfferRow], ceiling: Decimal | None) -> None:
        self.by_id: dict[str, tuple[OfferRow, PriceRow]] = {
            str(price.id): (offer, price) for offer in offers for price in offer.prices
        }
        first = next(iter(self.by_id))
        data = {
            "price": asked.get("price", first),
            "hours": asked.get("hours", str(HOURS_AT_FIRST)),
        }
        super().__init__(data)
        self.ceiling = ceiling
        price = cast(forms.ChoiceField, self.fields["price"])
        price.choices = [(key, key) for key in self.by_id]

    @property
    def options(self) -> list[tuple[str, OfferRow, PriceRow]]:
        return [(key, offer, price) for key, (offer, price) in self.by_id.items()]

    @property
    def chosen(self) -> str:
        return str(self.data["price"])

    @property
    def result(self) -> Estimate | None:
        """The estimate, or None while the form has an error beside its field."""
        if not self.is_valid():
            return None
        _offer, price = self.by_id[self.cleaned_data["price"]]
        return estimate(self.cleaned_data["hours"], price.gross, self.ceiling)


def component_report(visit: Visit, asked: QueryDict, component: Component) -> ComponentReport:
    """Five statements: reference prices, ceilings, offers, their prices, the contact."""
    offers = Offer.objects.published().filter(component_id=component.pk)
    rows = offer_rows(offers, visit.municipality, visit.day, OFFERS_ON_PAGE + 1)
    shown = rows[:OFFERS_ON_PAGE]
    near, elsewhere = _split(shown, visit)
    references = list(component.prices.with_round().order_by("-round__valid_from", "form"))
    running = [price for price in references if _is_running(price, visit)]
    caps = list(
        Cap.objects.filter(Q(component_id=component.pk) | Q(domain_id=component.domain_id or 0))
        .select_related("round", "domain")
        .order_by("-round__valid_from")
    )
    cap = next((cap for cap in caps if _is_running(cap, visit)), None)
    return ComponentReport(
        visit=visit,
        domain_name=component.domain.name_in(visit.language) if component.domain else "",
        round=running[0].round.name if running else "",
        near=near,
        elsewhere=elsewhere,
        has_more=len(rows) > OFFERS_ON_PAGE,
        prices=[_form_price(form.value, running, near or shown) for form in component.forms],
        past_prices=[price for price in references if price not in running],
        cap=cap,
        past_caps=[one for one in caps if one != cap],
        contact=municipal_contact(visit),
        calculator=(
            Calculator(asked, shown, cap.yearly if cap else None)
            if any(row.prices for row in shown)
            else None
        ),
    )


def _is_running(row: Price | Cap, visit: Visit) -> bool:
    return row.is_valid_on(visit.day) and row.round.is_valid_on(visit.day)


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
