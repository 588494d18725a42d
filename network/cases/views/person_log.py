"""“Who has looked at my data”: the person reads it by a one-time link, without an account.

The link is taken out of the address at once; opening it takes a button, because programmes that
look through letters open addresses too. Afterwards the page belongs to this browser for half an
hour. A link that is strange, used, taken back or too old gets one sentence, always the same.
"""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from network.cases.acting import about
from network.cases.log_reports import person_log_of
from network.cases.models import CaseLink
from network.cases.services.links import (
    READ,
    NotOpen,
    find_waiting,
    hash_of,
    open_case_link,
    person_by,
)
from network.cases.views.log import number_in
from portal.access.guards import public
from portal.accounts import limits
from portal.audit.log import record

# Where the secret waits between the link and the button, and what was opened with it.
TOKEN, OPENED = "case_link_token", "case_link"  # noqa: S105


@require_safe
@public
@never_cache
@sensitive_variables("token")
def person_log_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the secret out of the address before a page is shown; nothing else happens yet."""
    if not _may_try(request):
        return _wait(request)
    request.session[TOKEN] = token[:64]
    opened = _opened(request)
    if opened and opened.token_hash != hash_of(token):
        del request.session[OPENED]
    response = redirect("person_log")
    response.headers["Referrer-Policy"] = "no-referrer"
    return _unlisted(response)


@require_http_methods(["GET", "HEAD", "POST"])
@public
@never_cache
@sensitive_variables("token")
def person_log(request: HttpRequest) -> HttpResponse:
    """What the link is and a button; after the button who has looked, when and why."""
    if request.method == "POST":
        return _open(request)
    if opened := _opened(request):
        return _unlisted(_log(request, opened))
    try:
        link = find_waiting(request.session.get(TOKEN, ""), timezone.now())
    except NotOpen:
        return _gone(request)
    return _unlisted(render(request, "cases/person_log_open.html", {"until": link.expires_at}))


def _open(request: HttpRequest) -> HttpResponse:
    if not _may_try(request):
        return _wait(request)
    try:
        link = open_case_link(request.session.get(TOKEN, ""))
    except NotOpen:
        # Sent twice: the first has opened it.
        return redirect("person_log") if _opened(request) else _gone(request)
    # Whoever had this session before the secret was used does not read along.
    request.session.cycle_key()
    del request.session[TOKEN]
    request.session[OPENED] = str(link.pk)
    return redirect("person_log")


def _opened(request: HttpRequest) -> CaseLink | None:
    """The link that this browser has opened and may still read by."""
    key = request.session.get(OPENED, "")
    link = CaseLink.objects.select_related("case").filter(pk=key).first() if key else None
    return link if link and link.is_read(timezone.now()) else None


def _log(request: HttpRequest, link: CaseLink) -> HttpResponse:
    """The page and its entry in one transaction: what cannot be written down is not shown."""
    with transaction.atomic(durable=True):
        page = {
            "case": link.case,
            "day": timezone.localdate(),
            "log": person_log_of(link.case, number_in(request)),
            "until": link.reads_until,
        }
        response = render(request, "cases/person_log.html", page)
        record(person_by(link), about(link.case), actioncode=READ)
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    return _unlisted(render(request, "cases/person_log_gone.html", status=404))


def _wait(request: HttpRequest) -> HttpResponse:
    return _unlisted(render(request, "429.html", status=429))


def _may_try(request: HttpRequest) -> bool:
    try:
        limits.take_link(request)
    except limits.MustWait:
        return False
    return True


def _unlisted(response: HttpResponse) -> HttpResponse:
    """No search engine keeps what stood here; the browser is told by NoStoreMiddleware."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
