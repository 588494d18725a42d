"""Who may do what with organisations, positions, resources and gaps."""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from network.access import SPEAKERS
from network.models import (
    Gap,
    Holding,
    Organisation,
    OrganisationGrant,
    Position,
    Region,
    RegionGrant,
    RegionMembership,
    RegionMunicipality,
    Resource,
    ResourceChange,
    Seat,
)
from portal.access.models import PortalRole
from portal.access.policies import Policy
from portal.access.roles import Role

# Who leads a region: prepares its meetings, answers its gaps, approves its resources.
LEADING_BODIES = (Seat.Body.STEERING, Seat.Body.COORDINATOR)
ALL_BODIES = tuple(Seat.Body.values)


def regions_of(user: Any, day: dt.date, bodies: tuple[str, ...] = ALL_BODIES) -> QuerySet[Region]:
    """The regions in one of whose `bodies` a position of `user` has a seat on `day`.

    Grant, seat and holding are all asked: a grant that was left over opens nothing.
    """
    holdings = Holding.objects.valid_on(day).filter(
        user_id=user.pk, position_id=OuterRef("position_id")
    )
    seats = Seat.objects.valid_on(day).filter(
        Exists(holdings), body__in=bodies, region_id=OuterRef("pk")
    )
    grants = RegionGrant.objects.filter(content_object_id=OuterRef("pk"), user_id=user.pk)
    return Region.objects.filter(Exists(grants), Exists(seats))


def organisations_of(user: Any, day: dt.date) -> QuerySet[Organisation]:
    """The organisations for whose offers `user` speaks on `day`."""
    holdings = Holding.objects.valid_on(day).filter(
        user_id=user.pk,
        position__role__in=SPEAKERS,
        position__is_active=True,
        position__organisation_id=OuterRef("pk"),
    )
    grants = OrganisationGrant.objects.filter(content_object_id=OuterRef("pk"), user_id=user.pk)
    return Organisation.objects.filter(Exists(grants), Exists(holdings))


def _of_regions(regions: QuerySet[Region], day: dt.date, prefix: str = "") -> Q:
    """Rows that lie in one of `regions`, or whose organisation works in their network. REG-02."""
    places = RegionMunicipality.objects.valid_on(day).filter(region__in=regions)
    members = RegionMembership.objects.valid_on(day).filter(region__in=regions)
    return Q(**{f"{prefix}municipality_id__in": places.values("municipality_id")}) | Q(
        **{f"{prefix}organisation_id__in": members.values("organisation_id")}
    )


class PositionPolicy(Policy[Position]):
    """The administrator of the portal lets people into positions, and sees no case by it."""

    model = Position
    actions: ClassVar[frozenset[str]] = frozenset({"invite"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Position]:
        roles = PortalRole.objects.valid_on(day).filter(user_id=user.pk, role=Role.ADMINISTRATOR)
        positions = Position.objects.filter(is_active=True)
        return positions if roles.exists() else positions.none()


class RegionPolicy(Policy[Region]):
    """A seat opens its region: `view` from any body, `lead` from the bodies that lead."""

    model = Region
    actions: ClassVar[frozenset[str]] = frozenset({"view", "lead"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Region]:
        return regions_of(user, day, LEADING_BODIES if action == "lead" else ALL_BODIES)


class ResourcePolicy(Policy[Resource]):
    """Who speaks for the organisation edits and confirms; who leads the region also manages.

    `manage` is to approve, publish and withdraw. Any seat of the region sees its resources.
    """

    model = Resource
    actions: ClassVar[frozenset[str]] = frozenset({"view", "edit", "confirm", "manage"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Resource]:
        bodies = ALL_BODIES if action == "view" else LEADING_BODIES
        rows = _of_regions(regions_of(user, day, bodies), day)
        if action != "manage":
            rows |= Q(organisation__in=organisations_of(user, day))
        return Resource.objects.filter(rows)


class OfferingPolicy(Policy[Organisation]):
    """For which organisations somebody may add a resource.

    `own` speaks for it, and proposes; `lead` leads a region in whose network it is, and adds.
    """

    model = Organisation
    actions: ClassVar[frozenset[str]] = frozenset({"add", "own", "lead"})
    visible_by = ("add",)

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Organisation]:
        own = Q(pk__in=organisations_of(user, day).values("pk"))
        members = RegionMembership.objects.valid_on(day).filter(
            region__in=regions_of(user, day, LEADING_BODIES)
        )
        led = Q(pk__in=members.values("organisation_id"))
        rows = {"add": own | led, "own": own, "lead": led}
        return Organisation.objects.filter(rows[action])


class ProposalPolicy(Policy[ResourceChange]):
    """Waiting proposals: who leads the region decides; who speaks for the organisation sees own.

    A proposal for a new resource has none yet, so it is found by its organisation.
    """

    model = ResourceChange
    actions: ClassVar[frozenset[str]] = frozenset({"view", "decide"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[ResourceChange]:
        led = regions_of(user, day, LEADING_BODIES)
        members = RegionMembership.objects.valid_on(day).filter(region__in=led)
        rows = Q(resource__isnull=True, organisation_id__in=members.values("organisation_id"))
        rows |= Q(resource__isnull=False) & _of_regions(led, day, "resource__")
        if action == "view":
            rows |= Q(organisation__in=organisations_of(user, day))
        return ResourceChange.objects.filter(rows, state=ResourceChange.State.WAITING)


class GapPolicy(Policy[Gap]):
    """A seat of the region reads its gaps; who leads it answers them. No case is behind them."""

    model = Gap
    actions: ClassVar[frozenset[str]] = frozenset({"view", "answer"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Gap]:
        bodies = ALL_BODIES if action == "view" else LEADING_BODIES
        return Gap.objects.filter(region__in=regions_of(user, day, bodies))
