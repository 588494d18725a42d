"""Whom to call first: the case manager of the municipality near home."""

from home.visit import Visit
from network.models import Organisation


def municipal_contact(visit: Visit) -> Organisation | None:
    """The municipality's own office for the chosen municipality, if it is in the network."""
    if visit.municipality is None:
        return None
    return (
        Organisation.objects.public()
        .filter(kind=Organisation.Kind.MUNICIPALITY, municipality_id=visit.municipality.id)
        .first()
    )
