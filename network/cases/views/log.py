"""Who has looked at a case: for those on the team who see everything, and on paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from network.cases.acting import acting_in
from network.cases.models import Case
from network.cases.policies import CasePolicy
from portal.audit.guard import case_view
from portal.audit.reports import events_about, lines

# A printed page or two.
PAGE = 100


@case_view(CasePolicy, "see_log", code="case_log", acting=acting_in)
def case_log(request: HttpRequest, case: Case) -> HttpResponse:
    """Every look, write and refused try, newest first; the rest by key of the last one shown."""
    events = events_about([str(case.pk)])
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        events = events.filter(sequence__lt=int(before))
    found = lines(events.order_by("-sequence")[: PAGE + 1])
    context = {
        "case": case,
        "day": request.case_visit.day,  # type: ignore[attr-defined]
        "lines": found[:PAGE],
        "older": found[PAGE - 1].event.sequence if len(found) > PAGE else None,
        "is_first": "before" not in request.GET,
    }
    return render(request, "cases/case_log.html", context)
