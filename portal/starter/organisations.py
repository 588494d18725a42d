"""Invented organisations with priced offers, every one marked as a sample."""

import datetime as dt
from decimal import Decimal
from typing import Any

from catalogue.models import Component
from network.models import Municipality, Offer, OfferPrice, Organisation, Resource
from portal.starter.source import read_yaml

PRICES_SINCE = dt.date(2026, 1, 1)


def load_organisations() -> None:
    """Create the organisations that are not there yet, each with all its offers."""
    municipalities = {row.slug: row for row in Municipality.objects.all()}
    components = {row.code: row for row in Component.objects.all()}
    for row in read_yaml("organisations"):
        organisation, is_new = Organisation.objects.get_or_create(
            slug=row["slug"],
            defaults={
                "name": row["name"],
                "kind": row["kind"],
                "municipality": municipalities[row["municipality"]],
                "address": row.get("address", ""),
                "text": row.get("text", ""),
                "contact_role": row.get("contact_role", ""),
                "phone": row.get("phone", ""),
                "email": row.get("email", ""),
                "hours": row.get("hours", ""),
                "is_sample": row["is_sample"],
            },
        )
        if is_new:
            for offer in row.get("offers", []):
                load_offer(organisation, row, offer, components, municipalities)


def load_offer(
    organisation: Organisation,
    place: dict[str, Any],
    row: dict[str, Any],
    components: dict[str, Component],
    municipalities: dict[str, Municipality],
) -> None:
    """One published offer with its prices; of a confidential place nothing but the municipality."""
    is_confidential = row.get("confidential", False)
    resource = Resource.objects.create(
        organisation=organisation,
        kind=Resource.Kind.OFFER,
        municipality=organisation.municipality,
        address="" if is_confidential else place.get("address", ""),
        lat=None if is_confidential else place.get("lat"),
        lon=None if is_confidential else place.get("lon"),
        is_confidential=is_confidential,
        state=Resource.State.PUBLISHED,
        confirmed_on=dt.date.fromisoformat(row["confirmed"]),
    )
    offer = Offer.objects.create(
        resource=resource,
        component=components[row["component"]],
        at_home=row.get("at_home", False),
        remote=row.get("remote", False),
        places=row.get("places"),
        free_places=row.get("free_places"),
        waiting_weeks=row.get("waiting_weeks"),
        languages=", ".join(row.get("languages", ["et"])),
        note=row.get("note", ""),
    )
    offer.serves.set(municipalities[slug] for slug in row.get("serves", []))
    for form, price in row["forms"].items():
        OfferPrice.objects.create(
            offer=offer,
            form=form,
            net=Decimal(price["net"]),
            vat_rate=Decimal(price["vat_rate"]) if price["vat_rate"] else None,
            gross=Decimal(price["gross"]),
            valid_from=PRICES_SINCE,
        )
