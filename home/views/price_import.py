"""Bringing in a price list: send it, answer what is unclear, look it through, take it over."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalogue.importer.plan import TAKEN, State, Step
from catalogue.models import PriceImport
from home.forms.price_import import PriceImportForm
from home.forms.price_sent import SentForm
from home.policies import PriceImportPolicy
from home.reports.price_import import (
    STATES,
    Look,
    amounts_not_taken,
    ends_of,
    look_at,
    notes_of,
    passed_rows,
    preview,
    rows_left,
)
from home.reports.price_questions import (
    Asked,
    AskedColumn,
    ask_left_again,
    asked_columns,
    asking,
    leave_the_rest,
    sent_questions,
)
from home.reports.price_taken import left_of, prices_url, rest_of, taken_rows, waits
from home.reports.price_targets import TargetRow, targets_of
from home.services.price_import import answer_import, apply_import, keep_import
from home.services.price_undo import changed_since
from portal.access.guards import Pass, guarded, pass_of, user_of
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
# What would be taken over is always open; the rest is folded away where it is long.
FEW, FEW_OF = 25, frozenset({State.OPEN, State.REFUSED})


def targets_for(ticket: Pass) -> list[TargetRow]:
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
    targets = targets_for(ticket)
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
    sent = SentForm(request.GET)
    everything = ticket.rows().defer("sheets", "answers", "columns", "seen", "outcome")
    page = Paginator(sent.narrow(everything), SENT).get_page(request.GET.get("page"))
    labels = {one.value: one.label for one in targets}
    context = {
        "form": form,
        "targets": targets,
        "page": page,
        "sent": [(one, labels.get(one.target, "")) for one in page],
        "narrow": sent,
        "key": uuid.uuid4(),
    }
    return render(request, "home/price_import.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(PriceImportPolicy, "handle")
def price_import_detail(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """The preview, row by row, with the questions above it; `do=apply` takes the prices over."""
    ticket = pass_of(request)
    kept: PriceImport = ticket.find(pk=import_id)
    if request.method != "POST":
        return show_import(request, kept)
    do = request.POST.get("do")
    try:
        if kept.applied_at and do != "apply":
            raise VersionConflict(kept)
        if not kept.applied_at and _answer(request, kept, do or ""):
            if do == "apply":
                messages.info(
                    request,
                    _("Your answers are kept. Look the rows through, then take the prices over."),
                )
            return redirect("price_import_detail", kept.pk)
        if do != "apply":
            return redirect("price_import_detail", kept.pk)
        apply_import(
            kept, sign=request.POST.get("sign", ""), by=user_of(request), key=key_of(request)
        )
    except VersionConflict:
        kept.refresh_from_db()
        return show_import(request, kept, is_stale=True, status=409)
    except ValidationError as error:
        kept.refresh_from_db()
        return show_import(request, kept, trouble=" ".join(error.messages))
    return redirect("price_import_detail", kept.pk)


def _answer(request: HttpRequest, kept: PriceImport, do: str) -> bool:
    """Keep what was chosen; True if anything was new. `do` may answer for many at once."""
    look = look_at(kept, request.user, pass_of(request).day)
    answers = {
        one.name.removeprefix("q-"): _chosen(request, one)
        for one in sent_questions(look, request.POST)
    }
    if do == "leave_rest":
        answers = leave_the_rest(look, answers)
    elif do == "ask_again":
        answers |= ask_left_again(look)
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
        seen=[one.name for one in look.plan.questions],
        version=version_of(request),
        by=user_of(request),
    )


def _chosen(request: HttpRequest, one: Asked | AskedColumn) -> str:
    """The choice that was sent, if it is one of those that were offered."""
    value = request.POST[one.name]
    offered = {choice for _heading, some in one.groups for choice, _words in some}
    if value and value not in offered:
        raise ValidationError(_("One of the answers is not on its list. Choose again."))
    return value


def show_import(
    request: HttpRequest,
    kept: PriceImport,
    *,
    is_stale: bool = False,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    """What would be done, as a form; or, once it is done, what was."""
    look = look_at(kept, request.user, pass_of(request).day)
    context = {"kept": kept, "look": look, "is_stale": is_stale, "trouble": trouble}
    if kept.applied_at:
        context |= _result(request, look)
        return render(request, "home/price_import_done.html", context, status=status)
    context |= _form(request, look)
    return render(request, "home/price_import_detail.html", context, status=status)


def _result(request: HttpRequest, look: Look) -> dict[str, Any]:
    kept, ticket = look.price_import, pass_of(request)
    left = left_of(look)
    page = Paginator(left.plan.steps, PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "taken": taken_rows(kept),
        "waits": waits(kept),
        "left": rows_left(left),
        "rest": rest_of(look),
        "rows": preview(left, page.object_list),
        "page": page,
        "hinders": changed_since(kept, user_of(request), ticket.day),
        "target_url": prices_url(look, ticket.user, ticket.day),
    }


def _form(request: HttpRequest, look: Look) -> dict[str, Any]:
    asked, sheets = asking(look), asked_columns(look)
    chosen = next((one for one in ORDER if one.value == request.GET.get("seis")), None)
    page = Paginator(look.plan.of(chosen) if chosen else [], PAGE_SIZE)
    shown = page.get_page(request.GET.get("page"))
    found = [(one, look.plan.of(one)) for one in ORDER if look.count(one)]
    corrects = [step for step in look.to_take if step.aim and step.aim.corrects]
    return {
        "asked": asked,
        "sheets": sheets,
        "is_unsure": any(column.alike for sheet in sheets for column in sheet.columns),
        "passed": passed_rows(look),
        "notes": notes_of(look),
        "ends": ends_of(look),
        "unknown": [
            column.heading
            for sheet in sheets
            for column in sheet.columns
            if column.is_unknown and column.heading and column.samples
        ],
        "leftover": amounts_not_taken(look),
        "rows": preview(look, shown.object_list),
        "page": shown,
        "chosen": chosen.value if chosen else "",
        "states": [(one.value, str(STATES[one][0]), len(some)) for one, some in found],
        "groups": [] if chosen else [_group(look, one, some) for one, some in found],
        "taken": len(look.to_take),
        "overwritten": len(corrects),
        "left": rows_left(look),
        "open": look.count(State.OPEN),
        "same_taken_at": _same_taken_at(look.price_import),
        "key": uuid.uuid4(),
    }


def _group(look: Look, state: State, steps: list[Step]) -> dict[str, Any]:
    """The rows of which the same becomes, as far as they stand on the page."""
    return {
        "value": state.value,
        "words": str(STATES[state][0]),
        "count": len(steps),
        "rows": preview(look, steps[:PAGE_SIZE]),
        "is_open": state in TAKEN or (state in FEW_OF and len(steps) <= FEW),
    }


def _same_taken_at(kept: PriceImport) -> Any:
    """When the prices of the very same cells were taken over; None if they were not."""
    if not kept.digest:
        return None
    same = PriceImport.objects.filter(by=kept.by_id, target=kept.target, digest=kept.digest)
    done = same.filter(applied_at__isnull=False).exclude(pk=kept.pk)
    return done.order_by("-applied_at").values_list("applied_at", flat=True).first()


def version_of(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def key_of(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()
