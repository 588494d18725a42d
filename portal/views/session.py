"""Where one is signed in, and how long this session lasts yet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guards import signed_in, user_of
from portal.accounts import sessions

LONGEST_ID = 19


@signed_in
@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """All places where the reader is signed in; each can be ended, all others at once."""
    found = sessions.open_sessions(user_of(request), request.session.session_key, timezone.now())
    others = sum(not one.is_current for one in found)
    return render(request, "usersessions/session_list.html", {"sessions": found, "others": others})


@signed_in
@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """End one of the reader's own sessions; of another's, and of none, nothing happens."""
    chosen = request.POST.get("session", "")
    if chosen.isdecimal() and len(chosen) < LONGEST_ID:
        sessions.end_session(user_of(request), int(chosen))
    messages.success(request, _("Signed out there."))
    return redirect("session_list")


@signed_in
@require_POST
def session_end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    sessions.end_sessions(user_of(request), keep=request.session.session_key)
    messages.success(request, _("You are signed in here only."))
    return redirect("session_list")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def session_keep(request: HttpRequest) -> JsonResponse:
    """`{"idle": …, "whole": …}`, seconds left; a POST is a sign of life, a GET is none."""
    left = sessions.left_of(request.session, int(timezone.now().timestamp()))
    response = JsonResponse({"idle": left.idle, "whole": left.whole})
    response.headers["Cache-Control"] = "no-store"
    return response
