"""Rounds in the CMS, for publishers: the list, a copy as the next round, the table of prices."""

import datetime as dt
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.models import Round
from catalogue.policies import RoundPolicy
from catalogue.services import copy_round, save_round_table
from home.forms.rounds import CopyRoundForm, RoundTableForm
from home.reports.rounds import RoundTable, round_table
from portal.access.guards import guarded, pass_of, user_of
from portal.base.versions import VersionConflict


@guarded(RoundPolicy, "price")
@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    day = pass_of(request).day
    if not pass_of(request).rows().exists() and Round.objects.exists():
        # Rounds are no secret, so "there is none yet" would only mislead.
        return TemplateResponse(
            request, "home/cms/round_list.html", {"refused": True}, status=HTTPStatus.FORBIDDEN
        )
    rounds = pass_of(request).rows().annotate(price_count=Count("prices", distinct=True))
    rounds = rounds.annotate(cap_count=Count("caps", distinct=True)).order_by("-valid_from")
    running = Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=day))
    context = {
        "rounds": rounds,
        "running": set(Round.objects.filter(running).values_list("pk", flat=True)),
    }
    return TemplateResponse(request, "home/cms/round_list.html", context)


@guarded(RoundPolicy, "price")
@require_http_methods(["GET", "HEAD", "POST"])
def round_copy(request: HttpRequest, slug: str) -> HttpResponse:
    source = pass_of(request).find(slug=slug)
    form = CopyRoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = copy_round(
                source,
                name=form.cleaned_data["name"],
                valid_from=form.cleaned_data["valid_from"],
                valid_until=form.valid_until,
                by=user_of(request),
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The round has been copied. Change what is different."))
            return redirect("round_table", slug=new.slug)
    return TemplateResponse(request, "home/cms/round_copy.html", {"form": form, "round": source})


@guarded(RoundPolicy, "price")
@require_http_methods(["GET", "HEAD", "POST"])
def round_prices(request: HttpRequest, slug: str) -> HttpResponse:
    round_ = pass_of(request).find(slug=slug)
    today = pass_of(request).day
    if request.method != "POST":
        day = _day_in(round_, request.GET.get("day", ""), today)
        table = _table(request, round_, day)
        first = {"valid_from": day, "shown": day, "version": round_.version}
        return _answer(request, RoundTableForm(table, initial=first))
    shown = _day_in(round_, request.POST.get("shown", ""), today)
    form = RoundTableForm(_table(request, round_, shown), request.POST)
    if not form.is_valid():
        return _answer(request, form)
    try:
        count = save_round_table(
            round_,
            form.cells(),
            valid_from=form.cleaned_data["valid_from"],
            version=form.cleaned_data["version"],
            by=user_of(request),
            key=form.cleaned_data["key"],
        )
    except ValidationError as error:
        form.refuse(error)
        return _answer(request, form)
    except VersionConflict:
        return _conflict(request, round_, shown)
    messages.success(
        request,
        ngettext("%(n)s change saved.", "%(n)s changes saved.", count) % {"n": count}
        if count
        else _("Nothing was different, so nothing was changed."),
    )
    where = reverse("round_table", args=[round_.slug])
    day = form.cleaned_data["valid_from"].isoformat()
    domain = f"&domain={form.table.chosen}" if form.table.chosen else ""
    return redirect(f"{where}?day={day}{domain}")


def _conflict(request: HttpRequest, round_: Round, shown: dt.date) -> HttpResponse:
    """409: what was typed stays in the fields, what stands there now stands beside it."""
    round_.refresh_from_db()
    data = request.POST.copy()
    data["version"] = str(round_.version)
    form = RoundTableForm(_table(request, round_, shown), data)
    form.is_conflict = True
    return _answer(request, form, HTTPStatus.CONFLICT)


def _table(request: HttpRequest, round_: Round, day: dt.date) -> RoundTable:
    asked = request.POST.get("domain") or request.GET.get("domain", "")
    return round_table(round_, day, asked, str(_("Base support")))


def _day_in(round_: Round, text: str, today: dt.date) -> dt.date:
    """The day that was asked for if the round holds it; else today, or the nearest day in it."""
    try:
        day = parse_date(text) or today
    except ValueError:
        day = today
    last = round_.last_day
    return max(round_.valid_from, min(day, last) if last else day)


def _answer(
    request: HttpRequest, form: RoundTableForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"form": form, "table": form.table, "round": form.table.round}
    return TemplateResponse(request, "home/cms/round_table.html", context, status=status)
