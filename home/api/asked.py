"""What the address of a list asks for: the parameters of HSDS, read strictly."""

import datetime as dt
from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from home.api.open_data import BadQuestion
from network.hsds import ids
from network.hsds.rows import midnight

ROWS_A_PAGE = 50
MOST_ROWS = 100
MOST_DIGITS = 7
MAX_SEARCH = 100
WORDS = {"true": True, "1": True, "": False, "false": False, "0": False}
# Parameters of the standard that nobody answers here. To ignore them would give wrong rows.
NOT_HERE = ("postcode", "proximity")


@dataclass(frozen=True)
class Asked:
    """`organisation` is a key that perhaps nobody has; the two terms are ids as they came."""

    page: int
    per_page: int
    full: bool
    minimal: bool
    search: str
    modified_after: dt.datetime | None
    term: str
    taxonomy: str
    organisation: int | None
    parent: str
    top_only: bool


def asked_in(query: QueryDict) -> Asked:
    """Read the query string. Raises BadQuestion."""
    for name in NOT_HERE:
        if query.get(name):
            raise BadQuestion(_("`%(name)s` cannot be asked for here.") % {"name": name})
    if query.get("format", "json") != "json":
        raise BadQuestion(_("The only format is json."))
    organisation = query.get("organization_id", "")
    return Asked(
        page=_number(query, "page", 1),
        per_page=min(_number(query, "per_page", ROWS_A_PAGE), MOST_ROWS),
        full=_truth(query, "full"),
        minimal=_truth(query, "minimal"),
        search=query.get("search", "").strip()[:MAX_SEARCH],
        modified_after=_moment(query, "modified_after"),
        term=query.get("taxonomy_term_id", ""),
        taxonomy=query.get("taxonomy_id", ""),
        # An id that nobody has finds no rows, as with any other id.
        organisation=(ids.key_from(ids.ORGANIZATION, organisation) or 0) if organisation else None,
        parent=query.get("parent_id", ""),
        top_only=_truth(query, "top_only"),
    )


def _number(query: QueryDict, name: str, default: int) -> int:
    text = query.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and int(text)):
        raise BadQuestion(_("`%(name)s` is a whole number from 1.") % {"name": name})
    return int(text)


def _truth(query: QueryDict, name: str) -> bool:
    word = query.get(name, "").lower()
    if word not in WORDS:
        raise BadQuestion(_("`%(name)s` is true or false.") % {"name": name})
    return WORDS[word]


def _moment(query: QueryDict, name: str) -> dt.datetime | None:
    """A day or a moment; without a zone it is that of Estonia."""
    # In an address a plus sign is a blank.
    text = query.get(name, "").replace(" ", "+")
    if not text:
        return None
    try:
        day = parse_date(text)
        moment = midnight(day) if day else parse_datetime(text)
        if moment is not None:
            moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
            # Shifted to another zone it may lie outside of all calendars.
            timezone.localtime(moment)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise BadQuestion(
            _("`%(name)s` is a day such as 2026-11-22, or a moment such as 2026-11-22T10:00:00Z.")
            % {"name": name}
        )
    return moment
