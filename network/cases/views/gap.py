"""From a case to the region, and the answer back to whoever noted it. CASE-16."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from network.cases.acting import acting_in
from network.cases.models import Case
from network.cases.policies import CaseGapPolicy, CasePolicy
from network.cases.services.gaps import add_case_gap, mark_answers_seen, places_of
from network.forms.gap import GapForm
from network.services.gaps import says
from portal.access.guards import guarded, user_of
from portal.audit.guard import case_view


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(CasePolicy, "note", code="case_gap_add_form", acting=acting_in)
def case_gap_add(request: HttpRequest, case: Case) -> HttpResponse:
    """Something is missing, or works well; beside the button stands what leaves the case."""
    visit = request.case_visit  # type: ignore[attr-defined]
    form = GapForm(
        request.POST if request.method == "POST" else None,
        municipalities=places_of(case, visit.day),
        municipality=case.municipality,
    )
    is_repeat = False
    if form.is_valid():
        told = form.statement()
        try:
            noted = add_case_gap(case, **told, by=user_of(request), key=form.cleaned_data["key"])
        except ValidationError as error:
            form.refuse(error)
        else:
            if says(noted.gap, **told):
                visit.logged()
                words = _("The region has it now. The answer comes to your desk.")
                messages.success(request, words)
                return redirect("case_detail", case.pk)
            # Told, gone back, changed and sent again: what was told stays, so this is another.
            is_repeat, form = True, form.with_new_key()
    page = {"case": case, "form": form, "is_repeat": is_repeat}
    return render(request, "cases/case_gap_add.html", page)


@require_POST
@guarded(CaseGapPolicy, "see")
def case_gap_seen(request: HttpRequest) -> HttpResponse:
    """The answers on the desk are read; each is named with the version that was shown."""
    seen: dict[uuid.UUID, int] = {}
    for mark in request.POST.getlist("gap")[:100]:
        pk, _colon, version = mark.partition(":")
        try:
            seen[uuid.UUID(pk)] = int(version[:9])
        except ValueError:
            continue
    mark_answers_seen(seen, by=user_of(request))
    return redirect("desk")
