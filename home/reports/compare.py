"""Up to three services, or up to three offers, side by side."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from catalogue.models import Cap, Price
from home.reports.chosen import Chosen, chosen_components, visible_components
from home.reports.contacts import municipal_contact
from home.reports.limits import Limit, limits_of
from home.visit import Visit
from network.models import Offer, Organisation
from network.reports.offers import OfferRow, offer_rows
from network.reports.places import places

MOST = 3
MAX_VALUE = 60
# A longer list is no choice any more; the catalogue has filters.
MAX_OPTIONS = 200
# Larger than any key of ours, and more than a database takes.
MAX_DIGITS = 15


@dataclass(frozen=True)
class ServiceColumn:
    """One service of the comparison."""

    chosen: Chosen
    limits: list[Limit]
    references: list[Price]
    cap: Cap | None
    address_without: str


@dataclass(frozen=True)
class OfferColumn:
    """One offer of the comparison."""

    offer: OfferRow
    address_without: str


@dataclass
class CompareReport:
    visit: Visit
    services: list[ServiceColumn] = field(default_factory=list)
    offers: list[OfferColumn] = field(default_factory=list)
    options: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    contact: Organisation | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def counties(self) -> list[Any]:
        return places().by_county

    @property
    def carry(self) -> list[tuple[str, str]]:
        """What is compared now, kept along by the forms of the page."""
        return [
            *(("component", one.chosen.row.slug) for one in self.services),
            *(("offer", str(one.offer.id)) for one in self.offers),
        ]

    @property
    def is_full(self) -> bool:
        return len(self.services) >= MOST

    @property
    def most(self) -> int:
        return MOST

    @property
    def has_caps(self) -> bool:
        return any(one.cap for one in self.services)

    @property
    def components(self) -> list[tuple[str, str]]:
        """The services of the offers that are compared, each once: where there are more offers."""
        rows = {one.offer.component_slug: one.offer.component_name for one in self.offers}
        return list(rows.items())


def compare_report(visit: Visit, asked: QueryDict, components: Any) -> CompareReport:
    """What the address asks for, in its order; `components` are the pages of components.

    What is not known, or is too much, is named in `notes`. At most ten statements.
    """
    report = CompareReport(visit)
    if visit.unknown_municipality:
        report.notes.append(
            _("There is no municipality “%(value)s”.") % {"value": visit.unknown_municipality}
        )
    slugs = _values(asked, "component")
    offers = _values(asked, "offer")
    if slugs and offers:
        report.notes.append(_("Services and offers are compared apart: here are the services."))
    if slugs:
        _services(report, slugs, components)
    elif offers:
        _offers(report, offers)
    if not report.offers and not report.is_full:
        report.options = _options(report, components)
    report.contact = municipal_contact(visit)
    return report


def _values(asked: QueryDict, name: str) -> list[str]:
    """Every value once, in the order of the address."""
    return list(dict.fromkeys(value.strip()[:120] for value in asked.getlist(name) if value))


def _only(report: CompareReport, found: list[Any]) -> list[Any]:
    if len(found) > MOST:
        report.notes.append(
            _("Three fit side by side. Left out: %(names)s.")
            % {"names": ", ".join(str(one) for one in found[MOST:])[:300]}
        )
    return found[:MOST]


def _services(report: CompareReport, slugs: list[str], components: Any) -> None:
    visit = report.visit
    pages = visible_components(visit, components)
    by_slug = {page.slug: page for page in pages.filter(slug__in=slugs[:50])}
    for slug in slugs:
        if slug not in by_slug:
            report.notes.append(_("There is no service “%(value)s”.") % {"value": slug[:MAX_VALUE]})
    kept = _only(report, [by_slug[slug] for slug in slugs if slug in by_slug])
    limits = _limits(visit, kept, components)
    prices = _references(visit, kept)
    caps = _caps(visit, kept)
    for chosen in chosen_components(kept, visit, each=1):
        page = chosen.page
        component = page.component
        report.services.append(
            ServiceColumn(
                chosen=chosen,
                limits=limits.get(page.pk, []),
                references=prices.get(component.pk, []),
                cap=caps.get(("component", component.pk))
                or caps.get(("domain", component.domain_id or 0)),
                address_without=_without(report, kept, page.slug),
            )
        )


def _without(report: CompareReport, kept: list[Any], slug: str) -> str:
    rest = [("component", page.slug) for page in kept if page.slug != slug]
    return f"?{urlencode(rest)}"


def _limits(visit: Visit, pages: list[Any], components: Any) -> dict[int, list[Limit]]:
    """What each of `pages` is not, by the page's key."""
    if not pages:
        return {}
    rows = list(
        pages[0]
        ._meta.get_field("limits")
        .related_model.objects.filter(page__in=pages)
        .select_related("instead")
        .order_by("page", "sort_order", "pk")
    )
    found: dict[int, list[Limit]] = {}
    for row, limit in zip(rows, limits_of(visit, rows, components), strict=True):
        found.setdefault(row.page_id, []).append(limit)
    return found


