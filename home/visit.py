"""What a request says about the visitor: language, day and the municipality near home."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone, translation

from network.reports.places import MunicipalityRow, places
from portal.base.cookies import own_name

# Remembers the municipality on the visitor's own device; no account, no tracking.
MUNICIPALITY_COOKIE = "vald"
# Sent along by the forms in which a visitor chooses: the municipality that they showed before. A
# link has it not: it shows another place, and home stays what it was.
REMEMBER = "remember"
MUNICIPALITY_COOKIE_AGE = 180 * 24 * 60 * 60


@dataclass
class Visit:
    """`unknown_municipality` holds what was asked for and does not exist."""

    language: str
    day: dt.date
    municipality: MunicipalityRow | None = None
    asked: str | None = None
    unknown_municipality: str = ""


def visit_from(request: HttpRequest) -> Visit:
    """Read the visit from the request: the address first, then the cookie."""
    visit = Visit(translation.get_language() or "et", timezone.localdate())
    asked = request.GET.get("municipality")
    visit.asked = asked
    slug = asked if asked is not None else request.COOKIES.get(own_name(MUNICIPALITY_COOKIE), "")
    if slug:
        visit.municipality = places().by_slug.get(slug)
        if visit.municipality is None and asked:
            visit.unknown_municipality = asked[:60]
    return visit
