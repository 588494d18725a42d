"""What representatives ask for: decided by who leads the region, changed by who asked."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalogue.models import Component
from network.forms import DecideForm, ResourceForm
from network.models import Organisation, ResourceChange
from network.policies import OfferingPolicy, ProposalPolicy
from network.reports.changes import changed, component_names, differences
from network.reports.history import workplaces
from network.reports.resources import title_of_proposal
from network.services.facts import facts_of
from network.services.proposals import (
    DECIDE,
    TAKE_BACK,
    asked_for,
    decide_proposal,
    seen,
    take_back,
)
from network.services.resources import add_resource, change_proposal
from network.views.form import conflict, key_of, tell_metres
from portal.access.guards import guarded, pass_of, user_of
from portal.base.idempotency import was_done
from portal.base.versions import VersionConflict

RELATED = ("organisation", "by", "resource__organisation", "resource__offer__component")


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(ProposalPolicy, "decide")
def proposal_decide(request: HttpRequest, change_id: uuid.UUID) -> HttpResponse:
    """The difference against what is stored now; approve it, or decline it with a reason."""
    if was_done(request.POST.get("key", ""), purpose=DECIDE, by=str(request.user.pk)):
        # The impatient thumb: it waits no more, so nobody would find it.
        return redirect("resource_list")
    ticket = pass_of(request)
    if not ticket.rows().filter(pk=change_id).exists():
        decided = ProposalPolicy.decided(ticket.user, ticket.day).filter(pk=change_id)
        if change := decided.select_related("decided_by", *RELATED).first():
            return _already(request, change)
    proposal = ticket.find(pk=change_id)
    form = DecideForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.cleaned_data["answer"]:
        typed = form.cleaned_data
        try:
            change = decide_proposal(
                proposal,
                approve=typed["answer"] == "approve",
                reason=typed["reason"],
                publish=typed["publish"],
                sign=typed["sign"],
                by=user_of(request),
                key=typed["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        except VersionConflict:
            return _again(request, change_id, typed)
        else:
            return _decided(request, change)
    return _page(request, proposal, form)


def _already(request: HttpRequest, change: ResourceChange) -> HttpResponse:
    """Who decided it, when, and the way on; nothing is done twice."""
    context = {
        "proposal": change,
        "title": title_of_proposal(change, component_names(change.after)),
        "is_approved": change.state == ResourceChange.State.APPROVED,
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "network/proposal_decided.html", context, status=status)


def _decided(request: HttpRequest, change: ResourceChange) -> HttpResponse:
    if change.state == ResourceChange.State.APPROVED and change.resource is not None:
        messages.success(request, _("Approved."))
        return redirect("resource_detail", change.resource.pk)
    messages.success(request, _("Not approved. Whoever proposed it sees your reason."))
    return redirect("resource_list")


def _again(request: HttpRequest, change_id: uuid.UUID, typed: dict[str, Any]) -> HttpResponse:
    """409: it is not what was looked at any more, or somebody else has decided."""
    ticket = pass_of(request)
    proposal = ticket.rows().filter(pk=change_id).first()
    if proposal is None:
        messages.warning(request, _("Somebody else has decided on this proposal meanwhile."))
        return redirect("resource_list")
    form = DecideForm(initial={"reason": typed["reason"], "publish": typed["publish"]})
    return _page(request, proposal, form, status=409)


def _page(
    request: HttpRequest, proposal: ResourceChange, form: DecideForm, status: int = 200
) -> HttpResponse:
    proposal = ResourceChange.objects.select_related(*RELATED).get(pk=proposal.pk)
    now = facts_of(proposal.resource) if proposal.resource else {}
    after = asked_for(now, proposal) if proposal.resource else proposal.after
    names = component_names(now, after)
    form.initial.setdefault("publish", True)
    context = {
        "proposal": proposal,
        "title": title_of_proposal(proposal, names),
        "workplace": workplaces([proposal]).get((proposal.by_id, proposal.pk), ""),
        "differences": differences(
            now,
            after,
            names=names,
            # Somebody changed these after the proposal was written.
            stale=changed(proposal.before, now) if proposal.resource else (),
        ),
        "form": form,
        # Always of what stands on this very page.
        "sign": seen(now, after),
        "is_changed": status == 409,
    }
    return render(request, "network/proposal_decide.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(ProposalPolicy, "view")
def proposal_change(request: HttpRequest, change_id: uuid.UUID) -> HttpResponse:
    """A new resource that waits: ask for something else, or take it back."""
    ticket = pass_of(request)
    own = OfferingPolicy.rows(ticket.user, "own", ticket.day)
    if was_done(request.POST.get("key", ""), purpose=TAKE_BACK, by=str(request.user.pk)):
        return redirect("own_offers")
    if request.method == "POST" and (decided := _decided_meanwhile(own, change_id)):
        return _too_late(request, decided)
    proposal = ticket.find(pk=change_id)
    if not own.filter(pk=proposal.organisation_id).exists():
        return redirect("proposal_decide", proposal.pk)
    if proposal.resource_id:
        return redirect("resource_change", proposal.resource_id)
    user = user_of(request)
    if request.method == "POST" and "take_back" in request.POST:
        take_back(proposal, by=user, key=key_of(request))
        messages.success(request, _("Your proposal is taken back. Nothing was changed."))
        return redirect("own_offers")
    form = _form(request, proposal)
    if form.is_valid():
        try:
            change_proposal(proposal, form.facts(), by=user, key=form.cleaned_data["key"])
        except ValidationError as error:
            form.refuse(error)
        except VersionConflict:
            return _too_late(request, ResourceChange.objects.get(pk=proposal.pk))
        else:
            tell_metres(request, form)
            messages.success(request, _("Your proposal waits for the steering group now."))
            return redirect("own_offers")
    context = {
        "title": title_of_proposal(proposal, component_names(proposal.after)),
        "form": form,
        "proposes": True,
        "proposal": proposal,
    }
    return render(request, "network/resource_form.html", context)


def _form(request: HttpRequest, proposal: ResourceChange) -> ResourceForm:
    return ResourceForm(
        request.POST if request.method == "POST" else None,
        day=pass_of(request).day,
        shown=proposal.after,
        component=Component.objects.filter(pk=proposal.after.get("component")).first(),
    )


def _decided_meanwhile(own: QuerySet[Organisation], change_id: uuid.UUID) -> ResourceChange | None:
    return (
        ResourceChange.objects.filter(pk=change_id, organisation__in=own)
        .exclude(state=ResourceChange.State.WAITING)
        .filter(what=ResourceChange.What.PROPOSED)
        .first()
    )


def _too_late(request: HttpRequest, proposal: ResourceChange) -> HttpResponse:
    """It was decided while somebody wrote: what they wrote becomes a change or a new proposal."""
    form = _form(request, proposal)
    if not form.is_valid():
        form.add_error(None, _("Somebody else has decided on this proposal meanwhile."))
    elif proposal.resource:
        return conflict(request, proposal.resource, form)
    else:
        try:
            add_resource(
                proposal.organisation,
                form.facts(),
                by=user_of(request),
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.warning(
                request,
                _("It was not approved meanwhile: %(reason)s. Yours waits as a new proposal.")
                % {"reason": proposal.reason},
            )
            return redirect("own_offers")
    title = title_of_proposal(proposal, component_names(proposal.after))
    context = {"title": title, "form": form, "proposes": True}
    return render(request, "network/resource_form.html", context)
