"""Positions in life: made and changed, handed over, stood in for, left; confirmed once a year."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Holding, Organisation, Position
from network.policies import (
    BEYOND,
    POSITION_ROLES,
    AccountPolicy,
    HoldingPolicy,
    PositionPolicy,
    WorkplacePolicy,
)
from network.services.people import (
    Who,
    close_account,
    end_holding,
    give_position,
    log,
    sync_position,
)
from portal.access.policies import is_administrator
from portal.access.roles import Role
from portal.accounts import invitations
from portal.accounts.models import User
from portal.base.idempotency import once
from portal.base.versions import VersionConflict, save_versioned

DAY = dt.timedelta(days=1)
# A day mistyped: nobody plans a change of holder later than this.
FARTHEST = dt.timedelta(days=366)
# So long may somebody stand in before it is looked at anew.
LONGEST_STAND_IN = dt.timedelta(days=366)


@transaction.atomic
def add_position(
    organisation: Organisation, *, title: str, role: str, by: User, key: uuid.UUID
) -> Position:
    """A new post, held by nobody yet. Raises PermissionDenied, ValidationError."""
    day = timezone.localdate()
    if not WorkplacePolicy.allows(by, "add", organisation, day):
        raise PermissionDenied
    with once(key, purpose="position_add", by=str(by.pk)) as attempt:
        if attempt.is_first:
            _check_post(organisation, title, role, by, day)
            position = Position.objects.create(organisation=organisation, title=title, role=role)
            log(by, organisation, [position.pk], "position_add", day)
            attempt.result = str(position.pk)
    return Position.objects.get(pk=attempt.result)


@transaction.atomic
def change_position(
    position: Position,
    *,
    title: str,
    role: str,
    is_active: bool,
    version: int,
    by: User,
    key: uuid.UUID,
) -> None:
    """Another title or role, or out of use once nobody holds it.

    Raises PermissionDenied, ValidationError, VersionConflict.
    """
    day = timezone.localdate()
    if not PositionPolicy.allows(by, "change", position, day):
        raise PermissionDenied
    with once(key, purpose="position_change", by=str(by.pk)) as attempt:
        if attempt.is_first:
            held = Holding.objects.not_over(day).filter(position=position)
            if role != position.role:
                _check_role(role, by, day)
                if held.filter(user=by).exists():
                    # What the role opens would be one's own gift to oneself.
                    text = _("Somebody else has to change the role of a position that you hold.")
                    raise ValidationError({"role": text})
            if title.casefold() != position.title.casefold():
                _check_title(position.organisation, title)
            if not is_active and held.exists():
                text = _("Somebody holds it still, or will. End that first.")
                raise ValidationError({"is_active": text})
            position.title, position.role, position.is_active = title, role, is_active
            save_versioned(position, version, ["title", "role", "is_active"])
            sync_position(position)
            log(by, position.organisation, [position.pk], "position_change", day)
            attempt.result = str(position.pk)


def _check_post(organisation: Organisation, title: str, role: str, by: User, day: dt.date) -> None:
    _check_role(role, by, day)
    _check_title(organisation, title)


def _check_role(role: str, by: User, day: dt.date) -> None:
    if role in BEYOND and not is_administrator(by, day):
        raise ValidationError({"role": _("The administrator of the portal gives this role.")})


def _check_title(organisation: Organisation, title: str) -> None:
    # Not every database folds Ü.
    titles = Position.objects.filter(organisation=organisation).values_list("title", flat=True)
    if title.casefold() in {one.casefold() for one in titles}:
        text = _("The organisation has a position of this name. Add what makes it different.")
        raise ValidationError({"title": text})


@transaction.atomic
def hand_over(
    position: Position,
    to: Who,
    *,
    first_day: dt.date,
    last_day: dt.date | None,
    version: int,
    by: User,
    key: uuid.UUID,
) -> None:
    """The next holder begins on `first_day`; whoever holds it now goes on until `last_day`.

    Both see what the position sees on the days in between. Raises PermissionDenied,
    ValidationError, VersionConflict.
    """
    day = timezone.localdate()
    position = _locked(position, by, day)
    with once(key, purpose="handover", by=str(by.pk)) as attempt:
        if attempt.is_first:
            _check_first_day(first_day, day)
            holders = Holding.objects.not_over(day).filter(
                position=position, kind=Holding.Kind.HOLDER
            )
            before = [one for one in holders if to.user is None or one.user_id != to.user.pk]
            if before:
                _check_last_day(first_day, last_day)
            holding = give_position(position, to, by=by, valid_from=first_day)
            ends = (last_day or first_day) + DAY
            for one in before:
                # An end that was set earlier stays: nobody gets longer by this.
                if one.pk != holding.pk and (one.valid_until is None or one.valid_until > ends):
                    end_holding(one, valid_until=ends)
            save_versioned(position, version, [])
            log(by, position.organisation, [position.pk, holding.pk], "handover", day)
            attempt.result = str(position.pk)


def _check_first_day(first_day: dt.date, day: dt.date) -> None:
    if first_day < day:
        raise ValidationError({"first_day": _("Choose today or a later day.")})
    if first_day > day + FARTHEST:
        raise ValidationError({"first_day": _("Choose a day within a year.")})


def _check_last_day(first_day: dt.date, last_day: dt.date | None) -> None:
    if last_day is None:
        text = _("Write the last day of whoever holds it now.")
    elif last_day < first_day - DAY:
        text = _("Nobody would hold it between the two days. Choose a later last day.")
    elif last_day > first_day + FARTHEST:
        text = _("Two hold it together for a year at most. Choose an earlier day.")
    else:
        return
    raise ValidationError({"last_day": text})


@transaction.atomic
def stand_in(
    position: Position,
    who: Who,
    *,
    first_day: dt.date,
    last_day: dt.date,
    version: int,
    by: User,
    key: uuid.UUID,
) -> None:
    """Somebody stands in until `last_day`, and no longer: it ends by itself.

    Raises PermissionDenied, ValidationError, VersionConflict.
    """
    day = timezone.localdate()
    position = _locked(position, by, day)
    with once(key, purpose="stand_in", by=str(by.pk)) as attempt:
        if attempt.is_first:
            _check_first_day(first_day, day)
            if last_day < first_day:
                text = _("The last day is before the first.")
                raise ValidationError({"last_day": text})
            if last_day > first_day + LONGEST_STAND_IN:
                text = _("Somebody stands in for a year at most. Hand the position over instead.")
                raise ValidationError({"last_day": text})
            holding = give_position(
                position,
                who,
                by=by,
                valid_from=first_day,
                valid_until=last_day + DAY,
                kind=Holding.Kind.STAND_IN,
            )
            save_versioned(position, version, [])
            log(by, position.organisation, [position.pk, holding.pk], "stand_in", day)
            attempt.result = str(position.pk)


def _locked(position: Position, by: User, day: dt.date) -> Position:
    """The position, held until the commit, if `by` says who holds it. Raises PermissionDenied."""
    if not PositionPolicy.allows(by, "invite", position, day):
        raise PermissionDenied
    return Position.objects.select_for_update().get(pk=position.pk)


@transaction.atomic
def stop_holding(
    holding: Holding, *, last_day: dt.date | None, version: int, by: User, key: uuid.UUID
) -> None:
    """It ends after `last_day`; without one at once, on the next request.

    Raises PermissionDenied, ValidationError, VersionConflict.
    """
    day = timezone.localdate()
    if not HoldingPolicy.allows(by, "end", holding, day):
        raise PermissionDenied
    with once(key, purpose="holding_end", by=str(by.pk)) as attempt:
        if attempt.is_first:
            if last_day is not None and last_day < day:
                text = _("Choose today or a later day, or end it at once.")
                raise ValidationError({"last_day": text})
            position = _locked(holding.position, by, day)
            ends = last_day + DAY if last_day else day
            is_earlier = Holding.objects.not_over(ends).filter(pk=holding.pk)
            if not is_earlier.exists():
                raise ValidationError({"last_day": _("It ends earlier already.")})
            end_holding(holding, valid_until=ends)
            save_versioned(position, version, [])
            log(by, position.organisation, [holding.pk or position.pk], "holding_end", day)
            attempt.result = str(position.pk)


@transaction.atomic
def resend_invitation(holding: Holding, *, by: User, key: uuid.UUID) -> None:
    """The letter once more; the link in the earlier one works no longer."""
    day = timezone.localdate()
    if not HoldingPolicy.allows(by, "end", holding, day) or holding.is_taken_up:
        raise PermissionDenied
    with once(key, purpose="invitation_resend", by=str(by.pk)) as attempt:
        if attempt.is_first:
            give_position(
                holding.position,
                Who(email=holding.user.email),
                by=by,
                valid_from=max(day, holding.valid_from),
            )
            log(by, holding.position.organisation, [holding.pk], "worker_invite", day)
            attempt.result = str(holding.pk)


@transaction.atomic
def cancel_invitation(holding: Holding, *, by: User, key: uuid.UUID) -> None:
    """Whoever was invited holds nothing; the link opens nothing unless others wait for them too."""
    day = timezone.localdate()
    if not HoldingPolicy.allows(by, "end", holding, day) or holding.is_taken_up:
        raise PermissionDenied
    with once(key, purpose="invitation_cancel", by=str(by.pk)) as attempt:
        if attempt.is_first:
            user, organisation, pk = holding.user, holding.position.organisation, holding.pk
            attempt.result = str(pk)
            if Holding.objects.not_over(day).filter(pk=pk).exists():
                end_holding(holding, valid_until=day)
            others = Holding.objects.not_over(day).filter(user=user)
            if not user.is_active and not others.exists():
                invitations.cancel(user)
            log(by, organisation, [pk], "invitation_cancel", day)


def sign_of(positions: Iterable[Position]) -> str:
    """What was in front of whoever filled in the page of a leaving person."""
    return ",".join(sorted(f"{one.pk}:{one.version}" for one in positions))


@transaction.atomic
def let_leave(
    user: User,
    *,
    last_day: dt.date | None,
    successors: Mapping[uuid.UUID, Who | None],
    sign: str,
    by: User,
    key: uuid.UUID,
) -> None:
    """Everything that `by` can arrange of `user` ends after `last_day`, or (None) at once.

    `successors`: position → who goes on with it, from the day after; None leaves it vacant.
    At once also closes the account if `by` may. Raises PermissionDenied, ValidationError,
    VersionConflict.
    """
    day = timezone.localdate()
    with once(key, purpose="leaving", by=str(by.pk)) as attempt:
        if attempt.is_first:
            if not AccountPolicy.allows(by, "leave", user, day):
                raise PermissionDenied
            if last_day is not None and not day <= last_day <= day + FARTHEST:
                text = _("Choose today or a later day within a year, or end everything at once.")
                raise ValidationError({"last_day": text})
            closes = last_day is None and AccountPolicy.allows(by, "close", user, day)
            mine = PositionPolicy.rows(by, "invite", day)
            held = list(
                Holding.objects.not_over(day)
                .filter(user=user, position__in=mine)
                .select_related("position__organisation", "user")
            )
            positions = {one.position_id: one.position for one in held}
            # Held until the commit, in one order, so that two never wait for each other.
            rows = Position.objects.select_for_update().filter(pk__in=positions).order_by("pk")
            if sign_of(rows) != sign:
                raise VersionConflict(None)
            ends = last_day + DAY if last_day else day
            for holding in held:
                if holding.valid_until is None or holding.valid_until > ends:
                    end_holding(holding, valid_until=ends)
            for pk, who in successors.items():
                if who is not None and pk in positions:
                    _succeed(positions[pk], who, ends, by)
            for position in rows:
                save_versioned(position, position.version, [])
            organisation = held[0].position.organisation
            log(by, organisation, [user.pk, *positions], "leaving", day)
            if closes:
                close_account(user)
                log(by, organisation, [user.pk], "account_close", day)
            attempt.result = str(user.pk)


def _succeed(position: Position, who: Who, first_day: dt.date, by: User) -> None:
    try:
        give_position(position, who, by=by, valid_from=first_day)
    except ValidationError as error:
        # Several positions stand on the page, each with fields of its own.
        raise ValidationError(
            {f"{name}_{position.pk.hex}": texts for name, texts in error.message_dict.items()}
        ) from error


@transaction.atomic
def confirm_rights(holdings: Iterable[Any], *, by: User, key: uuid.UUID) -> int:
    """These are needed still; returns how many were confirmed. What is not mine is left out."""
    day = timezone.localdate()
    with once(key, purpose="rights_confirm", by=str(by.pk)) as attempt:
        if attempt.is_first:
            mine = HoldingPolicy.rows(by, "confirm", day).filter(pk__in=list(holdings))
            found = list(mine.select_related("position__organisation"))
            Holding.objects.filter(pk__in=[one.pk for one in found]).update(
                confirmed_on=day, confirmed_by=by
            )
            by_organisation: dict[Organisation, list[Any]] = {}
            for one in found:
                by_organisation.setdefault(one.position.organisation, []).append(one.pk)
            for organisation, subjects in by_organisation.items():
                log(by, organisation, subjects, "rights_confirm", day)
            attempt.result = str(len(found))
    return int(attempt.result)


def roles_to_give(by: User, day: dt.date) -> list[Role]:
    """The usual roles that `by` may give a position."""
    every = is_administrator(by, day)
    return [role for role in POSITION_ROLES if every or role not in BEYOND]
