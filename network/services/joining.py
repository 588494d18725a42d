"""An organisation joins a region if the steering group says so, and leaves it. REG-05."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from network import duties
from network.letters import tell_decided, tell_of_request
from network.models import (
    Holding,
    JoinRequest,
    Municipality,
    Organisation,
    Position,
    Region,
    RegionMembership,
    Seat,
)
from network.policies import JoinPolicy, MembershipPolicy, RegionPolicy, led_by, regions_of
from network.services.people import Who, end_seat, give_position, log
from portal.access.roles import Role
from portal.accounts.models import User
from portal.base.idempotency import once


@dataclass(frozen=True)
class Joining:
    """Which organisation is to join: one that the portal knows, or a new one by its facts."""

    organisation: Organisation | None = None
    name: str = ""
    kind: str = ""
    municipality: Municipality | None = None
    lead_email: str = ""
    reason: str = ""


@transaction.atomic
def ask_to_join(region: Region, what: Joining, *, by: User, key: uuid.UUID) -> JoinRequest:
    """Put it before the steering group. Raises PermissionDenied, ValidationError."""
    day = timezone.localdate()
    if not RegionPolicy.allows(by, "ask", region, day):
        raise PermissionDenied
    coordinates = regions_of(by, day, (Seat.Body.COORDINATOR,)).filter(pk=region.pk).exists()
    if not coordinates and (
        what.organisation is None or not led_by(by, day).filter(pk=what.organisation.pk).exists()
    ):
        raise PermissionDenied
    with once(key, purpose="organisation_invite", by=str(by.pk)) as attempt:
        if attempt.is_first:
            # Two who ask at once come one after the other.
            Region.objects.select_for_update().get(pk=region.pk)
            _check(region, what)
            facts = what.organisation or what
            request = JoinRequest(
                region=region,
                organisation=what.organisation,
                name=facts.name,
                kind=facts.kind,
                municipality=facts.municipality,
                lead_email=what.lead_email,
                reason=what.reason,
                asked_by=by,
            )
            request.full_clean()
            request.save()
            tell_of_request(request, day)
            log(by, what.organisation, [request.pk], "organisation_invite", day)
            attempt.result = str(request.pk)
    return JoinRequest.objects.get(pk=attempt.result)


def _check(region: Region, what: Joining) -> None:
    day = timezone.localdate()
    waiting = JoinRequest.objects.filter(region=region, state=JoinRequest.State.WAITING)
    if what.organisation is None:
        if not (what.name and what.kind and what.municipality):
            raise ValidationError(
                {"name": _("Choose an organisation or write what the new one is.")}
            )
        if _is_named(what.name, Organisation.objects.all()):
            text = _("The portal knows an organisation of this name: choose it from the list.")
            raise ValidationError({"name": text})
        if _is_named(what.name, waiting):
            raise ValidationError({"name": _("It waits for the steering group already.")})
        return
    members = RegionMembership.objects.valid_on(day).filter(region=region)
    if members.filter(organisation=what.organisation).exists():
        raise ValidationError({"organisation": _("It works in this region already.")})
    if waiting.filter(organisation=what.organisation).exists():
        raise ValidationError({"organisation": _("It waits for the steering group already.")})


def _is_named(name: str, rows: QuerySet) -> bool:
    """Is one of `rows` called so, whatever its letters' case? Not every database folds Ü."""
    names = rows.order_by().values_list("name", flat=True)
    return name.casefold() in {one.casefold() for one in names}


@transaction.atomic
def decide_join(request: JoinRequest, *, approve: bool, answer: str, by: User) -> JoinRequest:
    """Let the organisation in from today, or not, with a reason. Decided once.

    Raises PermissionDenied, ValidationError.
    """
    day = timezone.localdate()
    locked = JoinRequest.objects.select_for_update().get(pk=request.pk)
    if locked.state != JoinRequest.State.WAITING:
        return locked
    if not JoinPolicy.allows(by, "decide", locked, day):
        raise PermissionDenied
    if not approve and not answer.strip():
        raise ValidationError({"answer": _("Say why: whoever asked reads this.")})
    if approve:
        _let_in(locked, by)
    _decide(locked, "approved" if approve else "declined", by, answer)
    tell_decided(locked)
    log(by, None, [locked.pk], "join_decide", day)
    return locked


