"""Letters about positions and the organisations of a region. No case is behind any of them."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from network.models import Holding, JoinRequest, Position, RegionMembership, Seat
from network.models.position import CONFIRMED_FOR, GRACE, SOON
from network.policies import HoldingPolicy, JoinPolicy, PositionPolicy
from portal.access.models import PortalRole
from portal.access.roles import Role
from portal.accounts.models import User
from portal.base import mail, outbox

POSITION_GIVEN = "position_given"
VACANCY = "vacancy"
JOIN_ASKED = "join_asked"
JOIN_DECIDED = "join_decided"
RIGHTS_OVERDUE = "rights_overdue"
DAY = dt.timedelta(days=1)
# The outbox forgets what it sent after a month: of an older vacancy nobody is told anew.
TOLD_FOR = dt.timedelta(days=14)


def tell_position_given(holding: Holding) -> None:
    """Somebody who has an account learns of a further position. In the caller's transaction."""
    mail.send(POSITION_GIVEN, {"holding": str(holding.pk)})


def write_position_given(payload: outbox.Payload) -> mail.Letter | None:
    """None if the position was taken back meanwhile, or the account is closed."""
    holding = (
        Holding.objects.select_related("position__organisation", "user")
        .not_over(timezone.localdate())
        .of_active_people()
        .filter(pk=payload["holding"])
        .first()
    )
    if holding is None:
        return None
    return _letter(holding.user, "desk", holding=holding, position=holding.position)


def tell_of_vacancies(now: dt.datetime) -> None:
    """Once for each position that nobody holds, or soon will not: its lead and the coordinator."""
    day = timezone.localdate(now)
    rows: Any = vacant_lately(day, now).select_related("organisation")
    for position in rows:
        since = position.vacant_from or last_held(position, day)
        for user in _in_charge(position, day):
            with transaction.atomic():
                payload = {"user": str(user.pk), "position": str(position.pk)}
                mail.send(VACANCY, payload, key=f"{position.pk}:{since}:{user.pk}")


def vacant_lately(day: dt.date, now: dt.datetime) -> QuerySet[Position]:
    """Positions that soon fall vacant, or did so lately; one never held is nobody's news."""
    ended = Holding.objects.filter(
        position_id=OuterRef("pk"), valid_until__lte=day, valid_until__gt=day - TOLD_FOR
    )
    rows = Position.objects.filter(is_active=True).with_vacancy(day, now, SOON)
    return rows.filter(Q(vacant_from__isnull=False) | Q(Exists(ended), is_vacant=True))


def last_held(position: Position, day: dt.date) -> dt.date | None:
    """The first day on which nobody held `position` any more."""
    ended = position.holdings.filter(valid_until__lte=day).order_by("-valid_until")
    return ended.values_list("valid_until", flat=True).first()


def _in_charge(position: Position, day: dt.date) -> QuerySet[User]:
    """The leads of the organisation, and the coordinators of the regions where it works."""
    leads = Q(
        position__role=Role.ORGANISATION_LEAD,
        position__organisation_id=position.organisation_id,
    )
    regions = RegionMembership.objects.valid_on(day).filter(
        organisation_id=position.organisation_id
    )
    seats = Seat.objects.valid_on(day).filter(
        body=Seat.Body.COORDINATOR, region__in=regions.values("region_id")
    )
    coordinators = Q(position__in=seats.values("position_id"))
    return _holders(leads | coordinators, day)


def write_vacancy(payload: outbox.Payload) -> mail.Letter | None:
    """None if somebody holds it by now, or the reader has no say in it any more."""
    user, now = _reader(payload), timezone.now()
    day = timezone.localdate(now)
    if user is None:
        return None
    rows = PositionPolicy.rows(user, "view", day).filter(pk=payload["position"], is_active=True)
    position = rows.with_vacancy(day, now, SOON).select_related("organisation").first()  # type: ignore[attr-defined]
    if position is None or not (position.is_vacant or position.vacant_from):
        return None
    return _letter(user, "people_list", position=position, vacant_from=position.vacant_from)


def tell_of_request(request: JoinRequest, day: dt.date) -> None:
    """The steering group of the region, but for whoever asked. In the caller's transaction."""
    seats = Seat.objects.valid_on(day).filter(body=Seat.Body.STEERING, region=request.region_id)
    steering = _holders(Q(position__in=seats.values("position_id")), day)
    for user in steering.exclude(pk=request.asked_by_id):
        payload = {"user": str(user.pk), "request": str(request.pk)}
        mail.send(JOIN_ASKED, payload, key=f"{request.pk}:{user.pk}")


def write_join_asked(payload: outbox.Payload) -> mail.Letter | None:
    """None if it was decided meanwhile."""
    user = _reader(payload)
    if user is None:
        return None
    rows = JoinPolicy.rows(user, "decide", timezone.localdate())
    request = rows.select_related("region").filter(pk=payload["request"]).first()
    return _letter(user, "joining_list", request=request) if request else None


def tell_decided(request: JoinRequest) -> None:
    """Whoever asked. In the caller's transaction."""
    payload = {"user": str(request.asked_by_id), "request": str(request.pk)}
    mail.send(JOIN_DECIDED, payload, key=str(request.pk))


def write_join_decided(payload: outbox.Payload) -> mail.Letter | None:
    user = _reader(payload)
    request = JoinRequest.objects.select_related("region").filter(pk=payload["request"]).first()
    return _letter(user, "joining_list", request=request) if user and request else None


def tell_overdue_rights(now: dt.datetime) -> None:
    """Once a month the administrator, if organisations have not confirmed for too long."""
    day = timezone.localdate(now)
    if not _overdue(day).exists():
        return
    roles = PortalRole.objects.valid_on(day).filter(role=Role.ADMINISTRATOR, user_id=OuterRef("pk"))
    for user in User.objects.filter(Exists(roles), is_active=True):
        with transaction.atomic():
            mail.send(RIGHTS_OVERDUE, {"user": str(user.pk)}, key=f"{day:%Y-%m}:{user.pk}")


def write_rights_overdue(payload: outbox.Payload) -> mail.Letter | None:
    """How many have waited longer than the grace; None if all are confirmed by now."""
    user, day = _reader(payload), timezone.localdate()
    if user is None:
        return None
    rows: Any = HoldingPolicy.rows(user, "confirm", day)
    n = rows.unconfirmed(day - CONFIRMED_FOR - GRACE).count()
    return _letter(user, "rights_confirm", n=n) if n else None


def _overdue(day: dt.date) -> QuerySet[Holding]:
    return Holding.objects.valid_on(day).unconfirmed(day - CONFIRMED_FOR - GRACE)


def _letter(user: User, route: str, **context: Any) -> mail.Letter:
    address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse(route)
    return mail.Letter(
        to=user.email, context={**context, "address": address}, language=user.language
    )


def _reader(payload: outbox.Payload) -> User | None:
    return User.objects.filter(pk=payload["user"], is_active=True).first()


def _holders(condition: Q, day: dt.date) -> QuerySet[User]:
    """Open accounts of whoever holds such a position on `day` and wants letters at all."""
    holdings = Holding.objects.valid_on(day).filter(condition, user_id=OuterRef("pk"))
    people = User.objects.filter(Exists(holdings), is_active=True)
    return people.exclude(letters=User.Letters.NEVER)
