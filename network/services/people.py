"""Who holds which position, and whose account is open."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from network import duties
from network.letters import tell_position_given
from network.models import Holding, Organisation, Position, Region, Seat
from network.policies import AccountPolicy, PositionPolicy, led_by
from portal.access import grants
from portal.access.models import PortalRole
from portal.access.policies import is_administrator
from portal.access.roles import Role
from portal.accounts import invitations, sessions
from portal.accounts.models import User
from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessEvent
from portal.base.idempotency import once


@dataclass(frozen=True)
class Who:
    """Whom a position is given to: somebody known, or whoever reads mail at `email`."""

    user: User | None = None
    email: str = ""


@transaction.atomic
def start_holding(
    *,
    position: Position,
    user: User,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
    kind: str = Holding.Kind.HOLDER,
    **more: Any,
) -> Holding:
    """Let `user` hold `position`, and open its cases with it. Raises ValidationError."""
    holding = Holding(
        position=position,
        user=user,
        valid_from=valid_from,
        valid_until=valid_until,
        kind=kind,
        **more,
    )
    holding.full_clean()
    holding.save()
    grants.sync([user.pk])
    return holding


def give_position(
    position: Position,
    who: Who,
    *,
    by: User,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
    kind: str = Holding.Kind.HOLDER,
) -> Holding:
    """Let `who` hold `position`; by an address with a letter, which is sent anew if asked again.

    An address that has an account and one that has none get an answer alike. Nobody gives
    anything to themselves. In the caller's transaction, which has asked the policy. Raises
    ValidationError with the field.
    """
    user = who.user or invitations.invite(who.email, by=by)[0]
    field = "person" if who.user else "email"
    if user.pk == by.pk:
        raise ValidationError({field: _("Somebody else has to give you a position.")})
    shared = Holding.objects.not_over(valid_from).filter(position=position, user=user)
    if valid_until:
        shared = shared.filter(valid_from__lt=valid_until)
    there = shared.select_related("user").first()
    if there and (there.is_taken_up or who.user):
        raise ValidationError({field: _("This person holds the position already.")})
    if there:
        # The first letter was lost or came too late: a new one is all that is needed.
        holding = there
        Holding.objects.filter(pk=there.pk).update(invited_at=timezone.now(), invited_by=by)
    else:
        holding = start_holding(
            position=position,
            user=user,
            valid_from=valid_from,
            valid_until=valid_until,
            kind=kind,
            invited_at=None if who.user else timezone.now(),
            invited_by=None if who.user else by,
        )
    if user.is_active:
        tell_position_given(holding)
    return holding


@transaction.atomic
def invite_worker(
    *,
    email: str,
    position: Position,
    by: User,
    channel: str = AccessEvent.Channel.COMMAND,
    key: uuid.UUID | None = None,
) -> Holding:
    """Let whoever reads mail at `email` hold `position` from today.

    Somebody new gets an account that is inactive until they accept by the link in the letter;
    until then they see nothing. The log keeps who let whom in. Raises PermissionDenied,
    ValidationError.
    """
    day = timezone.localdate()
    if not PositionPolicy.allows(by, "invite", position, day):
        raise PermissionDenied
    with once(key or uuid.uuid4(), purpose="worker_invite", by=str(by.pk)) as attempt:
        if attempt.is_first:
            # Two who let in the same person at once come one after the other.
            Position.objects.select_for_update().get(pk=position.pk)
            holding = give_position(position, Who(email=email), by=by, valid_from=day)
            log(by, position.organisation, [holding.pk], "worker_invite", day, channel=channel)
            attempt.result = str(holding.pk)
    return Holding.objects.select_related("user").get(pk=attempt.result)


def log(
    by: User,
    organisation: Organisation | None,
    subjects: list[Any],
    code: str,
    day: dt.date,
    *,
    channel: str = AccessEvent.Channel.PAGE,
) -> None:
    """Write down who arranged what, as what: the lead, the administrator, else the coordinator."""
    role = Role.COORDINATOR
    if organisation and led_by(by, day).filter(pk=organisation.pk).exists():
        role = Role.ORGANISATION_LEAD
    elif is_administrator(by, day):
        role = Role.ADMINISTRATOR
    code_of, name = (str(organisation.pk), organisation.name) if organisation else ("", "")
    if role == Role.ADMINISTRATOR:
        code_of, name = "", ""  # acts for the portal
    record(
        Actor(str(by.pk), by.get_full_name() or by.email, code_of, name, role),
        [Subject(str(subject)) for subject in subjects],
        actioncode=code,
        channel=channel,
    )


@transaction.atomic
def end_holding(holding: Holding, *, valid_until: dt.date) -> None:
    """The holding is over from `valid_until` on; works on the very next request."""
    holding.valid_until = max(valid_until, holding.valid_from)
    if holding.valid_until == holding.valid_from:
        # It never held for a whole day: there is nothing to keep.
        holding.delete()
    else:
        holding.full_clean()
        holding.save(update_fields=["valid_until"])
    grants.sync([holding.user_id])


@transaction.atomic
def close_account(user: User, *, by: User | None = None, key: uuid.UUID | None = None) -> None:
    """Nobody signs in with it any more, and everything that hung on it ends at once.

    Sessions, calendar links, invitations, positions, roles and rights of the CMS; letters that
    wait are not sent. Somebody let in again begins with nothing. `by` is empty at the machine.
    Raises PermissionDenied.
    """
    day = timezone.localdate()
    with once(key or uuid.uuid4(), purpose="account_close", by=str(by.pk if by else "")) as attempt:
        if attempt.is_first:
            attempt.result = str(user.pk)
            held = Holding.objects.not_over(day).filter(user=user)
            if by is not None:
                if not AccountPolicy.allows(by, "close", user, day):
                    raise PermissionDenied
                first = held.select_related("position__organisation").first()
                organisation = first.position.organisation if first else None
                log(by, organisation, [user.pk], "account_close", day)
            _end_everything(user, list(held), day)


def _end_everything(user: User, held: list[Holding], day: dt.date) -> None:
    user.is_active = user.is_staff = user.is_superuser = False
    user.save(update_fields=["is_active", "is_staff", "is_superuser"])
    user.groups.clear()
    sessions.end_sessions(user)
    invitations.cancel(user)
    duties.close_account(user)
    for holding in held:
        end_holding(holding, valid_until=day)
    roles = PortalRole.objects.filter(user=user).exclude(valid_until__lte=day)
    roles.filter(valid_from__gte=day).delete()
    roles.update(valid_until=day)
    grants.sync([user.pk])


@transaction.atomic
def start_seat(
    *,
    position: Position,
    region: Region,
    body: str,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
) -> Seat:
    """Give `position` a seat in a body of `region`. REG-07. Raises ValidationError."""
    seat = Seat(
        position=position, region=region, body=body, valid_from=valid_from, valid_until=valid_until
    )
    seat.full_clean()
    seat.save()
    sync_position(position)
    return seat


@transaction.atomic
def end_seat(seat: Seat, *, valid_until: dt.date) -> None:
    """The seat is over from `valid_until` on; works on the very next request."""
    seat.valid_until = max(valid_until, seat.valid_from)
    if seat.valid_until == seat.valid_from:
        # It never was for a whole day: there is nothing to keep.
        seat.delete()
    else:
        seat.full_clean()
        seat.save(update_fields=["valid_until"])
    sync_position(seat.position)


def sync_position(position: Position) -> None:
    """Bring in step whoever holds `position`, and the leads of its organisation with their list."""
    is_lead = Q(
        position__organisation_id=position.organisation_id,
        position__role=Role.ORGANISATION_LEAD,
    )
    holdings = Holding.objects.filter(Q(position=position) | is_lead)
    grants.sync(holdings.values_list("user_id", flat=True))
