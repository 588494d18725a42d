"""Opening a case and changing what stands on top of it. CASE-01."""

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from network.cases.acting import acting_in
from network.cases.changes import last_change
from network.cases.forms import CaseChangeForm, CaseOpenForm
from network.cases.models import Case
from network.cases.policies import CasePolicy, OpeningPolicy
from network.cases.services.changing import CHANGE, change_case
from network.cases.services.opening import open_case
from network.cases.views.repeats import led_on_again
from network.models import Municipality, RegionMunicipality
from portal.access.guards import guarded, pass_of, user_of
from portal.audit.guard import case_view
from portal.base.versions import VersionConflict


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(OpeningPolicy, "open_case")
def case_open(request: HttpRequest) -> HttpResponse:
    """From a noticing to a case; 403 for whoever has no position that opens cases."""
    ticket = pass_of(request)
    positions = list(ticket.rows().select_related("organisation"))
    if not positions:
        raise PermissionDenied
    form = CaseOpenForm(
        request.POST if request.method == "POST" else None,
        positions=positions,
        municipalities=_municipalities(ticket.day),
        day=ticket.day,
    )
    if form.is_valid():
        try:
            case = open_case(
                form.noticing(),
                position=form.chosen_position(),
                by=user_of(request),
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            return redirect("case_detail", case.pk)
    return render(request, "cases/case_open.html", {"form": form})


def _municipalities(day: dt.date) -> Any:
    """Those of all regions today: a case belongs to the region of its municipality."""
    in_region = RegionMunicipality.objects.valid_on(day).values("municipality_id")
    return (
        Municipality.objects.filter(pk__in=in_region)
        .select_related("county")
        .order_by("county__name", "name")
    )


def _to_case(case_id: uuid.UUID) -> str:
    return reverse("case_detail", args=[case_id])


@require_http_methods(["GET", "HEAD", "POST"])
@led_on_again(CHANGE, to=_to_case)
@case_view(CasePolicy, "edit", code="case_change_form", acting=acting_in)
def case_change(request: HttpRequest, case: Case) -> HttpResponse:
    """State, next review, the noticing and how the person is reached."""
    if request.method != "POST":
        return _form(request, case, CaseChangeForm(initial=CaseChangeForm.values_of(case)))
    form = CaseChangeForm(request.POST)
    if not form.is_valid():
        return _form(request, case, form)
    typed = form.cleaned_data
    is_conflict = typed["version"] != case.version
    if typed["state"] == Case.State.CLOSED and not typed["confirmed"] and not is_conflict:
        return render(request, "cases/case_close.html", {"case": case, "form": form})
    try:
        change_case(
            case,
            state=typed["state"],
            next_review=typed["next_review"],
            noticing=typed["noticing"],
            version=typed["version"],
            contact=form.contact(),
            by=user_of(request),
            key=typed["key"],
        )
    except ValidationError as error:
        form.refuse(error)
        return _form(request, case, form)
    except VersionConflict:
        return _conflict(request, Case.objects.select_related("person").get(pk=case.pk), form)
    request.case_visit.logged()  # type: ignore[attr-defined]
    return redirect("case_detail", case.pk)


def _form(request: HttpRequest, case: Case, form: CaseChangeForm) -> HttpResponse:
    return render(request, "cases/case_change.html", {"case": case, "form": form})


def _conflict(request: HttpRequest, case: Case, typed: CaseChangeForm) -> HttpResponse:
    """409: both texts, and the form once more against what is stored now."""
    stored = CaseChangeForm.values_of(case)
    mine = {name: typed.cleaned_data[name] for name in typed.fields}
    # Asked again after both texts were read; another save, so another key.
    form = CaseChangeForm(
        initial=mine | {"version": case.version, "confirmed": False, "key": uuid.uuid4()}
    )
    differing = [
        {"name": name, "field": form[name], "field_stored": stored[name]}
        for name in CaseChangeForm.field_order
        if stored[name] != mine[name]
    ]
    same = [form[name] for name in CaseChangeForm.field_order if stored[name] == mine[name]]
    return render(
        request,
        "cases/case_conflict.html",
        {
            "case": case,
            "form": form,
            "differing": differing,
            "same": same,
            "change": last_change(case),
        },
        status=409,
    )
