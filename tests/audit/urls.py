"""Views of the smallest kind behind the real guard, beside all addresses of the portal."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from network.cases.acting import about, acting_in
from network.cases.policies import CasePolicy
from portal.audit.guard import case_view
from portal.audit.log import record
from portal.urls import handler403, handler404, handler500  # noqa: F401
from portal.urls import urlpatterns as real_patterns


@case_view(CasePolicy, "view", code="test_look", acting=acting_in)
def look(request, case):
    """Shows what must not be seen without an entry."""
    return HttpResponse(f"seen {case.number}")


@case_view(CasePolicy, "edit", code="test_write_form", acting=acting_in)
def write(request, case):
    """`do` says what the view makes of a POST."""
    do = request.POST.get("do")
    if do == "refuse":
        case.noticing = "changed and not to be kept"
        case.save()
        raise PermissionDenied
    if do == "no such part":
        raise Http404
    if do == "forget the entry":
        return redirect("/")
    if do == "write":
        record(acting_in(request.user, case, request.case_visit.day), about(case), actioncode="x")
        request.case_visit.logged()
        return redirect("/")
    return HttpResponse("form")


@case_view(CasePolicy, "view", code="test_file", acting=acting_in, channel="file", purpose="care")
def file(request, case):
    """Leaves by the channel of files."""
    return HttpResponse(b"file")


urlpatterns = [
    path("intranet/proov/<uuid:case_id>/", look),
    path("intranet/proov/<uuid:case_id>/muuda/", write),
    path("intranet/proov/<uuid:case_id>/fail/", file),
    *real_patterns,
]
