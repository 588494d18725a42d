"""One resource: its facts, its prices, its history; on the public site or taken from it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.coordinates import as_typed
from network.forms import AvailabilityForm, ReasonForm
from network.models import Resource
from network.policies import OfferingPolicy, ProposalPolicy, ResourcePolicy
from network.reports.history import changes_of, price_lines, steps_of
from network.reports.resources import resource_rows
from network.services.facts import offer_of
from network.services.proposals import waiting_on
from network.services.resources import publish_resource, withdraw_resource
from portal.access.guards import Pass, guarded, pass_of, user_of

STEPS = 20


@require_safe
@guarded(ResourcePolicy, "view")
def resource_detail(request: HttpRequest, resource_id: int) -> HttpResponse:
    """Where a confidential place is sees only whoever looks after the resource."""
    ticket = pass_of(request)
    resource = ticket.find(pk=resource_id)
    return render(request, "network/resource_detail.html", page_of(request, ticket, resource))


def page_of(
    request: HttpRequest,
    ticket: Pass,
    resource: Resource,
    availability: AvailabilityForm | None = None,
) -> dict[str, Any]:
    """What the page of `resource` shows to this reader; `availability`: a form with errors."""
    user, day = ticket.user, ticket.day
    may = {
        action: ResourcePolicy.allows(user, action, resource, day)
        for action in ("edit", "confirm", "manage")
    }
    row = resource_rows(Resource.objects.filter(pk=resource.pk), day)[0]
    offer = offer_of(resource)
    sees_place = may["edit"]
    if offer and may["confirm"] and availability is None:
        availability = AvailabilityForm(
            resource_id=resource.pk,
            version=resource.version,
            free_places=offer.free_places,
            waiting_weeks=offer.waiting_weeks,
        )
    changes = Paginator(changes_of(resource.pk), STEPS).get_page(request.GET.get("page"))
    proposal = waiting_on(resource)
    return {
        "resource": resource,
        "row": row,
        "may": may,
        "speaks": OfferingPolicy.allows(user, "own", resource.organisation, day),
        "address": resource.address if sees_place else resource.public_address,
        "coordinates": as_typed(resource.lat, resource.lon)
        if sees_place or not resource.is_confidential
        else "",
        "serves": [place.name for place in offer.serves.all()] if offer else [],
        "prices": price_lines(offer, day) if offer else [],
        "confirm_key": uuid.uuid4(),
        "availability": availability if offer and may["confirm"] else None,
        "proposal": proposal
        if proposal and ProposalPolicy.allows(user, "view", proposal, day)
        else None,
        "page": changes,
        "steps": steps_of(changes.object_list, sees_place=sees_place),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(ResourcePolicy, "manage")
def resource_publish(request: HttpRequest, resource_id: int) -> HttpResponse:
    """The last look before it stands on the public site."""
    resource = pass_of(request).find(pk=resource_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            publish_resource(resource, by=user_of(request), key=form.cleaned_data["key"])
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("It stands on the public site now."))
            return redirect("resource_detail", resource.pk)
    return _ask(request, resource, form, "network/resource_publish.html")


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(ResourcePolicy, "manage")
def resource_withdraw(request: HttpRequest, resource_id: int) -> HttpResponse:
    """The last question before it is gone from the public site."""
    resource = pass_of(request).find(pk=resource_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        withdraw_resource(
            resource,
            by=user_of(request),
            key=form.cleaned_data["key"],
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _("It is gone from the public site. Its history stays."))
        return redirect("resource_detail", resource.pk)
    return _ask(request, resource, form, "network/resource_withdraw.html")


def _ask(request: HttpRequest, resource: Resource, form: ReasonForm, template: str) -> HttpResponse:
    row = resource_rows(Resource.objects.filter(pk=resource.pk), pass_of(request).day)[0]
    return render(request, template, {"resource": resource, "row": row, "form": form})
