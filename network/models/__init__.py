from network.models.offer import Offer, OfferPrice
from network.models.organisation import Organisation
from network.models.place import County, Municipality, Region, RegionMunicipality
from network.models.resource import Resource

__all__ = [
    "County",
    "Municipality",
    "Offer",
    "OfferPrice",
    "Organisation",
    "Region",
    "RegionMunicipality",
    "Resource",
]
