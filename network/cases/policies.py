"""Who may do what with a case. One case policy: everything in a case hangs on its case."""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network.cases.models import BreakGlass, Case, CaseGap, CaseNote, TeamMember
from network.cases.sight import IN_EMERGENCY, Sight, sight_of, widest
from network.models import Holding, Position
from portal.access.policies import Policy
from portal.access.roles import Role
from portal.audit.policies import explains_as, is_auditor

LEADS = (Role.BASE_SUPPORT, Role.CASE_MANAGER)
WRITERS = (*LEADS, Role.ADDITIONAL_SUPPORT)
# Whose work begins with a noticing.
OPENERS = (Role.BASE_SUPPORT, Role.CASE_MANAGER)


class CasePolicy(Policy[Case]):
    """Team members by role; the lead of a member's organisation sees the outline only.

    A seat of the region, the administrator and the superuser have no rows here. `look` is for the
    case page, which both may open; `sight_on` says what each of them finds there.
    """

    model = Case
    actions: ClassVar[frozenset[str]] = frozenset(
        {
            *("view", "outline", "look", "edit", "see_code", "note", "invite"),
            *("see_log", "extract", "leave"),
        }
    )
    visible_by = ("view", "outline")

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Case]:
        cases = Case.objects.all()
        if action == "outline":
            return cases.filter(Exists(cls._led_by(user, day)))
        team = cases.of_team_of(user, day)
        opened = cases.filter(Exists(cls._opened_by(user)))
        if action == "look":
            return team | opened | cases.filter(Exists(cls._led_by(user, day)))
        if action == "view":
            return team | opened
        if action == "leave":
            return team
        if action == "note":
            return cases.of_team_of(user, day, role__in=WRITERS).exclude(state="closed")
        leads = cases.of_team_of(user, day, role__in=LEADS)
        if action == "see_code":
            return leads | opened
        if action in {"see_log", "extract"}:
            # Also of a closed case: the person may ask for years.
            return leads
        return leads.exclude(state="closed")

    @classmethod
    def why_not(cls, user: Any, action: str, day: dt.date, pk: Any) -> str:
        """A case that was closed under an open form is no question of the role."""
        if action not in {"edit", "note", "invite"}:
            return ""
        who = WRITERS if action == "note" else LEADS
        closed = Case.objects.of_team_of(user, day, role__in=who).filter(pk=pk, state="closed")
        closed_on = closed.values_list("closed_on", flat=True).first()
        if closed_on is None:
            return ""
        return _("The case was closed on %(day)s; no notes or changes are added any more.") % {
            "day": f"{closed_on:%d.%m.%Y}"
        }

    @staticmethod
    def _opened_by(user: Any) -> QuerySet[BreakGlass]:
        """Emergency looks that are open this minute.

        The one rule that asks the clock itself and not the day at the door: an hour is less than
        a day, and it ends under an open page.
        """
        return BreakGlass.objects.in_force(user, timezone.now()).filter(case_id=OuterRef("pk"))

    @staticmethod
    def _led_by(user: Any, day: dt.date) -> QuerySet[TeamMember]:
        """Memberships of positions in organisations that `user` leads."""
        led = Holding.objects.valid_on(day).filter(
            user_id=user.pk,
            position__role=Role.ORGANISATION_LEAD,
            position__organisation_id=OuterRef("position__organisation_id"),
        )
        return (
            TeamMember.objects.accepted().valid_on(day).filter(Exists(led), case_id=OuterRef("pk"))
        )


def membership_of(user: Any, case: Case, day: dt.date) -> TeamMember | None:
    """The membership through which `user` is on the team; the one that sees most, if several."""
    members = (
        TeamMember.objects.accepted()
        .valid_on(day)
        .held_by(user, day)
        .filter(case_id=case.pk)
        .select_related("position__organisation")
    )
    return widest(members)


