"""“Who can see this, and why”, “what can this person see, and why”: for auditor and administrator.

Case numbers only; no name of whom a case is about, no content. Every look is in the log.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from network.cases.acting import about
from network.cases.models import Case
from network.cases.policies import CaseRightsPolicy
from network.meetings.models import Meeting
from network.models import Organisation, Region
from portal.access import explain, reach
from portal.access.guards import Pass, guarded, pass_of
from portal.accounts.models import User
from portal.audit.guard import case_view
from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessEvent
from portal.audit.policies import RightsPolicy, explains_as
from portal.base.sheets import csv_answer
from portal.templatetags.ui import day as day_in_words

M = TypeVar("M", bound=Model)

PAGE = 50
MEETINGS = 12

_COMMON_HEADING = (
    gettext_lazy("State"),
    gettext_lazy("Sees"),
    gettext_lazy("May"),
    gettext_lazy("Why"),
    gettext_lazy("From"),
    gettext_lazy("Last day"),
)
PEOPLE_HEADING = (gettext_lazy("Person"), gettext_lazy("E-mail"), *_COMMON_HEADING)
THINGS_HEADING = (gettext_lazy("Kind"), gettext_lazy("What"), *_COMMON_HEADING)


def explaining(user: Any, _row: Any, day: dt.date) -> Actor:
    """Who asks, as the log names them."""
    name = user.get_full_name() or user.email
    return Actor(str(user.pk), name, role=explains_as(user, day))


def explainer(request: HttpRequest) -> Pass:
    """The pass of an auditor or administrator; for everybody else there is no such page."""
    ticket = pass_of(request)
    if not explains_as(ticket.user, ticket.day):
        raise Http404
    return ticket


# What the log calls a look at a page, and a copy of it taken along.
LOOKS = {
    "rights_of_user": "rights_of_user_export",
    "rights_of_thing": "rights_of_thing_export",
}


def record_look(ticket: Pass, code: str, subjects: Iterable[Subject], *, as_table: bool) -> None:
    record(
        explaining(ticket.user, None, ticket.day),
        list(subjects),
        actioncode=LOOKS[code] if as_table else code,
        channel=AccessEvent.Channel.EXPORT if as_table else AccessEvent.Channel.PAGE,
    )


@require_safe
@case_view(CaseRightsPolicy, "explain", code="rights_of_case", acting=explaining)
def rights_of_case(request: HttpRequest, case: Case) -> HttpResponse:
    """Everybody who opens this case today and why; who did lately."""
    visit = request.case_visit  # type: ignore[attr-defined]
    kind = reach.kind_of("case")
    rows = explain.people_of(kind, case, visit.day)
    if request.GET.get("format") == "csv":
        response = _csv("oigused-juhtumile.csv", PEOPLE_HEADING, map(_person_cells, rows))
        record(
            visit.actor,
            about(case),
            actioncode="rights_of_case_export",
            channel=AccessEvent.Channel.EXPORT,
        )
        visit.logged()
        return response
    heading = _("Who can see this case, and why")
    context = {"title": heading, "heading": heading, "number": case.number, "day": visit.day}
    return render(request, "portal/rights_of_thing.html", context | _split(rows))


def _split(rows: list[explain.Line]) -> dict[str, list[explain.Line]]:
    return {
        "opens": [row for row in rows if row.opens],
        "closed": [row for row in rows if not row.opens and not row.is_over],
        "over": [row for row in rows if row.is_over],
    }


@require_safe
@guarded(RightsPolicy, "explain")
def rights_of_user(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """Everything that one person opens today and why; what they opened lately."""
    ticket = explainer(request)
    person: User = ticket.find(pk=user_id)
    rows = explain.things_of(person, ticket.day)
    counts = {
        kind.code: (kind.label, sum(row.kind is kind for row in rows)) for kind in reach.kinds()
    }
    chosen = request.GET.get("kind", "")
    if chosen in counts:
        rows = [row for row in rows if row.kind.code == chosen]
    as_table = request.GET.get("format") == "csv"
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = rows if as_table else list(page)
    with transaction.atomic(durable=True):
        if as_table:
            response = _csv("inimese-oigused.csv", THINGS_HEADING, map(_thing_cells, rows))
        else:
            context = {
                "person": person,
                "page": page,
                "counts": [(code, *both) for code, both in counts.items() if both[1]],
                "chosen": chosen if chosen in counts else "",
                "day": ticket.day,
            }
            response = render(request, "portal/rights_of_user.html", context)
        cases = {row.thing.pk: row.thing for row in shown if row.thing.number}
        subjects = [Subject(str(thing.pk), thing.number) for thing in cases.values()]
        record_look(ticket, "rights_of_user", subjects, as_table=as_table)
    return response


@require_safe
@guarded(RightsPolicy, "explain")
def rights_of_region(request: HttpRequest, region_id: int) -> HttpResponse:
    """Who has a seat in a region; beside it the ways to its meetings."""

    def meetings(region: Region) -> list[tuple[str, str]]:
        latest = Meeting.objects.filter(group__region=region).select_related("group__region")
        rows = latest.order_by("-starts_at")[:MEETINGS]
        names = reach.kind_of("meeting").names([row.pk for row in rows])
        return [(names[row.pk].name, reverse("rights_of_meeting", args=[row.pk])) for row in rows]

    return _page_of_thing(request, "region", Region, region_id, _("Meetings"), meetings)


@require_safe
@guarded(RightsPolicy, "explain")
def rights_of_organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Who speaks for an organisation; who leads its regions may change its offers as well."""
    day = pass_of(request).day

    def regions(organisation: Organisation) -> list[tuple[str, str]]:
        memberships = organisation.region_memberships.valid_on(day).select_related("region")
        rows = {row.region_id: row.region for row in memberships}
        return [
            (row.name, reverse("rights_of_region", args=[row.pk]))
            for row in sorted(rows.values(), key=lambda row: row.name)
        ]

    beside = _("Whoever leads one of its regions also approves its offers")
    return _page_of_thing(request, "organisation", Organisation, organisation_id, beside, regions)


