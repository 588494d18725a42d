"""The map as a drawing: county outlines, numbered pins, places beside the page. Needs no script.

Everything is in units of the picture (480 wide); the projection is Mercator's, as on every web map.
"""

import functools
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.http import QueryDict

from network.geo import ESTONIA, Box, box_around
from network.geojson import clusters
from network.querysets import ResourceQuerySet

OUTLINES = Path("portal", "static", "portal", "geo", "counties.json")
WIDTH, HEIGHT = 480, 440
# Outlines are kept as whole numbers; a degree of longitude is so many of them.
UNITS = 1000
# No closer than this: the outlines are coarse.
SMALLEST = 0.35
MARGIN = 0.14
PIN = 17
TILE_PIXELS = 256


class Row(Protocol):
    """What a pin needs of a row of the list."""

    @property
    def id(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def organisation(self) -> str: ...
    @property
    def domain_slug(self) -> str: ...
    @property
    def lat(self) -> float | None: ...
    @property
    def lon(self) -> float | None: ...


@dataclass(frozen=True)
class Place:
    """A named point: the seat of the chosen municipality, or about where the visitor is."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Pin:
    """One or several rows of the list at one spot; `label` is their numbers."""

    label: str
    title: str
    href: str
    domain_slug: str
    x: float
    y: float
    width: float

    @property
    def left(self) -> float:
        return round(self.x - self.width / 2, 1)

    @property
    def top(self) -> float:
        return round(self.y - PIN, 1)


@dataclass(frozen=True)
class Spot:
    """Places that fit too but stand on other pages of the list; `box` leads to them."""

    count: int
    query: str
    x: float
    y: float
    r: float


@dataclass(frozen=True)
class Label:
    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """Ready to be written as SVG; `frame` is what it shows, in degrees."""

    frame: Box
    transform: str
    outlines: list[str]
    labels: list[Label]
    pins: list[Pin]
    spots: list[Spot]
    place: Label | None
    mark: Place | None
    width: int = WIDTH
    height: int = HEIGHT
    pin_height: int = PIN * 2
    pin_radius: int = PIN


@dataclass(frozen=True)
class _County:
    name: str
    label: tuple[float, float]
    box: Box
    path: str


def draw(
    rows: list[Any],
    others: ResourceQuerySet | None,
    *,
    frame: Box | None,
    place: Place | None,
    asked: QueryDict,
) -> Drawing:
    """The drawing of `rows`, and of `others` as spots. One statement if there are others."""
    located = [row for row in rows if row.lat is not None]
    points = [(row.lat, row.lon) for row in located]
    if place:
        points.append((place.lat, place.lon))
    picture = _Picture(frame or (_around(points) if points else ESTONIA_LAND))
    shown = picture.box
    counties = [county for county in _counties() if county.box.meets(shown)]
    pins = _pins(picture, located)
    return Drawing(
        frame=shown,
        transform=picture.transform,
        outlines=[county.path for county in counties],
        labels=list(_labels(picture, counties)),
        pins=pins,
        spots=list(_spots(picture, others, asked, pins)) if others is not None else [],
        place=Label(place.name, *picture.at(place.lat, place.lon)) if place else None,
        mark=place,
    )


# Where the land is, without the sea around it.
ESTONIA_LAND = Box(21.8, 57.5, 28.25, 59.7)


def _around(points: list[tuple[float, float]]) -> Box:
    box = box_around(points)
    # A degree of longitude is half as long as one of latitude here.
    box = box.padded(
        max(SMALLEST * 2 - (box.east - box.west), 0) / 2,
        max(SMALLEST - (box.north - box.south), 0) / 2,
    )
    return box.padded((box.east - box.west) * MARGIN, (box.north - box.south) * MARGIN)


def _mercator(lat: float) -> float:
    """Degrees from the equator on a Mercator map, in the size of degrees of longitude."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))


def _latitude(mercator: float) -> float:
    return math.degrees(2 * math.atan(math.exp(math.radians(mercator))) - math.pi / 2)


class _Picture:
    """Fits a box into the picture, in the middle, all of it to be seen."""

    def __init__(self, box: Box) -> None:
        south, north = _mercator(max(box.south, -85)), _mercator(min(box.north, 85))
        self.scale = min(WIDTH / (box.east - box.west), HEIGHT / (north - south))
        self.west = (box.west + box.east) / 2 - WIDTH / 2 / self.scale
        self.north = (south + north) / 2 + HEIGHT / 2 / self.scale
        self.box = Box(
            self.west,
            _latitude(self.north - HEIGHT / self.scale),
            self.west + WIDTH / self.scale,
            _latitude(self.north),
        )

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        return (
            round((lon - self.west) * self.scale, 1),
            round((self.north - _mercator(lat)) * self.scale, 1),
        )

    @property
    def transform(self) -> str:
        """How the outlines, drawn in whole units, come into the picture."""
        x, y = self.at(ESTONIA.north, ESTONIA.west)
        return f"translate({x} {y}) scale({self.scale / UNITS:.5f})"

    @property
    def zoom(self) -> int:
        """The zoom of a web map at which things are about as large."""
        return max(0, math.floor(math.log2(360 * self.scale / TILE_PIXELS)))


def _pins(picture: _Picture, rows: list[Row]) -> list[Pin]:
    """Pins for the rows; those that would cover each other become one."""
    groups: list[tuple[float, float, list[Row]]] = []
    for row in rows:
        x, y = picture.at(row.lat or 0, row.lon or 0)
        for group_x, group_y, members in groups:
            if abs(group_x - x) < PIN * 2 and abs(group_y - y) < PIN * 2:
                members.append(row)
                break
        else:
            groups.append((x, y, [row]))
    pins = []
    for x, y, members in groups:
        label = numbers([row.number for row in members])
        names = list(dict.fromkeys(row.organisation for row in members))
        domains = {row.domain_slug for row in members}
        pins.append(
            Pin(
                label=label,
                title=f"{label}: {', '.join(names)}",
                href=f"#koht-{members[0].id}",
                domain_slug=domains.pop() if len(domains) == 1 else "many",
                x=x,
                y=y,
                width=max(PIN * 2, 14 + 9 * len(label)),
            )
        )
    return pins


def numbers(found: list[int]) -> str:
    """Numbers of rows as a pin shows them: `4`, `1–3`, `2, 7` or `2 +4`."""
    if len(found) == 1:
        return str(found[0])
    if found[-1] - found[0] == len(found) - 1:
        return f"{found[0]}–{found[-1]}"
    if len(found) == 2:
        return f"{found[0]}, {found[1]}"
    return f"{found[0]} +{len(found) - 1}"


def _spots(
    picture: _Picture, others: ResourceQuerySet, asked: QueryDict, pins: list[Pin]
) -> Iterator[Spot]:
    for cluster in clusters(others, picture.box, picture.zoom):
        x, y = picture.at(cluster.lat, cluster.lon)
        query = asked.copy()
        query.pop("page", None)
        # A little larger, so that rounding leaves nothing out.
        query["box"] = str(cluster.box.padded(0.004, 0.002))
        r = 12 + min(9, 3 * math.log2(cluster.count))
        yield Spot(cluster.count, query.urlencode(), _beside(pins, x, y, r), y, r)


def _beside(pins: list[Pin], x: float, y: float, r: float) -> float:
    """`x` of a spot that no pin covers: beside the pin, where there is room."""
    for pin in pins:
        if abs(pin.x - x) < pin.width / 2 + r and abs(pin.y - y) < PIN + r:
            aside = pin.width / 2 + r + 1
            return round(pin.x + aside if pin.x + aside + r < WIDTH else pin.x - aside, 1)
    return x


def _labels(picture: _Picture, counties: list[_County]) -> Iterator[Label]:
    """Names of counties whose middle is in the picture with room for the word."""
    for county in counties:
        x, y = picture.at(*county.label)
        room = len(county.name) * 4
        if room < x < WIDTH - room and 12 < y < HEIGHT - 8:
            yield Label(county.name, x, y)


@functools.cache
def _counties() -> tuple[_County, ...]:
    """The outlines of the counties; read once, they come with the code."""
    with (Path(settings.BASE_DIR) / OUTLINES).open(encoding="utf-8") as file:
        features = json.load(file)["features"]
    return tuple(_county(feature) for feature in features)


def _county(feature: dict[str, Any]) -> _County:
    geometry = feature["geometry"]
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    rings = [ring for polygon in polygons for ring in polygon]
    lon, lat = feature["properties"]["label"]
    return _County(
        name=feature["properties"]["name"],
        label=(lat, lon),
        box=box_around([(y, x) for ring in rings for x, y in ring]),
        path="".join(_ring(ring) for ring in rings),
    )


def _ring(ring: list[list[float]]) -> str:
    """A closed line from the north-west corner of the country, in whole units and small steps."""
    top = _mercator(ESTONIA.north)
    units = [
        (round((lon - ESTONIA.west) * UNITS), round((top - _mercator(lat)) * UNITS))
        for lon, lat in ring[:-1]
    ]
    # After the first point of an `m` the others are steps; a minus parts numbers by itself.
    steps = [units[0]] + [
        (x - x0, y - y0) for (x0, y0), (x, y) in zip(units, units[1:], strict=False)
    ]
    return (
        "M"
        + f"{steps[0][0]} {steps[0][1]}l"
        + " ".join(f"{x} {y}" for x, y in steps[1:]).replace(" -", "-")
        + "z"
    )
