"""Who holds which position, and whose account is open."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Holding, Position, Region, Seat
from network.policies import PositionPolicy
from portal.access import grants
from portal.access.roles import Role
from portal.accounts import invitations
from portal.accounts.models import User
from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessEvent


@transaction.atomic
def start_holding(
    *,
    position: Position,
    user: User,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
    kind: str = Holding.Kind.HOLDER,
) -> Holding:
    """Let `user` hold `position`, and open its cases with it. Raises ValidationError."""
    holding = Holding(
        position=position, user=user, valid_from=valid_from, valid_until=valid_until, kind=kind
    )
    holding.full_clean()
    holding.save()
    grants.sync([user.pk])
    return holding


@transaction.atomic
def invite_worker(*, email: str, position: Position, by: User) -> Holding:
    """Let whoever reads mail at `email` hold `position` from today.

    Somebody new gets an account that is inactive until they accept by the link in the letter;
    until then they see nothing. The log keeps who let whom in. Raises PermissionDenied,
    ValidationError.
    """
    day = timezone.localdate()
    if not PositionPolicy.allows(by, "invite", position, day):
        raise PermissionDenied
    user, _invitation = invitations.invite(email, by=by)
    if Holding.objects.valid_on(day).filter(position=position, user=user).exists():
        if user.is_active:
            raise ValidationError(_("This person holds the position already."))
        # The first letter was lost or came too late: a new link is all that is needed.
        return Holding.objects.valid_on(day).get(position=position, user=user)
    holding = start_holding(position=position, user=user, valid_from=day)
    record(
        Actor(str(by.pk), by.get_full_name() or by.email, role=Role.ADMINISTRATOR),
        [Subject(str(holding.pk))],
        actioncode="worker_invite",
        channel=AccessEvent.Channel.COMMAND,
    )
    return holding


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
def close_account(user: User) -> None:
    """Nobody signs in with it any more; open sessions end with their next request."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    invitations.cancel(user)
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
