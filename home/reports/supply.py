"""What is missing and what there is: the page, its tiles and its table for spreadsheets. MON-03."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.models.component import Kind
from home.querysets import DEFAULT_LANGUAGE
from home.reports.domains import DomainRow, domains
from home.reports.tiles import tile_places
from home.visit import Visit
from network.disclosure import Figure
from network.monitoring.reports import (
    RegionRow,
    Supply,
    SupplyLine,
    SupplyTable,
    regions_on,
    supply_table,
)
from network.reports.places import MunicipalityRow

MAX_VALUE = 60


@dataclass(frozen=True)
class Cell:
    """A cell with the addresses of its rows on the map; `place` is empty in a total."""

    supply: Supply
    place: str
    offers_url: str
    free_url: str
    is_here: bool


@dataclass(frozen=True)
class Row:
    """A line of the table. `slug` is empty for totals and for what is no component (`is_other`)."""

    name: str
    slug: str
    lang: str
    cells: tuple[Cell, ...]
    total: Cell
    is_other: bool = False


@dataclass(frozen=True)
class Group:
    """The rows of one life domain; `domain` is None for base support and for the rest."""

    domain: DomainRow | None
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Tile:
    name: str
    column: int
    row: int
    cell: Cell


@dataclass
class SupplyReport:
    visit: Visit
    regions: tuple[RegionRow, ...]
    region: RegionRow | None = None
    place: MunicipalityRow | None = None
    domain: DomainRow | None = None
    groups: tuple[Group, ...] = ()
    totals: Row | None = None
    # Every component of the region's table, for the choice above the tiles.
    components: tuple[Group, ...] = ()
    chosen: Row | None = None
    tiles: tuple[Tile, ...] = ()
    headline: str = ""
    supply: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def domains(self) -> tuple[DomainRow, ...]:
        return domains()

    @property
    def here(self) -> str:
        """The municipality's slug, where it belongs to the region."""
        return self.place.slug if self.place else ""

    @property
    def carry(self) -> list[tuple[str, str]]:
        """What has been chosen for the table, kept along by the choice above the tiles."""
        return [
            ("region", self.region.slug if self.region and len(self.regions) > 1 else ""),
            ("domain", self.domain.slug if self.domain else ""),
        ]

    @property
    def export_url(self) -> str:
        kept = {name: value for name, value in self.carry if value}
        return reverse("supply_export") + (f"?{urlencode(kept)}" if kept else "")


def supply_report(visit: Visit, asked: QueryDict, components: Any) -> SupplyReport:
    """The page as asked for; what is not known is named in `notes`, never an error.

    `components` are the pages of components, for their names. At most one statement beside the
    table itself, which is remembered.
    """
    report = SupplyReport(visit, regions_on(visit.day))
    _choose(report, asked)
    if report.region is None:
        return report
    table = supply_table(report.region)
    every = tuple(_groups(report, table, _titles(visit, components)))
    report.components = every
    report.groups = tuple(
        group for group in every if report.domain is None or group.domain == report.domain
    )
    report.totals = _totals(report, table)
    report.chosen = _chosen_row(report, asked.get("component", ""))
    report.tiles = _tiles(report, report.chosen or report.totals)
    report.headline = _headline(table, every)
    report.supply = _supply_sentence(table)
    return report


def _choose(report: SupplyReport, asked: QueryDict) -> None:
    """Region, municipality and life domain out of the address, the cookie as the last resort."""
    visit = report.visit
    by_slug = {region.slug: region for region in report.regions}
    home = next((one for one in report.regions if visit.municipality in one.places), None)
    first = home or next(iter(report.regions), None)
    region = asked.get("region", "")
    if region and region not in by_slug:
        report.notes.append(_("There is no region “%(value)s”.") % {"value": region[:MAX_VALUE]})
    report.region = by_slug.get(region, first)
    if visit.unknown_municipality:
        report.notes.append(
            _("There is no municipality “%(value)s”.") % {"value": visit.unknown_municipality}
        )
    if report.region and visit.municipality in report.region.places:
        report.place = visit.municipality
    elif report.region and visit.asked and visit.municipality:
        report.notes.append(
            _("%(place)s does not belong to this region.") % {"place": visit.municipality.name}
        )
    domain = asked.get("domain", "")
    report.domain = next((row for row in domains() if row.slug == domain), None)
    if domain and report.domain is None:
        report.notes.append(
            _("The choice “%(value)s” is not known and was left out.")
            % {"value": domain[:MAX_VALUE]}
        )


def _titles(visit: Visit, components: Any) -> dict[int, tuple[str, str]]:
    """The names that the pages of components bear in the visitor's language, and which it is."""
    pages = components.visible().in_language(visit.language)
    return {
        pk: (title, language)
        for pk, title, language in pages.values_list(
            "component_id", "title", "locale__language_code"
        )
    }


def _groups(
    report: SupplyReport, table: SupplyTable, titles: dict[int, tuple[str, str]]
) -> Iterator[Group]:
    by_id = {row.id: row for row in domains()}
    found: dict[int | None, list[Row]] = {}
    for line in table.lines:
        found.setdefault(line.line.domain_id, []).append(_row(report, line, titles))
    for domain_id, rows in found.items():
        domain = by_id.get(domain_id) if domain_id else None
        if domain:
            yield Group(domain, domain.name, tuple(rows))
    # Base support and whatever fits nowhere have no life domain and stand at the end.
    if None in found:
        yield Group(None, _("Base support and the rest"), tuple(found[None]))


