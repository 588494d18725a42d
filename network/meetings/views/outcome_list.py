"""Decisions and actions across meetings: found for years, taken along as a table. REG-08."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from network.meetings.outcome_forms import ActionFilterForm, DecisionFilterForm
from network.meetings.outcome_reports import (
    ActionRow,
    action_heading,
    action_table,
    chosen_actions,
    chosen_decisions,
    decision_heading,
    decision_table,
    groups_in,
    positions_in,
    years_in,
)
from network.meetings.policies import ActionPolicy, DecisionPolicy
from portal.access.guards import guarded, pass_of
from portal.base.sheets import csv_answer

PAGE_SIZE = 30
# A table longer than this is no table that anybody reads.
MOST_ROWS = 20_000


@require_safe
@guarded(ActionPolicy, "view")
def action_list(request: HttpRequest) -> HttpResponse:
    """One list across meetings: mine, or of all groups that I belong to."""
    ticket = pass_of(request)
    filters, actions = _actions(request)
    page = Paginator(actions, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "rows": [ActionRow(action, ticket.day) for action in page],
        "is_mine": filters.choice().whose == "mine",
        "is_chosen": _is_chosen(filters, but="whose"),
    }
    return render(request, "meetings/action_list.html", context)


@require_safe
@guarded(ActionPolicy, "view")
def action_export(request: HttpRequest) -> HttpResponse:
    """What the list shows, as a table."""
    _filters, actions = _actions(request)
    return _table("tegevused.csv", action_heading(), action_table(actions[:MOST_ROWS]))


def _actions(request: HttpRequest) -> tuple[ActionFilterForm, Any]:
    """The filters as they were asked for, and the rows that are left."""
    ticket = pass_of(request)
    is_all = request.GET.get("whose") == "all"
    rows = ticket.rows() if is_all else ActionPolicy.rows(request.user, "mine", ticket.day)
    filters = ActionFilterForm(request.GET, groups=groups_in(rows), positions=positions_in(rows))
    return filters, chosen_actions(rows, filters.choice(), ticket.day)


@require_safe
@guarded(DecisionPolicy, "view")
def decision_list(request: HttpRequest) -> HttpResponse:
    """Decisions of my groups, the last one first; a number finds its decision."""
    filters, decisions = _decisions(request)
    page = Paginator(decisions, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filters": filters, "page": page, "is_chosen": _is_chosen(filters)}
    return render(request, "meetings/decision_list.html", context)


@require_safe
@guarded(DecisionPolicy, "view")
def decision_export(request: HttpRequest) -> HttpResponse:
    """What the list shows, as a table."""
    _filters, decisions = _decisions(request)
    return _table("otsused.csv", decision_heading(), decision_table(decisions[:MOST_ROWS]))


def _decisions(request: HttpRequest) -> tuple[DecisionFilterForm, Any]:
    rows = pass_of(request).rows()
    filters = DecisionFilterForm(request.GET, groups=groups_in(rows), years=years_in(rows))
    return filters, chosen_decisions(rows, filters.choice())


def _is_chosen(filters: ActionFilterForm | DecisionFilterForm, but: str = "") -> bool:
    """Is the list narrowed down, so that more might be there?"""
    return any(filters.asked(name) for name in filters.fields if name not in ("sort", but))


def _table(name: str, heading: Any, rows: Any) -> HttpResponse:
    return csv_answer(name, heading, rows)
