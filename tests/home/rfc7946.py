"""A judge of GeoJSON by RFC 7946; tests/data/geojson-fixtures judges the judge."""

import math
from typing import Any

GEOMETRIES = {
    # How deep the positions lie.
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


def faults(thing: Any, at: str = "$") -> list[str]:
    """What is wrong with a GeoJSON object; nothing if it is valid."""
    if not isinstance(thing, dict):
        return [f"{at}: not an object"]
    kind = thing.get("type")
    found = _bbox(thing["bbox"], at) if "bbox" in thing else []
    if kind == "FeatureCollection":
        return found + _members(thing, "features", at, _feature)
    if kind == "Feature":
        return found + _feature(thing, at)
    return found + _geometry(thing, at)


def _members(thing: dict[str, Any], name: str, at: str, judge: Any) -> list[str]:
    if not isinstance(thing.get(name), list):
        return [f"{at}: no list of {name}"]
    return [
        fault
        for place, one in enumerate(thing[name])
        for fault in judge(one, f"{at}.{name}[{place}]")
    ]


def _feature(thing: Any, at: str) -> list[str]:
    if not isinstance(thing, dict) or thing.get("type") != "Feature":
        return [f"{at}: not a Feature"]
    found = _bbox(thing["bbox"], at) if "bbox" in thing else []
    if "properties" not in thing or not isinstance(thing["properties"], dict | None):
        found.append(f"{at}: no properties")
    if "id" in thing and (
        isinstance(thing["id"], bool) or not isinstance(thing["id"], str | int | float)
    ):
        found.append(f"{at}: an id is a text or a number")
    if "geometry" not in thing:
        return [*found, f"{at}: no geometry"]
    return found + (_geometry(thing["geometry"], at) if thing["geometry"] is not None else [])


def _geometry(thing: Any, at: str) -> list[str]:
    if not isinstance(thing, dict):
        return [f"{at}: not a geometry"]
    kind = thing.get("type")
    found = _bbox(thing["bbox"], at) if "bbox" in thing else []
    if kind == "GeometryCollection":
        return found + _members(thing, "geometries", at, _geometry)
    if kind not in GEOMETRIES:
        return [*found, f"{at}: unknown type {kind!r}"]
    if "coordinates" not in thing:
        return [*found, f"{at}: no coordinates"]
    found += _positions(thing["coordinates"], GEOMETRIES[kind], at)
    if kind in ("Polygon", "MultiPolygon") and not found:
        polygons = [thing["coordinates"]] if kind == "Polygon" else thing["coordinates"]
        for ring in (ring for polygon in polygons for ring in polygon):
            if len(ring) < 4 or ring[0] != ring[-1]:
                found.append(f"{at}: a ring is closed and has four positions or more")
    if kind == "LineString" and not found and len(thing["coordinates"]) < 2:
        found.append(f"{at}: a line has two positions or more")
    return found


def _positions(thing: Any, depth: int, at: str) -> list[str]:
    if not isinstance(thing, list):
        return [f"{at}: coordinates are lists"]
    if depth:
        return [fault for one in thing for fault in _positions(one, depth - 1, at)]
    if len(thing) < 2 or not all(_is_number(one) for one in thing):
        return [f"{at}: a position is two numbers or more"]
    if not (-180 <= thing[0] <= 180 and -90 <= thing[1] <= 90):
        return [f"{at}: longitude comes first, then latitude"]
    return []


def _bbox(thing: Any, at: str) -> list[str]:
    if not isinstance(thing, list) or len(thing) not in (4, 6) or not all(map(_is_number, thing)):
        return [f"{at}: a bbox has four or six numbers"]
    half = len(thing) // 2
    return [] if thing[1] <= thing[half + 1] else [f"{at}: a bbox begins in the south"]


def _is_number(thing: Any) -> bool:
    return isinstance(thing, int | float) and not isinstance(thing, bool) and math.isfinite(thing)
