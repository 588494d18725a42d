"""The case team: asking a position to join, answering, leaving. CASE-08, CASE-09."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.cases.acting import about, acting_as, acting_in
from network.cases.forms import CASE_ROLES, TeamMemberInviteForm
from network.cases.models import Case, TeamMember
from network.cases.policies import CasePolicy, InvitationPolicy, membership_of
from network.cases.services.team import (
    END,
    answer_invitation,
    end_membership,
    invite_team_member,
    positions_to_invite,
)
from network.cases.sight import in_words
from network.cases.team_reports import holders_of, team_of
from network.cases.views.repeats import led_on_again
from portal.access.guards import guarded, pass_of, user_of
from portal.access.roles import Role
from portal.audit.guard import case_view
from portal.audit.log import Subject, record
from portal.audit.models import AccessEvent
from portal.base.idempotency import was_done

ANSWER = "team_member_answer_form"


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(CasePolicy, "invite", code="team_member_invite_form", acting=acting_in)
def team_member_invite(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask a position to join the team; beside each role stands what it will see."""
    day = request.case_visit.day  # type: ignore[attr-defined]
    is_sent = request.method == "POST"
    if is_sent and was_done(
        request.POST.get("key", ""), purpose="team_member_invite", by=str(request.user.pk)
    ):
        # The position is on the team by now, so the list of the form no longer has it.
        request.case_visit.logged()  # type: ignore[attr-defined]
        return redirect("case_detail", case.pk)
    positions = positions_to_invite(case, day)
    form = TeamMemberInviteForm(
        request.POST if is_sent else None,
        positions=positions,
        holders=holders_of([position.pk for position in positions], day),
    )
    if form.is_valid():
        typed = form.cleaned_data
        try:
            invite_team_member(
                case,
                position=typed["position"],
                role=typed["role"],
                task=typed["task"],
                parts=typed["parts"],
                valid_until=form.valid_until(),
                by=user_of(request),
                key=typed["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            request.case_visit.logged()  # type: ignore[attr-defined]
            messages.success(request, _("The invitation is sent."))
            return redirect("case_detail", case.pk)
    return render(
        request,
        "cases/team_member_invite.html",
        {"case": case, "form": form, "roles": _roles(form)},
    )


def _roles(form: TeamMemberInviteForm) -> list[dict[str, Any]]:
    """The choices of the role, each with what it will see."""
    words = {role.value: in_words(role) for role in CASE_ROLES}
    return [
        {"choice": choice, "sees": words.get(str(choice.data["value"]), "")}
        for choice in form["role"]
    ]


def _to_list(case_id: uuid.UUID) -> str:
    return reverse("case_list")


@require_http_methods(["GET", "HEAD", "POST"])
@led_on_again(END, to=_to_list)
@case_view(CasePolicy, "leave", code="team_member_end_form", acting=acting_in)
def team_member_end(request: HttpRequest, case: Case, member_id: uuid.UUID) -> HttpResponse:
    """The last question before somebody leaves the team, or is taken off it."""
    day = request.case_visit.day  # type: ignore[attr-defined]
    row = next(
        (row for row in team_of(case, request.user, day) if row.member.pk == member_id), None
    )
    if row is None:
        raise Http404
    if not row.is_me and not CasePolicy.allows(request.user, "invite", case, day):
        raise PermissionDenied
    refusal = ""
    if request.method == "POST":
        try:
            end_membership(row.member, by=user_of(request), key=_key(request))
        except ValidationError as error:
            refusal = " ".join(error.messages)
        else:
            request.case_visit.logged()  # type: ignore[attr-defined]
            still_there = CasePolicy.allows(request.user, "view", case, day)
            return redirect("case_detail", case.pk) if still_there else redirect("case_list")
    return render(
        request,
        "cases/team_member_end.html",
        {"case": case, "row": row, "refusal": refusal, "key": _key(request)},
    )


def _key(request: HttpRequest) -> uuid.UUID:
    """The key of the form as it was sent; a new one for a new form."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(InvitationPolicy, "answer")
def team_member_answer(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """Who asks, where, in which role and what I would see; not yet whom it is about."""
    ticket = pass_of(request)
    user, day = user_of(request), ticket.day
    member = (
        ticket.rows()
        .select_related("case__region", "position__organisation", "invited_by")
        .filter(pk=member_id)
        .first()
    )
    if member is None:
        return _answered_or_unknown(user, member_id, day)
    if request.method == "POST":
        accept = request.POST.get("answer") == "accept"
        if accept or request.POST.get("answer") == "decline_for_sure":
            answer_invitation(member, accept=accept, by=user)
            if accept:
                return redirect("case_detail", member.case_id)
            messages.success(request, _("You have declined. Whoever asked is told."))
            return redirect("desk")
    with transaction.atomic():
        page = render(
            request,
            "cases/team_member_answer.html",
            {
                "member": member,
                "asks": _asks(member, day),
                "phone": _phone(member, day),
                "sees": _sees(member),
                "is_asked_again": request.POST.get("answer") == "decline",
            },
        )
        record(acting_as(user, member), about(member.case), actioncode=ANSWER)
    return page


def _answered_or_unknown(user: Any, member_id: uuid.UUID, day: dt.date) -> HttpResponse:
    """An answer sent once more leads where the first one led; for all others it is not there.

    Foreign and unknown cost the same and leave the same entry.
    """
    answered = (
        TeamMember.objects.exclude(state=TeamMember.State.INVITED)
        .held_by(user, day)
        .filter(pk=member_id)
        .first()
    )
    if answered:
        has_joined = answered.state == TeamMember.State.ACCEPTED
        return redirect("case_detail", answered.case_id) if has_joined else redirect("desk")
    with transaction.atomic():
        record(
            acting_as(user, None),
            [Subject(str(member_id))],
            actioncode=ANSWER,
            outcome=AccessEvent.Outcome.REFUSED,
        )
    raise Http404


def _asks(member: TeamMember, day: dt.date) -> str:
    """The inviter with the position they asked from, as the invited position may know it."""
    by = acting_in(member.invited_by, member.case, day)
    return ", ".join(part for part in (by.username, by.receiver) if part)


def _phone(member: TeamMember, day: dt.date) -> str:
    """The phone of the inviter's organisation, empty if none is known."""
    through = membership_of(member.invited_by, member.case, day)
    return through.position.organisation.phone if through else ""


def _sees(member: TeamMember) -> str:
    return in_words(Role(member.role), member.parts)
