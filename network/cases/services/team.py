"""The case team: inviting a position, answering, leaving. CASE-08, CASE-09."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.cases.acting import about, acting_as, acting_in
from network.cases.letters import tell_declined, tell_invited
from network.cases.models import Case, TeamMember
from network.cases.policies import LEADS, CasePolicy, InvitationPolicy
from network.cases.sight import FITTING, fits
from network.models import Position, RegionMembership
from network.services.people import sync_position
from portal.access.roles import Role
from portal.accounts.models import User
from portal.audit.log import record
from portal.base.idempotency import once

END = "team_member_end"
# What a partner sees ends in sight; who is needed longer is asked again.
LONGEST = dt.timedelta(days=2 * 366)
# Posts that lead or keep offers: nobody is helped by them.
NEVER_ON_A_TEAM = (
    Role.ORGANISATION_LEAD,
    Role.OFFER_EDITOR,
    Role.COORDINATOR,
    Role.STEERING,
)


def positions_to_invite(case: Case, day: dt.date) -> list[Position]:
    """Positions of organisations that are in the region of the case today, not yet on the team."""
    organisations = RegionMembership.objects.valid_on(day).filter(region_id=case.region_id)
    on_team = case.team.exclude(state="declined").valid_on(day)
    return list(
        Position.objects.filter(
            is_active=True, organisation_id__in=organisations.values("organisation_id")
        )
        .exclude(pk__in=on_team.values("position_id"))
        .exclude(role__in=NEVER_ON_A_TEAM)
        .select_related("organisation__municipality")
        .order_by("organisation__name", "title")
    )


@transaction.atomic
def invite_team_member(
    case: Case,
    *,
    position: Position,
    role: str,
    by: User,
    key: uuid.UUID,
    task: str = "",
    parts: list[str] | None = None,
    valid_until: dt.date | None = None,
) -> TeamMember:
    """Ask a position to join the team; it sees nothing before it accepts.

    A partner needs a last day. Raises PermissionDenied, or ValidationError with the field.
    """
    day = timezone.localdate()
    if not CasePolicy.allows(by, "invite", case, day):
        raise PermissionDenied
    with once(key, purpose="team_member_invite", by=str(by.pk)) as attempt:
        if attempt.is_first:
            # Two who invite the same position at once come one after the other.
            Case.objects.select_for_update().get(pk=case.pk)
            _check(case, position, role, valid_until, day)
            member = TeamMember.objects.create(
                case=case,
                position=position,
                role=role,
                task=task,
                parts=sorted(parts or []) if role == Role.PARTNER else [],
                valid_from=day,
                valid_until=valid_until,
                invited_by=by,
            )
            tell_invited(member, day)
            record(acting_in(by, case, day), about(case), actioncode="team_member_invite")
            attempt.result = str(member.pk)
    return TeamMember.objects.get(pk=attempt.result)


def _check(
    case: Case, position: Position, role: str, valid_until: dt.date | None, day: dt.date
) -> None:
    if position not in positions_to_invite(case, day):
        raise ValidationError(
            {
                "position": _(
                    "This position cannot be invited: its organisation is not in the region "
                    "any more, or it is on the team already."
                )
            }
        )
    if not fits(role, position.role):
        only = [str(one.label) for one in FITTING.get(position.role, (Role.PARTNER,))]
        raise ValidationError(
            {
                "role": _("This position can join a team only as: %(roles)s.")
                % {"roles": ", ".join(only)}
            }
        )
    if role == Role.PARTNER and valid_until is None:
        raise ValidationError({"valid_until": _("A partner sees a case until a day you set.")})
    if valid_until is not None and valid_until <= day:
        raise ValidationError({"valid_until": _("Choose a day later than today.")})
    if valid_until is not None and valid_until > day + LONGEST:
        raise ValidationError({"valid_until": _("Check the year: at most two years from today.")})


@transaction.atomic
def answer_invitation(member: TeamMember, *, accept: bool, by: User) -> TeamMember:
    """Join the team, or decline. Answering again changes nothing. Raises PermissionDenied."""
    day = timezone.localdate()
    locked = TeamMember.objects.select_for_update().get(pk=member.pk)
    if locked.state != TeamMember.State.INVITED:
        return locked
    if not InvitationPolicy.allows(by, "answer", locked, day):
        raise PermissionDenied
    locked.state = TeamMember.State.ACCEPTED if accept else TeamMember.State.DECLINED
    locked.answered_at = timezone.now()
    locked.answered_by = by
    if accept:
        # The team sees it from the day it said yes, not from the day it was asked.
        locked.valid_from = day
    locked.save(update_fields=["state", "answered_at", "answered_by", "valid_from"])
    sync_position(locked.position)
    if not accept:
        tell_declined(locked, day)
    code = "team_member_accept" if accept else "team_member_decline"
    record(acting_as(by, locked), about(locked.case), actioncode=code)
    return locked


def end_membership(member: TeamMember, *, by: User, key: uuid.UUID | None = None) -> None:
    """Leave the team, or take a member off it: over at once, history stays.

    Whoever sees everything may end others; everybody may end their own. The last one who sees
    everything stays, or nobody could open the case any more. What is over already stays as it
    is. Raises PermissionDenied, ValidationError.
    """
    day = timezone.localdate()
    attempt_key = key or uuid.uuid4()
    with transaction.atomic(), once(attempt_key, purpose=END, by=str(by.pk)) as attempt:
        if attempt.is_first:
            _end(member, by, day)
            attempt.result = str(member.pk)


def _end(member: TeamMember, by: User, day: dt.date) -> None:
    # Two leaving at once must not each see the other one stay: the case is held, then counted.
    case = Case.objects.select_for_update().get(pk=member.case_id)
    member = TeamMember.objects.select_related("position").get(pk=member.pk)
    own = TeamMember.objects.filter(pk=member.pk).valid_on(day).held_by(by, day).exists()
    if not own and not CasePolicy.allows(by, "invite", case, day):
        raise PermissionDenied
    if member.state == TeamMember.State.DECLINED or not member.is_valid_on(day):
        return
    is_lead = member.role in LEADS and member.state == TeamMember.State.ACCEPTED
    others = case.team.accepted().valid_on(day).exclude(pk=member.pk).filter(role__in=LEADS)
    if is_lead and not others.exists():
        raise ValidationError(
            _(
                "Somebody who sees the whole case must stay. Invite another base support provider "
                "or case manager first."
            )
        )
    actor = acting_in(by, case, day)
    if member.valid_from == day:
        # A period holds whole days; what began today is taken back, the log keeps that it was.
        # Without an answer it is not shown as one that was declined.
        member.state, member.answered_at = TeamMember.State.DECLINED, None
        member.save(update_fields=["state", "answered_at"])
    else:
        member.valid_until = day
        member.save(update_fields=["valid_until"])
    sync_position(member.position)
    record(actor, about(case), actioncode=END)
