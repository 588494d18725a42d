"""What an import of prices changed is kept, and can be taken back as a whole. CAT-23.

Kept are the chains that it touched, before and after: taken back is all of it, or, where somebody
has set one of the prices since, nothing.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.importer.plan import Step
from catalogue.models import Component, PriceImport, Round
from catalogue.models.price_import import ROUND
from catalogue.services import put_reference_prices_back, reference_chain, rows_of
from home.policies import PriceImportPolicy
from network.models import Resource
from network.policies import ResourcePolicy
from network.services.facts import facts_of
from network.services.price_chains import (
    ask_for_prices_as_before,
    offer_chain,
    put_offer_prices_back,
)
from network.services.proposals import asked_for, waiting_on
from portal.accounts.models import User
from portal.base.idempotency import once
from portal.base.versions import VersionConflict, save_versioned
from portal.templatetags.ui import form_name

UNDO = "price_import_undo"
# What a chain is: reference prices, prices of an offer, or what is asked for an offer.
REFERENCE, OFFER, ASKED = "reference", "offer", "asked"

Chain = dict[str, Any]


def chains_of(price_import: PriceImport, steps: Iterable[Step], by: User) -> list[Chain]:
    """The chains that `steps` would touch, as they stand; `now` holds their rows."""
    day = timezone.localdate()
    places = sorted({step.aim.place[:3] for step in steps if step.aim})
    is_round = price_import.target.startswith(f"{ROUND}:")
    managed: set[str] = set()
    if not is_round:
        offers = ResourcePolicy.rows(by, "manage", day).filter(pk__in={int(k) for k, *_ in places})
        managed = {str(pk) for pk in offers.values_list("pk", flat=True)}
    chains = []
    for key, component, form in places:
        kind = REFERENCE if is_round else OFFER if key in managed else ASKED
        chain: Chain = {"kind": kind, "component": component, "form": form}
        if not is_round:
            chain["offer"] = int(key)
        chains.append(chain | {"before": _now(chain)})
    return chains


def with_after(chains: list[Chain]) -> list[Chain]:
    """The same chains with their rows after the change."""
    return [chain | {"after": _now(chain)} for chain in chains]


def _now(chain: Chain) -> Any:
    """What stands in the chain: its rows, or of what is asked for the price alone."""
    if chain["kind"] == REFERENCE:
        return rows_of(reference_chain(chain["component"], chain["form"]))
    if chain["kind"] == OFFER:
        return rows_of(offer_chain(chain["offer"], chain["form"]))
    resource = Resource.objects.select_related("offer").get(pk=chain["offer"])
    proposal = waiting_on(resource)
    asked = asked_for(facts_of(resource), proposal)["prices"].get(chain["form"])
    return {"price": asked, "waits": str(proposal.pk) if proposal else ""}


@transaction.atomic
def take_back_import(
    price_import: PriceImport, *, version: int, by: User, key: uuid.UUID
) -> PriceImport:
    """Everything as it was before this import was taken over; it can be taken over again.

    Raises PermissionDenied, VersionConflict if it is not taken over any more, ValidationError
    where it cannot be undone, with the prices that somebody has set since.
    """
    with once(key, purpose=UNDO, by=str(by.pk)) as attempt:
        if attempt.is_first:
            held = PriceImport.objects.select_for_update().get(pk=price_import.pk)
            day = timezone.localdate()
            if not PriceImportPolicy.allows(by, "handle", held, day):
                raise PermissionDenied
            if not held.applied_at or held.version != version:
                raise VersionConflict(held)
            chains = held.outcome.get("chains", [])
            if not chains:
                raise ValidationError(cannot_say_what_was())
            _hold(held, chains)
            if changed := [chain for chain in chains if _is_changed(chain, by, day)]:
                raise ValidationError(_set_since(changed))
            _put_back(held, chains, by, day)
            held.applied_at, held.applied, held.outcome = None, 0, {}
            held.taken_back_at = timezone.now()
            fields = ["applied_at", "applied", "outcome", "taken_back_at"]
            save_versioned(held, held.version, fields)
            attempt.result = str(held.pk)
    return PriceImport.objects.get(pk=attempt.result)


def cannot_say_what_was() -> str:
    return _(
        "This import cannot be taken back: what stood there before it was not kept. Set the "
        "prices by hand."
    )


def changed_since(price_import: PriceImport, by: User, day: dt.date) -> str:
    """Why the import cannot be taken back now; "" if it can."""
    chains = price_import.outcome.get("chains", [])
    if not chains:
        return cannot_say_what_was()
    changed = [chain for chain in chains if _is_changed(chain, by, day)]
    return _set_since(changed) if changed else ""


def _hold(price_import: PriceImport, chains: list[Chain]) -> None:
    """Nobody sets another price of the same things meanwhile. Rounds before components."""
    kind, _colon, pk = price_import.target.partition(":")
    if kind == ROUND:
        list(Round.objects.filter(pk=int(pk)).select_for_update().values_list("pk"))
        rows: Any = Component.objects.filter(pk__in={chain["component"] for chain in chains})
    else:
        rows = Resource.objects.filter(pk__in={chain["offer"] for chain in chains})
    list(rows.order_by("pk").select_for_update().values_list("pk"))


def _is_changed(chain: Chain, by: User, day: dt.date) -> bool:
    """Has somebody set, decided or withdrawn it since? What was asked may hold by now."""
    if chain["kind"] == REFERENCE:
        return bool(_now(chain) != chain["after"])
    resource = Resource.objects.filter(pk=chain["offer"]).first()
    if resource is None or not ResourcePolicy.allows(by, "edit", resource, day):
        return True
    manages = ResourcePolicy.allows(by, "manage", resource, day)
    if manages == (chain["kind"] == ASKED):
        return True
    return bool(_now(chain) != chain["after"])


def _set_since(chains: list[Chain]) -> str:
    components = Component.objects.in_bulk({chain["component"] for chain in chains})
    named = [
        f"{components[chain['component']]} ({form_name(chain['form'])})"
        for chain in chains
        if chain["component"] in components
    ]
    return _(
        "These prices have been changed since: %(prices)s. So nothing was taken back. Set by hand "
        "the prices that were wrong."
    ) % {"prices": ", ".join(dict.fromkeys(named))}


def _put_back(price_import: PriceImport, chains: list[Chain], by: User, day: dt.date) -> None:
    kind, _colon, pk = price_import.target.partition(":")
    if kind == ROUND:
        some = [(chain["component"], chain["form"], chain["before"]) for chain in chains]
        put_reference_prices_back(Round.objects.get(pk=int(pk)), some, by=by)
        return
    by_offer: dict[int, list[Chain]] = {}
    for chain in chains:
        by_offer.setdefault(chain["offer"], []).append(chain)
    for offer, of_it in by_offer.items():
        resource = Resource.objects.select_related("offer", "organisation").get(pk=offer)
        if of_it[0]["kind"] == OFFER:
            rows = {chain["form"]: chain["before"] for chain in of_it}
            put_offer_prices_back(resource, rows, by=by, day=day)
        else:
            prices = {chain["form"]: chain["before"]["price"] for chain in of_it}
            ask_for_prices_as_before(resource, prices, by=by, day=day)
