"""The shapes of records, for the description at /api/openapi.json.

Records are made by `network.hsds`; a test holds every answer against these shapes too.
"""

import functools
from typing import Any

from rest_framework import serializers
from rest_framework.serializers import Serializer


def text(**more: Any) -> serializers.CharField:
    return serializers.CharField(required=False, **more)


def uuid(*, required: bool = True) -> serializers.UUIDField:
    return serializers.UUIDField(required=required)


def number(**more: Any) -> serializers.FloatField:
    return serializers.FloatField(required=False, **more)


class Problem(Serializer[Any]):
    error = serializers.CharField()


class ApiDetails(Serializer[Any]):
    version = serializers.CharField()
    profile = serializers.URLField()
    openapi_url = serializers.URLField()


class Taxonomy(Serializer[Any]):
    id = uuid()
    name = serializers.CharField()
    description = serializers.CharField()
    uri = serializers.URLField(required=False)


class TaxonomyTerm(Serializer[Any]):
    id = uuid()
    code = text()
    name = serializers.CharField()
    description = serializers.CharField()
    parent_id = uuid(required=False)
    taxonomy = text()
    taxonomy_detail = Taxonomy(required=False)
    language = text()
    taxonomy_id = uuid(required=False)


class Phone(Serializer[Any]):
    id = uuid()
    number = serializers.CharField()
    type = text()
    description = text()


class Contact(Serializer[Any]):
    id = uuid()
    title = text()
    email = text()


class ServiceArea(Serializer[Any]):
    id = uuid()
    name = text()
    description = text()


class Language(Serializer[Any]):
    id = uuid()
    code = text()
    name = text()


class CostOption(Serializer[Any]):
    id = uuid()
    valid_from = serializers.DateField(required=False)
    valid_to = serializers.DateField(required=False)
    option = text()
    currency = text()
    amount = number()
    amount_description = text()


class Unit(Serializer[Any]):
    id = uuid()
    name = serializers.CharField()


class ServiceCapacity(Serializer[Any]):
    id = uuid()
    unit = Unit()
    available = serializers.FloatField()
    maximum = number()
    updated = serializers.DateTimeField()


class Attribute(Serializer[Any]):
    id = uuid()
    link_id = uuid(required=False)
    link_entity = text()
    taxonomy_term = TaxonomyTerm(required=False)


class Address(Serializer[Any]):
    id = uuid()
    address_1 = serializers.CharField()
    city = serializers.CharField()
    state_province = serializers.CharField()
    postal_code = serializers.CharField()
    country = serializers.CharField()
    address_type = serializers.CharField()


class Location(Serializer[Any]):
    id = uuid()
    location_type = serializers.CharField()
    name = text()
    description = text()
    latitude = number()
    longitude = number()
    addresses = Address(many=True, required=False)


class OrganizationIdentifier(Serializer[Any]):
    id = uuid()
    identifier_scheme = text()
    identifier_type = serializers.CharField()
    identifier = serializers.CharField()


class NamedService(Serializer[Any]):
    id = uuid()
    name = serializers.CharField()
    status = serializers.CharField()


class Organization(Serializer[Any]):
    id = uuid()
    name = serializers.CharField()
    description = serializers.CharField()
    email = text()
    website = text()
    uri = text()
    phones = Phone(many=True, required=False)
    contacts = Contact(many=True, required=False)
    organization_identifiers = OrganizationIdentifier(many=True, required=False)
    locations = Location(many=True, required=False)
    services = NamedService(many=True, required=False)


class PlainService(NamedService):
    """A service without the places at which it is given."""

    alternate_name = text()
    description = text()
    url = text()
    email = text()
    wait_time = text()
    eligibility_description = text()
    accreditations = text()
    alert = text()
    assured_date = serializers.DateField(required=False)
    last_modified = serializers.DateTimeField(required=False)
    organization = Organization(required=False)
    phones = Phone(many=True, required=False)
    contacts = Contact(many=True, required=False)
    service_areas = ServiceArea(many=True, required=False)
    languages = Language(many=True, required=False)
    cost_options = CostOption(many=True, required=False)
    capacities = ServiceCapacity(many=True, required=False)
    attributes = Attribute(many=True, required=False)


class PlaceOfService(Serializer[Any]):
    id = uuid()
    service_id = uuid(required=False)
    location_id = uuid(required=False)
    description = text()
    location = Location(required=False)


class Service(PlainService):
    service_at_locations = PlaceOfService(many=True, required=False)


class ServiceAtLocation(PlaceOfService):
    service = PlainService(required=False)
    service_areas = ServiceArea(many=True, required=False)


class _Page(Serializer[Any]):
    total_items = serializers.IntegerField()
    total_pages = serializers.IntegerField()
    page_number = serializers.IntegerField()
    size = serializers.IntegerField()
    first_page = serializers.BooleanField()
    last_page = serializers.BooleanField()
    empty = serializers.BooleanField()


@functools.cache
def page_of(shape: type[Serializer[Any]]) -> type[Serializer[Any]]:
    """The shape of one page of a list of `shape`."""
    return type(f"{shape.__name__}Page", (_Page,), {"contents": shape(many=True)})
