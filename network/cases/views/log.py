"""Who has looked at a case: for those on the team who see everything, and for the person.

The person gets it on paper or by a one-time link; both show organisations, not workers.
"""

import uuid

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.cases.acting import acting_in
from network.cases.letters import address_of_link
from network.cases.link_forms import LANGUAGES, CaseLinkForm
from network.cases.log_reports import alike_together, person_log_of
from network.cases.models import Case, CaseLink
from network.cases.policies import CasePolicy
from network.cases.services.links import END, add_case_link, end_case_link
from portal.access.guards import user_of
from portal.audit.guard import case_view
from portal.audit.models import AccessEvent
from portal.audit.reports import events_about, lines

# A printed page or two.
PAGE = 100
LINKS_SHOWN = 20


@require_safe
@case_view(CasePolicy, "see_log", code="case_log", acting=acting_in)
def case_log(request: HttpRequest, case: Case) -> HttpResponse:
    """Every look, write and refused try, newest first; the rest by key of the last one shown."""
    events = events_about([str(case.pk)])
    before = number_in(request)
    if before is not None:
        events = events.filter(sequence__lt=before)
    found = lines(events.order_by("-sequence")[: PAGE + 1])
    now = timezone.now()
    links = case.links.select_related("made_by").order_by("-made_at")[:LINKS_SHOWN]
    context = {
        "case": case,
        "day": request.case_visit.day,  # type: ignore[attr-defined]
        "lines": found[:PAGE],
        "alike": alike_together(found[:PAGE]),
        "older": found[PAGE - 1].event.sequence if len(found) > PAGE else None,
        "is_first": "before" not in request.GET,
        "links": [link for link in links if link.waits(now) or link.is_read(now)],
    }
    return render(request, "cases/case_log.html", context)


def number_in(request: HttpRequest) -> int | None:
    """The number of an entry before which to go on; None if there is none in the address."""
    before = request.GET.get("before", "")
    return int(before) if before.isdecimal() and len(before) < 19 else None


@require_safe
@case_view(
    CasePolicy,
    "see_log",
    code="case_log_print",
    acting=acting_in,
    channel=AccessEvent.Channel.PRINT,
)
def case_log_print(request: HttpRequest, case: Case) -> HttpResponse:
    """The same for the person, to be printed and given to them, in their language."""
    wanted = request.GET.get("keel", "")
    language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        log = person_log_of(case, number_in(request))
    page = {
        "case": case,
        "day": request.case_visit.day,  # type: ignore[attr-defined]
        "log": log,
        "language": language,
        "languages": LANGUAGES,
    }
    return render(request, "cases/case_log_print.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("email")
@sensitive_variables("address")
@case_view(CasePolicy, "see_log", code="case_link_add_form", acting=acting_in)
def case_link_add(request: HttpRequest, case: Case) -> HttpResponse:
    """A one-time link for the person: shown in this one answer, or sent, and kept nowhere."""
    form = CaseLinkForm(request.POST if request.method == "POST" else None)
    link = None
    if form.is_valid():
        typed = form.cleaned_data
        try:
            link = add_case_link(
                case,
                language=typed["language"],
                days=typed["days"],
                email=typed["email"],
                by=user_of(request),
                key=typed["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            request.case_visit.logged()  # type: ignore[attr-defined]
    page = {
        "case": case,
        "form": form,
        "link": link,
        "day": request.case_visit.day,  # type: ignore[attr-defined]
        # A repeat of the form shows it once more: it is the same answer to the same question.
        "address": address_of_link(link) if link else "",
    }
    return render(request, "cases/case_link_add.html", page)


@require_POST
@case_view(CasePolicy, "see_log", code=END, acting=acting_in)
def case_link_end(request: HttpRequest, case: Case, link_id: uuid.UUID) -> HttpResponse:
    """Take a link back; whoever reads by it is shown nothing more."""
    link = CaseLink.objects.filter(case=case, pk=link_id).first()
    if link is None:
        raise Http404
    end_case_link(link, by=user_of(request))
    request.case_visit.logged()  # type: ignore[attr-defined]
    messages.success(request, _("The link opens nothing any more."))
    return redirect("case_log", case.pk)
