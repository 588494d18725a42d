"""Resources on a map: where they stand, clusters per box and zoom, and GeoJSON (RFC 7946). REG-01.

A confidential place has no point. It never stands in a box or a cluster, and its distance is
counted from the seat of its municipality. A place whose coordinates nobody has given stands at
that seat too and says that it is approximate.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    Max,
    Min,
    Q,
    When,
)
from django.db.models.functions import Floor
from django.utils.translation import gettext as _

from network.geo import ESTONIA, KM_PER_DEGREE, BadCoordinates, Box, box_around
from network.models import Resource
from network.querysets import ResourceQuerySet
from portal.base.memo import per_statement

MEDIA_TYPE = "application/geo+json"
# Half a metre; more digits would only weigh.
DIGITS = 5
MAX_ZOOM = 22
# A cluster takes a square of the screen of about this many pixels.
CELL_PIXELS = 64
TILE_PIXELS = 256
# Whatever box and zoom say, a side has no more squares than this, so the answer stays small.
MAX_CELLS = 16
MAX_UNLOCATED = 100
# In sides of a square: two clusters nearer than this would cover each other.
TOO_NEAR = 0.6
# A degree of latitude on the screen is about twice one of longitude here.
LAT_PER_LON = math.cos(math.radians(58.6))

# What a feature tells.
FACTS = ("organisation", "municipality", "offer__component__domain")
AT_SEAT = Q(is_confidential=True) | Q(lat__isnull=True)


@dataclass(frozen=True)
class Cluster:
    """Places that stand close together; `key` is the resource where there is only one."""

    count: int
    lat: float
    lon: float
    box: Box
    key: int

    def with_(self, other: "Cluster") -> "Cluster":
        """Both as one, in the middle of all their places."""
        count = self.count + other.count
        return Cluster(
            count,
            (self.lat * self.count + other.lat * other.count) / count,
            (self.lon * self.count + other.lon * other.count) / count,
            box_around(
                [(b.south, b.west) for b in (self.box, other.box)]
                + [(b.north, b.east) for b in (self.box, other.box)]
            ),
            self.key,
        )


def zoom_from(text: str) -> int:
    """Read a zoom level. Raises BadCoordinates."""
    if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= MAX_ZOOM:
        return int(text)
    raise BadCoordinates(
        _("Zoom is a whole number from 0 to %(most)s, not “%(value)s”.")
        % {"most": MAX_ZOOM, "value": text[:60]}
    )


def placed(resources: ResourceQuerySet) -> ResourceQuerySet:
    """Annotate `map_lat` and `map_lon`: the seat of the municipality where nothing nearer is known.

    Of a confidential place it is the seat as well.
    """
    return resources.annotate(
        map_lat=Case(When(AT_SEAT, then=F("municipality__lat")), default=F("lat")),
        map_lon=Case(When(AT_SEAT, then=F("municipality__lon")), default=F("lon")),
    )


def in_box(box: Box) -> Q:
    """The placed resources that stand in `box`; a confidential one stands nowhere."""
    return Q(
        is_confidential=False,
        map_lat__range=(box.south, box.north),
        map_lon__range=(box.west, box.east),
    )


def with_distance(resources: ResourceQuerySet, lat: float, lon: float) -> ResourceQuerySet:
    """Annotate `km2`, the square of the kilometres from a point, on placed resources.

    Plain arithmetic, exact to a few metres in a kilometre: SQLite would have to call Python for
    each sine.
    """
    phi = math.radians(lat)
    north = F("map_lat") - lat
    # A degree of longitude gets shorter towards the north: its length halfway between the two.
    shrink = math.cos(phi) - math.sin(phi) * math.pi / 360 * north
    east = (F("map_lon") - lon) * shrink
    return resources.annotate(
        km2=ExpressionWrapper((north * north + east * east) * KM_PER_DEGREE**2, FloatField())
    )


def clusters(resources: ResourceQuerySet, box: Box, zoom: int) -> list[Cluster]:
    """Placed resources in `box`, put together by squares of the screen at `zoom`.

    One statement, or none where the same was asked since the public content changed last.
    """
    if not box.meets(ESTONIA):
        return []
    box = box.within(ESTONIA)
    width, height = cell(box, zoom)
    squares = (
        resources.filter(in_box(box))
        .order_by()
        .annotate(
            cell_x=Floor(ExpressionWrapper((F("map_lon") - ESTONIA.west) / width, FloatField())),
            cell_y=Floor(ExpressionWrapper((F("map_lat") - ESTONIA.south) / height, FloatField())),
        )
        .values("cell_x", "cell_y")
        .annotate(
            count=Count("pk"),
            lat=Avg("map_lat"),
            lon=Avg("map_lon"),
            west=Min("map_lon"),
            south=Min("map_lat"),
            east=Max("map_lon"),
            north=Max("map_lat"),
            key=Min("pk"),
        )
        .order_by("cell_y", "cell_x")
    )
    return _merged(
        [
            Cluster(
                row["count"],
                row["lat"],
                row["lon"],
                Box(row["west"], row["south"], row["east"], row["north"]),
                row["key"],
            )
            for row in per_statement(squares, lambda: list(squares))
        ],
        width * TOO_NEAR,
        height * TOO_NEAR,
    )


def _merged(found: list[Cluster], lon: float, lat: float) -> list[Cluster]:
    """Put together what the line between two squares has parted; the larger takes the smaller."""
    kept: list[Cluster] = []
    for one in sorted(found, key=lambda cluster: (-cluster.count, cluster.key)):
        for place, other in enumerate(kept):
            if abs(other.lon - one.lon) < lon and abs(other.lat - one.lat) < lat:
                kept[place] = other.with_(one)
                break
        else:
            kept.append(one)
    return kept


def cell(box: Box, zoom: int) -> tuple[float, float]:
    """Width and height of a square in degrees; never so small that the box has too many."""
    width = max(
        360 / (TILE_PIXELS * 2**zoom) * CELL_PIXELS,
        (box.east - box.west) / MAX_CELLS,
        (box.north - box.south) / MAX_CELLS / LAT_PER_LON,
    )
    return width, width * LAT_PER_LON


def feature_collection(
    resources: ResourceQuerySet, box: Box | None, zoom: int, address: Callable[[Resource], str]
) -> dict[str, Any]:
    """The placed `resources` as GeoJSON: clusters, points, and without a box the unlocated ones.

    `address` gives the page of one. Three statements at most, whatever the number of rows.
    """
    found = clusters(resources, box or ESTONIA, zoom)
    single = [cluster.key for cluster in found if cluster.count == 1]
    rows = {row.pk: row for row in Resource.objects.filter(pk__in=single).select_related(*FACTS)}
    features = []
    for cluster in found:
        if row := rows.get(cluster.key):
            features.append(point_feature(row, address))
        elif cluster.count > 1:
            features.append(cluster_feature(cluster))
    collection: dict[str, Any] = {"type": "FeatureCollection"}
    if features:
        edges = [cluster.box.edges for cluster in found]
        collection["bbox"] = [
            round(pick(edge[place] for edge in edges), DIGITS)
            for place, pick in enumerate((min, min, max, max))
        ]
    if box is None:
        hidden = resources.filter(is_confidential=True).select_related(*FACTS)
        features += [
            point_feature(row, address)
            for row in hidden.order_by("municipality__name", "pk")[:MAX_UNLOCATED]
        ]
    return collection | {"features": features}


def point_feature(resource: Resource, address: Callable[[Resource], str]) -> dict[str, Any]:
    """One resource; a confidential one is a feature without a place."""
    offer = getattr(resource, "offer", None)
    domain = offer.component.domain if offer else None
    return {
        "type": "Feature",
        "id": resource.pk,
        "geometry": (
            None if resource.is_confidential else _point(resource.public_lat, resource.public_lon)
        ),
        "properties": {
            "name": resource.name or resource.organisation.name,
            "component": offer.component.name if offer else None,
            "domain": domain.slug if domain else "base" if offer else None,
            "municipality": resource.municipality.name,
            "approximate": resource.lat is None or resource.is_confidential,
            "url": address(resource),
        },
    }


def cluster_feature(cluster: Cluster) -> dict[str, Any]:
    """Several resources as one feature with their number; its box is where they stand."""
    return {
        "type": "Feature",
        "bbox": [round(edge, DIGITS) for edge in cluster.box.edges],
        "geometry": _point(cluster.lat, cluster.lon),
        "properties": {"count": cluster.count},
    }


def _point(lat: float, lon: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(lon, DIGITS), round(lat, DIGITS)]}
