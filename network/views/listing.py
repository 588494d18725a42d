"""The region's resources: the list, and the same rows for a spreadsheet. REG-01."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from network.filters import ResourceFilter
from network.policies import OfferingPolicy, ProposalPolicy, ResourcePolicy
from network.reports.resources import heading, proposal_rows, resource_rows, table
from portal.access.guards import guarded, pass_of
from portal.base.sheets import csv_answer

PAGE_SIZE = 30
# More proposals than this wait for the next visit; each decision brings one more up.
PROPOSALS = 10


@require_safe
@guarded(ResourcePolicy, "view")
def resource_list(request: HttpRequest) -> HttpResponse:
    """What waits for a decision first, then everything the reader's region has."""
    ticket = pass_of(request)
    user, day = ticket.user, ticket.day
    filters = ResourceFilter(request.GET, ticket.rows(), day)
    page = Paginator(filters.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    waiting = ProposalPolicy.rows(user, "decide", day).order_by("at", "pk")
    asked = request.GET.copy()
    asked.pop("page", None)
    return render(
        request,
        "network/resource_list.html",
        {
            "filters": filters,
            "page": page,
            "rows": resource_rows(page.object_list, day),
            "proposals": proposal_rows(waiting[:PROPOSALS]),
            "proposals_count": waiting.count(),
            "query": asked.urlencode(),
            "may_add": OfferingPolicy.rows(user, "add", day).exists(),
            "has_own": OfferingPolicy.rows(user, "own", day).exists(),
        },
    )


@require_safe
@guarded(ResourcePolicy, "view")
def resource_export(request: HttpRequest) -> HttpResponse:
    """The rows that the list shows under the same choices, all pages of it."""
    ticket = pass_of(request)
    filters = ResourceFilter(request.GET, ticket.rows(), ticket.day)
    return csv_answer("ressursid.csv", heading(), table(resource_rows(filters.qs, ticket.day)))
