"""Prices of an offer put back as they were before they were changed, or asked to be changed."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from catalogue.services.chains import Row, put_back
from network.models import OfferPrice, Resource, ResourceChange
from network.policies import ResourcePolicy
from network.reports.changes import Facts, changed
from network.services.facts import facts_of
from network.services.proposals import asked_for, propose, undo, waiting_on
from portal.accounts.models import User
from portal.base.versions import save_versioned


def offer_chain(offer: int, form: str) -> QuerySet[OfferPrice]:
    return OfferPrice.objects.filter(offer_id=offer, form=form)


def put_offer_prices_back(
    resource: Resource, chains: dict[str, list[Row]], *, by: User, day: dt.date
) -> None:
    """Each chain, by its form, as it was. Of whoever leads the region; raises PermissionDenied.

    In the caller's transaction, who holds the resource.
    """
    if not ResourcePolicy.allows(by, "manage", resource, day):
        raise PermissionDenied
    before = facts_of(resource)
    for form, rows in chains.items():
        put_back(offer_chain(resource.pk, form), rows, offer_id=resource.pk, form=form)
    save_versioned(resource, resource.version, [])
    ResourceChange.objects.create(
        resource=resource,
        organisation=resource.organisation,
        what=ResourceChange.What.CHANGED,
        by=by,
        before=before,
        after=facts_of(resource),
    )


def ask_for_prices_as_before(
    resource: Resource, prices: dict[str, Facts | None], *, by: User, day: dt.date
) -> None:
    """What waits for approval asks for these prices by form, None for no other than holds.

    Where nothing else is asked for it waits no more. Raises PermissionDenied. In the caller's
    transaction, who holds the resource.
    """
    if not ResourcePolicy.allows(by, "edit", resource, day):
        raise PermissionDenied
    now, proposal = facts_of(resource), waiting_on(resource)
    if proposal is None:
        return
    asked = asked_for(now, proposal)
    kept = {form: price for form, price in asked["prices"].items() if form not in prices}
    kept |= {form: price for form, price in prices.items() if price}
    facts = asked | {"prices": kept}
    if changed(now, facts):
        propose(resource.organisation, resource, facts, by=by)
    else:
        undo(proposal, by)
    # A form that was opened with the proposal in it shows something else now.
    save_versioned(resource, resource.version, [])
