"""What a representative asks for and who leads the region approves. REG-01."""

import hashlib
import json
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Organisation, Resource, ResourceChange
from network.policies import OfferingPolicy, ProposalPolicy
from network.reports.changes import Facts, merged
from network.services.facts import apply_facts, check_facts, facts_of
from portal.accounts.models import User
from portal.base.idempotency import once
from portal.base.versions import VersionConflict, save_versioned

DECIDE = "resource_proposal_decide"
TAKE_BACK = "resource_proposal_take_back"


def waiting_on(resource: Resource) -> ResourceChange | None:
    """The proposal about `resource` that waits, if there is one."""
    return (
        ResourceChange.objects.filter(resource=resource, state=ResourceChange.State.WAITING)
        .select_related("by")
        .first()
    )


def asked_for(now: Facts, proposal: ResourceChange | None) -> Facts:
    """What `now` would be with the proposal: it changes only what it is about."""
    return merged(now, proposal.before, proposal.after) if proposal else now


def seen(now: Facts, after: Facts) -> str:
    """A sign of the two states that somebody has in front: another one means look again."""
    text = json.dumps([now, after], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def propose(
    organisation: Organisation,
    resource: Resource | None,
    facts: Facts,
    *,
    by: User,
    proposal: ResourceChange | None = None,
) -> ResourceChange:
    """Let `facts` wait for approval; what waits about the same resource already gives way.

    In the caller's transaction; the caller has asked the policy and checked the facts.
    """
    now = facts_of(resource) if resource else {}
    proposal = proposal or (waiting_on(resource) if resource else None)
    proposal = proposal or ResourceChange(
        resource=resource,
        organisation=organisation,
        what=ResourceChange.What.PROPOSED,
        state=ResourceChange.State.WAITING,
    )
    proposal.before, proposal.after, proposal.by = now, facts, by
    proposal.at = timezone.now()
    proposal.save()
    return proposal


@transaction.atomic
def take_back(proposal: ResourceChange, *, by: User, key: uuid.UUID) -> ResourceChange:
    """Whoever speaks for the organisation asks no more. Raises PermissionDenied."""
    with once(key, purpose=TAKE_BACK, by=str(by.pk)) as attempt:
        if attempt.is_first:
            locked = ResourceChange.objects.select_for_update().get(pk=proposal.pk)
            day = timezone.localdate()
            if not OfferingPolicy.allows(by, "own", locked.organisation, day):
                raise PermissionDenied
            if locked.state == ResourceChange.State.WAITING:
                undo(locked, by)
                _touch(locked.resource)
            attempt.result = str(locked.pk)
    return ResourceChange.objects.get(pk=proposal.pk)


@transaction.atomic
def decide_proposal(
    proposal: ResourceChange,
    *,
    approve: bool,
    by: User,
    key: uuid.UUID,
    sign: str,
    reason: str = "",
    publish: bool = False,
) -> ResourceChange:
    """Approve what is asked for, or decline it with a reason; `sign` is what the decider saw.

    A new resource is made as a draft, or published at once. Raises PermissionDenied,
    ValidationError, VersionConflict if it has changed since it was looked at.
    """
    with once(key, purpose=DECIDE, by=str(by.pk)) as attempt:
        if attempt.is_first:
            locked = ResourceChange.objects.select_for_update().get(pk=proposal.pk)
            if locked.state != ResourceChange.State.WAITING:
                raise VersionConflict(None)
            if not ProposalPolicy.allows(by, "decide", locked, timezone.localdate()):
                raise PermissionDenied
            if approve:
                _approve(locked, by, sign, publish)
            elif not reason.strip():
                raise ValidationError({"reason": _("Say why: whoever proposed it reads this.")})
            else:
                _decide(locked, ResourceChange.State.DECLINED, by, reason)
                _touch(locked.resource)
            attempt.result = str(locked.pk)
    return ResourceChange.objects.select_related("resource").get(pk=attempt.result)


def undo(proposal: ResourceChange, by: User) -> ResourceChange:
    """It waits no more, and nobody has to decide. In the caller's transaction."""
    _decide(proposal, ResourceChange.State.DECLINED, by, _("taken back"))
    return proposal


def _approve(proposal: ResourceChange, by: User, sign: str, publish: bool) -> None:
    resource = proposal.resource
    if resource is not None:
        resource = Resource.objects.select_for_update().get(pk=resource.pk)
    now = facts_of(resource) if resource else {}
    after = asked_for(now, proposal) if resource else proposal.after
    if seen(now, after) != sign:
        raise VersionConflict(resource)
    check_facts(after, proposal.organisation)
    is_new = resource is None
    resource = apply_facts(
        resource or _new(proposal), after, timezone.localdate(), getattr(resource, "version", None)
    )
    # The line of the history says what was really changed, not what once was asked for.
    proposal.resource, proposal.before, proposal.after = resource, now, facts_of(resource)
    _decide(proposal, ResourceChange.State.APPROVED, by, "")
    if is_new and publish:
        resource.state = Resource.State.PUBLISHED
        save_versioned(resource, resource.version, ["state"])
        ResourceChange.objects.create(
            resource=resource,
            organisation=proposal.organisation,
            what=ResourceChange.What.PUBLISHED,
            by=by,
        )


def _new(proposal: ResourceChange) -> Resource:
    """Whoever proposed it said on that day that it is so."""
    return Resource(
        organisation=proposal.organisation, confirmed_on=timezone.localdate(proposal.at)
    )


def _decide(proposal: ResourceChange, state: str, by: User, reason: str) -> None:
    proposal.state, proposal.reason = state, " ".join(reason.split())[:300]
    proposal.decided_at, proposal.decided_by = timezone.now(), by
    proposal.save()


def _touch(resource: Resource | None) -> None:
    """A form that was opened with the proposal in it shows something else now."""
    if resource is not None:
        save_versioned(resource, resource.version, [])
