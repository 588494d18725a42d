"""Where auditor and administrator begin to ask who sees what: the search, and the agreement."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from network.cases.models import Case
from network.cases.services.break_glass import tidy
from network.models import Organisation, Region
from portal.access import grants, reach
from portal.access.guards import Pass, guarded
from portal.access.models import PortalRole
from portal.access.policies import is_administrator
from portal.accounts.models import User
from portal.audit.policies import RightsPolicy
from portal.views.audit import people_named
from portal.views.rights import explainer, record_look

# A search that finds more than this of one kind asks for more words.
MOST_FOUND = 30
# Up to so many grants in one table are compared with their reasons while the page is opened.
COMPARED_AT_ONCE = 20_000
DIFFERENCES = 50


class RightsSearchForm(forms.Form):
    """A case number, or words of a name. Sent by POST: it belongs into no address."""

    words = forms.CharField(
        label=gettext_lazy("Case number, person or organisation"),
        max_length=100,
        help_text=gettext_lazy("Such as 7KQ-4RD, a part of a name, or an e-mail."),
        error_messages={"required": gettext_lazy("Write a case number, or a part of a name.")},
    )


@dataclass(frozen=True)
class Found:
    """What a search has found: people and organisations, and whether there is more."""

    people: list[User]
    organisations: list[Organisation]
    is_more: bool

    def __bool__(self) -> bool:
        return bool(self.people or self.organisations)


@dataclass(frozen=True)
class DifferenceRow:
    """A grant without a reason, or a reason without its grant, in words."""

    is_missing: bool
    user: User | None
    user_id: str
    kind: str
    thing: str


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(RightsPolicy, "explain")
def rights_index(request: HttpRequest) -> HttpResponse:
    """The search, who looks after the portal, and whether grants and reasons agree."""
    ticket = explainer(request)
    form = RightsSearchForm(request.POST if request.method == "POST" else None)
    with transaction.atomic(durable=True):
        if form.is_valid() and (case := _case(form.cleaned_data["words"])):
            return redirect("rights_of_case", case.pk)
        context = {
            "form": form,
            "found": _search(ticket, form.cleaned_data["words"]) if form.is_valid() else None,
            "roles": _portal_roles(ticket.day),
            "regions": Region.objects.order_by("name"),
            "is_administrator": is_administrator(ticket.user, ticket.day),
        }
        if context["is_administrator"] and request.method != "POST":
            context |= _agreement("compare" in request.GET)
        response = render(request, "portal/rights_index.html", context)
        record_look(ticket, "rights_index", [], as_table=False)
    return response


def _case(words: str) -> Case | None:
    number = tidy(words)
    return Case.objects.only("pk").filter(number=number).first() if number else None


def _search(ticket: Pass, words: str) -> Found:
    ids = people_named(words)
    people = list(ticket.rows().filter(pk__in=ids).order_by("last_name", "first_name", "email"))
    wanted = words.casefold().split()
    organisations = [
        one
        for one in Organisation.objects.order_by("name")
        if all(word in one.name.casefold() for word in wanted)
    ]
    is_more = max(len(people), len(organisations)) > MOST_FOUND
    return Found(people[:MOST_FOUND], organisations[:MOST_FOUND], is_more)


def _portal_roles(day: dt.date) -> list[PortalRole]:
    """Who audits, administers and edits today."""
    rows = PortalRole.objects.valid_on(day).filter(user__is_active=True).select_related("user")
    return list(rows.order_by("role", "user__last_name", "user__first_name", "valid_from"))


def _agreement(is_asked: bool) -> dict[str, Any]:
    """Grants against reasons; in a large portal only when somebody asks, because it reads all."""
    if not is_asked and grants.size(COMPARED_AT_ONCE) >= COMPARED_AT_ONCE:
        return {"may_compare": True}
    found = grants.compare()
    by_model = {kind.grant: kind for kind in reach.kinds() if kind.grant}
    shown = found[:DIFFERENCES]
    users = User.objects.in_bulk([uuid.UUID(one.row[0]) for one in shown])
    names: dict[tuple[Any, str], str] = {}
    for model, kind in by_model.items():
        ids = [one.row[2] for one in shown if one.model is model]
        names |= {(model, str(pk)): thing.name for pk, thing in kind.names(ids).items()}
    rows = [
        DifferenceRow(
            one.is_missing,
            users.get(uuid.UUID(one.row[0])),
            one.row[0],
            str(by_model[one.model].label) if one.model in by_model else one.model._meta.label,
            names.get((one.model, one.row[2]), one.row[2]),
        )
        for one in shown
    ]
    return {"is_compared": True, "differences": rows, "further": len(found) - len(rows)}
