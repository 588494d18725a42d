"""Organisations of a region: who works in it, who asks to join, who leaves. REG-05."""

import uuid
from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from network.forms.people import JoinDecideForm, OrganisationInviteForm
from network.models import JoinRequest, Organisation, RegionMembership, Seat
from network.people import requests_of
from network.policies import (
    JoinPolicy,
    MembershipPolicy,
    RegionPolicy,
    led_by,
    regions_of,
)
from network.reports.people import member_table
from network.services.joining import ask_to_join, decide_join, leave_region, take_join_back
from network.views.form import key_of
from portal.access.guards import guarded, pass_of, user_of
from portal.base.idempotency import was_done
from portal.base.sheets import csv_answer

PAGE_SIZE = 50
HEADING = (
    gettext_lazy("Region"),
    gettext_lazy("Organisation"),
    gettext_lazy("Kind"),
    gettext_lazy("Municipality"),
    gettext_lazy("Member since"),
)


@require_safe
@guarded(JoinPolicy, "view")
def joining_list(request: HttpRequest) -> HttpResponse:
    """What waits for the steering group, who works in the region, what was decided."""
    ticket = pass_of(request)
    user, day = ticket.user, ticket.day
    members = MembershipPolicy.rows(user, "view", day).select_related(
        "region", "organisation__municipality"
    )
    words = request.GET.get("q", "")[:100].replace("\0", "").strip()
    if words:
        names = members.order_by().values_list("pk", "organisation__name")
        members = members.filter(
            pk__in=[pk for pk, name in names if words.casefold() in name.casefold()]
        )
    ordered = members.order_by("region__name", "organisation__name", "pk")
    if request.GET.get("format") == "csv":
        return _export(ordered)
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    requests = requests_of(user, day)
    ends = MembershipPolicy.rows(user, "end", day).filter(pk__in=[one.pk for one in page])
    decides = JoinPolicy.rows(user, "decide", day).filter(pk__in=[one.pk for one in requests])
    waiting = JoinRequest.State.WAITING
    return render(
        request,
        "network/people_joining.html",
        {
            "page": page,
            "words": words,
            "ends": set(ends.values_list("pk", flat=True)),
            "waiting": [one for one in requests if one.state == waiting],
            "decided": [one for one in requests if one.state != waiting],
            "decides": set(decides.values_list("pk", flat=True)),
            "may_ask": RegionPolicy.rows(user, "ask", day).exists(),
        },
    )


def _export(members: Iterable[RegionMembership]) -> HttpResponse:
    """The organisations that were looked for, as a table to take along."""
    return csv_answer("asutused.csv", HEADING, member_table(members))


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(RegionPolicy, "ask")
def organisation_invite(request: HttpRequest) -> HttpResponse:
    """The coordinator names an organisation, a lead the own one; the steering group decides."""
    ticket = pass_of(request)
    user, day = user_of(request), ticket.day
    regions = list(ticket.rows().order_by("name"))
    if not regions:
        raise PermissionDenied
    coordinated = list(regions_of(user, day, (Seat.Body.COORDINATOR,)).order_by("name"))
    organisations = Organisation.objects.all() if coordinated else led_by(user, day)
    form = OrganisationInviteForm(
        request.POST if request.method == "POST" else None,
        regions=regions,
        organisations=organisations.order_by("name"),
        may_add=bool(coordinated),
    )
    if form.is_valid():
        try:
            ask_to_join(form.chosen_region(), form.joining(), by=user, key=form.cleaned_data["key"])
        except ValidationError as error:
            form.refuse(error)
        except PermissionDenied:
            form.add_error(None, _("Only the coordinator asks for others in this region."))
        else:
            messages.success(request, _("The steering group has it before them now."))
            return redirect("joining_list")
    return render(request, "network/people_organisation_invite.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(JoinPolicy, "view")
def join_decide(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """One request; whoever sits in the steering group and did not ask says yes or no."""
    ticket = pass_of(request)
    pk = ticket.find(pk=request_id).pk
    asked = JoinRequest.objects.select_related(
        "region", "organisation", "municipality", "asked_by", "decided_by"
    ).get(pk=pk)
    may_decide = JoinPolicy.allows(ticket.user, "decide", asked, ticket.day)
    may_take_back = JoinPolicy.allows(ticket.user, "take_back", asked, ticket.day)
    form = JoinDecideForm(request.POST if request.method == "POST" else None)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if do == "take_back":
        take_join_back(asked, by=user_of(request))
        messages.success(request, _("The request is taken back."))
        return redirect("joining_list")
    if do in {"approve", "decline"} and form.is_valid():
        try:
            decided = decide_join(
                asked,
                approve=do == "approve",
                answer=form.cleaned_data["answer"],
                by=user_of(request),
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            is_in = decided.state == JoinRequest.State.APPROVED
            said = _("Let in: it works in the region from today.") if is_in else _("Not let in.")
            messages.success(request, said)
            return redirect("joining_list")
    return render(
        request,
        "network/people_join.html",
        {"asked": asked, "form": form, "may_decide": may_decide, "may_take_back": may_take_back},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(MembershipPolicy, "end")
def membership_end(request: HttpRequest, membership_id: uuid.UUID) -> HttpResponse:
    """The last question, with everything that ends at once."""
    ticket = pass_of(request)
    key = request.POST.get("key", "")
    if request.method == "POST" and was_done(
        key, purpose="membership_end", by=str(request.user.pk)
    ):
        return redirect("joining_list")
    pk = ticket.find(pk=membership_id).pk
    membership = RegionMembership.objects.select_related("region", "organisation").get(pk=pk)
    refusal = ""
    if request.method == "POST":
        try:
            leave_region(membership, by=user_of(request), key=key_of(request))
        except ValidationError as error:
            refusal = " ".join(error.messages)
        else:
            messages.success(request, _("Ended. It works with the next click of anybody."))
            return redirect("joining_list")
    context = {"membership": membership, "refusal": refusal, "key": uuid.uuid4()}
    return render(request, "network/people_membership_end.html", context)
