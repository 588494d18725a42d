"""The smallest valid things of the catalogue and the network."""

import datetime as dt
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from catalogue.models import Cap, Component, LifeDomain, Price, Round
from network.models import County, Municipality, Offer, OfferPrice, Organisation, Resource


class LifeDomainFactory(DjangoModelFactory):
    slug = factory.Sequence(lambda n: f"valdkond-{n}")
    name = factory.Sequence(lambda n: f"Valdkond {n}")
    position = factory.Sequence(lambda n: n)

    class Meta:
        model = LifeDomain


class ComponentFactory(DjangoModelFactory):
    code = factory.Sequence(lambda n: f"T{n}")
    slug = factory.Sequence(lambda n: f"komponent-{n}")
    name = factory.Sequence(lambda n: f"Komponent {n}")
    kind = "additional"
    domain = factory.SubFactory(LifeDomainFactory)
    position = factory.Sequence(lambda n: n)

    class Meta:
        model = Component


class RoundFactory(DjangoModelFactory):
    slug = "2025-2026"
    name = "2025–2026"
    valid_from = dt.date(2025, 1, 1)

    class Meta:
        model = Round


class PriceFactory(DjangoModelFactory):
    component = factory.SubFactory(ComponentFactory)
    round = factory.SubFactory(RoundFactory)
    form = "individual"
    net = gross = Decimal("35.00")
    valid_from = dt.date(2025, 1, 1)

    class Meta:
        model = Price


class CapFactory(DjangoModelFactory):
    round = factory.SubFactory(RoundFactory)
    yearly = Decimal("2280.00")
    valid_from = dt.date(2025, 1, 1)

    class Meta:
        model = Cap


class CountyFactory(DjangoModelFactory):
    slug = factory.Sequence(lambda n: f"maakond-{n}")
    name = factory.Sequence(lambda n: f"Maakond {n}")
    ehak = factory.Sequence(lambda n: f"{n:04d}")

    class Meta:
        model = County


class MunicipalityFactory(DjangoModelFactory):
    slug = factory.Sequence(lambda n: f"vald-{n}")
    name = factory.Sequence(lambda n: f"Vald {n}")
    county = factory.SubFactory(CountyFactory)
    type = "vald"
    ehak = factory.Sequence(lambda n: f"{n:04d}")
    seat = "Keskus"
    lat = 57.83
    lon = 26.54

    class Meta:
        model = Municipality


class OrganisationFactory(DjangoModelFactory):
    slug = factory.Sequence(lambda n: f"asutus-{n}")
    name = factory.Sequence(lambda n: f"Asutus {n}")
    kind = "provider"
    municipality = factory.SubFactory(MunicipalityFactory)
    phone = "000 2000"

    class Meta:
        model = Organisation


class ResourceFactory(DjangoModelFactory):
    organisation = factory.SubFactory(OrganisationFactory)
    municipality = factory.SelfAttribute("organisation.municipality")
    state = "published"
    confirmed_on = dt.date(2026, 11, 1)

    class Meta:
        model = Resource


class OfferFactory(DjangoModelFactory):
    resource = factory.SubFactory(ResourceFactory)
    component = factory.SubFactory(ComponentFactory)

    class Meta:
        model = Offer
        skip_postgeneration_save = True

    @factory.post_generation
    def price(self, create: bool, amount: Any, **forms: Any) -> None:
        """`price="40.00"` gives an individual price; `price__group="20.00"` adds a group price."""
        prices = {"individual": amount} if amount else {}
        for form, gross in (prices | forms).items():
            OfferPrice.objects.create(
                offer=self,
                form=form,
                net=Decimal(gross),
                gross=Decimal(gross),
                valid_from=dt.date(2026, 1, 1),
            )
