"""Municipalities and how far they lie from each other; small enough to keep in the process."""

from dataclasses import dataclass
from functools import cached_property

from network.geo import distance_km
from network.models import Municipality
from portal.base.memo import per_content_version


@dataclass(frozen=True)
class MunicipalityRow:
    """A municipality as lists show it; coordinates are those of its seat."""

    id: int
    slug: str
    name: str
    county: str
    seat: str
    lat: float
    lon: float

    def km_to(self, other: "MunicipalityRow") -> int:
        """Whole kilometres along the air from seat to seat."""
        return round(distance_km(self.lat, self.lon, other.lat, other.lon))


@dataclass(frozen=True)
class Places:
    """All municipalities, ready to be looked up."""

    rows: tuple[MunicipalityRow, ...]

    @cached_property
    def by_slug(self) -> dict[str, MunicipalityRow]:
        return {row.slug: row for row in self.rows}

    @cached_property
    def by_id(self) -> dict[int, MunicipalityRow]:
        return {row.id: row for row in self.rows}

    @cached_property
    def by_county(self) -> list[tuple[str, list[MunicipalityRow]]]:
        """Counties with their municipalities, both in the order of the alphabet."""
        counties: dict[str, list[MunicipalityRow]] = {}
        for row in sorted(self.rows, key=lambda row: (row.county, row.name)):
            counties.setdefault(row.county, []).append(row)
        return list(counties.items())

    def near(self, chosen: MunicipalityRow, km: int) -> list[int]:
        """Ids of municipalities whose seat lies within `km` of the seat of `chosen`."""
        return [row.id for row in self.rows if row == chosen or chosen.km_to(row) <= km]

    def distances(self, chosen: MunicipalityRow) -> dict[int, int]:
        """Kilometres from `chosen` to each municipality, by id."""
        return {row.id: chosen.km_to(row) for row in self.rows}


@per_content_version
def places() -> Places:
    """Every municipality of the country, in one statement, remembered."""
    rows = Municipality.objects.select_related("county").order_by("name")
    return Places(
        tuple(
            MunicipalityRow(row.pk, row.slug, row.name, row.county.name, row.seat, row.lat, row.lon)
            for row in rows
        )
    )
