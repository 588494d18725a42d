"""The map as a list: what was asked, the rows of the page, and the nearest ones where none fit.

`map_question` reads the address, `resources_for` finds the rows; page, data and export use both, so
they cannot disagree. A confidential place shows its municipality only, here as everywhere.
"""

import dataclasses
import datetime as dt
import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page
from django.db.models import OuterRef, Q, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _

from catalogue.calculator import to_cents
from catalogue.models import Component
from home.reports.contacts import municipal_contact
from home.reports.drawing import Drawing, Place, draw
from home.reports.facets import Choice, Facet, facets_of, without
from home.reports.paging import key_page_of, page_of
from home.visit import Visit
from network.geo import ESTONIA, BadCoordinates, Box, box_from, distance_km, point_from
from network.geojson import in_box, placed, with_distance
from network.models import Offer, OfferPrice, Organisation, Resource
from network.querysets import ResourceQuerySet
from network.reports.offers import near_ids
from network.reports.places import MunicipalityRow, places
from portal.search.find import find

ROWS_A_PAGE = 15
NEAREST = 3
MAX_QUERY = 200
MAX_WITHIN = 100
# About a kilometre: finer than this nobody has to tell where they are.
HERE_DIGITS = 2


@dataclass
class MapQuestion:
    """What the address asks for, beside the filters.

    `within`: municipalities it must stand in; `box`: the part of the map; `here`: the visitor's own
    place, rounded. `notes` are sentences about what was asked and left out.
    """

    visit: Visit
    asked: QueryDict
    query: str = ""
    found: Q | None = None
    is_partial: bool = False
    component: Component | None = None
    within: list[MunicipalityRow] = field(default_factory=list)
    box: Box | None = None
    here: tuple[float, float] | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def point(self) -> tuple[float, float] | None:
        """Where distances are counted from."""
        if self.here:
            return self.here
        chosen = self.visit.municipality
        return (chosen.lat, chosen.lon) if chosen else None

    @property
    def is_near(self) -> bool:
        """Is only what is near the point asked for?"""
        return bool(self.point) and not self.within and self.box is None

    @property
    def home(self) -> MunicipalityRow | None:
        """The municipality of the visitor: the one asked about, or whose seat is nearest."""
        if self.here:
            lat, lon = self.here
            return min(
                places().rows,
                key=lambda row: distance_km(lat, lon, row.lat, row.lon),
                default=None,
            )
        if len(self.within) == 1:
            return self.within[0]
        return self.visit.municipality


def map_question(visit: Visit, asked: QueryDict, components: Any) -> MapQuestion:
    """Read the address; `components` is the manager of the component pages.

    At most four statements: the search (up to three tries) and the component.
    """
    this = MapQuestion(visit, asked, query=asked.get("q", "").strip()[:MAX_QUERY])
    if this.query:
        _search(this, components)
    if slug := asked.get("component", ""):
        this.component = Component.objects.filter(slug=slug[:100]).first()
        if this.component is None:
            this.notes.append(_unknown(slug))
    for slug in dict.fromkeys(asked.getlist("in")[:MAX_WITHIN]):
        if row := places().by_slug.get(slug):
            this.within.append(row)
        elif slug:
            this.notes.append(_("There is no municipality “%(value)s”.") % {"value": slug[:60]})
    if visit.unknown_municipality:
        this.notes.append(
            _("There is no municipality “%(value)s”.") % {"value": visit.unknown_municipality}
        )
    try:
        this.box = _box(asked.get("box", ""))
    except BadCoordinates as error:
        this.notes.append(str(error))
    # A municipality chosen in the address says more than where the visitor happens to be.
    if not (visit.asked and visit.municipality):
        try:
            this.here = here_from(asked)
        except BadCoordinates as error:
            this.notes.append(str(error))
    return this


def here_from(asked: QueryDict) -> tuple[float, float] | None:
    """The visitor's own place out of `lat` and `lon`, rounded. Raises BadCoordinates."""
    lat, lon = asked.get("lat", ""), asked.get("lon", "")
    if not lat and not lon:
        return None
    y, x = point_from(lat, lon)
    return round(y, HERE_DIGITS), round(x, HERE_DIGITS)


