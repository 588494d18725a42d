"""A few views that stand for the ones to come: what the edge does must not depend on any page."""

import itertools
import sqlite3

from csp.decorators import csp_replace
from django.contrib import messages
from django.db import OperationalError
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.urls import include, path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from portal.access.guards import public
from portal.views import errors, health

served = itertools.count(1)


@public
def page(request):
    """Different at every rendering, so that a kept answer can be told from a fresh one."""
    place = request.COOKIES.get("vald", "")
    body = f"<p>number {next(served)} {place} {translation.get_language()}</p>" + "long " * 100
    return HttpResponse(body)


@public
def same(request):
    return HttpResponse("the same text every time " * 20)


@public
def with_session(request):
    return HttpResponse(f"visits {request.session.get('visits', 0)} number {next(served)}")


@public
def session_write(request):
    request.session["visits"] = 1
    return HttpResponse("ok")


@public
def with_form(request):
    return HttpResponse(f"<form>{get_token(request)}</form> number {next(served)}")


@public
def with_nonce(request):
    return HttpResponse(f"{request.csp_nonce} number {next(served)}")


@public
def own_policy(request):
    response = HttpResponse("file")
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


@public
@csp_replace({"script-src": ["'none'"]})
def changed_policy(request):
    return HttpResponse("x")


@public
def with_message(request):
    messages.info(request, "done")
    return HttpResponse(f"number {next(served)}")


@public
def with_cookie(request):
    response = HttpResponse(f"number {next(served)}")
    response.set_cookie(request.GET.get("name", "other"), "x")
    return response


@public
def not_stored(request):
    response = HttpResponse(f"number {next(served)}")
    response.headers["Cache-Control"] = "no-store"
    return response


@public
def streamed(request):
    return StreamingHttpResponse([f"number {next(served)}"])


@public
def echo(request):
    return HttpResponse("|".join(f"{name}={value}" for name, value in request.GET.items()))


@public
def cookie_echo(request):
    return HttpResponse(repr(request.COOKIES))


@public
@csrf_exempt
def locked(request):
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    raise OperationalError("database is locked") from cause


@public
def broken_statement(request):
    cause = sqlite3.OperationalError("no such table: cases_secret")
    cause.sqlite_errorcode = sqlite3.SQLITE_ERROR
    raise OperationalError("no such table: cases_secret") from cause


@public
def form(request):
    return HttpResponse("ok")


urlpatterns = [
    path("", page, name="page"),
    path("en/leht/", page, name="page_en"),
    path("leht/", page, name="page_et"),
    path("intranet/leht/", page, name="page_private"),
    path("cms/leht/", page, name="page_cms"),
    path("same/", same, name="same"),
    path("session/", with_session, name="session"),
    path("session-write/", session_write, name="session_write"),
    path("form/", with_form, name="form_token"),
    path("nonce/", with_nonce, name="nonce"),
    path("own-policy/", own_policy, name="own_policy"),
    path("changed-policy/", changed_policy, name="changed_policy"),
    path("message/", with_message, name="message"),
    path("cookie/", with_cookie, name="cookie"),
    path("not-stored/", not_stored, name="not_stored"),
    path("streamed/", streamed, name="streamed"),
    path("echo/", echo, name="echo"),
    path("cookies/", cookie_echo, name="cookies"),
    path("locked/", locked, name="locked"),
    path("broken/", broken_statement, name="broken"),
    path("post/", form, name="post"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", health.robots, name="robots"),
    # What the frame of a missing page links to.
    path("", include("home.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
