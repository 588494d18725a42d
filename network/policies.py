"""Who may do what with organisations, positions, resources and gaps."""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from network.access import SPEAKERS
from network.models import (
    Gap,
    Holding,
    JoinRequest,
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
from portal.access.policies import Policy, is_administrator
from portal.access.roles import Role
from portal.accounts.models import User

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


def led_by(user: Any, day: dt.date) -> QuerySet[Organisation]:
    """The organisations that `user` leads on `day`."""
    leading = Holding.objects.valid_on(day).filter(
        user_id=user.pk,
        position__role=Role.ORGANISATION_LEAD,
        position__is_active=True,
        position__organisation_id=OuterRef("pk"),
    )
    return Organisation.objects.filter(Exists(leading))


def coordinated_by(user: Any, day: dt.date) -> QuerySet[Organisation]:
    """The organisations that work today in a region which `user` coordinates."""
    members = RegionMembership.objects.valid_on(day).filter(
        region__in=regions_of(user, day, (Seat.Body.COORDINATOR,)),
        organisation_id=OuterRef("pk"),
    )
    return Organisation.objects.filter(Exists(members))


# What a lead never gives anybody: these posts reach beyond the organisation.
BEYOND = (Role.COORDINATOR, Role.STEERING)
# What a coordinator lets people into: whoever speaks for an organisation lets in the others.
COORDINATOR_GIVES = (Role.ORGANISATION_LEAD, Role.STEERING)
# The usual roles that a position of an organisation can have at all.
POSITION_ROLES = (
    Role.BASE_SUPPORT,
    Role.ADDITIONAL_SUPPORT,
    Role.CASE_MANAGER,
    Role.PARTNER,
    Role.ORGANISATION_LEAD,
    Role.OFFER_EDITOR,
    Role.STEERING,
    Role.COORDINATOR,
)


class PositionPolicy(Policy[Position]):
    """Who sees the positions of an organisation, and who says who holds them.

    The lead does for the own organisation; the coordinator sees those of the region and lets in
    whoever speaks for one; the administrator of the portal may all, and sees no case by it.
    Nobody gives more than they hold: a position with a seat that leads a region is given by its
    own holder, the coordinator or the administrator, that of a coordinator by the administrator.
    `change` is of the post itself; `confirm` says once a year that a holder needs it still.
    """

    model = Position
    actions: ClassVar[frozenset[str]] = frozenset({"view", "invite", "change", "confirm"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Position]:
        if is_administrator(user, day):
            everything = Position.objects.all()
            return everything.filter(is_active=True) if action == "invite" else everything
        own = Q(organisation__in=led_by(user, day))
        if action == "change":
            return Position.objects.filter(own).exclude(role__in=BEYOND)
        around = Q(organisation__in=coordinated_by(user, day))
        if action == "view":
            return Position.objects.filter(own | around)
        lets_in = (
            around & Q(role__in=COORDINATOR_GIVES) & ~cls._has_seat((Seat.Body.COORDINATOR,), day)
        )
        if action == "confirm":
            return Position.objects.filter(own | lets_in)
        is_mine = Exists(
            Holding.objects.valid_on(day).filter(user_id=user.pk, position_id=OuterRef("pk"))
        )
        gives = own & ~Q(role__in=BEYOND) & (~cls._has_seat(LEADING_BODIES, day) | Q(is_mine))
        return Position.objects.filter(gives | lets_in, is_active=True)

    @staticmethod
    def _has_seat(bodies: tuple[str, ...], day: dt.date) -> Q:
        """A seat in one of `bodies`, now or later."""
        seats = Seat.objects.filter(position_id=OuterRef("pk"), body__in=bodies)
        return Q(Exists(seats.exclude(valid_until__lte=day)))


class HoldingPolicy(Policy[Holding]):
    """Who holds what: seen, ended and confirmed by whoever may do so with the position.

    Nobody confirms themselves.
    """

    model = Holding
    actions: ClassVar[frozenset[str]] = frozenset({"view", "end", "confirm"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Holding]:
        of_position = {"view": "view", "end": "invite", "confirm": "confirm"}[action]
        positions = PositionPolicy.rows(user, of_position, day)
        rows = Holding.objects.filter(position__in=positions)
        if action == "confirm":
            return rows.valid_on(day).of_active_people().exclude(user_id=user.pk)
        return rows


class WorkplacePolicy(Policy[Organisation]):
    """Organisations whose people somebody looks after; `add` a position to, `lead`: speaks for."""

    model = Organisation
    actions: ClassVar[frozenset[str]] = frozenset({"view", "add", "lead"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Organisation]:
        if action == "lead":
            return led_by(user, day)
        if is_administrator(user, day):
            return Organisation.objects.all()
        own = Q(pk__in=led_by(user, day).values("pk"))
        if action == "add":
            return Organisation.objects.filter(own)
        return Organisation.objects.filter(own | Q(pk__in=coordinated_by(user, day).values("pk")))


class AccountPolicy(Policy[User]):
    """Who sees somebody off, and who closes an account at once; never one's own.

    `leave`: somebody holds a position that I may give to another. `close`: the administrator;
    or the lead, if everything that the person holds is in the own organisation and nothing in the
    portal hangs on the account.
    """

    model = User
    actions: ClassVar[frozenset[str]] = frozenset({"leave", "close"})
    visible_by = ("leave",)

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[User]:
        others = User.objects.exclude(pk=user.pk)
        is_boss = is_administrator(user, day)
        if action == "close" and is_boss:
            return others.filter(is_active=True)
        held = Holding.objects.not_over(day).filter(user_id=OuterRef("pk"))
        reached = held.filter(position__in=PositionPolicy.rows(user, "invite", day))
        if action == "leave":
            return others.filter(Exists(reached))
        elsewhere = held.exclude(position__organisation__in=led_by(user, day))
        beyond = held.filter(position__in=Position.objects.filter(role__in=BEYOND))
        roles = PortalRole.objects.filter(user_id=OuterRef("pk")).exclude(valid_until__lte=day)
        return others.filter(
            Exists(reached),
            ~Exists(elsewhere),
            ~Exists(beyond),
            ~Exists(roles),
            is_active=True,
            is_staff=False,
            is_superuser=False,
            groups__isnull=True,
        )


class JoinPolicy(Policy[JoinRequest]):
    """Who asked and who leads the region see a request; the steering group decides.

    The asker never does. `take_back`: whoever asked, as long as it waits.
    """

    model = JoinRequest
    actions: ClassVar[frozenset[str]] = frozenset({"view", "decide", "take_back"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[JoinRequest]:
        if action == "view":
            rows = Q(region__in=regions_of(user, day, LEADING_BODIES)) | Q(asked_by_id=user.pk)
            return JoinRequest.objects.filter(rows | Q(organisation__in=led_by(user, day)))
        waiting = JoinRequest.objects.filter(state=JoinRequest.State.WAITING)
        if action == "take_back":
            return waiting.filter(asked_by_id=user.pk)
        steered = regions_of(user, day, (Seat.Body.STEERING,))
        return waiting.filter(region__in=steered).exclude(asked_by_id=user.pk)


class MembershipPolicy(Policy[RegionMembership]):
    """Who leads the region sees who works in it; its coordinator or the own lead ends that."""

    model = RegionMembership
    actions: ClassVar[frozenset[str]] = frozenset({"view", "end"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[RegionMembership]:
        bodies = LEADING_BODIES if action == "view" else (Seat.Body.COORDINATOR,)
        rows = Q(region__in=regions_of(user, day, bodies))
        rows |= Q(organisation__in=led_by(user, day))
        return RegionMembership.objects.valid_on(day).filter(rows)


class RegionPolicy(Policy[Region]):
    """A seat opens its region: `view` from any body, `lead` from the bodies that lead.

    `ask`: for which regions somebody may ask that an organisation joins: the coordinator for the
    own one, the lead of an organisation for any.
    """

    model = Region
    actions: ClassVar[frozenset[str]] = frozenset({"view", "lead", "ask"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Region]:
        if action == "ask":
            if led_by(user, day).exists():
                return Region.objects.all()
            return regions_of(user, day, (Seat.Body.COORDINATOR,))
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
        return cls._of(user, action, day).filter(state=ResourceChange.State.WAITING)

    @classmethod
    def decided(cls, user: Any, day: dt.date) -> QuerySet[ResourceChange]:
        """Proposals that `user` might have decided, but somebody has."""
        rows = cls._of(user, "decide", day).filter(what=ResourceChange.What.PROPOSED)
        return rows.exclude(state=ResourceChange.State.WAITING)

    @classmethod
    def _of(cls, user: Any, action: str, day: dt.date) -> QuerySet[ResourceChange]:
        led = regions_of(user, day, LEADING_BODIES)
        members = RegionMembership.objects.valid_on(day).filter(region__in=led)
        rows = Q(resource__isnull=True, organisation_id__in=members.values("organisation_id"))
        rows |= Q(resource__isnull=False) & _of_regions(led, day, "resource__")
        if action == "view":
            rows |= Q(organisation__in=organisations_of(user, day))
        return ResourceChange.objects.filter(rows)


class GapPolicy(Policy[Gap]):
    """A seat of the region reads its gaps; who leads it answers them. No case is behind them."""

    model = Gap
    actions: ClassVar[frozenset[str]] = frozenset({"view", "answer"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Gap]:
        bodies = ALL_BODIES if action == "view" else LEADING_BODIES
        return Gap.objects.filter(region__in=regions_of(user, day, bodies))
