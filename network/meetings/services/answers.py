"""An action is done, and the gap that it came from is filled. CASE-16, MON-04."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from network.meetings.models import Action
from network.models import Gap, Offer, RegionMembership, RegionMunicipality
from network.policies import GapPolicy
from network.services.gaps import solve_gap
from portal.accounts.models import User
from portal.base.idempotency import once


@transaction.atomic
def solve_gap_of(
    action: Action,
    *,
    by: User,
    day: dt.date,
    offer: Offer | None = None,
    key: uuid.UUID | None = None,
) -> Gap:
    """Say that what was missing is there now; `offer` is what came of it, if it is one.

    Raises PermissionDenied, or ValidationError if the gap was put aside meanwhile.
    """
    gap = action.item.gap
    if gap is None or not GapPolicy.allows(by, "answer", gap, day):
        raise PermissionDenied
    if offer is not None and not offers_for(gap, day).filter(pk=offer.pk).exists():
        raise PermissionDenied
    with once(key or uuid.uuid4(), purpose="gap_solve", by=str(by.pk)) as attempt:
        if attempt.is_first:
            solve_gap(gap, day=day, offer=offer)
            attempt.result = str(gap.pk)
    return Gap.objects.get(pk=attempt.result)


def offers_for(gap: Gap, day: dt.date) -> QuerySet[Offer]:
    """Published offers of the region that may fill `gap`: of its component or life domain."""
    places = RegionMunicipality.objects.valid_on(day).filter(region_id=gap.region_id)
    members = RegionMembership.objects.valid_on(day).filter(region_id=gap.region_id)
    offers = Offer.objects.published().filter(
        Q(resource__municipality_id__in=places.values("municipality_id"))
        | Q(resource__organisation_id__in=members.values("organisation_id"))
    )
    if gap.component_id:
        offers = offers.filter(component_id=gap.component_id)
    elif gap.domain_id:
        offers = offers.filter(component__domain_id=gap.domain_id)
    return offers.select_related(
        "component", "resource__organisation", "resource__municipality"
    ).order_by("component__position", "resource__organisation__name", "pk")
