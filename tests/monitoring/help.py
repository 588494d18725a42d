"""A region as the tests of needs and supply count it by hand."""

import datetime as dt
from typing import Any

from network.models import Gap, Municipality, Region, RegionMunicipality

SINCE = dt.date(2025, 1, 1)


def region_of(*places: Municipality, slug: str = "piirkond", name: str = "Piirkond") -> Region:
    """A region with these municipalities."""
    region, _is_new = Region.objects.get_or_create(slug=slug, defaults={"name": name})
    for place in places:
        RegionMunicipality.objects.create(region=region, municipality=place, valid_from=SINCE)
    return region


def gaps(number: int, region: Region, place: Municipality, **about: Any) -> list[Gap]:
    """So many open statements that the same is missing."""
    fields = {"kind": Gap.Kind.MISSING, "month": dt.date(2026, 10, 1)} | about
    return [Gap.objects.create(region=region, municipality=place, **fields) for _ in range(number)]
