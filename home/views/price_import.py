"""Bringing in a price list: send it, answer what is unclear, look it through, take it over."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.importer.plan import State
from catalogue.models import PriceImport
from home.forms.price_import import PriceImportForm
from home.policies import PriceImportPolicy
from home.reports.price_import import (
    STATES,
    Look,
    look_at,
    passed_rows,
    preview,
    refused_table,
)
from home.reports.price_list import heading, price_rows
from home.reports.price_questions import Asked, AskedColumn, asked_columns, questions
from home.reports.price_targets import TargetRow, targets_of
from home.services.price_import import answer_import, apply_import, keep_import
from portal.access.guards import Pass, guarded, pass_of, user_of
from portal.base.sheets import csv_answer, xlsx_answer
from portal.base.upload_limit import dropped_files
from portal.base.versions import VersionConflict

PAGE_SIZE = 100
SENT = 20
# Shown in this order: what needs somebody first.
ORDER = (
    State.OPEN,
    State.REFUSED,
    State.CHANGED,
    State.NEW,
    State.SAME,
    State.NO_PRICE,
)


def _targets(ticket: Pass) -> list[TargetRow]:
    """Where the reader may set prices; for whoever may nowhere there is no such page."""
    targets = targets_of(ticket.user, ticket.day)
    if not targets:
        raise Http404
    return targets


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(PriceImportPolicy, "handle")
def price_import(request: HttpRequest) -> HttpResponse:
    """The form to send a price list with, and what the reader has sent before."""
    ticket = pass_of(request)
    targets = _targets(ticket)
    is_post = request.method == "POST"
    form = PriceImportForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        targets=targets,
        dropped=dropped_files(request) if is_post else [],
        initial={"target": request.GET.get("siht", "")},
    )
    if form.is_valid():
        kept = keep_import(
            target=form.cleaned_data["target"],
            file_name=form.cleaned_data["file"].name,
            sheets=form.sheets,
            valid_from=form.cleaned_data["valid_from"],
            by=user_of(request),
            key=form.cleaned_data["key"],
        )
        return redirect("price_import_detail", kept.pk)
    sent = ticket.rows().defer("sheets", "answers", "columns")
    page = Paginator(sent, SENT).get_page(request.GET.get("page"))
    labels = {one.value: one.label for one in targets}
    context = {
        "form": form,
        "targets": targets,
        "page": page,
        "sent": [(one, labels.get(one.target, "")) for one in page],
    }
    return render(request, "home/price_import.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(PriceImportPolicy, "handle")
def price_import_detail(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """The preview, row by row, with the questions above it; `do=apply` takes the prices over."""
    ticket = pass_of(request)
    kept: PriceImport = ticket.find(pk=import_id)
    if request.method != "POST":
        return _page(request, kept)
    try:
        if _answer(request, kept):
            if request.POST.get("do") == "apply":
                messages.info(
                    request,
                    _("Your answers are kept. Look the rows through, then take the prices over."),
                )
            return redirect("price_import_detail", kept.pk)
        if request.POST.get("do") != "apply":
            return redirect("price_import_detail", kept.pk)
        done = apply_import(
            kept, sign=request.POST.get("sign", ""), by=user_of(request), key=_key(request)
        )
    except VersionConflict:
        kept.refresh_from_db()
        return _page(request, kept, is_stale=True, status=409)
    except ValidationError as error:
        kept.refresh_from_db()
        return _page(request, kept, trouble=" ".join(error.messages))
    messages.success(
        request,
        ngettext("%(n)s price is taken over.", "%(n)s prices are taken over.", done.applied)
        % {"n": done.applied},
    )
    return redirect("price_import_detail", kept.pk)


def _answer(request: HttpRequest, kept: PriceImport) -> bool:
    """Keep what was chosen; True if anything was new."""
    look = look_at(kept, request.user, pass_of(request).day)
    answers = {
        one.name.removeprefix("q-"): _chosen(request, one)
        for one in questions(look)
        if one.name in request.POST
    }
    columns: dict[str, dict[str, str]] = {}
    for number, sheet in enumerate(asked_columns(look)):
        chosen = {
            one.name: _chosen(request, one) or one.value
            for one in sheet.columns
            if one.name in request.POST
        }
        if any(chosen.get(one.name, one.value) != one.value for one in sheet.columns):
            columns[str(number)] = {name.split("-")[2]: value for name, value in chosen.items()}
    return answer_import(
        kept,
        answers=answers,
        columns=columns,
        version=_version(request),
        by=user_of(request),
    )


def _chosen(request: HttpRequest, one: Asked | AskedColumn) -> str:
    """The choice that was sent, if it is one of those that were offered."""
    value = request.POST[one.name]
    offered = {choice for _heading, some in one.groups for choice, _words in some}
    if value and value not in offered:
        raise ValidationError(_("One of the answers is not on its list. Choose again."))
    return value


def _page(
    request: HttpRequest,
    kept: PriceImport,
    *,
    is_stale: bool = False,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    look = look_at(kept, request.user, pass_of(request).day)
    chosen = request.GET.get("seis", "")
    counted = [(state.value, str(STATES[state][0]), look.count(state)) for state in ORDER]
    states = [state for state in ORDER if state.value == chosen] or list(ORDER)
    steps = [step for state in states for step in look.plan.of(state)]
    page = Paginator(steps, PAGE_SIZE).get_page(request.GET.get("page"))
    asked = questions(look)
    sheets = asked_columns(look)
    context: dict[str, Any] = {
        "kept": kept,
        "look": look,
        "asked": asked,
        "unanswered": sum(not one.value for one in asked),
        "sheets": sheets,
        "is_unsure": any(column.alike for sheet in sheets for column in sheet.columns),
        "passed": passed_rows(look),
        "rows": preview(look, page.object_list),
        "page": page,
        "chosen": chosen,
        "states": [one for one in counted if one[2]],
        "taken": len(look.to_take),
        "left": look.count(State.OPEN) + look.count(State.REFUSED),
        "open": look.count(State.OPEN),
        "key": uuid.uuid4(),
        "is_stale": is_stale,
        "trouble": trouble,
        "target_url": _public_address(look),
    }
    return render(request, "home/price_import_detail.html", context, status=status)


def _public_address(look: Look) -> str:
    """Where the prices can be seen once they are taken over."""
    return reverse("component_list") if look.target.is_round else reverse("own_offers")


@require_safe
@guarded(PriceImportPolicy, "handle")
def price_import_refused(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """What was not taken over, as the file had it, with the reason in the last column."""
    ticket = pass_of(request)
    kept: PriceImport = ticket.find(pk=import_id)
    names, rows = refused_table(look_at(kept, ticket.user, ticket.day))
    if request.GET.get("format") == "csv":
        return csv_answer("yle-votmata-read.csv", names, rows)
    return xlsx_answer("yle-votmata-read.xlsx", _("Not taken over"), names, rows)


@require_safe
@guarded(PriceImportPolicy, "handle")
def price_list_export(request: HttpRequest) -> HttpResponse:
    """The prices of `siht`, or without it an empty form to fill in; xlsx, or `format=csv`."""
    ticket = pass_of(request)
    targets = {one.value: one for one in _targets(ticket)}
    asked = request.GET.get("siht", "")
    if asked and asked not in targets:
        raise Http404
    target = targets.get(asked)
    names, rows = heading(target), price_rows(target, ticket.user, ticket.day)
    name = "hinnakiri" if target else "hinnavorm"
    if request.GET.get("format") == "csv":
        return csv_answer(f"{name}.csv", names, rows)
    return xlsx_answer(f"{name}.xlsx", target.label if target else _("Prices"), names, rows)


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _key(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()
