"""Adding and changing a resource, or proposing it: one form, the policy makes the difference."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.forms import ResourceForm
from network.forms.prices import PRICE_FIELDS
from network.models import Resource, ResourceChange
from network.policies import OfferingPolicy, ResourcePolicy
from network.reports.changes import PRICES, component_names, differences
from network.reports.history import changes_of
from network.reports.resources import title_of
from network.services.facts import facts_of, offer_of
from network.services.proposals import asked_for, take_back, waiting_on
from network.services.resources import add_resource, change_resource
from portal.access.guards import guarded, pass_of, user_of
from portal.base.versions import VersionConflict


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(OfferingPolicy, "add")
def resource_add(request: HttpRequest) -> HttpResponse:
    """403 for whoever speaks for no organisation and leads no region."""
    ticket = pass_of(request)
    organisations = list(ticket.rows().order_by("name"))
    if not organisations:
        raise PermissionDenied
    form = ResourceForm(
        request.POST if request.method == "POST" else None,
        day=ticket.day,
        organisations=organisations,
    )
    if form.is_valid():
        try:
            change = add_resource(
                form.chosen_organisation(),
                form.facts(),
                by=user_of(request),
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            tell_metres(request, form)
            if change.resource is None:
                messages.success(request, _("Your proposal waits for the steering group now."))
                return redirect("own_offers")
            messages.success(request, _("It is a draft: publish it when everything is right."))
            return redirect("resource_detail", change.resource.pk)
    leads = OfferingPolicy.rows(ticket.user, "lead", ticket.day).exists()
    return render(request, "network/resource_form.html", {"form": form, "proposes": not leads})


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(ResourcePolicy, "edit")
def resource_change(request: HttpRequest, resource_id: int) -> HttpResponse:
    """What waits already is what the representative goes on with."""
    ticket = pass_of(request)
    resource: Resource = ticket.find(pk=resource_id)
    manages = ResourcePolicy.allows(ticket.user, "manage", resource, ticket.day)
    proposal = None if manages else waiting_on(resource)
    if request.method == "POST" and "take_back" in request.POST:
        # Sent twice, there is nothing left to take back.
        if proposal:
            take_back(proposal, by=user_of(request), key=key_of(request))
        messages.success(request, _("Your proposal is taken back. Nothing was changed."))
        return redirect("resource_detail", resource.pk)
    now = facts_of(resource)
    shown = asked_for(now, proposal)
    offer = offer_of(resource)
    form = ResourceForm(
        request.POST if request.method == "POST" else None,
        day=ticket.day,
        shown=shown,
        component=offer.component if offer else None,
    )
    form.initial["version"] = resource.version
    if form.is_valid():
        try:
            change = change_resource(
                resource,
                form.facts(),
                version=_version(form),
                by=user_of(request),
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        except VersionConflict:
            return conflict(request, Resource.objects.get(pk=resource.pk), form)
        else:
            tell_metres(request, form)
            _tell(request, change)
            return redirect("resource_detail", resource.pk)
    context = {
        "resource": resource,
        "title": title_of(resource),
        "form": form,
        "proposes": not manages,
        "proposal": proposal,
    }
    return render(request, "network/resource_form.html", context)


def _version(form: ResourceForm) -> int:
    typed = form.cleaned_data["version"]
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _tell(request: HttpRequest, change: ResourceChange | None) -> None:
    if change is None:
        messages.info(request, _("Nothing was different, so nothing was changed."))
    elif change.state == ResourceChange.State.WAITING:
        messages.success(
            request,
            _("Your proposal waits for the steering group. Until then everything stays as it is."),
        )
    elif change.state == ResourceChange.State.DECLINED:
        messages.success(request, _("Your proposal is taken back. Nothing was changed."))
    else:
        messages.success(request, _("Changed. Anybody sees what is public at once."))


def tell_metres(request: HttpRequest, form: ResourceForm) -> None:
    """Coordinates that were turned into degrees are said, so that a slip is seen."""
    if form.was_metres():
        messages.info(
            request,
            _("The coordinates were metres of L-EST97; kept as degrees they are %(pair)s.")
            % {"pair": form.cleaned_data["coordinates"]},
        )


def conflict(request: HttpRequest, resource: Resource, typed: ResourceForm) -> HttpResponse:
    """409: for each thing that differs what is stored now and what was typed."""
    ticket = pass_of(request)
    manages = ResourcePolicy.allows(ticket.user, "manage", resource, ticket.day)
    now = asked_for(facts_of(resource), None if manages else waiting_on(resource))
    mine = typed.facts()
    data = request.POST.copy()
    data["version"], data["key"] = str(resource.version), str(uuid.uuid4())
    offer = offer_of(resource)
    form = ResourceForm(
        data, day=ticket.day, shown=now, component=offer.component if offer else None
    )
    differing = [
        {"label": one.label, "stored": one.before, "fields": [form[name] for name in names]}
        for one in differences(now, mine, names=component_names(now, mine))
        if (names := _fields_of(one.part, form))
    ]
    shown = {field.name for one in differing for field in one["fields"]}
    context: dict[str, Any] = {
        "resource": resource,
        "title": title_of(resource),
        "form": form,
        "differing": differing,
        "same": [field for field in form if field.name not in shown | {"version", "key"}],
        "change": changes_of(resource.pk).first(),
    }
    return render(request, "network/resource_conflict.html", context, status=409)


def _fields_of(part: str, form: ResourceForm) -> list[str]:
    """The fields of the form in which a part of the facts is typed."""
    names = [f"{part}_{end}" for end in PRICE_FIELDS] if part in PRICES else [part]
    return [name for name in names if name in form.fields]


def key_of(request: HttpRequest) -> uuid.UUID:
    """The key of the form as it was sent."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()
