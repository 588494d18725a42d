"""Who holds a position: letting in, handing over, standing in, ending, confirming."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from network.forms.people import EndForm, HandoverForm, StandInForm, WorkerInviteForm
from network.models import Holding, Position
from network.people import duties_of, rights_to_look_at
from network.policies import HoldingPolicy, PositionPolicy
from network.reports.people import HolderRow, colleagues, line_of_time, right_rows
from network.services.people import invite_worker
from network.services.positions import (
    cancel_invitation,
    confirm_rights,
    hand_over,
    resend_invitation,
    stand_in,
    stop_holding,
)
from network.views.form import key_of
from portal.access.guards import Pass, guarded, pass_of, user_of
from portal.audit.models import AccessEvent
from portal.base.idempotency import was_done
from portal.base.versions import VersionConflict

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(PositionPolicy, "invite")
def worker_invite(request: HttpRequest) -> HttpResponse:
    """A letter goes out; the answer is the same whoever has an account already."""
    rows = pass_of(request).rows().select_related("organisation")
    positions = list(rows.order_by("organisation__name", "title"))
    if not positions:
        raise PermissionDenied
    chosen = request.GET.get("ametikoht", "")
    form = WorkerInviteForm(
        request.POST if request.method == "POST" else None, positions=positions, chosen=chosen[:36]
    )
    if form.is_valid():
        try:
            holding = invite_worker(
                email=form.cleaned_data["email"],
                position=form.cleaned_data["position"],
                by=user_of(request),
                channel=AccessEvent.Channel.PAGE,
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("A letter is on its way."))
            return redirect("position_detail", holding.position_id)
    return render(request, "network/people_invite.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(PositionPolicy, "invite")
def handover(request: HttpRequest, position_id: uuid.UUID) -> HttpResponse:
    """The next holder from a day on, the one of today until another: both in between."""
    ticket = pass_of(request)
    if _is_repeat(request, "handover"):
        return redirect("position_detail", _found(ticket, position_id).pk)
    position = _found(ticket, position_id)
    held = (
        Holding.objects.not_over(ticket.day)
        .filter(position=position, kind=Holding.Kind.HOLDER)
        .exists()
    )
    form = HandoverForm(
        request.POST if request.method == "POST" else None,
        people=_colleagues(ticket, position),
        held=held,
        initial={"version": position.version, "first_day": ticket.day},
    )
    if not form.is_valid():
        return _arrange(request, position, form, "network/people_handover.html")
    typed = form.cleaned_data
    try:
        hand_over(
            position,
            form.who(),
            first_day=typed["first_day"],
            last_day=typed.get("last_day"),
            version=typed["version"],
            by=user_of(request),
            key=typed["key"],
        )
    except ValidationError as error:
        form.refuse(error)
    except VersionConflict:
        return _again(request, position, form, "network/people_handover.html")
    else:
        messages.success(request, _("Arranged. Whoever goes on gets a letter."))
        return redirect("position_detail", position.pk)
    return _arrange(request, position, form, "network/people_handover.html")


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(PositionPolicy, "invite")
def position_stand_in(request: HttpRequest, position_id: uuid.UUID) -> HttpResponse:
    """Somebody stands in, and it ends on the day that is set."""
    ticket = pass_of(request)
    position = _found(ticket, position_id)
    form = StandInForm(
        request.POST if request.method == "POST" else None,
        people=_colleagues(ticket, position),
        initial={"version": position.version, "first_day": ticket.day},
    )
    if not form.is_valid():
        return _arrange(request, position, form, "network/people_stand_in.html")
    typed = form.cleaned_data
    try:
        stand_in(
            position,
            form.who(),
            first_day=typed["first_day"],
            last_day=typed["last_day"],
            version=typed["version"],
            by=user_of(request),
            key=typed["key"],
        )
    except ValidationError as error:
        form.refuse(error)
    except VersionConflict:
        return _again(request, position, form, "network/people_stand_in.html")
    else:
        messages.success(request, _("Arranged. Whoever stands in gets a letter."))
        return redirect("position_detail", position.pk)
    return _arrange(request, position, form, "network/people_stand_in.html")


def _found(ticket: Pass, position_id: uuid.UUID) -> Position:
    pk = ticket.find(pk=position_id).pk
    return Position.objects.select_related("organisation").get(pk=pk)


def _colleagues(ticket: Pass, position: Position) -> Any:
    held = Holding.objects.valid_on(ticket.day).filter(position=position, kind=Holding.Kind.HOLDER)
    return colleagues(
        [position.organisation_id],
        ticket.user,
        ticket.day,
        but=held.values_list("user_id", flat=True),
    )


def _arrange(
    request: HttpRequest, position: Position, form: Any, template: str, **more: Any
) -> HttpResponse:
    ticket = pass_of(request)
    context = {
        "position": position,
        "form": form,
        "line": line_of_time(position, timezone.now()),
        "duties": duties_of([position], ticket.user, ticket.day).get(position.pk, []),
        **more,
    }
    return render(request, template, context, status=409 if more else 200)


def _again(request: HttpRequest, position: Position, form: Any, template: str) -> HttpResponse:
    """409: what was typed stays, above it stands what somebody has arranged meanwhile."""
    stored = Position.objects.select_related("organisation").get(pk=position.pk)
    form.data = request.POST.copy()
    form.data["version"], form.data["key"] = str(stored.version), str(uuid.uuid4())
    return _arrange(request, stored, form, template, is_changed=True)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(HoldingPolicy, "end")
def holding_end(request: HttpRequest, holding_id: uuid.UUID) -> HttpResponse:
    """The last question, with what would be left lying."""
    ticket = pass_of(request)
    if _is_repeat(request, "holding_end"):
        return redirect("people_list")
    pk = ticket.find(pk=holding_id).pk
    holding = Holding.objects.select_related("position__organisation", "user").get(pk=pk)
    position = holding.position
    form = EndForm(
        request.POST if request.method == "POST" else None,
        initial={"version": position.version, "last_day": ticket.day},
    )
    more = {"row": HolderRow(holding, ticket.day, timezone.now())}
    template, status = "network/people_holding_end.html", 200
    if form.is_valid():
        try:
            stop_holding(
                holding,
                last_day=form.last(),
                version=form.cleaned_data["version"],
                by=user_of(request),
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        except VersionConflict:
            stored = Position.objects.get(pk=position.pk)
            form.data = request.POST.copy()
            form.data["version"], form.data["key"] = str(stored.version), str(uuid.uuid4())
            more["is_changed"], status = True, 409  # type: ignore[assignment]
        else:
            messages.success(request, _("Arranged. It works from that very moment on."))
            return redirect("position_detail", position.pk)
    context = {
        "position": position,
        "form": form,
        "line": line_of_time(position, timezone.now()),
        "duties": duties_of([position], ticket.user, ticket.day).get(position.pk, []),
        **more,
    }
    return render(request, template, context, status=status)


def _is_repeat(request: HttpRequest, purpose: str) -> bool:
    """Was this very form sent before? Then what it was about may be gone by now."""
    key = request.POST.get("key", "")
    return request.method == "POST" and was_done(key, purpose=purpose, by=str(request.user.pk))


@require_POST
@guarded(HoldingPolicy, "end")
def invitation_resend(request: HttpRequest, holding_id: uuid.UUID) -> HttpResponse:
    """The letter once more."""
    holding = _invited(pass_of(request), holding_id)
    resend_invitation(holding, by=user_of(request), key=key_of(request))
    messages.success(request, _("A letter is on its way."))
    return redirect("position_detail", holding.position_id)


@require_POST
@guarded(HoldingPolicy, "end")
def invitation_cancel(request: HttpRequest, holding_id: uuid.UUID) -> HttpResponse:
    """Nobody comes in by that letter any more."""
    if _is_repeat(request, "invitation_cancel"):
        return redirect("people_list")
    holding = _invited(pass_of(request), holding_id)
    position = holding.position_id
    cancel_invitation(holding, by=user_of(request), key=key_of(request))
    messages.success(request, _("The invitation is taken back."))
    return redirect("position_detail", position)


def _invited(ticket: Pass, holding_id: uuid.UUID) -> Holding:
    pk = ticket.find(pk=holding_id).pk
    return Holding.objects.select_related("position__organisation", "user").get(pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(HoldingPolicy, "confirm")
def rights_confirm(request: HttpRequest) -> HttpResponse:
    """Each holder with what they hold: needed still? One by one, or all that are ticked."""
    ticket = pass_of(request)
    if request.method == "POST":
        ids = [pk for pk in map(_uuid, request.POST.getlist("holding")) if pk]
        mine = list(ticket.rows().filter(pk__in=ids[:1000]).values_list("pk", flat=True))
        done = confirm_rights(mine, by=user_of(request), key=key_of(request)) if mine else 0
        if done:
            words = ngettext("Confirmed: %(n)d holder.", "Confirmed: %(n)d holders.", done)
            messages.success(request, words % {"n": done})
        else:
            messages.warning(request, _("Nothing was ticked, so nothing was confirmed."))
        return redirect("rights_confirm")
    rows = rights_to_look_at(ticket.user, ticket.day)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    arranges = PositionPolicy.rows(ticket.user, "invite", ticket.day)
    shown = right_rows(page.object_list, ticket.day)
    can_end = set(
        arranges.filter(pk__in=[row.holding.position_id for row in shown]).values_list(
            "pk", flat=True
        )
    )
    return render(
        request,
        "network/people_confirm.html",
        {"page": page, "rows": shown, "can_end": can_end, "key": uuid.uuid4()},
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