def _box(text: str) -> Box | None:
    if not text:
        return None
    box = box_from(text)
    if not box.meets(ESTONIA):
        raise BadCoordinates(_("This area is not in Estonia, so it was left out."))
    return box


def _search(this: MapQuestion, components: Any) -> None:
    """Turn the words into the components and organisations that they find."""
    hits = find(this.query, models=[components.model, Organisation])
    keys: dict[Any, list[str]] = {components.model: [], Organisation: []}
    for hit in hits:
        keys[hit.model].append(hit.pk)
    pages = components.visible().in_language(this.visit.language)
    pages = pages.filter(pk__in=keys[components.model])
    this.is_partial = any(hit.partial for hit in hits)
    # Never by address: a confidential place has none.
    this.found = (
        Q(offer__component_id__in=pages.order_by().values("component_id"))
        | Q(organisation_id__in=keys[Organisation])
        | Q(name__icontains=this.query)
    )


def _unknown(value: str) -> str:
    return _("The choice “%(value)s” is not known and was left out.") % {"value": value[:60]}


def resources_for(this: MapQuestion, *, anywhere: bool = False) -> ResourceQuerySet:
    """The public resources that the question is about, placed; `anywhere` leaves out the where."""
    rows = placed(
        Resource.objects.published().filter(
            Q(offer__isnull=True) | Q(offer__component__is_active=True)
        )
    )
    if this.found is not None:
        rows = rows.filter(this.found)
    if this.component:
        rows = rows.filter(offer__component_id=this.component.pk)
    if this.point:
        rows = with_distance(rows, *this.point)
    if anywhere:
        return rows
    if this.within:
        rows = rows.filter(municipality_id__in=[row.id for row in this.within])
    if this.box:
        rows = rows.filter(in_box(this.box))
    return rows.filter(_near(this)) if this.is_near else rows


def _near(this: MapQuestion) -> Q:
    """What stands near the visitor or comes to their municipality; the same as in the catalogue."""
    chosen = this.home
    if this.here:
        near = Q(km2__lte=settings.NEAR_KM**2)
    else:
        near = Q(municipality_id__in=near_ids(chosen) if chosen else [])
    if chosen is None:
        return near
    comes = Offer.serves.through.objects.filter(municipality_id=chosen.id)
    return near | Q(pk__in=comes.values("offer_id"))


def in_order(this: MapQuestion, rows: ResourceQuerySet) -> ResourceQuerySet:
    """Nearest first where a place is known, else by municipality."""
    first = "km2" if this.point else "municipality__name"
    return rows.order_by(first, "organisation__name", "pk")


@dataclass(frozen=True)
class MapRow:
    """A resource in the list; `number` is the one on its pin. Of a confidential place no `lat`."""

    id: int
    number: int
    organisation: str
    organisation_slug: str
    name: str
    component_slug: str
    domain_slug: str
    domain_name: str
    domain_icon: str
    municipality: str
    address: str
    lat: float | None
    lon: float | None
    is_confidential: bool
    is_approximate: bool
    km: int | None
    at_home: bool
    remote: bool
    free_places: int | None
    waiting_weeks: int | None
    from_price: Decimal | None
    from_form: str
    phone: str
    confirmed_on: dt.date | None
    is_fresh: bool
    is_sample: bool
    is_offer: bool

    @property
    def capacity(self) -> str:
        """`free`, `waiting`, `full` or `unknown`."""
        if self.free_places:
            return "free"
        if self.waiting_weeks:
            return "waiting"
        return "full" if self.free_places == 0 else "unknown"


def map_rows(this: MapQuestion, resources: ResourceQuerySet, first_number: int = 1) -> list[MapRow]:
    """The resources with what a list shows of them, in one statement."""
    prices = (
        OfferPrice.objects.on(this.visit.day)
        .filter(offer_id=OuterRef("pk"))
        .order_by("gross", "form")
    )
    found = resources.select_related(
        "organisation", "municipality", "offer__component__domain"
    ).annotate(
        from_price=Subquery(prices.values("gross")[:1]),
        from_form=Subquery(prices.values("form")[:1]),
    )
    return [_row(this, row, number) for number, row in enumerate(found, first_number)]


