"""The desk (töölaud): what waits for me today."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalogue.policies import RoundPolicy
from home.reports.editors import pages_to_approve
from network.cases.acting import about
from network.cases.break_glass_reports import notices_for, to_judge
from network.cases.gap_reports import answered_gaps
from network.cases.policies import (
    BreakGlassPolicy,
    CasePolicy,
    InvitationPolicy,
    OpeningPolicy,
)
from network.cases.reports import due_reviews
from network.cases.team_reports import declined_for
from network.cases.views.listing import record_list
from network.meetings.outcome_reports import my_actions
from network.meetings.policies import MeetingPolicy
from network.meetings.reports import next_meeting
from network.people import people_waiting, sees_people
from network.policies import GapPolicy, OfferingPolicy, ProposalPolicy
from network.reports.resources import offers_to_confirm
from portal.access.guards import signed_in
from portal.audit.policies import explains_as, is_auditor
from portal.privacy.terms import report_for
from portal.views.backups import backup_for

# More invitations than this at once wait on the next visit.
INVITATIONS = 10


@require_safe
@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """Invitations, reviews, actions, the next meeting, offers to confirm, answers of the region.

    Where it shows cases it is a list like any other: one entry in the log for all of them.
    """
    user, now = request.user, timezone.now()
    day = timezone.localdate(now)
    with transaction.atomic():
        reviews = due_reviews(user, CasePolicy.rows(user, "look", day), day)
        emergencies = notices_for(user, now, day)
        declined = declined_for(user, day)
        context = _of_cases(user, day) | _of_region(user, day, now)
        context |= {
            "day": day,
            "reviews": reviews,
            "emergencies": emergencies,
            "declined": declined,
            "people": people_waiting(user, now),
            "sees_people": sees_people(user, day),
            "may_audit": is_auditor(user, day),
            "may_explain": bool(explains_as(user, day)),
            "to_judge": to_judge(user, BreakGlassPolicy.rows(user, "judge", day), now),
            "may_edit": user.has_perm("wagtailadmin.access_admin"),
            "to_approve": pages_to_approve(user),
            "may_price": RoundPolicy.rows(user, "price", day).exists(),
            "keeping": report_for(user, now),
            "backup": backup_for(user, now),
        }
        context["is_quiet"] = not (
            reviews.total
            or context["invitations"]
            or context["actions"].total
            or context["to_confirm"]
            or context["answers"]
            or context["proposals"]
            or context["new_gaps"]
            or context["people"]
            or context["to_judge"][0]
            or context["to_approve"]
            or emergencies
            or declined
            or (context["keeping"] and context["keeping"].asks)
            or (context["backup"] and context["backup"].is_late)
        )
        answer = render(request, "portal/desk.html", context)
        if reviews.rows or emergencies or declined:
            told = [subject for row in emergencies for subject in about(row.look.case)]
            told += [subject for member in declined for subject in about(member.case)]
            record_list(user, reviews.rows, "desk", more=told)
    return answer


def _of_cases(user: Any, day: dt.date) -> dict[str, Any]:
    """What asks for an answer, and what the region has answered; no case is named in it."""
    return {
        "invitations": list(
            InvitationPolicy.rows(user, "answer", day)
            .select_related("case__region", "position__organisation", "invited_by")
            .order_by("invited_at")[:INVITATIONS]
        ),
        "answers": answered_gaps(user, day),
        "has_cases": CasePolicy.rows(user, "look", day).exists(),
        "may_open": OpeningPolicy.rows(user, "open_case", day).exists(),
    }


def _of_region(user: Any, day: dt.date, now: dt.datetime) -> dict[str, Any]:
    """What meetings and resources ask of the user."""
    count, offers = offers_to_confirm(OfferingPolicy.rows(user, "own", day), day)
    return {
        "actions": my_actions(user, day),
        "meeting": next_meeting(MeetingPolicy.rows(user, "view", day), now),
        "to_confirm": count,
        "offers": offers,
        "proposals": ProposalPolicy.rows(user, "decide", day).count(),
        "new_gaps": GapPolicy.rows(user, "answer", day).filter(state="new").count(),
    }
