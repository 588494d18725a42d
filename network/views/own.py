"""What an organisation looks after, on a phone: free places, waiting, one tap to confirm."""

import datetime as dt
import re
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from network.forms import AvailabilityForm, OwnRowForm
from network.models import Resource, ResourceChange
from network.policies import OfferingPolicy, ProposalPolicy, ResourcePolicy
from network.reports.resources import in_steady_order, proposal_rows, resource_rows
from network.services.facts import offer_of
from network.services.resources import (
    NotAllSaved,
    Told,
    confirm_resources,
    tell_and_confirm,
    tell_availability,
)
from network.views.detail import page_of
from portal.access.guards import Pass, guarded, pass_of, user_of
from portal.base.versions import VersionConflict

PAGE_SIZE = 50
# How many decisions are told on the page, and for how long.
DECIDED = 5
TOLD_FOR = dt.timedelta(days=60)
# The field by which a row of the form is known.
ROW = re.compile(r"r([0-9]{1,17})-version")


@require_safe
@guarded(OfferingPolicy, "own")
def own_offers(request: HttpRequest) -> HttpResponse:
    """All of mine in one form; the order stays while somebody works through it."""
    return _page(request, pass_of(request))


def _mine(ticket: Pass) -> QuerySet[Resource]:
    own = OfferingPolicy.rows(ticket.user, "own", ticket.day)
    rows = ResourcePolicy.rows(ticket.user, "confirm", ticket.day)
    return rows.filter(organisation__in=own)


