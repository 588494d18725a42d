"""How people reach what a region shares: positions, seats, and speaking for an organisation."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.access import SPEAKERS
from network.models import (
    Holding,
    Organisation,
    OrganisationGrant,
    Position,
    Region,
    RegionGrant,
    Seat,
)
from network.policies import LEADING_BODIES, OfferingPolicy, RegionPolicy
from portal.access.reach import Kind, Reach, Thing, in_period, overlapping, register, shared_days
from portal.accounts.models import User


def holdings_between(
    since: dt.date,
    day: dt.date,
    *,
    users: Collection[Any] | None = None,
    positions: Collection[Any] | None = None,
) -> QuerySet[Holding]:
    """Holdings on a day from `since` to `day`, with position and organisation in one statement."""
    rows = Holding.objects.filter(overlapping(since, day))
    if users is not None:
        rows = rows.filter(user_id__in=users)
    if positions is not None:
        rows = rows.filter(position_id__in=positions)
    return rows.select_related("position__organisation").order_by("valid_from", "pk")


def by_position(holdings: Iterable[Holding]) -> dict[Any, list[Holding]]:
    found: dict[Any, list[Holding]] = {}
    for holding in holdings:
        found.setdefault(holding.position_id, []).append(holding)
    return found


def steps_of(holding: Holding) -> tuple[str, str]:
    """The end that every chain has: which position, and how the person holds it."""
    names = {
        "title": holding.position.title,
        "organisation": holding.position.organisation.name,
        "period": in_period(holding),
    }
    stands_in = holding.kind == Holding.Kind.STAND_IN
    held = _("stands in, %(period)s") if stands_in else _("its holder, %(period)s")
    return _("position: %(title)s, %(organisation)s") % names, held % names


def position_reaches(
    day: dt.date,
    since: dt.date,
    *,
    users: Collection[Any] | None = None,
    things: Collection[Any] | None = None,
) -> Iterator[Reach]:
    """Positions themselves: what they open stands under the other kinds."""
    for holding in holdings_between(since, day, users=users, positions=things):
        if days := shared_days(day, holding):
            sees = _("usual role: %(role)s") % {"role": holding.position.get_role_display()}
            steps = steps_of(holding)[1:]
            yield Reach(holding.user_id, holding.position_id, steps, sees=sees, **days)


def seat_reaches(
    day: dt.date,
    since: dt.date,
    *,
    users: Collection[Any] | None = None,
    things: Collection[Any] | None = None,
    bodies: Collection[str] | None = None,
    needs_grant: bool = True,
) -> Iterator[Reach]:
    """Seats in the bodies of a region, with whoever holds the positions."""
    holders = holdings_between(since, day, users=users)
    seats = Seat.objects.filter(overlapping(since, day))
    if things is not None:
        seats = seats.filter(region_id__in=things)
    if bodies is not None:
        seats = seats.filter(body__in=bodies)
    seats = seats.filter(position_id__in=holders.order_by().values("position_id"))
    found = list(seats.order_by("valid_from", "pk"))
    held = by_position(holders.filter(position_id__in={seat.position_id for seat in found}))
    for seat in found:
        for holding in held.get(seat.position_id, []):
            if days := shared_days(day, seat, holding):
                body = {"body": seat.get_body_display(), "period": in_period(seat)}
                yield Reach(
                    holding.user_id,
                    seat.region_id,
                    (_("seat: %(body)s, %(period)s") % body, *steps_of(holding)),
                    sees=_sees_of(seat.body),
                    needs_grant=needs_grant,
                    **days,
                )


def _sees_of(body: str) -> str:
    if body in LEADING_BODIES:
        return _("resources and needs of the region, meetings of the steering group and network")
    return _("resources and needs of the region, meetings of the network")


def organisation_reaches(
    day: dt.date,
    since: dt.date,
    *,
    users: Collection[Any] | None = None,
    things: Collection[Any] | None = None,
) -> Iterator[Reach]:
    """Positions that speak for their organisation where its offers are concerned."""
    holdings = holdings_between(since, day, users=users).filter(
        position__role__in=SPEAKERS, position__is_active=True
    )
    if things is not None:
        holdings = holdings.filter(position__organisation_id__in=things)
    for holding in holdings:
        if days := shared_days(day, holding):
            yield Reach(
                holding.user_id,
                holding.position.organisation_id,
                (*steps_of(holding), _speaks(holding.position)),
                needs_grant=True,
                **days,
            )


def _speaks(position: Position) -> str:
    role = {"role": position.get_role_display()}
    return _("the position speaks for the organisation: %(role)s") % role


def _named(rows: Iterable[Any]) -> dict[Any, Thing]:
    return {row.pk: Thing(row.pk, str(row)) for row in rows}


def position_names(ids: Collection[Any]) -> dict[Any, Thing]:
    return _named(Position.objects.filter(pk__in=ids).select_related("organisation"))


def region_names(ids: Collection[Any]) -> dict[Any, Thing]:
    return _named(Region.objects.filter(pk__in=ids))


def organisation_names(ids: Collection[Any]) -> dict[Any, Thing]:
    return _named(Organisation.objects.filter(pk__in=ids))


POSITION = Kind("position", gettext_lazy("Positions"), position_reaches, position_names, order=10)
REGION = Kind(
    "region",
    gettext_lazy("Regions"),
    seat_reaches,
    region_names,
    told={
        "view": gettext_lazy("sees what the region shares"),
        "lead": gettext_lazy("leads: prepares meetings, answers needs, approves resources"),
    },
    policy=RegionPolicy,
    grant=RegionGrant,
    route="rights_of_region",
    order=30,
)
ORGANISATION = Kind(
    "organisation",
    gettext_lazy("Organisations and their offers"),
    organisation_reaches,
    organisation_names,
    told={"own": gettext_lazy("changes and confirms the offers of the organisation")},
    policy=OfferingPolicy,
    grant=OrganisationGrant,
    route="rights_of_organisation",
    order=20,
)


def names_in_the_log(ids: Collection[Any]) -> dict[str, str]:
    """What the entries of the view log are about: a post, whoever holds it, an organisation."""
    organisations = Organisation.objects.filter(region_memberships__in=ids)
    members = organisations.values_list("region_memberships", "name")
    posts = Position.objects.select_related("organisation")
    held = Holding.objects.filter(pk__in=ids).select_related("position__organisation")
    found = {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)}
    found |= {str(pk): name for pk, name in members}
    found |= {str(post.pk): _post(post) for post in posts.filter(pk__in=ids)}
    return found | {str(holding.pk): _post(holding.position) for holding in held}


def _post(position: Position) -> str:
    return f"{position.title}, {position.organisation.name}"


def register_kinds() -> None:
    """Called once, when the app is ready."""
    for kind in (POSITION, REGION, ORGANISATION):
        register(kind)
