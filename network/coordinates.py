"""Coordinates as people type and paste them: degrees, or the metres of Estonian maps."""

import re
from dataclasses import dataclass
from functools import cache

from pyproj import Transformer

# The same box as the constraint of `Resource`: WGS 84 degrees.
LAT = (57.0, 60.0)
LON = (21.0, 29.0)
# L-EST97 (EPSG:3301), in metres.
NORTH = (6_370_000.0, 6_650_000.0)
EAST = (360_000.0, 750_000.0)
# A tenth of a metre.
DIGITS = 6
NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


class NotCoordinates(ValueError):
    """`why`: unreadable, foreign, or swapped; then `exchanged` is the pair the other way round."""

    def __init__(self, why: str, exchanged: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.exchanged = exchanged


@dataclass(frozen=True)
class Point:
    """A place in WGS 84 degrees; `was_metres`: it was typed as metres of L-EST97."""

    lat: float
    lon: float
    was_metres: bool = False

    def __str__(self) -> str:
        return as_typed(self.lat, self.lon)


def as_typed(lat: float | None, lon: float | None) -> str:
    """`57.83389, 27.01944`; empty without a place."""
    if lat is None or lon is None:
        return ""
    return f"{_short(lat)}, {_short(lon)}"


def read_coordinates(text: str) -> Point:
    """The place that `text` names, latitude first. Raises NotCoordinates."""
    numbers = [float(number.replace(",", ".")) for number in NUMBER.findall(text)]
    if len(numbers) != 2:
        raise NotCoordinates("unreadable")
    first, second = numbers
    if _within(first, LAT) and _within(second, LON):
        return Point(round(first, DIGITS), round(second, DIGITS))
    if _within(first, LON) and _within(second, LAT):
        raise NotCoordinates("swapped", as_typed(second, first))
    for north, east in ((first, second), (second, first)):
        # Which of the two is which cannot be mistaken here.
        if _within(north, NORTH) and _within(east, EAST):
            lat, lon = _to_degrees().transform(north, east)
            return Point(round(lat, DIGITS), round(lon, DIGITS), was_metres=True)
    raise NotCoordinates("foreign")


def _within(number: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= number <= limits[1]


def _short(degrees: float) -> str:
    return f"{degrees:.{DIGITS}f}".rstrip("0").rstrip(".")


@cache
def _to_degrees() -> Transformer:
    return Transformer.from_crs(3301, 4326)
