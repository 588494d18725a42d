"""A price list in the shape in which it can be brought in again: then nothing would change."""

import datetime as dt
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalogue.models import Component, Price, Round
from catalogue.models.price import HourlyPrice
from home.reports.price_targets import TargetRow, offers_of
from network.models import OfferPrice, Organisation
from portal.templatetags.ui import form_name

# As price forms write it; the importer knows it in every language of the page.
EXEMPT = "käibemaksuvaba"


def heading(target: TargetRow | None) -> list[str]:
    """The names of the columns, all of them known to the importer."""
    first = [_("Code"), _("Life domain"), _("Service component")]
    if target and not target.is_round:
        first.append(_("Number of the offer"))
    return [
        *first,
        _("Form"),
        _("Price without VAT"),
        _("VAT %"),
        _("Price with VAT"),
        _("Valid from"),
    ]


def price_rows(target: TargetRow | None, user: Any, day: dt.date) -> list[list[Any]]:
    """Each price of the target; a component without any keeps its place with empty cells.

    Without a target: the empty form, a row for each component and form.
    """
    if target is None:
        return [
            [*_named(component), capfirst(form_name(form.value)), None, None, None, None]
            for component in Component.objects.filter(is_active=True).select_related("domain")
            for form in component.forms
        ]
    if isinstance(target.row, Round):
        return _of_round(target.row)
    return _of_organisation(target.row, user, day)


def _of_round(round_: Round) -> list[list[Any]]:
    prices: dict[int, list[Price]] = {}
    for price in Price.objects.filter(round=round_).order_by("form", "valid_from"):
        prices.setdefault(price.component_id, []).append(price)
    rows = []
    for component in Component.objects.select_related("domain"):
        found = prices.get(component.pk, [])
        rows += [[*_named(component), *_amounts(price)] for price in found]
        if not found and component.is_active:
            rows.append([*_named(component), None, None, None, None, None])
    return rows


def _of_organisation(organisation: Organisation, user: Any, day: dt.date) -> list[list[Any]]:
    offers = offers_of(organisation, user, day)
    prices: dict[int, list[OfferPrice]] = {}
    running = OfferPrice.objects.filter(offer__in=[one.pk for one in offers])
    for price in running.filter(valid_until__isnull=True).order_by("form"):
        prices.setdefault(price.offer_id, []).append(price)
    rows = []
    for resource in offers:
        named = [*_named(resource.offer.component), resource.pk]
        found = prices.get(resource.pk, [])
        rows += [[*named, *_amounts(price)] for price in found]
        if not found:
            rows.append([*named, None, None, None, None, None])
    return rows


def _named(component: Component) -> list[Any]:
    return [component.code, component.domain.name if component.domain else None, component.name]


def _amounts(price: HourlyPrice) -> list[Any]:
    return [
        capfirst(form_name(price.form)),
        price.net,
        EXEMPT if price.vat_rate is None else price.vat_rate,
        price.gross,
        f"{price.valid_from:%d.%m.%Y}",
    ]
