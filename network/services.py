"""What happens in the network: each verb is one transaction."""

import datetime as dt

from django.db import transaction

from network.models import Holding, Position
from portal.access import grants
from portal.accounts.models import User


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
    grants.sync([user.pk])