def _row(this: MapQuestion, row: Any, number: int) -> MapRow:
    organisation = row.organisation
    offer = getattr(row, "offer", None)
    component = offer.component if offer else None
    domain = component.domain if component else None
    km2 = getattr(row, "km2", None)
    has_point = not row.is_confidential
    return MapRow(
        id=row.pk,
        number=number,
        organisation=organisation.name,
        organisation_slug=organisation.slug,
        name=component.name if component else row.name,
        component_slug=component.slug if component else "",
        domain_slug=domain.slug if domain else "base",
        domain_name=domain.name_in(this.visit.language) if domain else "",
        domain_icon=domain.icon if domain else "route" if component else "hand-heart",
        municipality=row.municipality.name,
        address=row.public_address,
        lat=row.public_lat if has_point else None,
        lon=row.public_lon if has_point else None,
        is_confidential=row.is_confidential,
        is_approximate=has_point and row.lat is None,
        km=None if km2 is None else round(math.sqrt(km2)),
        at_home=bool(offer and offer.at_home),
        remote=bool(offer and offer.remote),
        free_places=offer.free_places if offer else None,
        waiting_weeks=offer.waiting_weeks if offer else None,
        from_price=None if row.from_price is None else to_cents(row.from_price),
        from_form=row.from_form or "",
        phone=organisation.phone,
        confirmed_on=row.confirmed_on,
        is_fresh=row.is_fresh(this.visit.day),
        is_sample=organisation.is_sample,
        is_offer=offer is not None,
    )


@dataclass
class MapReport:
    """The page: rows with numbers, the drawing with the same numbers, and the ways on."""

    question: MapQuestion
    total: int
    page: Page[Any]
    rows: list[MapRow]
    facets: list[Facet]
    drawing: Drawing
    nearest: list[MapRow] = field(default_factory=list)
    contact: Organisation | None = None

    @property
    def visit(self) -> Visit:
        return self.question.visit

    @property
    def place(self) -> str:
        """The municipality around which is looked; empty where the whole country is."""
        chosen = self.visit.municipality
        return chosen.name if chosen and self.question.is_near and not self.question.here else ""

    @property
    def tiles(self) -> dict[str, str] | None:
        """Where map tiles come from and the line their owner asks for; None: from nowhere."""
        if not settings.MAP_TILES_URL:
            return None
        return {"url": settings.MAP_TILES_URL, "attribution": settings.MAP_TILES_ATTRIBUTION}

    @property
    def near_km(self) -> int:
        return settings.NEAR_KM

    @property
    def counties(self) -> list[Any]:
        return places().by_county

    @property
    def chosen(self) -> list[Choice]:
        """Everything that is on, for the chips."""
        asked, this = self.question.asked, self.question
        on = []
        if this.here and this.is_near:
            label = _("Near you, %(km)s km around") % {"km": self.near_km}
            data = asked.copy()
            data.pop("lon", None)
            on.append(Choice("", label, 0, True, without(data, "lat")))
        if this.box:
            on.append(Choice("", _("Part of the map"), 0, True, without(asked, "box")))
        for row in this.within:
            on.append(Choice(row.slug, row.name, 0, True, without(asked, "in", row.slug)))
        if this.component:
            on.append(
                Choice("", this.component.name, 0, True, without(asked, "component")),
            )
        if this.query:
            label = _("“%(words)s”") % {"words": this.query[:60]}
            on.append(Choice("", label, 0, True, without(asked, "q")))
        return on + self.ticked

    @property
    def ticked(self) -> list[Choice]:
        """The tick boxes that are on."""
        return [choice for facet in self.facets for choice in facet.choices if choice.is_on]

    @property
    def carry(self) -> list[tuple[str, str]]:
        """What the form of the filters takes along beside its own boxes."""
        asked = self.question.asked
        names = ("q", "municipality", "component", "in", "box", "lat", "lon")
        return [(name, value) for name in names for value in asked.getlist(name) if value]

    @property
    def carry_filters(self) -> list[tuple[str, str]]:
        """What the form of place and words takes along: the tick boxes and the component."""
        ticked = [
            (facet.name, choice.value)
            for facet in self.facets
            for choice in facet.choices
            if choice.is_on
        ]
        component = self.question.component
        return [*ticked, ("component", component.slug)] if component else ticked

    @property
    def clear_url(self) -> str:
        """The map without any choice; the municipality stays where it was."""
        return "?"

    @property
    def tries(self) -> list[dict[str, str]]:
        """Ways on from an empty list: take off one choice, or all of them."""
        ways = [
            {
                "label": _("Without “%(choice)s”") % {"choice": choice.label},
                "url": choice.address_without,
            }
            for choice in self.chosen
        ]
        return [*ways, {"label": _("The whole country"), "url": "?municipality="}]

    @property
    def data_query(self) -> str:
        """What the script asks the data for: all that the list was asked, without rows shown."""
        this = self.question
        kept = [(name, value) for name, value in self.carry_filters if value]
        if this.query:
            kept.append(("q", this.query))
        kept += [("in", row.slug) for row in this.within]
        if this.is_near:
            if this.here:
                kept += [("lat", str(this.here[0])), ("lon", str(this.here[1]))]
            elif this.visit.municipality:
                kept.append(("municipality", this.visit.municipality.slug))
        kept += [("skip", str(row.id)) for row in self.rows]
        return urlencode(kept)

    @property
    def has_hidden_places(self) -> bool:
        """Does the page list a place whose address is not told?"""
        return any(row.is_confidential for row in self.rows)


