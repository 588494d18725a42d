"""Meetings that repeat; the next dates stand beside the choices. REG-09."""

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from network.meetings.models import Series
from network.meetings.planning_forms import SeriesForm
from network.meetings.policies import SeriesPolicy
from network.meetings.services.series import (
    Change,
    add_series,
    change_series,
    first_dates,
    untouched,
)
from network.meetings.views.conflicts import conflict, typed_in
from network.meetings.views.planning import USUAL, wanted
from network.policies import RegionPolicy
from portal.access.guards import Pass, guarded, pass_of, user_of
from portal.base.versions import VersionConflict

# How many dates stand beside the choices.
SHOWN = 5
# The fields that the dates follow from; series.js sends these and no others.
RULE = (
    "often",
    "months",
    "which",
    "weekday",
    "month_day",
    "begins",
    "starts_on",
    "until",
    "times",
)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(RegionPolicy, "lead")
def series_add(request: HttpRequest) -> HttpResponse:
    """A new series; 403 for whoever leads no region."""
    ticket = pass_of(request)
    regions = list(ticket.rows())
    if not regions:
        raise PermissionDenied
    again = partial(SeriesForm, regions=regions)
    if request.method != "POST":
        # A Thursday, while nothing else is chosen.
        begin = {"starts_on": ticket.day, "weekday": 3, "group": wanted(request, regions)}
        return _form(request, ticket, again(initial=USUAL | begin))
    form = again(request.POST)
    if "show" in request.POST:
        # Only the dates are asked for: what is empty yet is no mistake.
        return _form(request, ticket, again(initial=typed_in(form)))
    if form.is_valid():
        region, body = form.cleaned_data["group"]
        try:
            series = add_series(
                form.plan(),
                region=region,
                body=body,
                by=user_of(request),
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            n = series.meetings.count()
            said = ngettext(
                "The series is there, with %(n)s meeting planned. Invite to it when it is time.",
                "The series is there, with %(n)s meetings planned. Invite to each when it is time.",
                n,
            )
            messages.success(request, said % {"n": n})
            return redirect("meeting_list")
    return _form(request, ticket, form)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(SeriesPolicy, "lead")
def series_change(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """Other dates, hours or places from now on; says which meetings it touches."""
    ticket = pass_of(request)
    series = ticket.find(pk=series_id)
    again = partial(SeriesForm, regions=[], series=series)
    if request.method != "POST":
        return _form(request, ticket, again(initial=SeriesForm.values_of(series)), series)
    form = again(request.POST)
    if "show" in request.POST:
        return _form(request, ticket, again(initial=typed_in(form)), series)
    if not form.is_valid():
        return _form(request, ticket, form, series)
    try:
        change = change_series(
            series,
            form.plan(),
            version=form.cleaned_data["version"] or 0,
            by=user_of(request),
            key=form.cleaned_data["key"],
        )
    except ValidationError as error:
        form.refuse(error)
        return _form(request, ticket, form, series)
    except VersionConflict:
        return conflict(
            request,
            form,
            again,
            SeriesForm.values_of(ticket.find(pk=series_id)),
            back_url=reverse("meeting_list"),
            title=_("Change the series"),
        )
    messages.success(request, _said(change))
    return redirect("meeting_list")


@require_safe
@guarded(RegionPolicy, "lead")
def series_dates(request: HttpRequest) -> HttpResponse:
    """The next dates of the choices in the address, a piece of the form's page."""
    ticket = pass_of(request)
    if not ticket.rows().exists():
        raise PermissionDenied
    return render(request, "meetings/_series_dates.html", _dates(ticket, request.GET))


def _form(
    request: HttpRequest, ticket: Pass, form: SeriesForm, series: Series | None = None
) -> HttpResponse:
    shown = form.data if form.is_bound else {name: form[name].value() for name in form.fields}
    context: dict[str, Any] = {
        "form": form,
        "series": series,
        "rule": " ".join(RULE),
        **_dates(ticket, shown),
    }
    if series is not None:
        context["n_touched"] = untouched(series).count()
    return render(request, "meetings/series_form.html", context)


def _dates(ticket: Pass, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The dates that the typed rule gives, or the sentence that says what to mend."""
    form = SeriesForm(typed, regions=[])
    form.is_valid()
    wrong = [error for name in RULE for error in form.errors.get(name, [])]
    if wrong:
        return {"dates": [], "why_none": wrong[0]}
    # The end of a single meeting changes no date.
    form.cleaned_data.setdefault("ends", form.cleaned_data["begins"])
    for name in ("title", "place", "link"):
        form.cleaned_data.setdefault(name, "")
    plan = form.plan()
    try:
        dates = first_dates(plan, SHOWN, max(ticket.day, plan.starts_on))
    except ValidationError as error:
        return {"dates": [], "why_none": error.messages[0]}
    return {"dates": dates, "words": plan.repeat.in_words, "begins": plan.starts_at}


def _said(change: Change) -> str:
    """What became of the meetings of a changed series."""
    moved = ngettext("%(n)s meeting moved.", "%(n)s meetings moved.", change.moved)
    made = ngettext("%(n)s new meeting.", "%(n)s new meetings.", change.made)
    removed = ngettext("%(n)s meeting taken away.", "%(n)s meetings taken away.", change.removed)
    counts = ((change.moved, moved), (change.made, made), (change.removed, removed))
    return " ".join([_("The series is saved."), *(words % {"n": n} for n, words in counts if n)])
