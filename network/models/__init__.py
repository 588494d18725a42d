from network.models.offer import Offer, OfferPrice
from network.models.organisation import Organisation
from network.models.place import County, Municipality, Region, RegionMunicipality
from network.models.position import Holding, Position, RegionMembership, Seat
from network.models.resource import Resource

__all__ = [
    "County",
    "Holding",
    "Municipality",
    "Offer",
    "OfferPrice",
    "Organisation",
    "Position",
    "Region",
    "RegionMembership",
    "RegionMunicipality",
    "Resource",
    "Seat",
]
