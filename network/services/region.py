"""The first seats of a region: before them nobody could let anybody in."""

import datetime as dt

from django.db import transaction

from network.models import Organisation, Position, Region, RegionMembership, Seat
from network.services.people import start_seat
from portal.access.roles import Role

ROLE_OF = {
    Seat.Body.COORDINATOR: Role.COORDINATOR,
    Seat.Body.STEERING: Role.STEERING,
    Seat.Body.NETWORK: Role.PARTNER,
}


@transaction.atomic
def begin_seat(
    *, region: Region, organisation: Organisation, title: str, body: str, day: dt.date
) -> Seat:
    """Give the position `title` of `organisation` a seat in `region`, from `day`. REG-07.

    The position and the organisation's membership are made where they are missing; a seat that is
    there stays. For whoever runs the machine: nobody is asked. Raises ValidationError.
    """
    position, _is_new = Position.objects.get_or_create(
        organisation=organisation, title=title, defaults={"role": ROLE_OF[Seat.Body(body)]}
    )
    members = RegionMembership.objects.valid_on(day).filter(region=region)
    if not members.filter(organisation=organisation).exists():
        membership = RegionMembership(region=region, organisation=organisation, valid_from=day)
        membership.full_clean()
        membership.save()
    seats = Seat.objects.valid_on(day).filter(region=region, position=position, body=body)
    return seats.first() or start_seat(position=position, region=region, body=body, valid_from=day)
