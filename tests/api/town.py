"""A thousand services, invented in a few statements; some hidden, some confidential."""

import datetime as dt
from decimal import Decimal

from network.models import Offer, OfferPrice, Resource
from tests.network.factories import ComponentFactory, MunicipalityFactory, OrganisationFactory

MANY = 1000
SECRET_STREET = "Salajane tänav 1"
HIDDEN = "Peidetud asutus"
DRAFT = "Mustandteenus"


def build_town(many: int = MANY) -> None:
    """Make `many` published offers, a few benefits, one draft, and one hidden organisation."""
    places = MunicipalityFactory.create_batch(8)
    components = ComponentFactory.create_batch(19)
    components.append(ComponentFactory(kind="base", domain=None))
    organisations = [
        OrganisationFactory(
            municipality=place,
            registry_code="10000000",
            website="https://naidis.example/leht",
            email="info@naidis.example",
            contact_role="juhtumikorraldaja",
            text="Aitab.",
        )
        for place in places
        for _ in range(2)
    ]
    hidden = OrganisationFactory(name=HIDDEN, is_public=False, municipality=places[0])
    Resource.objects.bulk_create(
        Resource(
            organisation=organisations[n % 16],
            municipality=places[n % 8],
            name=f"Teenus {n}" if n % 3 else "",
            address=SECRET_STREET if n % 10 == 0 else f"Tänav {n}" if n % 4 else "",
            lat=58.1 + n / 10_000 if n % 2 == 0 else None,
            lon=25.1 if n % 2 == 0 else None,
            is_confidential=n % 10 == 0,
            state="published",
            confirmed_on=dt.date(2026, 11, 1) if n % 5 else None,
        )
        for n in range(many)
    )
    rows = list(Resource.objects.order_by("pk"))
    Offer.objects.bulk_create(
        Offer(
            resource=row,
            component=components[n % 20],
            at_home=n % 2 == 0,
            remote=n % 7 == 0,
            places=5 if n % 3 else None,
            free_places=n % 4 if n % 3 else None,
            waiting_weeks=n % 6 if n % 5 else None,
            languages="et, ru" if n % 2 else "et",
        )
        for n, row in enumerate(rows)
    )
    OfferPrice.objects.bulk_create(
        OfferPrice(
            offer_id=row.pk,
            form=form,
            net=Decimal("50.00"),
            vat_rate=Decimal(24) if n % 2 else None,
            gross=Decimal("62.00") if n % 2 else Decimal("50.00"),
            valid_from=dt.date(2026, 1, 1),
            valid_until=dt.date(2030, 1, 1) if n % 3 == 0 else None,
        )
        for n, row in enumerate(rows)
        for form in ("individual", "group")
    )
    serves = Offer.serves.through
    serves.objects.bulk_create(
        serves(offer_id=row.pk, municipality=places[(n + 1) % 8]) for n, row in enumerate(rows)
    )
    for kind in ("benefit", "community"):
        Resource.objects.create(
            organisation=organisations[0],
            municipality=places[0],
            kind=kind,
            name=f"Muu {kind}",
            state="published",
        )
    for organisation, state in ((organisations[0], "draft"), (hidden, "published")):
        Resource.objects.create(
            organisation=organisation, municipality=places[0], name=DRAFT, state=state
        )
