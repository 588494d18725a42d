"""Holds: what may not be erased. By case number or account; no name of whom a case is about."""

import uuid
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from network.cases.services.break_glass import tidy
from network.filters import LenientChoiceFilter
from network.reports.gaps import nobodys_words
from network.wording import refuse_people
from portal.access.guards import guarded, pass_of, user_of
from portal.accounts.models import User
from portal.base.form_fields import KeyField, RefusableForm, Text, TypedDay, capped
from portal.base.personal import Subject
from portal.base.sheets import csv_answer
from portal.privacy.holds import add_hold, find_held, lift_hold
from portal.privacy.models import LegalHold
from portal.privacy.policies import HoldPolicy
from portal.templatetags.ui import day as day_in_words
from portal.views.retention import administrators_pass

PAGE_SIZE = 30
SORTS = {
    "": (gettext_lazy("newest first"), ("-set_at", "pk")),
    "number": (gettext_lazy("by case number"), ("number", "-set_at", "pk")),
    "until": (gettext_lazy("by end"), ("valid_until", "-set_at", "pk")),
}
HEADING = (
    gettext_lazy("Case"),
    gettext_lazy("Account"),
    gettext_lazy("Reason"),
    gettext_lazy("From"),
    gettext_lazy("Until"),
    gettext_lazy("Set by"),
    gettext_lazy("Lifted"),
    gettext_lazy("Lifted by"),
    gettext_lazy("Why"),
)


