"""What hangs on a record: addresses, areas, phones, prices, places, attributes."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.hsds import ids, rows, terms
from network.models import Municipality, Organisation, Resource
from network.models.offer import Offer, OfferPrice
from network.reports.languages import LANGUAGES

COUNTRY = "EE"
CURRENCY = "EUR"
PHYSICAL = "physical"
Record = dict[str, Any]


def known(**values: Any) -> Record:
    """The values that are known: no empty text, no empty list, no None."""
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def offer_of(row: Resource) -> Offer | None:
    """The offer on a resource; None for a benefit or a community resource."""
    return getattr(row, "offer", None)


def addresses(row: Resource, own: str) -> list[Record]:
    """None of a confidential place."""
    if not row.public_address:
        return []
    place = row.municipality
    return [
        {
            "id": ids.id_under(own, "address"),
            "address_1": row.public_address,
            "city": place.name,
            "state_province": place.county.name,
            # Nobody gives it here, and the standard wants the word to be there.
            "postal_code": "",
            "country": COUNTRY,
            "address_type": PHYSICAL,
        }
    ]


def areas(row: Resource, own: str) -> list[Record]:
    """The municipality it stands in, and those it comes to."""
    offer = offer_of(row)
    more: list[Municipality] = offer.serves_now if offer else []
    places = {place.pk: place for place in (row.municipality, *more)}
    return [
        {
            "id": ids.id_under(own, "area", pk),
            "name": place.name,
            "description": _("EHAK code %(code)s") % {"code": place.ehak},
        }
        for pk, place in places.items()
    ]


def phones(row: Organisation, own: str) -> list[Record]:
    if not row.phone:
        return []
    phone = {"id": ids.id_under(own, "phone"), "number": row.phone, "type": "voice"}
    return [phone | known(description=row.hours)]


def contacts(row: Organisation, own: str) -> list[Record]:
    """A position to ask for, never a person."""
    if not (row.contact_role or row.email):
        return []
    return [known(id=ids.id_under(own, "contact"), title=row.contact_role, email=row.email)]


def languages(offer: Offer, own: str) -> list[Record]:
    return [
        {
            "id": ids.id_under(own, "language", code),
            "code": code,
            "name": str(LANGUAGES.get(code, code)),
        }
        for code in offer.language_codes
    ]


def costs(offer: Offer, own: str) -> list[Record]:
    prices: list[OfferPrice] = offer.prices_today
    return [
        known(
            id=ids.id_under(own, "price", price.pk),
            valid_from=price.valid_from.isoformat(),
            valid_to=price.last_day.isoformat() if price.last_day else "",
            option=str(price.get_form_display()),
            currency=CURRENCY,
            # JSON has one kind of number; two decimals stay what they are.
            amount=float(price.gross),
            amount_description=_vat(price),
        )
        for price in prices
    ]


def _vat(price: OfferPrice) -> str:
    hour = _("An hour of 60 minutes.")
    if price.vat_rate is None:
        return f"{hour} {_('Without VAT: the provider is exempt.')}"
    vat = _("With VAT: net %(net)s €, VAT %(rate)s %%.") % {
        "net": str(price.net).replace(".", ","),
        "rate": f"{price.vat_rate.normalize():f}".replace(".", ","),
    }
    return f"{hour} {vat}"


def capacities(row: Resource, offer: Offer, own: str) -> list[Record]:
    """Free places; when they were told is what makes the number worth something."""
    told = rows.modified(row, None)
    if offer.free_places is None or told is None:
        return []
    unit = ids.id_named("unit", "place")
    return [
        {
            "id": ids.id_under(own, "capacity"),
            "unit": {"id": unit, "name": _("place")},
            "available": offer.free_places,
            "updated": told.isoformat(timespec="milliseconds"),
        }
        | known(maximum=offer.places)
    ]


def waiting(offer: Offer) -> str:
    weeks = offer.waiting_weeks
    if weeks is None:
        return ""
    if not weeks:
        return _("no waiting")
    return ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": weeks}


def attributes(row: Resource, offer: Offer | None, own: str, site: str) -> list[Record]:
    fixed = {(term.taxonomy, term.code): term for term in terms.fixed_terms()}
    found = [fixed[terms.KINDS, row.kind]]
    if offer:
        component = offer.component
        found.append(terms.component_term(component))
        ways = {price.form for price in offer.prices_today}
        ways |= {way for way in (terms.AT_HOME, terms.REMOTE) if getattr(offer, way)}
        found += [fixed[terms.WAYS, way] for _place, way in sorted(fixed) if way in ways]
        if component.domain:
            found.append(terms.domain_term(component.domain))
        else:
            found.append(fixed[terms.COMPONENTS, "base"])
    of = {taxonomy.key: taxonomy for taxonomy in terms.taxonomies()}
    return [
        {
            "id": ids.id_under(own, "attribute", term.id),
            "link_id": own,
            "link_entity": "service",
            "taxonomy_term": term.record(of[term.taxonomy], site),
        }
        for term in found
    ]
