"""Somebody leaves: what they leave behind is shown first, then one click does it all."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.forms.people import LeavingForm
from network.models import Holding, Position
from network.people import duties_of
from network.policies import AccountPolicy, PositionPolicy
from network.reports.people import HolderRow, colleagues
from network.services.people import close_account
from network.services.positions import let_leave, sign_of
from network.views.form import key_of
from portal.access.guards import Pass, guarded, pass_of, user_of
from portal.accounts.models import User
from portal.base.idempotency import was_done
from portal.base.versions import VersionConflict


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(AccountPolicy, "leave")
def leaving(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """Every position of the person that I may give, what it has to do and who could go on."""
    ticket = pass_of(request)
    key = request.POST.get("key", "")
    if request.method == "POST" and was_done(key, purpose="leaving", by=str(ticket.user.pk)):
        return redirect("people_list")
    user: User = ticket.find(pk=user_id)
    posts = _positions(ticket, user)
    form = _form(request.POST if request.method == "POST" else None, ticket, posts, user)
    more: dict[str, Any] = {}
    if form.is_valid():
        try:
            let_leave(
                user,
                last_day=form.last(),
                successors=form.successors(),
                sign=form.cleaned_data["sign"],
                by=user_of(request),
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        except VersionConflict:
            posts = _positions(ticket, user)
            data = request.POST.copy()
            data["sign"], data["key"] = sign_of(posts), str(uuid.uuid4())
            form, more = _form(data, ticket, posts, user), {"is_changed": True}
        else:
            messages.success(request, _("Arranged. What was theirs is with others or vacant."))
            return redirect("people_list")
    held = _held(ticket, user)
    duties = duties_of(posts, ticket.user, ticket.day)
    elsewhere = Holding.objects.not_over(ticket.day).filter(user=user).exclude(position__in=posts)
    parts = [
        {
            "position": position,
            "periods": [row for row in held if row.holding.position_id == position.pk],
            "duties": duties.get(position.pk, []),
            "fields": form.of(position),
        }
        for position in posts
    ]
    context = {
        "person": held[0].who if held else user.email,
        "user_id": user.pk,
        "parts": parts,
        "form": form,
        "closes": AccountPolicy.allows(ticket.user, "close", user, ticket.day),
        "holds_elsewhere": elsewhere.exists(),
        **more,
    }
    return render(request, "network/people_leaving.html", context, status=409 if more else 200)


def _positions(ticket: Pass, user: User) -> list[Position]:
    held = Holding.objects.not_over(ticket.day).filter(user=user)
    mine = PositionPolicy.rows(ticket.user, "invite", ticket.day)
    rows = mine.filter(pk__in=held.values("position_id")).select_related("organisation")
    return list(rows.order_by("organisation__name", "title", "pk"))


def _held(ticket: Pass, user: User) -> list[HolderRow]:
    rows = Holding.objects.not_over(ticket.day).filter(user=user).select_related("user")
    return [HolderRow(one, ticket.day, timezone.now()) for one in rows.order_by("valid_from")]


def _form(data: Any, ticket: Pass, posts: list[Position], user: User) -> LeavingForm:
    people = {
        pk: colleagues([pk], ticket.user, ticket.day, but=[user.pk])
        for pk in {one.organisation_id for one in posts}
    }
    return LeavingForm(
        data,
        positions=posts,
        people=people,
        initial={"sign": sign_of(posts), "last_day": ticket.day},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(AccountPolicy, "close")
def account_close(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """Somebody must be out at once: everything ends with the next click of theirs."""
    ticket = pass_of(request)
    key = request.POST.get("key", "")
    if request.method == "POST" and was_done(key, purpose="account_close", by=str(ticket.user.pk)):
        return redirect("people_list")
    user: User = ticket.find(pk=user_id)
    if request.method == "POST":
        close_account(user, by=user_of(request), key=key_of(request))
        messages.success(request, _("The account is closed. Whoever it was is out."))
        return redirect("people_list")
    held = _held(ticket, user)
    return render(
        request,
        "network/people_account_close.html",
        {
            "person": held[0].who if held else str(user),
            "user_id": user.pk,
            "n": len(held),
            "key": uuid.uuid4(),
            "may_leave": AccountPolicy.allows(ticket.user, "leave", user, ticket.day),
        },
    )
