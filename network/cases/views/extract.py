"""The person's copy: asked for by whoever sees everything, saved, never shown."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from network.cases.acting import acting_in
from network.cases.models import Case
from network.cases.policies import CasePolicy
from network.cases.services.extract import extract_case
from portal.access.guards import user_of
from portal.audit.guard import case_view
from portal.base.files import serve_private


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(CasePolicy, "extract", code="case_extract_form", acting=acting_in)
def case_extract(request: HttpRequest, case: Case) -> HttpResponseBase:
    """What is in it and to whom it may be given; the button gives the file."""
    visit = request.case_visit  # type: ignore[attr-defined]
    if request.method == "POST":
        content = extract_case(case, by=user_of(request))
        visit.logged()
        name = f"valjavote-{timezone.localdate():%Y-%m-%d}.zip"
        return serve_private(content, name=name, content_type="application/zip")
    return render(request, "cases/case_extract.html", {"case": case})