def _row(report: SupplyReport, line: SupplyLine, titles: dict[int, tuple[str, str]]) -> Row:
    about = line.line
    name, language = titles.get(about.component_id or 0, (about.name, DEFAULT_LANGUAGE))
    if about.component_id is None:
        language = report.visit.language
        name = _("Something else in this part of life") if about.domain_id else _("Something else")
    return Row(
        name=name,
        slug=about.slug,
        lang="" if language == report.visit.language else language,
        cells=_cells(report, line.cells, about.slug),
        total=_cell(report, line.total, None, about.slug),
        is_other=about.component_id is None,
    )


def _totals(report: SupplyReport, table: SupplyTable) -> Row:
    return Row(
        name=_("All together"),
        slug="",
        lang="",
        cells=_cells(report, table.columns, ""),
        total=_cell(report, table.total, None, ""),
    )


def _cells(report: SupplyReport, supplies: tuple[Supply, ...], slug: str) -> tuple[Cell, ...]:
    places = report.region.places if report.region else ()
    return tuple(
        _cell(report, supply, place, slug) for supply, place in zip(supplies, places, strict=True)
    )


def _cell(report: SupplyReport, supply: Supply, place: MunicipalityRow | None, slug: str) -> Cell:
    """With the address on the map whose list holds as many offers as the cell says."""
    places = [place] if place else list(report.region.places if report.region else ())
    about = [("component", slug)] if slug else [("kind", kind) for kind in Kind.values]
    asked = [*about, *(("in", one.slug) for one in places)]
    url = reverse("map")
    return Cell(
        supply=supply,
        place=place.name if place else "",
        offers_url=f"{url}?{urlencode(asked)}" if supply.offers else "",
        free_url=f"{url}?{urlencode([*asked, ('free', '1')])}" if supply.free else "",
        is_here=bool(place and place == report.place),
    )


def _chosen_row(report: SupplyReport, slug: str) -> Row | None:
    """The component whose tiles are asked for; None shows all together."""
    if not slug:
        return None
    for group in report.components:
        for row in group.rows:
            if row.slug == slug:
                return row
    report.notes.append(
        _("The choice “%(value)s” is not known and was left out.") % {"value": slug[:MAX_VALUE]}
    )
    return None


def _tiles(report: SupplyReport, row: Row) -> tuple[Tile, ...]:
    """One tile a municipality, read from north to south and west to east."""
    places = report.region.places if report.region else ()
    where = tile_places(places)
    tiles = [
        Tile(place.name, *where[place.id], cell)
        for place, cell in zip(places, row.cells, strict=True)
    ]
    return tuple(sorted(tiles, key=lambda tile: (tile.row, tile.column)))


def _headline(table: SupplyTable, groups: tuple[Group, ...]) -> str:
    """The state in one sentence, from published numbers only."""
    rows = [row for group in groups for row in group.rows if row.slug]
    uncovered = [
        (cell.supply.gaps.value or 0, row.name, cell.place)
        for row in rows
        for cell in row.cells
        if cell.supply.is_uncovered
    ]
    # The first of the largest, in the order of the table.
    if uncovered:
        number, name, place = max(uncovered, key=lambda one: one[0])
        return _(
            "Missing most: %(service)s. %(place)s: reported about %(number)s times, and nobody "
            "offers it there."
        ) % {"service": name, "place": place, "number": number}
    known = [(row.total.supply.gaps.value or 0, row.name) for row in rows]
    number, name = max(known, key=lambda one: one[0], default=(0, ""))
    if number:
        return _(
            "Missing most: %(service)s, reported about %(number)s times in the whole region."
        ) % {"service": name, "number": number}
    if table.total.gaps.is_shown:
        return _(
            "Something was reported missing about %(number)s times, but no single service so often "
            "that its number could be shown."
        ) % {"number": table.total.gaps.value}
    return _("So far too few gaps have been reported for their numbers to be shown.")


def _supply_sentence(table: SupplyTable) -> str:
    """How much there is, and how many services nobody in the region offers."""
    offers = table.total.offers
    parts = [
        ngettext("%(n)s offer in the region.", "%(n)s offers in the region.", offers)
        % {"n": offers}
    ]
    missing = sum(1 for row in table.lines if row.line.component_id and not row.total.offers)
    if missing:
        parts.append(
            ngettext(
                "%(n)s service is offered by nobody here yet.",
                "%(n)s services are offered by nobody here yet.",
                missing,
            )
            % {"n": missing}
        )
    return " ".join(parts)


def figure_words(figure: Figure) -> str:
    """A published number as the page and the table for spreadsheets say it."""
    if figure.is_small:
        return _("below 5")
    return str(figure.value) if figure.is_shown else _("not shown")


def export_rows(report: SupplyReport) -> Iterator[list[Any]]:
    """The same table, one cell a row: life domain, service, municipality, three numbers."""
    whole = _("Whole region")
    named = [(group.name, row) for group in report.groups for row in group.rows]
    if report.totals:
        named.append((_("All together"), report.totals))
    for domain, row in named:
        for cell in (*row.cells, row.total):
            supply = cell.supply
            yield [
                report.region.name if report.region else "",
                domain,
                row.name if row is not report.totals else "",
                cell.place or whole,
                supply.offers,
                supply.free,
                figure_words(supply.gaps),
            ]
