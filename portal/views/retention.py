"""How long things are kept: the terms and their history, for the administrator."""

import uuid
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from network.filters import LenientChoiceFilter
from portal.access.guards import Pass, guarded, pass_of, user_of
from portal.access.policies import is_administrator
from portal.base import retention
from portal.base.form_fields import KeyField, RefusableForm, Text, capped
from portal.base.sheets import csv_answer
from portal.base.versions import VersionConflict
from portal.privacy.holds import in_force
from portal.privacy.models import RetentionClass
from portal.privacy.policies import RetentionPolicy
from portal.privacy.terms import Term, change_class, report_for

PAGE_SIZE = 30
CHANGES = 50
SORTS = {
    "": (gettext_lazy("by name"), ("title", "pk")),
    "state": (gettext_lazy("in force first"), ("-is_active", "title", "pk")),
}
HEADING = ("code", "what", "kind", "counted_from", "length", "unit", "then", "in_force", "ground")


class RetentionFilter(django_filters.FilterSet):
    """Narrows the terms."""

    q = django_filters.CharFilter(label=gettext_lazy("What is kept"), method="search")
    state = LenientChoiceFilter(
        label=gettext_lazy("State"),
        method="of_state",
        choices=capped(
            [
                ("", gettext_lazy("all")),
                ("on", gettext_lazy("in force")),
                ("open", gettext_lazy("term not set")),
                ("off", gettext_lazy("not in force")),
            ]
        ),
    )
    sort = LenientChoiceFilter(
        label=gettext_lazy("Order"),
        method="ordered",
        choices=capped([(value, words) for value, (words, _order) in SORTS.items()]),
    )

    def __init__(self, data: QueryDict, queryset: QuerySet[RetentionClass]) -> None:
        super().__init__(data, queryset)
        self.form.is_valid()

    @property
    def qs(self) -> QuerySet[RetentionClass]:
        rows: QuerySet[RetentionClass] = super().qs
        return rows.order_by(*SORTS[self.form.cleaned_data.get("sort") or ""][1])

    @property
    def is_narrowed(self) -> bool:
        return any(self.form.cleaned_data.get(name) for name in ("q", "state"))

    def ordered(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows

    def of_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "open":
            return rows.filter(length__isnull=True)
        return rows.filter(is_active=value == "on")

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        words = value.casefold().split()
        texts = self.queryset.values_list("pk", "title", "code", "ground")
        found = [pk for pk, *said in texts if all(w in " ".join(said).casefold() for w in words)]
        return rows.filter(pk__in=found)


class TermForm(RefusableForm):
    """What the administrator sets."""

    key = KeyField()
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = Text(label=gettext_lazy("What is kept"), max_length=120)
    length = forms.IntegerField(
        label=gettext_lazy("How long"),
        min_value=1,
        max_value=1200,
        required=False,
        help_text=gettext_lazy("Empty: not set yet."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), choices=capped(RetentionClass.Unit.choices)
    )
    ground = Text(
        label=gettext_lazy("Legal ground"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("The law, or the decision of the network."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("In force: the portal erases by itself, every night"), required=False
    )

    def term(self) -> Term:
        return Term(**{name: self.cleaned_data[name] for name in Term.__dataclass_fields__})


def term_in_words(row: RetentionClass) -> str:
    """“60 months”, “30 days”, or that it is not set."""
    if not row.length:
        return _("not set")
    if row.unit == RetentionClass.Unit.DAY:
        return ngettext("%(n)d day", "%(n)d days", row.length) % {"n": row.length}
    return ngettext("%(n)d month", "%(n)d months", row.length) % {"n": row.length}


def administrators_pass(request: HttpRequest) -> Pass:
    """The pass of an administrator; for everybody else there is no such page."""
    ticket = pass_of(request)
    if not is_administrator(ticket.user, ticket.day):
        raise Http404
    return ticket


@require_safe
@guarded(RetentionPolicy, "view")
def retention_list(request: HttpRequest) -> HttpResponse:
    """The terms, what the last pass did, and (`format=csv`) the same as a table."""
    ticket = administrators_pass(request)
    filters = RetentionFilter(request.GET, ticket.rows())
    if request.GET.get("format") == "csv":
        return csv_answer("sailitamine.csv", HEADING, map(_cells, filters.qs))
    page = Paginator(filters.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "privacy/retention_list.html",
        {
            "filters": filters,
            "page": page,
            "rows": [(row, term_in_words(row)) for row in page],
            "report": report_for(ticket.user, timezone.now()),
            "holds": in_force(ticket.day).count(),
        },
    )


def _cells(row: RetentionClass) -> list[Any]:
    return [
        row.code,
        row.title,
        row.applies_to,
        row.begins,
        row.length,
        row.unit if row.length else "",
        row.action,
        int(row.is_active),
        row.ground,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(RetentionPolicy, "change")
def retention_change(request: HttpRequest, class_id: uuid.UUID) -> HttpResponse:
    """One term: what it says, its form, and who changed it when."""
    row = pass_of(request).find(pk=class_id)
    form = TermForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(row, name) for name in TermForm.base_fields if hasattr(row, name)},
    )
    stored, status = None, 200
    if form.is_valid():
        try:
            change_class(
                row,
                form.term(),
                version=form.cleaned_data["version"],
                by=user_of(request),
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        except VersionConflict as conflict:
            stored, status = conflict.current, 409
            data = request.POST.copy()
            data["version"] = str(stored.version if stored else 1)
            data["key"] = str(uuid.uuid4())
            form = TermForm(data)
        else:
            messages.success(request, _("The term is saved."))
            return redirect("retention_list")
    changes = row.changes.select_related("by")[:CHANGES]
    kind = retention.kind_of(row.applies_to)
    page = {
        "row": RetentionClass.objects.get(pk=row.pk),
        "form": form,
        "kind": kind,
        "stored": stored,
        "stored_term": term_in_words(stored) if isinstance(stored, RetentionClass) else "",
        "changes": [(one, _differences(one.before, one.after)) for one in changes],
    }
    return render(request, "privacy/retention_change.html", page, status=status)


def _differences(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What changed, in words: what, from, to."""
    found = []
    for name in after:
        if before.get(name) != after[name] and name in TermForm.base_fields:
            label = str(TermForm.base_fields[name].label)
            found.append((label, _shown(before.get(name)), _shown(after[name])))
    return found


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    units = dict(RetentionClass.Unit.choices)
    return str(units.get(value, value)) if value not in (None, "") else "–"
