"""Links to other sites: each is asked once a week by the worker, if CHECK_LINKS is on."""

import datetime as dt
from http import HTTPStatus

from django.conf import settings
from django.db.models import F

from home.models import OutsideLink
from home.upkeep import asking
from home.upkeep.links import Link, outside_addresses

WEEK = dt.timedelta(days=7)
# A few at a time: letters wait for the same worker.
EVERY = dt.timedelta(minutes=10)
AT_ONCE = 5
MOST_LETTERS = 500
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
State = OutsideLink.State


def check_links(now: dt.datetime) -> None:
    """Ask at the addresses that nobody has asked at for a week; without CHECK_LINKS, none."""
    if not settings.CHECK_LINKS:
        return
    _take_in(now)
    waiting = OutsideLink.objects.exclude(checked_at__gt=now - WEEK)
    for link in waiting.order_by(F("checked_at").asc(nulls_first=True), "pk")[:AT_ONCE]:
        check_link(link, now)


def _take_in(now: dt.datetime) -> None:
    """Know the addresses that stand in the pages now, and no others."""
    known = set(OutsideLink.objects.values_list("address", flat=True))
    asked = {address for address in outside_addresses() if len(address) <= MOST_LETTERS}
    OutsideLink.objects.bulk_create(
        [OutsideLink(address=address) for address in sorted(asked - known)],
        ignore_conflicts=True,
    )
    OutsideLink.objects.filter(address__in=known - asked).delete()


def check_link(link: OutsideLink, now: dt.datetime) -> None:
    """Ask at the address of `link` and keep what was found."""
    link.status = None
    try:
        link.status = asking.ask(link.address)
    except asking.NotAsked:
        link.state = State.REFUSED
    except asking.NoAnswer:
        link.state = State.SILENT
    else:
        link.state = _state_of(link.status)
    link.checked_at = now
    link.failing_since = None if link.state == State.ANSWERS else link.failing_since or now
    link.save()


def _state_of(status: int) -> str:
    """Whoever answers with a refusal or asks to wait is there; only "gone" is gone."""
    if status in GONE:
        return State.GONE
    return State.SILENT if status >= HTTPStatus.INTERNAL_SERVER_ERROR else State.ANSWERS


def broken_outside() -> list[tuple[OutsideLink, Link]]:
    """Links of published pages to addresses where nobody answers; the longest broken first."""
    bad = (State.GONE, State.SILENT, State.REFUSED)
    rows = OutsideLink.objects.filter(state__in=bad).order_by("failing_since", "pk")
    used = outside_addresses()
    return [(row, link) for row in rows for link in used.get(row.address, [])]
