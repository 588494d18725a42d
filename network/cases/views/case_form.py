"""Opening a case and changing what stands on top of it. CASE-01."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.cases.acting import acting_in
from network.cases.changes import last_change
from network.cases.forms import CaseChangeForm, CaseOpenForm
from network.cases.models import Case
from network.cases.policies import CasePolicy, OpeningPolicy
from network.cases.reports import CaseRow, find_cases
from network.cases.services.changing import CHANGE, change_case
from network.cases.services.gaps import places_of
from network.cases.services.opening import open_case
from network.cases.views.listing import record_list
from network.cases.views.repeats import led_on_again
from network.models import Municipality, RegionMunicipality
from portal.access.guards import guarded, pass_of, user_of
from portal.audit.guard import case_view
from portal.base.idempotency import was_done
from portal.base.versions import VersionConflict, as_shown, put_together


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
    known: list[CaseRow] = []
    if form.is_valid() and not form.cleaned_data["anew"]:
        known = _known(request, form, ticket.day)
        if known:
            form.add_error("anew", _("You have an open case with this personal code."))
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
    with transaction.atomic():
        page = render(request, "cases/case_open.html", {"form": form, "known": known})
        if known:
            record_list(request.user, known, "case_search")
    return page


def _known(request: HttpRequest, form: CaseOpenForm, day: dt.date) -> list[CaseRow]:
    """My own open cases with the code that was typed; of others' nobody learns (decision 0009).

    None for a form that has opened its case already: it is the same one.
    """
    code, user = form.cleaned_data["personal_code"], request.user
    key = form.cleaned_data["key"]
    if not code or was_done(key, purpose="case_open", by=str(user.pk)):
        return []
    rows = find_cases(user, CasePolicy.rows(user, "view", day), code, day)
    return [row for row in rows if row.case.state != Case.State.CLOSED]


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
        return _form(request, case, _asked(request, case))
    form = _asked(request, case, request.POST)
    if not form.is_valid() or "back" in request.POST:
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
            basics=form.basics(),
            by=user_of(request),
            key=typed["key"],
        )
    except ValidationError as error:
        form.refuse(error)
        return _form(request, case, form)
    except VersionConflict:
        now = Case.objects.select_related("person", "municipality").get(pk=case.pk)
        return _conflict(request, now, form)
    request.case_visit.logged()  # type: ignore[attr-defined]
    messages.success(request, _("Saved."))
    return redirect("case_detail", case.pk)


def _asked(request: HttpRequest, case: Case, data: Any = None, **values: Any) -> CaseChangeForm:
    day = request.case_visit.day  # type: ignore[attr-defined]
    return CaseChangeForm(data, case=case, places=places_of(case, day), day=day, **values)


def _form(request: HttpRequest, case: Case, form: CaseChangeForm) -> HttpResponse:
    return render(request, "cases/case_change.html", {"case": case, "form": form})


def _conflict(request: HttpRequest, case: Case, typed: CaseChangeForm) -> HttpResponse:
    """409: what each of the two changed; where both changed the same, both texts."""
    stored, mine = CaseChangeForm.values_of(case), typed.typed()
    both, clashes = put_together(mine, stored, typed.cleaned_data["shown"])
    # Asked again after both texts were read; another save, so another key.
    again = {"version": case.version, "shown": as_shown(stored), "key": uuid.uuid4()}
    form = _asked(request, case, initial=both | again | {"confirmed": False})
    change = last_change(case)
    return render(
        request,
        "cases/case_conflict.html",
        {
            "case": case,
            "form": form,
            "clashes": [
                {"name": name, "field": form[name], "stored": _in_words(form, name, stored[name])}
                for name in both
                if name in clashes
            ],
            "own": [
                {"label": form[name].label, "value": _in_words(form, name, both[name])}
                for name in both
                if name not in clashes and both[name] != stored[name]
            ],
            "hidden": [form[name] for name in both if name not in clashes],
            "change": change,
            "is_mine": bool(change and change.usercode == str(user_of(request).pk)),
        },
        status=409,
    )


def _in_words(form: CaseChangeForm, name: str, value: Any) -> str:
    """A value as its field shows it."""
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    choices = getattr(form.fields[name], "choices", None)
    return str(dict(choices).get(value, value)) if choices else str(value)
