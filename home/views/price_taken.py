"""Around an import: what is left as a file, taking it back, throwing it away, the empty form."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.models import PriceImport
from home.policies import PriceImportPolicy
from home.reports.price_import import look_at
from home.reports.price_list import heading, price_rows
from home.reports.price_refused import refused_table
from home.reports.price_taken import left_of, taken_rows, waits
from home.services.price_import import DELETE, delete_import
from home.services.price_undo import changed_since, take_back_import
from home.views.price_import import key_of, show_import, targets_for, version_of
from portal.access.guards import guarded, pass_of, user_of
from portal.base.idempotency import was_done
from portal.base.sheets import csv_answer, xlsx_answer
from portal.base.versions import VersionConflict


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(PriceImportPolicy, "handle")
def price_import_undo(request: HttpRequest, taken_id: uuid.UUID) -> HttpResponse:
    """The last question before everything is as it was before the import."""
    ticket = pass_of(request)
    kept: PriceImport = ticket.find(pk=taken_id)
    if request.method != "POST":
        if not kept.applied_at:
            return redirect("price_import_detail", kept.pk)
        return _undo_page(request, kept)
    try:
        take_back_import(
            kept, version=version_of(request), by=user_of(request), key=key_of(request)
        )
    except VersionConflict:
        kept.refresh_from_db()
        return show_import(request, kept, is_stale=True, status=409)
    except ValidationError:
        # Why is told on the page itself, as it stands now.
        return _undo_page(request, kept)
    messages.success(request, _("Taken back: everything is as it was before this import."))
    return redirect("price_import_detail", kept.pk)


def _undo_page(request: HttpRequest, kept: PriceImport) -> HttpResponse:
    context = {
        "kept": kept,
        "taken": taken_rows(kept),
        "waits": waits(kept),
        "hinders": changed_since(kept, user_of(request), pass_of(request).day),
        "key": uuid.uuid4(),
    }
    return render(request, "home/price_import_undo.html", context)


@require_POST
@guarded(PriceImportPolicy, "handle")
def price_import_delete(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """A file that was not taken over is not kept any longer."""
    ticket, key = pass_of(request), key_of(request)
    if was_done(key, purpose=DELETE, by=str(ticket.user.pk)):
        return redirect("price_import")
    kept: PriceImport = ticket.find(pk=import_id)
    try:
        delete_import(kept, version=version_of(request), by=user_of(request), key=key)
    except VersionConflict:
        kept.refresh_from_db()
        return show_import(request, kept, is_stale=True, status=409)
    messages.success(request, _("The file is deleted. No price has changed."))
    return redirect("price_import")


@require_safe
@guarded(PriceImportPolicy, "handle")
def price_import_refused(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """What was not taken over, as the file had it, with the reason in the last column."""
    ticket = pass_of(request)
    kept: PriceImport = ticket.find(pk=import_id)
    look = look_at(kept, ticket.user, ticket.day)
    names, rows = refused_table(left_of(look) if kept.applied_at else look)
    if request.GET.get("format") == "csv":
        return csv_answer("yle-votmata-read.csv", names, rows)
    return xlsx_answer("yle-votmata-read.xlsx", _("Not taken over"), names, rows)


@require_safe
@guarded(PriceImportPolicy, "handle")
def price_list_export(request: HttpRequest) -> HttpResponse:
    """The prices of `siht`, or without it an empty form to fill in; xlsx, or `format=csv`."""
    ticket = pass_of(request)
    targets = {one.value: one for one in targets_for(ticket)}
    asked = request.GET.get("siht", "")
    if asked and asked not in targets:
        raise Http404
    target = targets.get(asked)
    names, rows = heading(target), price_rows(target, ticket.user, ticket.day)
    name = "hinnakiri" if target else "hinnavorm"
    if request.GET.get("format") == "csv":
        return csv_answer(f"{name}.csv", names, rows)
    return xlsx_answer(f"{name}.xlsx", target.label if target else _("Prices"), names, rows)