def lead_of_a_member(user: Any, case: Case, day: dt.date) -> Holding | None:
    """The holding through which `user` leads an organisation that works on `case`."""
    on_team = TeamMember.objects.accepted().valid_on(day).filter(case_id=case.pk)
    return (
        Holding.objects.valid_on(day)
        .filter(
            user_id=user.pk,
            position__role=Role.ORGANISATION_LEAD,
            position__organisation_id__in=on_team.values("position__organisation_id"),
        )
        .select_related("position__organisation")
        .first()
    )


def emergency_of(user: Any, case: Case) -> BreakGlass | None:
    """The emergency look through which `user` reads `case` this minute."""
    return (
        BreakGlass.objects.in_force(user, timezone.now())
        .filter(case_id=case.pk)
        .select_related("position__organisation")
        .first()
    )


def sight_on(user: Any, case: Case, day: dt.date) -> Sight:
    """What `user` sees of `case`: by the team, in an emergency, else as lead of an organisation."""
    member = membership_of(user, case, day)
    if member and sight_of(member.role).sees_everything:
        return sight_of(member.role, member.parts)
    if emergency := emergency_of(user, case):
        return Sight(emergency.position.role, IN_EMERGENCY, is_emergency=True)
    if member:
        return sight_of(member.role, member.parts)
    if lead_of_a_member(user, case, day):
        return sight_of(Role.ORGANISATION_LEAD)
    return Sight("", frozenset())


def readable_notes(user: Any, case: Case, sight: Sight) -> QuerySet[CaseNote]:
    """The notes of `case` that `user` may read."""
    return CaseNote.objects.filter(case_id=case.pk).readable_by(
        user,
        sees_everything="notes_all" in sight,
        sees_team_notes="notes_team" in sight,
    )


class InvitationPolicy(Policy[TeamMember]):
    """Whoever holds the invited position answers; nobody else knows of the invitation.

    When the case closes, invitations that still wait are over with it.
    """

    model = TeamMember
    actions: ClassVar[frozenset[str]] = frozenset({"answer"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[TeamMember]:
        waiting = TeamMember.objects.filter(state="invited").exclude(case__state="closed")
        return waiting.valid_on(day).held_by(user, day)


class OpeningPolicy(Policy[Position]):
    """Base support providers and municipal case managers open cases, each for their position."""

    model = Position
    actions: ClassVar[frozenset[str]] = frozenset({"open_case"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Position]:
        holdings = Holding.objects.valid_on(day).filter(user_id=user.pk, position_id=OuterRef("pk"))
        return Position.objects.filter(Exists(holdings), role__in=OPENERS, is_active=True)


class BreakGlassPolicy(Policy[BreakGlass]):
    """Auditors judge emergency looks, nobody their own. Whoever opens cases may take one.

    `end`: whoever took it ends it before its hour is over.
    """

    model = BreakGlass
    actions: ClassVar[frozenset[str]] = frozenset({"view", "judge", "end"})

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[BreakGlass]:
        if action == "end":
            return BreakGlass.objects.in_force(user, timezone.now())
        if not is_auditor(user, day):
            return BreakGlass.objects.none()
        if action == "judge":
            return BreakGlass.objects.waiting().exclude(user_id=user.pk)
        return BreakGlass.objects.all()


class CaseRightsPolicy(Policy[Case]):
    """Auditor and administrator learn who sees a case, by its number; the case stays closed."""

    model = Case
    actions: ClassVar[frozenset[str]] = frozenset({"explain"})
    visible_by = ("explain",)

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[Case]:
        # Not even read: what was noticed is nothing to whoever only asks who sees it.
        cases = Case.objects.defer("noticing")
        return cases if explains_as(user, day) else cases.none()


class CaseGapPolicy(Policy[CaseGap]):
    """Whoever noted a gap learns what became of it, also when the case is no longer theirs.

    The answer is the region's and names no case.
    """

    model = CaseGap
    actions: ClassVar[frozenset[str]] = frozenset({"see"})
    visible_by = ()

    @classmethod
    def rows_for(cls, user: Any, action: str, day: dt.date) -> QuerySet[CaseGap]:
        return CaseGap.objects.filter(noted_by_id=user.pk)