@require_safe
@guarded(RightsPolicy, "explain")
def rights_of_meeting(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponse:
    """Who opens one meeting: the seats of its group, and guests."""

    def region(meeting: Meeting) -> list[tuple[str, str]]:
        place = meeting.group.region
        return [(place.name, reverse("rights_of_region", args=[place.pk]))]

    return _page_of_thing(request, "meeting", Meeting, meeting_id, _("Region"), region)


def _page_of_thing(
    request: HttpRequest,
    code: str,
    model: type[M],
    pk: Any,
    beside: str,
    links: Callable[[M], list[tuple[str, str]]],
) -> HttpResponse:
    """The page of something without a case behind it; `links` are further ways from it."""
    ticket = explainer(request)
    kind = reach.kind_of(code)
    thing = model._default_manager.filter(pk=pk).first()
    if thing is None:
        raise Http404
    rows = explain.people_of(kind, thing, ticket.day)
    as_table = request.GET.get("format") == "csv"
    with transaction.atomic(durable=True):
        if as_table:
            response = _csv("oigused.csv", PEOPLE_HEADING, map(_person_cells, rows))
        else:
            name = kind.names([pk])[pk].name
            context = {
                "title": _("Who can see: %(name)s") % {"name": name},
                "heading": name,
                "day": ticket.day,
                "beside": beside,
                "links": links(thing),
            }
            response = render(request, "portal/rights_of_thing.html", context | _split(rows))
        record_look(ticket, "rights_of_thing", [], as_table=as_table)
    return response


def _person_cells(row: explain.Line) -> list[object]:
    return [row.user.get_full_name(), row.user.email, *_common_cells(row)]


def _thing_cells(row: explain.Line) -> list[object]:
    return [str(row.kind.label), row.thing.name, *_common_cells(row)]


def _common_cells(row: explain.Line) -> list[object]:
    state = _("has ended") if row.is_over else _("opens") if row.opens else _("does not open")
    return [
        state,
        "; ".join(row.sees),
        row.does_in_words,
        row.why,
        day_in_words(row.since),
        day_in_words(row.last_day),
    ]


def _csv(name: str, heading: Iterable[object], rows: Iterable[list[object]]) -> HttpResponse:
    return csv_answer(name, heading, rows)
