"""Invented organisations with priced offers, every one marked as a sample."""

import datetime as dt
from decimal import Decimal
from typing import Any

from catalogue.models import Component
from network.models import Municipality, Offer, OfferPrice, Organisation, Resource
from portal.starter.source import read_yaml

PRICES_SINCE = dt.date(2026, 1, 1)


def load_organisations(today: dt.date) -> None:
    """Create the organisations that are not there yet, each with all it offers.

    When an offer was last confirmed counts back from `today`.
    """
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
                load_offer(organisation, row, offer, components, municipalities, today)
            for resource in row.get("resources", []):
                load_resource(organisation, row, resource, municipalities, today)


def load_resource(
    organisation: Organisation,
    place: dict[str, Any],
    row: dict[str, Any],
    municipalities: dict[str, Municipality],
    today: dt.date,
) -> Resource:
    """One published resource; of a confidential place nothing but the municipality."""
    place = row.get("at", place)
    is_confidential = row.get("confidential", False)
    return Resource.objects.create(
        organisation=organisation,
        kind=row.get("kind", Resource.Kind.OFFER),
        name=row.get("name", ""),
        municipality=municipalities[place["municipality"]],
        address="" if is_confidential else place.get("address", ""),
        lat=None if is_confidential else place.get("lat"),
        lon=None if is_confidential else place.get("lon"),
        is_confidential=is_confidential,
        state=Resource.State.PUBLISHED,
        confirmed_on=today - dt.timedelta(days=row["confirmed"]),
    )


def load_offer(
    organisation: Organisation,
    place: dict[str, Any],
    row: dict[str, Any],
    components: dict[str, Component],
    municipalities: dict[str, Municipality],
    today: dt.date,
) -> None:
    """One published offer with its prices."""
    offer = Offer.objects.create(
        resource=load_resource(organisation, place, row, municipalities, today),
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