def _let_in(request: JoinRequest, by: User) -> None:
    day = timezone.localdate()
    if request.organisation is None:
        request.organisation = Organisation.objects.create(
            name=request.name,
            slug=_free_slug(request.name),
            kind=request.kind,
            municipality=request.municipality,
            # Editors write about it and show it to the public.
            is_public=False,
        )
    members = RegionMembership.objects.valid_on(day)
    if not members.filter(region=request.region, organisation=request.organisation).exists():
        RegionMembership.objects.create(
            region=request.region, organisation=request.organisation, valid_from=day
        )
    if request.lead_email:
        _invite_lead(request.organisation, request.lead_email, by)


def _invite_lead(organisation: Organisation, email: str, by: User) -> None:
    """Only where nobody leads it yet: the region has no say in who else leads an organisation."""
    day = timezone.localdate()
    posts = Position.objects.filter(
        organisation=organisation, role=Role.ORGANISATION_LEAD, is_active=True
    )
    if Holding.objects.not_over(day).filter(position__in=posts).exists():
        return
    post = posts.first() or Position.objects.create(
        organisation=organisation, title=_("Lead"), role=Role.ORGANISATION_LEAD
    )
    try:
        holding = give_position(post, Who(email=email), by=by, valid_from=day)
    except ValidationError as error:
        raise ValidationError({"answer": error.messages}) from error
    log(by, organisation, [holding.pk], "worker_invite", day)


def _free_slug(name: str) -> str:
    stem = slugify(name)[:70] or "asutus"
    taken = set(Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = 1
    while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return slug


def _decide(request: JoinRequest, state: str, by: User, answer: str) -> None:
    request.state, request.answer = state, " ".join(answer.split())[:300]
    request.decided_by, request.decided_at = by, timezone.now()
    request.save()


@transaction.atomic
def take_join_back(request: JoinRequest, *, by: User) -> None:
    """Whoever asked asks no longer; what is decided stays. Raises PermissionDenied."""
    day = timezone.localdate()
    locked = JoinRequest.objects.select_for_update().get(pk=request.pk)
    if locked.state != JoinRequest.State.WAITING:
        return
    if not JoinPolicy.allows(by, "take_back", locked, day):
        raise PermissionDenied
    _decide(locked, JoinRequest.State.TAKEN_BACK, by, "")
    log(by, locked.organisation, [locked.pk], "join_take_back", day)


@transaction.atomic
def leave_region(membership: RegionMembership, *, by: User, key: uuid.UUID) -> None:
    """The organisation works in the region no longer: over at once, on the very next request.

    Its positions leave the case teams of the region (each in the log of its case) and its seats
    there end. Refused while a case would have nobody left who sees all of it. Raises
    PermissionDenied, ValidationError.
    """
    day = timezone.localdate()
    with once(key, purpose="membership_end", by=str(by.pk)) as attempt:
        if attempt.is_first:
            if not MembershipPolicy.allows(by, "end", membership, day):
                raise PermissionDenied
            organisation, region = membership.organisation, membership.region
            duties.leave_region(organisation, region, day, by)
            log(by, organisation, [membership.pk], "membership_end", day)
            seats = Seat.objects.filter(position__organisation=organisation, region=region)
            for seat in seats.exclude(valid_until__lte=day).select_related("position"):
                end_seat(seat, valid_until=day)
            attempt.result = str(membership.pk)
            if membership.valid_from == day:
                # It never was for a whole day: there is nothing to keep.
                membership.delete()
            else:
                membership.valid_until = day
                membership.save(update_fields=["valid_until"])
