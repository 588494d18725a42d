"""Municipalities as tiles, placed roughly as on the map."""

import math
from collections.abc import Sequence

from network.reports.places import MunicipalityRow

# More columns than this have no class in supply.css.
MOST = 12


def tile_places(rows: Sequence[MunicipalityRow]) -> dict[int, tuple[int, int]]:
    """Column and row, from 1, for each municipality by its seat; no two share a place.

    The nearest pair of municipality and place goes first, so the same seats give the same tiles.
    """
    if not rows:
        return {}
    side = min(MOST, math.ceil(math.sqrt(len(rows))))
    tall = max(side, math.ceil(len(rows) / side))
    across = _spread([row.lon for row in rows], side)
    down = _spread([-row.lat for row in rows], tall)
    pairs = sorted(
        ((x - column) ** 2 + (y - line) ** 2, row.slug, column, line, row.id)
        for row, x, y in zip(rows, across, down, strict=True)
        for column in range(side)
        for line in range(tall)
    )
    found: dict[int, tuple[int, int]] = {}
    taken: set[tuple[int, int]] = set()
    for _distance, _slug, column, line, pk in pairs:
        if pk not in found and (column, line) not in taken:
            found[pk] = column, line
            taken.add((column, line))
    # Empty columns and rows are left out.
    columns = sorted({column for column, _line in found.values()})
    lines = sorted({line for _column, line in found.values()})
    return {
        pk: (columns.index(column) + 1, lines.index(line) + 1)
        for pk, (column, line) in found.items()
    }


def _spread(values: list[float], size: int) -> list[float]:
    """From 0 to size - 1; all in the middle where they do not differ."""
    least, most = min(values), max(values)
    if most == least:
        return [(size - 1) / 2] * len(values)
    return [(value - least) / (most - least) * (size - 1) for value in values]