def map_report(this: MapQuestion, filters: Any) -> MapReport:
    """The page under `filters` (home.filters.MapFilter) in five statements.

    They are: the counts, the keys of the page, its rows (or the nearest), the other places for the
    drawing, whom to call.
    """
    conditions = filters.conditions()
    facets, total = facets_of(filters, conditions, this.asked)
    this.notes += [_unknown(value) for value in filters.unknown_values()]
    fitting = filters.queryset.filter(*conditions.values())
    ordered = in_order(this, fitting)
    shown: Any
    if this.found is None:
        page = key_page_of(ordered, this.asked.get("page"), ROWS_A_PAGE, total)
        shown = in_order(this, fitting.filter(pk__in=page.object_list))
    else:
        # What a search finds is bounded; to put it in order costs little.
        page = page_of(ordered, this.asked.get("page"), ROWS_A_PAGE, total)
        shown = page.object_list
    rows = map_rows(this, shown, page.start_index()) if total else []
    home = this.home
    nearest: list[MapRow] = []
    if not total:
        elsewhere = _from_somewhere(this)
        anywhere = resources_for(elsewhere, anywhere=True).filter(*conditions.values())
        nearest = map_rows(elsewhere, in_order(elsewhere, anywhere)[:NEAREST])
    drawing = draw(
        rows or nearest,
        fitting.exclude(pk__in=[row.id for row in rows]) if page.has_other_pages() else None,
        frame=this.box,
        place=_place(this),
        asked=this.asked,
    )
    return MapReport(
        question=this,
        total=total,
        page=page,
        rows=rows,
        facets=facets,
        drawing=drawing,
        nearest=nearest,
        contact=municipal_contact(dataclasses.replace(this.visit, municipality=home)),
    )


def _from_somewhere(this: MapQuestion) -> MapQuestion:
    """The same question with a place to count from, if only the middle of what was looked at."""
    if this.point is None and this.box:
        return dataclasses.replace(this, here=this.box.centre)
    if this.point is None and this.within:
        seat = this.within[0]
        return dataclasses.replace(this, here=(seat.lat, seat.lon))
    return this


def _place(this: MapQuestion) -> Place | None:
    """The mark on the map from which distances are counted."""
    if this.here:
        return Place(_("You are about here"), *this.here)
    chosen = this.visit.municipality
    return Place(chosen.seat, chosen.lat, chosen.lon) if chosen else None
