"""Object grants that follow from seats and from work in an organisation."""

from django.db import models

from network.models.organisation import Organisation
from network.models.place import Region
from portal.access.grants import ObjectGrant


class RegionGrant(ObjectGrant):
    """Somebody sits in a body of the region, because a position of theirs has a seat there."""

    content_object = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="grants")


class OrganisationGrant(ObjectGrant):
    """Somebody speaks for the organisation: edits its offers, by a position in it."""

    content_object = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="grants"
    )
