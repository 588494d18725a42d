"""Rows as records of HSDS 3.1. What is not known is left out; nothing is made up.

Of a confidential place only the municipality is told: no address, no coordinates.
"""

from django.utils.translation import gettext as _

from network.hsds import ids, parts, rows
from network.hsds.parts import PHYSICAL, Record, known
from network.hsds.rows import Words
from network.models import Organisation, Resource


def organization(row: Organisation, site: str) -> Record:
    """An organisation by itself."""
    return known(
        id=ids.id_of(ids.ORGANIZATION, row.pk),
        name=row.name,
        description=row.text or str(row.get_kind_display()),
        email=row.email,
        website=row.website,
        uri=f"{site}/asutused/{row.slug}/",
    )


def organization_full(row: Organisation, site: str) -> Record:
    """An organisation from `rows.with_services`, with contact, places and names of services."""
    own = ids.id_of(ids.ORGANIZATION, row.pk)
    found: list[Resource] = row.published_resources
    identifiers = [
        {
            "id": ids.id_under(own, "identifier"),
            "identifier_scheme": "EE-RIK",
            "identifier_type": _("Registry code"),
            "identifier": row.registry_code,
        }
    ]
    return organization(row, site) | known(
        phones=parts.phones(row, own),
        contacts=parts.contacts(row, own),
        organization_identifiers=identifiers if row.registry_code else [],
        locations=[location(resource) for resource in found],
        services=[
            {
                "id": ids.id_of(ids.SERVICE, resource.pk),
                "name": _name(resource, None),
                "status": "active",
            }
            for resource in found
        ],
    )


def service(row: Resource, words: Words | None, site: str) -> Record:
    """A service by itself, with its organisation; `row` comes from `rows.with_changes`."""
    return known(
        **_service(row, words, site),
        organization=organization(row.organisation, site),
    )


def service_full(row: Resource, words: Words | None, site: str) -> Record:
    """A service with everything around it; `row` has been through `rows.with_all` too."""
    own = ids.id_of(ids.SERVICE, row.pk)
    return service(row, words, site) | known(
        **_around_service(row, own, site),
        service_at_locations=[_at_location(row) | {"location": location(row)}],
    )


def service_at_location(row: Resource, words: Words | None, site: str) -> Record:
    """Where a service is given: both ends by themselves."""
    return _at_location(row) | {
        "location": location(row, full=False),
        "service": service(row, words, site),
    }


def service_at_location_full(row: Resource, words: Words | None, site: str) -> Record:
    own = ids.id_of(ids.SERVICE, row.pk)
    return _at_location(row) | known(
        location=location(row),
        service=service(row, words, site) | known(**_around_service(row, own, site)),
        service_areas=parts.areas(row, ids.id_of(ids.SERVICE_AT_LOCATION, row.pk)),
    )


def location(row: Resource, *, full: bool = True) -> Record:
    """The place of a resource: its own point and address, or the name of a municipality."""
    own = ids.id_of(ids.LOCATION, row.pk)
    hidden = row.is_confidential
    name = row.municipality.name if hidden else f"{row.organisation.name}, {row.municipality.name}"
    found = known(
        id=own,
        location_type=PHYSICAL,
        name=name,
        description=_("The exact place is not public. Ask the organisation.") if hidden else "",
        latitude=None if hidden else row.lat,
        longitude=None if hidden else row.lon,
    )
    if full:
        found |= known(addresses=parts.addresses(row, own))
    return found


def _service(row: Resource, words: Words | None, site: str) -> Record:
    offer = parts.offer_of(row)
    organisation = row.organisation
    name = _name(row, words)
    component = (words.name if words else offer.component.name) if offer else ""
    changed = rows.modified(row, words)
    return {
        "id": ids.id_of(ids.SERVICE, row.pk),
        "name": name,
        "alternate_name": component if component != name else "",
        "description": (words.summary if words else "") or (offer.note if offer else "") or name,
        "url": f"{site}{words.url}" if words else f"{site}/asutused/{organisation.slug}/",
        "email": organisation.email,
        "status": "active",
        "wait_time": parts.waiting(offer) if offer else "",
        "eligibility_description": words.for_whom if words else "",
        "accreditations": words.delivered_by if words else "",
        "alert": _("An invented example for the demo.") if organisation.is_sample else "",
        "assured_date": row.confirmed_on.isoformat() if row.confirmed_on else "",
        "last_modified": changed.isoformat() if changed else "",
    }


def _around_service(row: Resource, own: str, site: str) -> Record:
    offer = parts.offer_of(row)
    return {
        "phones": parts.phones(row.organisation, own),
        "contacts": parts.contacts(row.organisation, own),
        "service_areas": parts.areas(row, own),
        "languages": parts.languages(offer, own) if offer else [],
        "cost_options": parts.costs(offer, own) if offer else [],
        "capacities": parts.capacities(row, offer, own) if offer else [],
        "attributes": parts.attributes(row, offer, own, site),
    }


def _at_location(row: Resource) -> Record:
    offer = parts.offer_of(row)
    also = []
    if offer and offer.at_home:
        also.append(_("Given at home too."))
    if offer and offer.remote:
        also.append(_("Given by phone or online too."))
    return known(
        id=ids.id_of(ids.SERVICE_AT_LOCATION, row.pk),
        service_id=ids.id_of(ids.SERVICE, row.pk),
        location_id=ids.id_of(ids.LOCATION, row.pk),
        description=" ".join(also),
    )


def _name(row: Resource, words: Words | None) -> str:
    offer = parts.offer_of(row)
    component = words.name if words else offer.component.name if offer else ""
    return row.name or component or str(row.get_kind_display()).capitalize()