class HoldFilter(django_filters.FilterSet):
    """Narrows the holds."""

    q = django_filters.CharFilter(label=gettext_lazy("Case number or reason"), method="search")
    state = LenientChoiceFilter(
        label=gettext_lazy("State"),
        method="of_state",
        choices=capped(
            [
                ("", gettext_lazy("in force")),
                ("lifted", gettext_lazy("lifted or over")),
                ("all", gettext_lazy("all")),
            ]
        ),
    )
    sort = LenientChoiceFilter(
        label=gettext_lazy("Order"),
        method="ordered",
        choices=capped([(value, words) for value, (words, _order) in SORTS.items()]),
    )

    def __init__(self, data: QueryDict, queryset: QuerySet[LegalHold], day: Any) -> None:
        super().__init__(data, queryset)
        self.day = day
        self.form.is_valid()

    @property
    def qs(self) -> QuerySet[LegalHold]:
        rows: QuerySet[LegalHold] = super().qs
        if not self.form.cleaned_data.get("state"):
            rows = rows.exclude(self._over())
        return rows.order_by(*SORTS[self.form.cleaned_data.get("sort") or ""][1])

    @property
    def is_narrowed(self) -> bool:
        return any(self.form.cleaned_data.get(name) for name in ("q", "state"))

    def _over(self) -> Q:
        return Q(lifted_at__isnull=False) | Q(valid_until__isnull=False, valid_until__lte=self.day)

    def ordered(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows

    def of_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(self._over()) if value == "lifted" else rows

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        words = value.casefold().split()
        texts = self.queryset.values_list("pk", "number", "reason")
        found = [pk for pk, *said in texts if all(w in " ".join(said).casefold() for w in words)]
        return rows.filter(pk__in=found)


class HoldForm(RefusableForm):
    """What may not be erased, why and for how long."""

    key = KeyField()
    what = Text(
        label=gettext_lazy("Case number, or e-mail of a worker"),
        max_length=254,
        help_text=gettext_lazy("Such as 7KQ-4RD."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = Text(
        label=gettext_lazy("Reason"),
        min_length=3,
        max_length=300,
        help_text=gettext_lazy("Such as the number of a court case. Leave names out."),
    )
    valid_until = TypedDay(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("The first day it may be erased again; empty: until it is lifted."),
    )

    def clean_reason(self) -> str:
        return without_names(self.cleaned_data["reason"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if typed := cleaned.get("what"):
            kind = LegalHold.Kind.WORKER if "@" in typed else LegalHold.Kind.CASE
            subject = find_held(kind, typed if "@" in typed else tidy(typed))
            if subject is None:
                self.add_error("what", _("There is no case or account like this."))
            cleaned |= {"kind": kind, "subject": subject}
        return cleaned


class LiftForm(RefusableForm):
    """Why it may be erased again."""

    key = KeyField()
    why = Text(
        label=gettext_lazy("Why"),
        min_length=3,
        max_length=300,
        help_text=gettext_lazy("Leave names out."),
    )

    def clean_why(self) -> str:
        return without_names(self.cleaned_data["why"])


def without_names(text: str) -> str:
    """`text`, if it lets nobody be recognised; it is read without opening a case."""
    refuse_people(text, allowed=nobodys_words())
    return text


@dataclass(frozen=True)
class HoldRow:
    """One line of the list."""

    hold: LegalHold
    account: str
    is_in_force: bool

    @property
    def name(self) -> str:
        return self.hold.number or self.account or _("erased")


def hold_rows(holds: Any, day: Any) -> list[HoldRow]:
    """The holds with the names of accounts, in two statements for any number."""
    listed = list(holds)
    ids = [one.subject_id for one in listed if one.kind == LegalHold.Kind.WORKER]
    users = User.objects.in_bulk(ids)
    return [
        HoldRow(
            one,
            str(users[one.subject_id]) if one.subject_id in users else "",
            one.lifted_at is None and (one.valid_until is None or one.valid_until > day),
        )
        for one in listed
    ]


@require_safe
@guarded(HoldPolicy, "view")
def hold_list(request: HttpRequest) -> HttpResponse:
    """What may not be erased now, and what could not once; `format=csv`: as a table."""
    ticket = administrators_pass(request)
    rows = ticket.rows().select_related("set_by", "lifted_by")
    filters = HoldFilter(request.GET, rows, ticket.day)
    if request.GET.get("format") == "csv":
        return csv_answer("keelud.csv", HEADING, map(_cells, hold_rows(filters.qs, ticket.day)))
    page = Paginator(filters.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "privacy/hold_list.html",
        {"filters": filters, "page": page, "rows": hold_rows(page.object_list, ticket.day)},
    )


def _cells(row: HoldRow) -> list[Any]:
    hold = row.hold
    lifted = day_in_words(hold.lifted_at)
    return [
        hold.number,
        row.account,
        hold.reason,
        day_in_words(hold.valid_from),
        day_in_words(hold.valid_until),
        hold.set_by or "",
        lifted,
        hold.lifted_by or "",
        hold.lifted_why,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(HoldPolicy, "view")
def hold_add(request: HttpRequest) -> HttpResponse:
    """Forbid to erase a case, by its number, or an account."""
    ticket = administrators_pass(request)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        subject: Subject = form.cleaned_data["subject"]
        try:
            add_hold(
                kind=form.cleaned_data["kind"],
                subject=subject,
                reason=form.cleaned_data["reason"],
                valid_from=ticket.day,
                valid_until=form.cleaned_data["valid_until"],
                by=user_of(request),
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("It may not be erased from now on."))
            return redirect("hold_list")
    return render(request, "privacy/hold_add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(HoldPolicy, "view")
def hold_lift(request: HttpRequest, hold_id: uuid.UUID) -> HttpResponse:
    """Let it be erased again when its time is over."""
    ticket = pass_of(request)
    hold = ticket.find(pk=hold_id)
    form = LiftForm(request.POST if request.method == "POST" else None)
    if hold.lifted_at is not None:
        messages.info(request, _("It was lifted already."))
        return redirect("hold_list")
    if form.is_valid():
        lift_hold(
            hold,
            why=form.cleaned_data["why"],
            by=user_of(request),
            key=form.cleaned_data["key"],
        )
        messages.success(request, _("It may be erased again when its time is over."))
        return redirect("hold_list")
    (row,) = hold_rows([hold], ticket.day)
    return render(request, "privacy/hold_lift.html", {"form": form, "row": row})
