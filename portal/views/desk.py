"""The desk (töölaud): what waits for me today."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from network.cases.policies import CasePolicy, InvitationPolicy, OpeningPolicy
from network.cases.reports import due_reviews
from network.cases.views.listing import record_list
from portal.access.guards import signed_in
from portal.audit.policies import is_auditor

# More invitations than this at once wait on the next visit.
INVITATIONS = 10


@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """Invitations to answer, reviews that are due, and the links that this user has.

    Where it shows cases it is a list like any other: one entry in the log for all of them.
    """
    user, day = request.user, timezone.localdate()
    with transaction.atomic():
        reviews = due_reviews(user, CasePolicy.rows(user, "look", day), day)
        answer = render(
            request,
            "portal/desk.html",
            {
                "day": day,
                "reviews": reviews,
                "invitations": list(
                    InvitationPolicy.rows(user, "answer", day)
                    .select_related("case__region", "position__organisation", "invited_by")
                    .order_by("invited_at")[:INVITATIONS]
                ),
                "may_open": OpeningPolicy.rows(user, "open_case", day).exists(),
                "may_audit": is_auditor(user, day),
                "may_edit": user.has_perm("wagtailadmin.access_admin"),
            },
        )
        if reviews.rows:
            record_list(user, reviews.rows, "desk")
    return answer
