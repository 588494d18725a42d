"""The facts of a resource as plain values: read, checked and written here and nowhere else.

A proposal keeps them for weeks, so they are JSON: ids instead of rows, text instead of decimals.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalogue.models import Component
from catalogue.models.component import Form
from network.models import Municipality, Offer, OfferPrice, Organisation, Resource
from network.reports.changes import Facts
from portal.base.versions import save_versioned

OF_RESOURCE = ("kind", "name", "address", "lat", "lon", "is_confidential")
OF_OFFER = ("at_home", "remote", "places", "free_places", "waiting_weeks", "languages", "note")
NO_OFFER: Facts = {
    "component": None,
    "serves": [],
    "at_home": False,
    "remote": False,
    "places": None,
    "free_places": None,
    "waiting_weeks": None,
    "languages": "",
    "note": "",
    "prices": {},
}


def facts_of(resource: Resource) -> Facts:
    """What is stored of `resource`: always the same keys, ids sorted, prices that have no end."""
    facts: Facts = {name: getattr(resource, name) for name in OF_RESOURCE}
    facts |= {"municipality": resource.municipality_id} | NO_OFFER | {"serves": [], "prices": {}}
    offer = offer_of(resource)
    if offer is None:
        return facts
    facts |= {name: getattr(offer, name) for name in OF_OFFER}
    running = OfferPrice.objects.filter(offer=offer, valid_until__isnull=True)
    return facts | {
        "component": offer.component_id,
        "serves": sorted(offer.serves.values_list("pk", flat=True)),
        "prices": {price.form: price_facts(price) for price in running},
    }


def offer_of(resource: Resource) -> Offer | None:
    """The offer that stands on `resource`; None for a benefit or a community resource."""
    return getattr(resource, "offer", None) if resource.pk else None


def price_facts(price: OfferPrice) -> dict[str, Any]:
    return {
        "net": f"{price.net:.2f}",
        "vat_rate": None if price.vat_rate is None else f"{price.vat_rate:.1f}",
        "gross": f"{price.gross:.2f}",
        "valid_from": price.valid_from.isoformat(),
    }


def check_facts(facts: Facts, organisation: Organisation) -> None:
    """Could `facts` be stored? Raises ValidationError with the names of the fields of the form."""
    errors: dict[str, Any] = {}
    resource = Resource(
        organisation=organisation,
        municipality=Municipality.objects.filter(pk=facts["municipality"]).first(),
        **{name: facts[name] for name in OF_RESOURCE},
    )
    _collect(errors, resource, dict.fromkeys(("lat", "lon", "__all__"), "coordinates"))
    if facts["kind"] != Resource.Kind.OFFER:
        if not facts["name"]:
            errors["name"] = _("Write what it is called.")
    else:
        _check_offer(errors, facts)
    if errors:
        raise ValidationError(errors)


def _check_offer(errors: dict[str, Any], facts: Facts) -> None:
    component = Component.objects.filter(pk=facts["component"]).first()
    if component is None:
        errors["component"] = _("Choose the service component.")
        return
    offer = Offer(component=component, **{name: facts[name] for name in OF_OFFER})
    _collect(errors, offer, {"__all__": "places"}, exclude={"resource"})
    if not facts["languages"]:
        errors["languages"] = _("Choose at least one language.")
    for form, price in facts["prices"].items():
        if form not in component.forms:
            errors[f"price_{form}_gross"] = _("“%(component)s” is not given in this form.") % {
                "component": component.name
            }
            continue
        names = {"net": "net", "vat_rate": "vat", "gross": "gross", "valid_from": "from"}
        fields = {name: f"price_{form}_{field}" for name, field in names.items()}
        _collect(errors, price_of(form, price), fields, exclude={"offer"})


def _collect(
    errors: dict[str, Any], row: Any, names: dict[str, str], exclude: set[str] | None = None
) -> None:
    """What is wrong with an unsaved `row`, under the names of the fields of the form."""
    try:
        row.full_clean(exclude=exclude, validate_unique=False)
    except ValidationError as error:
        for name, found in error.error_dict.items():
            errors.setdefault(names.get(name, name), found)


def price_of(form: str, price: dict[str, Any]) -> OfferPrice:
    """An unsaved price from its facts."""
    return OfferPrice(
        form=form,
        net=Decimal(price["net"]),
        vat_rate=None if price["vat_rate"] is None else Decimal(price["vat_rate"]),
        gross=Decimal(price["gross"]),
        valid_from=dt.date.fromisoformat(price["valid_from"]),
    )


def apply_facts(
    resource: Resource, facts: Facts, day: dt.date, version: int | None = None
) -> Resource:
    """Store `facts`; an unsaved `resource` (organisation and state set) is created.

    In the caller's transaction. A price that changes ends and a new one begins. Raises
    VersionConflict if `version` is given and is not the stored one any more.
    """
    for name in OF_RESOURCE:
        setattr(resource, name, facts[name])
    resource.municipality_id = facts["municipality"]
    if resource.pk is None:
        resource.save()
        offer = None
    else:
        expected = resource.version if version is None else version
        save_versioned(resource, expected, [*OF_RESOURCE, "municipality"])
        offer = offer_of(resource)
    if facts["kind"] != Resource.Kind.OFFER:
        return resource
    offer = offer or Offer(resource=resource, component_id=facts["component"])
    for name in OF_OFFER:
        setattr(offer, name, facts[name])
    offer.save()
    offer.serves.set(facts["serves"])
    for form in Form.values:
        set_price(offer, form, facts["prices"].get(form), day)
    return resource


def set_price(offer: Offer, form: str, price: dict[str, Any] | None, day: dt.date) -> None:
    """From its day on `price` holds, or none does; what held before `day` stays as it was.

    A price that has not begun, or began on the very day, gives way: it was never asked for.
    """
    rows = OfferPrice.objects.filter(offer=offer, form=form)
    running = rows.filter(valid_until__isnull=True).first()
    if running is None and price is None:
        return
    if running is not None and price is not None and price_facts(running) == price:
        return
    has_begun = rows.filter(valid_from__lt=day).exists()
    start = dt.date.fromisoformat(price["valid_from"]) if price else day
    if has_begun:
        # Nobody knew of it before today, so it cannot have held before.
        start = max(start, day)
    upcoming = rows.filter(valid_from__gt=day)
    ends = list(upcoming.values_list("valid_from", flat=True))
    for row in upcoming:
        row.delete()
    for row in rows.filter(valid_until__in=ends):
        row.valid_until = None
        row.save(update_fields=["valid_until"])
    for row in rows.filter(valid_from__gte=start):
        row.delete()
    for row in rows.exclude(valid_until__lte=start):
        row.valid_until = start
        row.save(update_fields=["valid_until"])
    if price is not None:
        new = price_of(form, price)
        new.offer, new.valid_from = offer, start
        new.full_clean()
        new.save()
