"""The visitor's own list of services. It lives on the device; the address carries it here."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from home.reports.chosen import Chosen, chosen_components, visible_components
from home.reports.contacts import municipal_contact
from home.visit import Visit
from network.models import Organisation
from network.reports.places import places

# As many as a person can look through; the address stays short enough for a letter.
MOST = 20
MAX_VALUE = 60
MAX_LENGTH = 4000


@dataclass(frozen=True)
class ListRow:
    chosen: Chosen
    address_without: str


@dataclass
class MyListReport:
    """`is_asked`: the address carries a list; without it only the device knows it."""

    visit: Visit
    is_asked: bool
    rows: list[ListRow] = field(default_factory=list)
    contact: Organisation | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def keys(self) -> str:
        """The list as the address carries it."""
        return ",".join(row.chosen.row.slug for row in self.rows)

    @property
    def compare_query(self) -> str:
        return urlencode([("component", row.chosen.row.slug) for row in self.rows[:3]])

    @property
    def counties(self) -> list[Any]:
        return places().by_county


def my_list_report(visit: Visit, asked: QueryDict, components: Any) -> MyListReport:
    """The services of `k` in its order; what is not known is named. At most seven statements."""
    text = asked.get("k", "")[:MAX_LENGTH]
    slugs = list(dict.fromkeys(slug.strip() for slug in text.split(",") if slug.strip()))
    report = MyListReport(visit, is_asked=bool(slugs), contact=municipal_contact(visit))
    if visit.unknown_municipality:
        report.notes.append(
            _("There is no municipality “%(value)s”.") % {"value": visit.unknown_municipality}
        )
    if len(slugs) > MOST:
        report.notes.append(
            _("A list holds at most %(most)s services. The others were left out.") % {"most": MOST}
        )
        slugs = slugs[:MOST]
    if not slugs:
        return report
    pages = visible_components(visit, components).filter(slug__in=slugs)
    by_slug = {page.slug: page for page in pages}
    unknown = [slug[:MAX_VALUE] for slug in slugs if slug not in by_slug]
    if unknown:
        report.notes.append(
            _("Not in the catalogue (any more): %(values)s.") % {"values": ", ".join(unknown)}
        )
    kept = [by_slug[slug] for slug in slugs if slug in by_slug]
    report.rows = [
        ListRow(chosen, _without(kept, chosen.row.slug))
        for chosen in chosen_components(kept, visit)
    ]
    return report


def _without(kept: list[Any], slug: str) -> str:
    rest = ",".join(page.slug for page in kept if page.slug != slug)
    return f"?{urlencode({'k': rest}, safe=',')}" if rest else "?"
