"""The emergency look: taking one, giving it back, judging it."""

import uuid
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.cases.acting import about
from network.cases.break_glass_forms import BreakGlassForm, VerdictForm
from network.cases.break_glass_reports import HEADING, looks_to_show, table, what_was_seen
from network.cases.models import BreakGlass
from network.cases.policies import BreakGlassPolicy, OpeningPolicy
from network.cases.services.break_glass import (
    NoSuchCase,
    break_glass,
    end_break_glass,
    judge_break_glass,
)
from portal.access.guards import guarded, pass_of, user_of
from portal.access.roles import Role
from portal.accounts import second_factor
from portal.audit.log import Actor, record
from portal.audit.models import AccessEvent
from portal.audit.policies import is_auditor
from portal.base.sheets import csv_answer


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(OpeningPolicy, "open_case")
def break_glass_open(request: HttpRequest) -> HttpResponse:
    """Number and reason; before that whoever asks has shown again who they are."""
    positions = list(pass_of(request).rows().select_related("organisation"))
    if not positions:
        raise PermissionDenied
    is_sure = second_factor.was_shown_lately(request)
    if not is_sure and request.method != "POST":
        return redirect(_show_again(request))
    form = BreakGlassForm(request.POST if request.method == "POST" else None, positions=positions)
    if form.is_valid() and not is_sure:
        form.add_error(None, _("Show once more who you are: your text stays here meanwhile."))
    elif form.is_valid():
        try:
            opened = break_glass(
                number=form.cleaned_data["number"],
                reason=form.cleaned_data["reason"],
                position=form.chosen_position(),
                by=user_of(request),
                key=form.cleaned_data["key"],
            )
        except NoSuchCase:
            form.add_error(
                "number", _("There is no case with this number in your region. Check the signs.")
            )
            # The answer to this key is "no": a mended number is another try.
            form.data = request.POST.dict() | {"key": str(uuid.uuid4())}
        except ValidationError as error:
            form.refuse(error)
        else:
            return redirect("case_detail", opened.case_id)
    context = {"form": form, "again_url": "" if is_sure else _show_again(request)}
    return render(request, "cases/break_glass_open.html", context)


def _show_again(request: HttpRequest) -> str:
    """Where the second factor is shown once more, or the password where there is none."""
    way = reverse(second_factor.way_to_show(request.user) or "account_reauthenticate")
    return f"{way}?{urlencode({'next': request.path})}"


@require_POST
@guarded(BreakGlassPolicy, "end")
def break_glass_end(request: HttpRequest, look_id: uuid.UUID) -> HttpResponse:
    """Give the case back before the hour is over."""
    end_break_glass(pass_of(request).find(pk=look_id), by=user_of(request))
    return redirect("desk")


@require_safe
@guarded(BreakGlassPolicy, "view")
def break_glass_list(request: HttpRequest) -> HttpResponse:
    """What waits to be judged, and what has been; with `format=csv` as a table."""
    ticket = pass_of(request)
    if not is_auditor(ticket.user, ticket.day):
        raise Http404
    as_table = request.GET.get("format") == "csv"
    rows, now = ticket.rows(), timezone.now()
    with transaction.atomic():
        if as_table:
            response = csv_answer("erakorralised.csv", HEADING, table(rows))
        else:
            waiting = looks_to_show(rows.filter(reviewed_at__isnull=True), now)
            judged = looks_to_show(rows.filter(reviewed_at__isnull=False)[:100], now)
            response = render(
                request,
                "cases/break_glass_list.html",
                {"waiting": waiting, "judged": judged, "me": ticket.user},
            )
        cases = {look.case for look in rows.select_related("case")}
        record(
            _auditor(request),
            [subject for case in cases for subject in about(case)],
            actioncode="break_glass_list",
            channel=AccessEvent.Channel.EXPORT if as_table else AccessEvent.Channel.PAGE,
        )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(BreakGlassPolicy, "view")
def break_glass_judge(request: HttpRequest, look_id: uuid.UUID) -> HttpResponse:
    """One look with everything that was seen in it; whoever took it only reads."""
    ticket = pass_of(request)
    look: BreakGlass = ticket.find(pk=look_id)
    may_judge = BreakGlassPolicy.allows(ticket.user, "judge", look, ticket.day)
    form = VerdictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if look.user_id == user_of(request).pk:
            raise PermissionDenied
        if form.is_valid():
            try:
                judge_break_glass(look, by=user_of(request), **form.cleaned_data)
            except ValidationError as error:
                form.refuse(error)
            else:
                return redirect("break_glass_list")
    with transaction.atomic():
        response = render(
            request,
            "cases/break_glass_judge.html",
            {
                "row": looks_to_show(BreakGlass.objects.filter(pk=look.pk), timezone.now())[0],
                "lines": what_was_seen(look),
                "form": form,
                "may_judge": may_judge,
            },
        )
        record(_auditor(request), about(look.case), actioncode="break_glass_judge_form")
    return response


def _auditor(request: HttpRequest) -> Actor:
    user = user_of(request)
    return Actor(str(user.pk), user.get_full_name() or user.email, role=Role.AUDITOR)
