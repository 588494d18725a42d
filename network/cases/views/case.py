"""My cases and the case page. CASE-08, CASE-12."""

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from network.cases.acting import acting_in
from network.cases.filters import CaseFilterForm, CaseSearchForm
from network.cases.gap_reports import gaps_of
from network.cases.models import Case, Person
from network.cases.note_reports import note_page
from network.cases.policies import CasePolicy, OpeningPolicy, emergency_of, sight_on
from network.cases.reports import (
    CaseChoice,
    CasePage,
    find_cases,
    my_cases,
    my_municipalities,
    only_outlines,
)
from network.cases.spine import spine_of
from network.cases.team_reports import declined_in, team_of
from network.cases.views.listing import record_list
from portal.access.guards import guarded, pass_of
from portal.access.roles import Role
from portal.audit.guard import case_view

LAST_NOTES = 3


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(CasePolicy, "look")
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases I work on, or lead; one entry in the log names every case shown."""
    ticket = pass_of(request)
    with transaction.atomic():
        may_open = OpeningPolicy.rows(request.user, "open_case", ticket.day).exists()
        # A search or a filter that can find nothing is not offered.
        is_bare = not may_open and only_outlines(request.user, ticket.day)
        search = CaseSearchForm(
            request.POST if request.method == "POST" else None, only_numbers=is_bare
        )
        places = None if is_bare else list(my_municipalities(request.user, ticket.day))
        filters = CaseFilterForm(request.GET, municipalities=places)
        choice = filters.choice()
        if search.is_valid():
            words = search.cleaned_data["words"]
            rows = find_cases(request.user, ticket.rows(), words, ticket.day)
            page = CasePage(rows, len(rows))
        else:
            page = my_cases(request.user, ticket.rows(), choice, ticket.day)
        answer = render(
            request,
            "cases/case_list.html",
            {
                "filters": filters,
                "search": search,
                "found": search.is_valid(),
                "is_chosen": bool(choice.state or choice.municipality or choice.overdue),
                "page": page,
                "before_url": _address(choice, before=page.before),
                "after_url": _address(choice, after=page.after),
                "may_open": may_open,
                "is_bare": is_bare,
            },
        )
        record_list(request.user, page.rows, "case_search" if search.is_valid() else "case_list")
    return answer


def _address(choice: CaseChoice, **key: uuid.UUID | None) -> str:
    """The query of the page before or after, empty if there is none."""
    if not any(key.values()):
        return ""
    asked: dict[str, Any] = {
        "state": choice.state,
        "municipality": choice.municipality,
        "overdue": "on" if choice.overdue else "",
        "sort": choice.sort if choice.sort != "review" else "",
        **key,
    }
    return "?" + urlencode({name: value for name, value in asked.items() if value})


@require_http_methods(["GET", "HEAD"])
@case_view(CasePolicy, "look", code="case_view", acting=acting_in)
def case_detail(request: HttpRequest, case: Case) -> HttpResponse:
    """The case on one page, each part only for whoever sees it."""
    user, day = request.user, request.case_visit.day  # type: ignore[attr-defined]
    sight = sight_on(user, case, day)
    may = {
        action: CasePolicy.allows(user, action, case, day)
        for action in ("edit", "invite", "note", "see_log", "extract", "see_code")
    }
    is_lead = sight.role == Role.ORGANISATION_LEAD
    team = team_of(case, user, day, tasks=not is_lead) if "team" in sight else []
    sees_notes = sight.writes_notes or "notes_team" in sight
    sees_gaps = sight.writes_notes
    person = _person(case) if "contact" in sight else None
    return render(
        request,
        "cases/case_detail.html",
        {
            "case": case,
            "person": person,
            "letters": person.first_name[:1] + person.last_name[:1] if person else "",
            "sight": sight,
            "may": may,
            "day": day,
            "spine": spine_of(case, day, sight, may_edit=may["edit"]),
            "team": [row for row in team if not row.is_invited],
            "invited": [row for row in team if row.is_invited],
            "declined": declined_in(case, day) if may["invite"] else [],
            "me": _me(case, user, day),
            "emergency": emergency_of(user, case) if sight.is_emergency else None,
            "sees_notes": sees_notes,
            "sees_gaps": sees_gaps,
            "gaps": gaps_of(case) if sees_gaps else [],
            "notes": note_page(case, user, sight, day, size=LAST_NOTES).rows if sees_notes else [],
        },
    )


def _person(case: Case) -> Person:
    return Person.objects.select_related("municipality").get(pk=case.person_id)


def _me(case: Case, user: Any, day: Any) -> Any:
    """My own membership, so that I can leave; none for the lead of an organisation."""
    return case.team.accepted().valid_on(day).held_by(user, day).first()


def _by_post_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A reload or a link leads to the case page: nothing is shown, so nothing is logged."""

    @functools.wraps(view)
    def answer(request: HttpRequest, case_id: uuid.UUID) -> HttpResponseBase:
        if request.method == "POST":
            return view(request, case_id=case_id)
        return redirect("case_detail", case_id)

    return answer


@_by_post_only
@case_view(CasePolicy, "see_code", code="case_code", acting=acting_in)
def case_code(request: HttpRequest, case: Case) -> HttpResponse:
    """The personal code on a page of its own, once. The log keeps who asked for it."""
    return render(request, "cases/case_code.html", {"case": case, "person": case.person})
