from network.models.change import ResourceChange
from network.models.gap import Gap
from network.models.grant import OrganisationGrant, RegionGrant
from network.models.joining import JoinRequest
from network.models.offer import Offer, OfferPrice
from network.models.organisation import Organisation
from network.models.place import County, Municipality, Region, RegionMunicipality
from network.models.position import Holding, Position, RegionMembership, Seat
from network.models.resource import Resource

__all__ = [
    "County",
    "Gap",
    "Holding",
    "JoinRequest",
    "Municipality",
    "Offer",
    "OfferPrice",
    "Organisation",
    "OrganisationGrant",
    "Position",
    "Region",
    "RegionGrant",
    "RegionMembership",
    "RegionMunicipality",
    "Resource",
    "ResourceChange",
    "Seat",
]
