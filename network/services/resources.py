"""Resources of the region: adding, changing, confirming, publishing, withdrawing. REG-01.

What changes daily a representative tells at once: free places, waiting, that it is still so. The
rest of what they write waits for whoever leads the region, whose own words hold at once.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Offer, OfferPrice, Organisation, Resource, ResourceChange
from network.policies import OfferingPolicy, ResourcePolicy
from network.reports.changes import Facts, changed
from network.services.facts import apply_facts, check_facts, facts_of
from network.services.proposals import asked_for, propose, undo, waiting_on
from portal.accounts.models import User
from portal.base.idempotency import once
from portal.base.versions import VersionConflict, save_versioned

ADD = "resource_add"
CHANGE = "resource_change"
PUBLISH = "resource_publish"
WITHDRAW = "resource_withdraw"
CONFIRM = "resource_confirm"
AVAILABILITY = "resource_availability"
OWN = "own_offers"
# What `once` keeps where there was nothing to do.
NOTHING = "-"
# A price that begins later than this is a typing error in the year.
LATEST_PRICE = dt.timedelta(days=2 * 366)
EARLIEST_PRICE = dt.date(2015, 1, 1)


@dataclass(frozen=True)
class Told:
    """What somebody says of one offer: free places and waiting time, None where not known."""

    resource_id: int
    free_places: int | None
    waiting_weeks: int | None


class NotAllSaved(Exception):
    """Nothing was saved at all. `wrong`: what stood in the way, by the id of the resource."""

    def __init__(self, wrong: dict[int, ValidationError | VersionConflict]) -> None:
        super().__init__("Something stood in the way, so nothing was saved.")
        self.wrong = wrong


@transaction.atomic
def add_resource(
    organisation: Organisation, facts: Facts, *, by: User, key: uuid.UUID
) -> ResourceChange:
    """A new resource: a draft from whoever leads the region, a proposal from the organisation.

    `what` of the answer tells which. Raises PermissionDenied, ValidationError with the field.
    """
    day = timezone.localdate()
    if not OfferingPolicy.allows(by, "add", organisation, day):
        raise PermissionDenied
    with once(key, purpose=ADD, by=str(by.pk)) as attempt:
        if attempt.is_first:
            _check(facts, {}, None, organisation, day)
            if OfferingPolicy.allows(by, "lead", organisation, day):
                resource = apply_facts(Resource(organisation=organisation), facts, day)
                change = _note(resource, ResourceChange.What.ADDED, by, after=facts_of(resource))
            else:
                change = propose(organisation, None, facts, by=by)
            attempt.result = str(change.pk)
    return ResourceChange.objects.select_related("resource").get(pk=attempt.result)


@transaction.atomic
def change_resource(
    resource: Resource, facts: Facts, *, version: int, by: User, key: uuid.UUID
) -> ResourceChange | None:
    """Change it, or propose the change; None if nothing was different.

    Raises PermissionDenied, ValidationError with the field, VersionConflict.
    """
    day = timezone.localdate()
    with once(key, purpose=CHANGE, by=str(by.pk)) as attempt:
        if attempt.is_first:
            if not ResourcePolicy.allows(by, "edit", resource, day):
                raise PermissionDenied
            change = _change(resource, facts, version, by, day)
            attempt.result = str(change.pk) if change else NOTHING
    if attempt.result == NOTHING:
        return None
    return ResourceChange.objects.select_related("resource").get(pk=attempt.result)


def _change(
    resource: Resource, facts: Facts, version: int, by: User, day: dt.date
) -> ResourceChange | None:
    resource = _held(resource, version)
    manages = ResourcePolicy.allows(by, "manage", resource, day)
    now, proposal = facts_of(resource), None if manages else waiting_on(resource)
    shown = asked_for(now, proposal)
    if not changed(shown, facts):
        return None
    _check(facts, shown, resource, resource.organisation, day)
    if manages:
        apply_facts(resource, facts, day, version)
        if not ResourcePolicy.allows(by, "manage", resource, day):
            raise ValidationError(
                {"municipality": _("This municipality is not in a region that you lead.")}
            )
        after = facts_of(resource)
        return _note(resource, ResourceChange.What.CHANGED, by, before=now, after=after)
    save_versioned(resource, version, [])
    if proposal and not changed(now, facts):
        # What was asked for has been undone by hand: nothing is left to approve.
        return undo(proposal, by)
    return propose(resource.organisation, resource, facts, by=by)


@transaction.atomic
def change_proposal(
    proposal: ResourceChange, facts: Facts, *, by: User, key: uuid.UUID
) -> ResourceChange:
    """Ask for something else while a new resource waits. Raises PermissionDenied,
    ValidationError, VersionConflict if it waits no more.
    """
    day = timezone.localdate()
    with once(key, purpose=CHANGE, by=str(by.pk)) as attempt:
        if attempt.is_first:
            locked = ResourceChange.objects.select_for_update().get(pk=proposal.pk)
            if not OfferingPolicy.allows(by, "own", locked.organisation, day):
                raise PermissionDenied
            if locked.state != ResourceChange.State.WAITING:
                raise VersionConflict(locked.resource)
            _check(facts, locked.after, None, locked.organisation, day)
            propose(locked.organisation, None, facts, by=by, proposal=locked)
            attempt.result = str(locked.pk)
    return ResourceChange.objects.get(pk=attempt.result)


@transaction.atomic
def publish_resource(resource: Resource, *, by: User, key: uuid.UUID) -> Resource:
    """It stands on the public site from now on. Raises PermissionDenied, ValidationError."""
    return _set_state(resource, Resource.State.PUBLISHED, by=by, key=key, purpose=PUBLISH)


@transaction.atomic
def withdraw_resource(
    resource: Resource, *, by: User, key: uuid.UUID, reason: str = ""
) -> Resource:
    """It is gone from everything public with the next request; its history stays."""
    state = Resource.State.WITHDRAWN
    return _set_state(resource, state, by=by, key=key, purpose=WITHDRAW, reason=reason)


def _set_state(
    resource: Resource, state: str, *, by: User, key: uuid.UUID, purpose: str, reason: str = ""
) -> Resource:
    day = timezone.localdate()
    with once(key, purpose=purpose, by=str(by.pk)) as attempt:
        if attempt.is_first:
            resource = _held(resource)
            if not ResourcePolicy.allows(by, "manage", resource, day):
                raise PermissionDenied
            if resource.state != state:
                if state == Resource.State.PUBLISHED:
                    check_facts(facts_of(resource), resource.organisation)
                resource.state = state
                save_versioned(resource, resource.version, ["state"])
                what = (
                    ResourceChange.What.PUBLISHED
                    if state == Resource.State.PUBLISHED
                    else ResourceChange.What.WITHDRAWN
                )
                _note(resource, what, by, reason=" ".join(reason.split())[:300])
            attempt.result = str(resource.pk)
    return Resource.objects.get(pk=attempt.result)


@transaction.atomic
def confirm_resources(ids: Iterable[int], *, by: User, key: uuid.UUID) -> list[Resource]:
    """Say of each of `ids` that it is still so; those that `by` may not confirm are left out."""
    day = timezone.localdate()
    with once(key, purpose=CONFIRM, by=str(by.pk)) as attempt:
        if attempt.is_first:
            rows = ResourcePolicy.rows(by, "confirm", day).filter(pk__in=list(ids))
            mine = Resource.objects.select_for_update().filter(pk__in=rows.values("pk"))
            found = list(mine.exclude(state=Resource.State.WITHDRAWN).order_by("pk"))
            for resource in found:
                # Said once a day; a second time says nothing new.
                if resource.confirmed_on != day:
                    resource.confirmed_on = day
                    resource.save(update_fields=["confirmed_on"])
                    _note(resource, ResourceChange.What.CONFIRMED, by)
            attempt.result = " ".join(str(resource.pk) for resource in found) or NOTHING
    done = [int(pk) for pk in attempt.result.split() if pk != NOTHING]
    return list(Resource.objects.filter(pk__in=done))


@transaction.atomic
def tell_availability(
    resource: Resource,
    *,
    free_places: int | None,
    waiting_weeks: int | None,
    version: int,
    by: User,
    key: uuid.UUID,
) -> Resource:
    """Free places and waiting time, as they are today; confirms the offer with it.

    Raises PermissionDenied, ValidationError with the field, VersionConflict.
    """
    day = timezone.localdate()
    with once(key, purpose=AVAILABILITY, by=str(by.pk)) as attempt:
        if attempt.is_first:
            if not ResourcePolicy.allows(by, "confirm", resource, day):
                raise PermissionDenied
            _tell(_held(resource, version), free_places, waiting_weeks, by, day)
            attempt.result = str(resource.pk)
    return Resource.objects.get(pk=attempt.result)


@transaction.atomic
def tell_and_confirm(
    told: Iterable[Told],
    confirmed: Iterable[int],
    *,
    versions: Mapping[int, int],
    by: User,
    key: uuid.UUID,
) -> tuple[int, int]:
    """Everything that one page says at once: figures of some offers, and what is still so.

    `versions`: what each resource was when the page was opened, by id. Gives how many were told
    and how many confirmed. Raises NotAllSaved, and then nothing has changed.
    """
    day = timezone.localdate()
    with once(key, purpose=OWN, by=str(by.pk)) as attempt:
        if attempt.is_first:
            figures = {one.resource_id: one for one in told}
            ids = set(figures) | set(confirmed)
            mine = ResourcePolicy.rows(by, "confirm", day).filter(pk__in=ids)
            held = Resource.objects.select_for_update().filter(pk__in=mine.values("pk"))
            found = list(held.exclude(state=Resource.State.WITHDRAWN).order_by("pk"))
            _tell_all(found, figures, versions, by, day)
            still = [resource.pk for resource in found if resource.pk not in figures]
            done = confirm_resources(still, by=by, key=uuid.uuid4())
            attempt.result = f"{len(found) - len(still)} {len(done)}"
    n_told, n_confirmed = attempt.result.split()
    return int(n_told), int(n_confirmed)


def _tell_all(
    found: list[Resource],
    figures: dict[int, Told],
    versions: Mapping[int, int],
    by: User,
    day: dt.date,
) -> None:
    """Nobody tells or confirms what they have not seen. Raises NotAllSaved."""
    wrong: dict[int, ValidationError | VersionConflict] = {}
    for resource in found:
        if versions.get(resource.pk, resource.version) != resource.version:
            wrong[resource.pk] = VersionConflict(resource)
        elif resource.pk in figures:
            one = figures[resource.pk]
            try:
                _tell(resource, one.free_places, one.waiting_weeks, by, day)
            except ValidationError as error:
                wrong[resource.pk] = error
    if wrong:
        raise NotAllSaved(wrong)


def _tell(
    resource: Resource, free_places: int | None, waiting_weeks: int | None, by: User, day: dt.date
) -> None:
    offer: Offer = resource.offer
    if offer.places is not None and (free_places or 0) > offer.places:
        raise ValidationError(
            {
                "free_places": _("There are %(places)s places in all: more cannot be free.")
                % {"places": offer.places}
            }
        )
    before = facts_of(resource)
    offer.free_places, offer.waiting_weeks = free_places, waiting_weeks
    offer.full_clean()
    offer.save()
    resource.confirmed_on = day
    save_versioned(resource, resource.version, ["confirmed_on"])
    what = ResourceChange.What.AVAILABILITY
    _note(resource, what, by, before=before, after=facts_of(resource))


def _held(resource: Resource, version: int | None = None) -> Resource:
    """The row as it is now, held until the end. Raises VersionConflict."""
    held = Resource.objects.select_for_update().get(pk=resource.pk)
    if version is not None and held.version != version:
        raise VersionConflict(held)
    return held


def _note(resource: Resource, what: str, by: User, **fields: Any) -> ResourceChange:
    return ResourceChange.objects.create(
        resource=resource, organisation=resource.organisation, what=what, by=by, **fields
    )


def _check(
    facts: Facts,
    shown: Facts,
    resource: Resource | None,
    organisation: Organisation,
    day: dt.date,
) -> None:
    """Could it be stored, and does each new price begin on a day on which it can?"""
    errors: dict[str, Any] = {}
    try:
        check_facts(facts, organisation)
    except ValidationError as error:
        errors = error.update_error_dict({})
    for form, price in facts["prices"].items():
        if price == shown.get("prices", {}).get(form):
            continue
        since = dt.date.fromisoformat(price["valid_from"])
        if not EARLIEST_PRICE <= since <= day + LATEST_PRICE:
            errors.setdefault(f"price_{form}_from", _("Check the year."))
        elif since < day and _has_begun(resource, form, day):
            errors.setdefault(
                f"price_{form}_from",
                _("A new price begins today or later: what was asked before stays as it was."),
            )
    if errors:
        raise ValidationError(errors)


def _has_begun(resource: Resource | None, form: str, day: dt.date) -> bool:
    if resource is None:
        return False
    prices = OfferPrice.objects.filter(offer_id=resource.pk, form=form)
    return prices.filter(valid_from__lt=day).exists()
