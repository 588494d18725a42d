"""What has become of a resource: who, when, what, before and after."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from network.models import Holding, Offer, OfferPrice, ResourceChange
from network.reports.changes import WHERE, Difference, component_names, differences
from network.reports.offers import FORM_ORDER


@dataclass(frozen=True)
class Step:
    """One line of the history; `organisation` is that of the person on the day."""

    change: ResourceChange
    who: str
    organisation: str
    decided_by: str
    differences: list[Difference]


@dataclass(frozen=True)
class PriceLine:
    """What an hour cost, costs or will cost; `state` is past, now or todo."""

    price: OfferPrice
    state: str


def steps_of(changes: Iterable[ResourceChange], *, sees_place: bool) -> list[Step]:
    """`changes` in their order. Without `sees_place` nothing tells where the place is."""
    found = list(changes)
    names = component_names(*(one.before for one in found), *(one.after for one in found))
    hidden = frozenset() if sees_place else WHERE
    works_at = workplaces(found)
    return [
        Step(
            change,
            str(change.by),
            works_at.get((change.by_id, change.pk), ""),
            str(change.decided_by or ""),
            differences(change.before, change.after, names=names, hidden=hidden)
            # Of what was added the page itself tells.
            if change.before
            else [],
        )
        for change in found
    ]


def workplaces(changes: list[ResourceChange]) -> dict[tuple[Any, Any], str]:
    """For each change the organisation for which its author worked that day; its own first."""
    holdings = list(
        Holding.objects.filter(user_id__in={change.by_id for change in changes}).select_related(
            "position__organisation"
        )
    )
    found = {}
    for change in changes:
        day = timezone.localdate(change.at)
        held = [one for one in holdings if one.user_id == change.by_id and one.is_valid_on(day)]
        held.sort(key=lambda one: one.position.organisation_id != change.organisation_id)
        if held:
            found[change.by_id, change.pk] = held[0].position.organisation.name
    return found


def changes_of(resource_id: int) -> QuerySet[ResourceChange]:
    """The history of a resource, newest first."""
    return (
        ResourceChange.objects.filter(resource_id=resource_id)
        .select_related("by", "decided_by")
        .order_by("-at", "pk")
    )


def price_lines(offer: Offer, day: dt.date) -> list[PriceLine]:
    """Every price of an offer, form by form, the newest first."""
    lines = []
    for price in offer.prices.order_by("-valid_from"):
        state = "todo" if price.valid_from > day else "now" if price.is_valid_on(day) else "past"
        lines.append(PriceLine(price, state))
    return sorted(lines, key=lambda line: FORM_ORDER.index(line.price.form))