def _page(
    request: HttpRequest,
    ticket: Pass,
    typed: dict[int, OwnRowForm] | None = None,
    ticked: set[int] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`typed`: what was sent, by resource; it stays as it was typed, and so do the ticks."""
    user, day = ticket.user, ticket.day
    own = OfferingPolicy.rows(user, "own", day)
    asked_page = request.POST.get("page") or request.GET.get("page")
    page = Paginator(in_steady_order(_mine(ticket)), PAGE_SIZE).get_page(asked_page)
    shown = resource_rows(page.object_list, day)
    typed = typed or {}
    rows: list[dict[str, Any]] = [
        {
            "row": row,
            "form": typed.get(row.id)
            or OwnRowForm(
                resource_id=row.id,
                version=row.version,
                free_places=row.free,
                waiting_weeks=row.weeks,
            ),
            "is_ticked": ticked is None or row.id in ticked,
        }
        for row in shown
    ]
    decided = ResourceChange.objects.filter(
        organisation__in=own,
        what=ResourceChange.What.PROPOSED,
        decided_at__date__gte=day - TOLD_FOR,
    )
    return render(
        request,
        "network/own_offers.html",
        {
            "organisations": list(own.order_by("name")),
            "page": page,
            "rows": rows,
            "wrong": [one for one in rows if one["form"].errors],
            "unconfirmed": sum(not row.is_confirmed_today for row in shown),
            "new": proposal_rows(
                ProposalPolicy.rows(user, "view", day)
                .filter(resource__isnull=True, organisation__in=own)
                .order_by("-at", "pk")
            ),
            "decided": proposal_rows(decided.order_by("-decided_at", "pk")[:DECIDED]),
            "key": uuid.uuid4(),
        },
        status=status,
    )


@require_POST
@guarded(OfferingPolicy, "own")
def own_offers_confirm(request: HttpRequest) -> HttpResponse:
    """Every figure that was typed is saved; what is ticked, or the one row, is still so.

    All of it or nothing. What is not mine is left out without a word.
    """
    ticket = pass_of(request)
    sent = request.POST.copy()
    ids = {int(found[1]) for name in sent if (found := ROW.fullmatch(name))}
    ticked = {int(pk) for pk in sent.getlist("resource") if _is_id(pk)}
    confirmed = _to_confirm(sent, ticked)
    standing = _mine(ticket).exclude(state=Resource.State.WITHDRAWN)
    mine = set(standing.filter(pk__in=ids | confirmed).values_list("pk", flat=True))
    forms = {pk: OwnRowForm(sent, resource_id=pk) for pk in sorted(mine & ids)}
    offers = set(standing.filter(pk__in=ids, offer__isnull=False).values_list("pk", flat=True))
    told = {pk: form for pk, form in forms.items() if pk in offers and form.is_told}
    if not told and not mine & confirmed:
        messages.warning(request, _("Nothing was changed and nothing ticked: nothing was saved."))
        return _back_to(sent, None)
    if not all(form.is_valid() for form in told.values()):
        return _page(request, ticket, forms, ticked)
    try:
        n_told, n_confirmed = tell_and_confirm(
            [
                Told(pk, form.cleaned_data["free_places"], form.cleaned_data["waiting_weeks"])
                for pk, form in told.items()
            ],
            mine & confirmed,
            versions={
                pk: form.cleaned_data["version"]
                for pk, form in forms.items()
                if form.is_valid() and form.cleaned_data["version"] is not None
            },
            by=user_of(request),
            key=_key(request),
        )
    except NotAllSaved as refused:
        return _refused(request, ticket, refused, sent, ticked)
    if n_told:
        messages.success(request, _("Saved. Anybody sees it at once."))
    if n_confirmed or not n_told:
        _tell_confirmed(request, n_confirmed)
    at = next(iter(told), None) if "save" in sent else min(confirmed, default=None)
    return _back_to(sent, at if {"save", "one"} & set(sent) else None)


def _to_confirm(sent: QueryDict, ticked: set[int]) -> set[int]:
    """The ids that the button confirms: that of its row, none, or all that are ticked."""
    if "one" in sent:
        one = str(sent["one"])
        return {int(one)} if _is_id(one) else set()
    return set() if "save" in sent else ticked


def _refused(
    request: HttpRequest, ticket: Pass, refused: NotAllSaved, sent: QueryDict, ticked: set[int]
) -> HttpResponse:
    """Everything as it was typed; beside what somebody else saved stands what is stored now."""
    status = 200
    ids = {int(found[1]) for name in sent if (found := ROW.fullmatch(name))} | set(refused.wrong)
    stored = Resource.objects.select_related("offer").in_bulk(list(refused.wrong))
    for pk, error in refused.wrong.items():
        if isinstance(error, VersionConflict) and pk in stored:
            # Saving once more is a decision: from now on what is stored has been seen.
            status = 409
            sent[f"r{pk}-version"] = str(stored[pk].version)
    forms = {pk: OwnRowForm(sent, resource_id=pk) for pk in ids}
    for pk, error in refused.wrong.items():
        if isinstance(error, VersionConflict):
            forms[pk].add_error(None, _stored_now(stored[pk]))
        else:
            forms[pk].refuse(error)
    return _page(request, ticket, forms, ticked, status)


def _stored_now(resource: Resource) -> str:
    offer = offer_of(resource)
    if offer is None:
        return _("Somebody else saved meanwhile. Look at it and confirm once more.")
    none = _("empty")
    return _(
        "Somebody else saved meanwhile: free places %(free)s, waiting in weeks %(weeks)s. Write "
        "what is right and save once more."
    ) % {
        "free": none if offer.free_places is None else offer.free_places,
        "weeks": none if offer.waiting_weeks is None else offer.waiting_weeks,
    }


def _back_to(sent: QueryDict, resource_id: int | None) -> HttpResponse:
    """To the same page of the list, and to the row that was spoken of."""
    address = reverse("own_offers")
    page = str(sent.get("page", ""))
    if _is_id(page) and int(page) > 1:
        address += f"?page={int(page)}"
    return redirect(f"{address}#rida-{resource_id}" if resource_id else address)


@require_POST
@guarded(ResourcePolicy, "confirm")
def resource_confirm(request: HttpRequest, resource_id: int) -> HttpResponse:
    """One resource is still so."""
    resource = pass_of(request).find(pk=resource_id)
    done = confirm_resources([resource.pk], by=user_of(request), key=_key(request))
    _tell_confirmed(request, len(done))
    return redirect("resource_detail", resource.pk)


def _tell_confirmed(request: HttpRequest, n: int) -> None:
    if n:
        words = ngettext("Confirmed: %(n)d resource.", "Confirmed: %(n)d resources.", n)
        messages.success(request, words % {"n": n})
    else:
        messages.warning(request, _("What has been withdrawn is not confirmed."))


@require_POST
@guarded(ResourcePolicy, "confirm")
def resource_availability(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Free places and waiting time of an offer, from its page."""
    ticket = pass_of(request)
    resource = ticket.find(pk=resource_id)
    if offer_of(resource) is None:
        raise Http404
    form = AvailabilityForm(request.POST, resource_id=resource.pk)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            tell_availability(
                resource,
                free_places=typed["free_places"],
                waiting_weeks=typed["waiting_weeks"],
                version=typed["version"],
                by=user_of(request),
                key=typed["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        except VersionConflict:
            return _conflict(request, Resource.objects.get(pk=resource.pk), form)
        else:
            messages.success(request, _("Saved. Anybody sees it at once."))
            return redirect("resource_detail", resource.pk)
    context = page_of(request, ticket, resource, form)
    return render(request, "network/resource_detail.html", context)


def _conflict(request: HttpRequest, resource: Resource, typed: AvailabilityForm) -> HttpResponse:
    """409: what is stored beside what was typed; saving once more is a decision."""
    again: dict[str, Any] = {
        name: typed.cleaned_data[name] for name in ("free_places", "waiting_weeks")
    }
    form = AvailabilityForm(resource_id=resource.pk, version=resource.version, **again)
    offer = offer_of(resource)
    fields = [
        {"field": form[name], "stored": getattr(offer, name), "label": form[name].label}
        for name in again
    ]
    context = {
        "resource": resource,
        "form": form,
        "fields": fields,
        "change": resource.changes.select_related("by").first(),
    }
    return render(request, "network/availability_conflict.html", context, status=409)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def _key(request: HttpRequest) -> uuid.UUID:
    """The key of the form as it was sent; without one it counts as new."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()
