"""Distances on the globe; points and boxes as people and machines write them (WGS 84)."""

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

EARTH_RADIUS_KM = 6371.0
KM_PER_DEGREE = EARTH_RADIUS_KM * math.pi / 180


class BadCoordinates(ValueError):
    """What was written is no place here; the text is a sentence for whoever wrote it."""


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Kilometres along the air between two points given in WGS 84 degrees."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_phi = (phi2 - phi1) / 2
    half_lambda = math.radians(lon2 - lon1) / 2
    a = math.sin(half_phi) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(a)))


@dataclass(frozen=True)
class Box:
    """A part of the map in degrees; written `west,south,east,north`, as in RFC 7946."""

    west: float
    south: float
    east: float
    north: float

    def __str__(self) -> str:
        return ",".join(f"{edge:.5f}".rstrip("0").rstrip(".") for edge in self.edges)

    @property
    def edges(self) -> tuple[float, float, float, float]:
        return self.west, self.south, self.east, self.north

    @property
    def centre(self) -> tuple[float, float]:
        """Latitude and longitude of the middle."""
        return (self.south + self.north) / 2, (self.west + self.east) / 2

    def meets(self, other: "Box") -> bool:
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )

    def holds(self, lat: float, lon: float) -> bool:
        return self.west <= lon <= self.east and self.south <= lat <= self.north

    def within(self, other: "Box") -> "Box":
        """The part of it that lies in `other`; the two have to meet."""
        return Box(
            max(self.west, other.west),
            max(self.south, other.south),
            min(self.east, other.east),
            min(self.north, other.north),
        )

    def padded(self, lon: float, lat: float) -> "Box":
        """A little more on every side, in degrees."""
        return Box(self.west - lon, self.south - lat, self.east + lon, self.north + lat)


# No resource stands outside (network_resource_in_estonia).
ESTONIA = Box(21.0, 57.0, 29.0, 60.0)


def box_around(points: list[tuple[float, float]]) -> Box:
    """The smallest box that holds all `points` (latitude, longitude); at least one."""
    lats, lons = [lat for lat, _lon in points], [lon for _lat, lon in points]
    return Box(min(lons), min(lats), max(lons), max(lats))


def box_from(text: str) -> Box:
    """Read `west,south,east,north`. Raises BadCoordinates; a box elsewhere in the world is one."""
    parts = text.split(",")
    if len(parts) != 4:
        raise BadCoordinates(
            _("An area has four numbers: west, south, east, north. “%(value)s” was left out.")
            % {"value": text[:60]}
        )
    west, south, east, north = (_degrees(part) for part in parts)
    box = Box(west, south, east, north)
    turned = Box(south, west, north, east)
    if not box.meets(ESTONIA) and turned.meets(ESTONIA):
        raise BadCoordinates(
            _("The numbers of an area stand in another order: west, south, east, north.")
        )
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadCoordinates(
            _("In an area the west comes before the east and the south before the north.")
        )
    return box


def point_from(lat: str, lon: str) -> tuple[float, float]:
    """Read latitude and longitude of a place in Estonia. Raises BadCoordinates."""
    y, x = _degrees(lat), _degrees(lon)
    if ESTONIA.holds(y, x):
        return y, x
    if ESTONIA.holds(x, y):
        raise BadCoordinates(
            _(
                "Latitude and longitude have changed places: latitude is about 57–60, "
                "longitude about 21–29."
            )
        )
    raise BadCoordinates(_("This place is not in Estonia, so nothing is near it."))


def _degrees(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadCoordinates(_("“%(value)s” is not a coordinate.") % {"value": text.strip()[:60]})
    return value