def _references(visit: Visit, pages: list[Any]) -> dict[int, list[Price]]:
    rows = (
        Price.objects.valid_on(visit.day)
        .filter(component_id__in=[page.component_id for page in pages])
        .select_related("round")
        .order_by("form")
    )
    found: dict[int, list[Price]] = {}
    for price in rows:
        if price.round.is_valid_on(visit.day):
            found.setdefault(price.component_id, []).append(price)
    return found


def _caps(visit: Visit, pages: list[Any]) -> dict[tuple[str, int], Cap]:
    """The ceilings that hold today, by component and by life domain."""
    ids = [page.component_id for page in pages]
    domains = [page.component.domain_id for page in pages if page.component.domain_id]
    rows = (
        Cap.objects.valid_on(visit.day)
        .filter(Q(component_id__in=ids) | Q(domain_id__in=domains))
        .select_related("round")
    )
    found: dict[tuple[str, int], Cap] = {}
    for cap in rows:
        if cap.round.is_valid_on(visit.day):
            key = ("domain", cap.domain_id) if cap.domain_id else ("component", cap.component_id)
            found.setdefault((key[0], int(key[1] or 0)), cap)
    return found


def _offers(report: CompareReport, values: list[str]) -> None:
    visit = report.visit
    keys = {value: _key(value) for value in values[:50]}
    offers = Offer.objects.published().filter(pk__in=[key for key in keys.values() if key])
    rows = {row.id: row for row in offer_rows(offers, visit.municipality, visit.day, len(keys))}
    missing = [value for value, key in keys.items() if key not in rows]
    if missing:
        report.notes.append(
            _("These offers are not there any more: %(values)s.")
            % {"values": ", ".join(value[:MAX_VALUE] for value in missing[:5])}
        )
    found = [rows[key] for key in keys.values() if key in rows]
    if len(found) > MOST:
        names = ", ".join(row.organisation for row in found[MOST:])[:300]
        report.notes.append(_("Three fit side by side. Left out: %(names)s.") % {"names": names})
    kept = found[:MOST]
    for row in kept:
        rest = [("offer", other.id) for other in kept if other is not row]
        report.offers.append(OfferColumn(row, f"?{urlencode(rest)}"))


def _key(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS else None


def _options(report: CompareReport, components: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Services that could be put beside, by life domain; none where they are too many."""
    visit = report.visit
    kept = {one.chosen.row.slug for one in report.services}
    rows = list(
        visible_components(visit, components).order_by(
            "component__domain__position", "component__position", "pk"
        )[: MAX_OPTIONS + 1]
    )
    if len(rows) > MAX_OPTIONS:
        return []
    groups: dict[str, list[tuple[str, str]]] = {}
    for page in rows:
        domain = page.component.domain
        name = domain.name_in(visit.language) if domain else _("Base support")
        if page.slug not in kept:
            groups.setdefault(name, []).append((page.slug, page.title))
    return list(groups.items())
