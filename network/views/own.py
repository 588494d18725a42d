"""What an organisation looks after, on a phone: free places, waiting, one tap to confirm."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from network.forms import AvailabilityForm
from network.models import Resource, ResourceChange
from network.policies import OfferingPolicy, ProposalPolicy, ResourcePolicy
from network.reports.resources import proposal_rows, resource_rows, to_look_after
from network.services.facts import offer_of
from network.services.resources import confirm_resources, tell_availability
from network.views.detail import page_of
from portal.access.guards import Pass, guarded, pass_of, user_of
from portal.base.versions import VersionConflict

PAGE_SIZE = 50
# How many decisions are told on the page, and for how long.
DECIDED = 5
TOLD_FOR = dt.timedelta(days=60)


@require_safe
@guarded(OfferingPolicy, "own")
def own_offers(request: HttpRequest) -> HttpResponse:
    """The longest unconfirmed first, each with what may have changed since."""
    return _page(request, pass_of(request))


def _page(
    request: HttpRequest, ticket: Pass, typed: AvailabilityForm | None = None, typed_id: int = 0
) -> HttpResponse:
    user, day = ticket.user, ticket.day
    own = OfferingPolicy.rows(user, "own", day)
    mine = ResourcePolicy.rows(user, "confirm", day).filter(organisation__in=own)
    asked_page = request.POST.get("page") or request.GET.get("page")
    page = Paginator(to_look_after(mine), PAGE_SIZE).get_page(asked_page)
    shown = resource_rows(page.object_list, day)
    rows = [
        {
            "row": row,
            "form": typed
            if row.id == typed_id
            else AvailabilityForm(
                resource_id=row.id,
                version=row.version,
                free_places=row.free,
                waiting_weeks=row.weeks,
            ),
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
            "unconfirmed": sum(not row.is_confirmed_today for row in shown),
            "typed": typed,
            "new": proposal_rows(
                ProposalPolicy.rows(user, "view", day)
                .filter(resource__isnull=True, organisation__in=own)
                .order_by("-at", "pk")
            ),
            "decided": proposal_rows(decided.order_by("-decided_at", "pk")[:DECIDED]),
            "key": uuid.uuid4(),
        },
    )


@require_POST
@guarded(OfferingPolicy, "own")
def own_offers_confirm(request: HttpRequest) -> HttpResponse:
    """Everything that is ticked is still so. What is not mine is left out without a word."""
    ticket = pass_of(request)
    own = OfferingPolicy.rows(ticket.user, "own", ticket.day)
    ticked = {int(pk) for pk in request.POST.getlist("resource") if _is_id(pk)}
    mine = ResourcePolicy.rows(ticket.user, "confirm", ticket.day).filter(
        organisation__in=own, pk__in=ticked
    )
    ids = list(mine.values_list("pk", flat=True))
    if not ids:
        messages.warning(request, _("Nothing was ticked, so nothing was confirmed."))
        return redirect("own_offers")
    done = confirm_resources(ids, by=user_of(request), key=_key(request))
    _tell_confirmed(request, len(done))
    return redirect("own_offers")


@require_POST
@guarded(ResourcePolicy, "confirm")
def resource_confirm(request: HttpRequest, resource_id: int) -> HttpResponse:
    """One resource is still so."""
    resource = pass_of(request).find(pk=resource_id)
    done = confirm_resources([resource.pk], by=user_of(request), key=_key(request))
    _tell_confirmed(request, len(done))
    return _back(request, resource)


def _tell_confirmed(request: HttpRequest, n: int) -> None:
    if n:
        words = ngettext("Confirmed: %(n)d resource.", "Confirmed: %(n)d resources.", n)
        messages.success(request, words % {"n": n})
    else:
        messages.warning(request, _("What has been withdrawn is not confirmed."))


@require_POST
@guarded(ResourcePolicy, "confirm")
def resource_availability(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Free places and waiting time of an offer, from its page or from the list of mine."""
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
            return _back(request, resource)
    if request.POST.get("back") == "own":
        return _page(request, ticket, form, resource.pk)
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
        "back": request.POST.get("back", ""),
        "change": resource.changes.select_related("by").first(),
    }
    return render(request, "network/availability_conflict.html", context, status=409)


def _back(request: HttpRequest, resource: Resource) -> HttpResponse:
    """To the page that the button stood on."""
    if request.POST.get("back") == "own":
        return redirect("own_offers")
    return redirect("resource_detail", resource.pk)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def _key(request: HttpRequest) -> uuid.UUID:
    """The key of the form as it was sent; without one it counts as new."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()
