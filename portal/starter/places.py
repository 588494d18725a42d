"""Counties, municipalities and the region of the demo."""

import datetime as dt
import unicodedata

from network.models import County, Municipality, Region, RegionMunicipality
from portal.starter.source import read_csv

REGION_COUNTY = "Võru maakond"
REGION_SINCE = dt.date(2025, 1, 1)


def slug_of(name: str) -> str:
    """`Antsla vald` → `antsla-vald`: letters without marks, hyphens for spaces."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).replace(" ", "-")


def load_places() -> None:
    """Create the counties, municipalities and the region that are not there yet."""
    counties = {county.name: county for county in County.objects.all()}
    known = set(Municipality.objects.values_list("ehak", flat=True))
    # The only town whose official name has no "linn" in it; older databases had it so.
    Municipality.objects.filter(name="Tallinn linn").update(name="Tallinn")
    new = []
    for row in read_csv("municipalities"):
        name = row["county_et"]
        if name not in counties:
            counties[name] = County.objects.create(
                name=name, slug=slug_of(name), ehak=row["county_ehak"]
            )
        if row["ehak"] in known:
            continue
        new.append(
            Municipality(
                slug=slug_of(row["name_et"]),
                name=row["name_et"],
                county=counties[name],
                type=row["type"],
                ehak=row["ehak"],
                ehak_before=row["ehak_before"],
                seat=row["seat"],
                lat=float(row["lat"]),
                lon=float(row["lon"]),
            )
        )
    Municipality.objects.bulk_create(new)
    load_region()


def load_region() -> None:
    """The region of the demo: the municipalities of one county, since the round began."""
    region, is_new = Region.objects.get_or_create(slug="vorumaa", defaults={"name": "Võrumaa"})
    if is_new:
        RegionMunicipality.objects.bulk_create(
            RegionMunicipality(region=region, municipality=municipality, valid_from=REGION_SINCE)
            for municipality in Municipality.objects.filter(county__name=REGION_COUNTY)
        )
