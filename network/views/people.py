"""Positions of my organisations or my region: the list, a new one, one with its line of time."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.forms.people import PositionForm
from network.models import Position
from network.people import duties_of, open_invitations, position_rows, vacancies
from network.people_filters import PositionFilter
from network.policies import MembershipPolicy, PositionPolicy, RegionPolicy, WorkplacePolicy
from network.reports.people import heading, line_of_time, table
from network.services.positions import add_position, change_position, roles_to_give
from portal.access.guards import guarded, pass_of, user_of
from portal.base.sheets import csv_answer
from portal.base.versions import VersionConflict

PAGE_SIZE = 30
# More vacant positions than this wait for the next visit.
VACANT = 10


@require_safe
@guarded(PositionPolicy, "view")
def people_list(request: HttpRequest) -> HttpResponse:
    """What is vacant first, with what it has to do; then every position with its holders."""
    ticket = pass_of(request)
    user, day, now = ticket.user, ticket.day, timezone.now()
    filters = PositionFilter(request.GET, ticket.rows(), now)
    page = Paginator(filters.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    open_posts = vacancies(user, now)
    vacant = position_rows(open_posts.order_by("organisation__name", "title")[:VACANT], user, now)
    duties = duties_of([row.position for row in vacant], user, day)
    asked = request.GET.copy()
    asked.pop("page", None)
    return render(
        request,
        "network/people_list.html",
        {
            "filters": filters,
            "page": page,
            "rows": position_rows(page.object_list, user, now),
            "vacant": [{"row": row, "duties": duties.get(row.position.pk, [])} for row in vacant],
            "vacant_count": open_posts.count(),
            "invited": open_invitations(user, now),
            "key": uuid.uuid4(),
            "query": asked.urlencode(),
            "may_add": WorkplacePolicy.rows(user, "add", day).exists(),
            "may_invite": PositionPolicy.rows(user, "invite", day).exists(),
            "may_ask": RegionPolicy.rows(user, "ask", day).exists(),
            "has_members": MembershipPolicy.rows(user, "view", day).exists(),
        },
    )


@require_safe
@guarded(PositionPolicy, "view")
def people_export(request: HttpRequest) -> HttpResponse:
    """The rows that the list shows under the same choices, all pages of it."""
    ticket, now = pass_of(request), timezone.now()
    filters = PositionFilter(request.GET, ticket.rows(), now)
    return csv_answer(
        "ametikohad.csv", heading(), table(position_rows(filters.qs, ticket.user, now))
    )


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(WorkplacePolicy, "add")
def position_add(request: HttpRequest) -> HttpResponse:
    """403 for whoever leads no organisation."""
    ticket = pass_of(request)
    organisations = list(ticket.rows().order_by("name"))
    if not organisations:
        raise PermissionDenied
    form = PositionForm(
        request.POST if request.method == "POST" else None,
        roles=roles_to_give(user_of(request), ticket.day),
        organisations=organisations,
    )
    if form.is_valid():
        try:
            position = add_position(
                form.chosen_organisation(),
                title=form.cleaned_data["title"],
                role=form.cleaned_data["role"],
                by=user_of(request),
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The position is there. Now let somebody hold it."))
            return redirect("position_detail", position.pk)
    return render(request, "network/people_position_form.html", {"form": form})


@require_safe
@guarded(PositionPolicy, "view")
def position_detail(request: HttpRequest, position_id: uuid.UUID) -> HttpResponse:
    """Who held, holds and will hold it, what it has to do, and what can be arranged."""
    ticket, now = pass_of(request), timezone.now()
    position = ticket.find(pk=position_id)
    row = position_rows(Position.objects.filter(pk=position.pk), ticket.user, now)[0]
    return render(
        request,
        "network/people_position.html",
        {
            "row": row,
            "line": line_of_time(row.position, now),
            "duties": duties_of([row.position], ticket.user, ticket.day).get(position.pk, []),
            "may_change": PositionPolicy.allows(ticket.user, "change", position, ticket.day),
            "key": uuid.uuid4(),
            "me": ticket.user,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(PositionPolicy, "change")
def position_change(request: HttpRequest, position_id: uuid.UUID) -> HttpResponse:
    """Name, usual role, in use or not."""
    ticket = pass_of(request)
    position: Position = ticket.find(pk=position_id)
    roles = roles_to_give(user_of(request), ticket.day)
    form = PositionForm(
        request.POST if request.method == "POST" else None, roles=roles, position=position
    )
    context = {"form": form, "position": position}
    if form.is_valid():
        typed = form.cleaned_data
        try:
            change_position(
                Position.objects.select_related("organisation").get(pk=position.pk),
                title=typed["title"],
                role=typed["role"],
                is_active=typed["is_active"],
                version=typed["version"] or 0,
                by=user_of(request),
                key=typed["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        except VersionConflict:
            # What was typed stays in the form; what is stored stands beside it.
            stored = Position.objects.select_related("organisation").get(pk=position.pk)
            data = request.POST.copy()
            data["version"], data["key"] = str(stored.version), str(uuid.uuid4())
            context = {
                "form": PositionForm(data, roles=roles, position=stored),
                "position": stored,
                "stored": stored,
            }
            return render(request, "network/people_position_form.html", context, status=409)
        else:
            messages.success(request, _("Changed. It holds from the next click on."))
            return redirect("position_detail", position.pk)
    return render(request, "network/people_position_form.html", context)
