"""The auditor's page: who looked at what, without a name or a word of any case (rules.md 8)."""

import datetime as dt
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.access.guards import guarded, pass_of
from portal.access.roles import Role
from portal.accounts.models import User
from portal.audit import actions
from portal.audit.anchor import trouble
from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessEvent
from portal.audit.policies import LogPolicy, is_auditor
from portal.audit.reports import (
    WORDS_HEADING,
    between,
    events_about,
    in_names,
    lines,
    subjects_of_number,
    words_table,
)
from portal.base.sheets import write_csv

PAGE = 50
# As Estonians type a day, and as machines do.
DAYS = ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"]
# A name that fits more people than this is no name.
MOST_PEOPLE = 200
# The table is made while the log is held; who needs more asks `manage.py audit_report`.
MOST_ROWS = 20_000


class LogFilterForm(forms.Form):
    """What the auditor looks for; everything may be empty."""

    person = forms.CharField(
        label=_("Who"), required=False, max_length=100, help_text=_("Name or e-mail, or a part.")
    )
    number = forms.CharField(
        label=_("Case number"), required=False, max_length=36, help_text=_("Such as 7KQ-4RD.")
    )
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    action = forms.ChoiceField(label=_("What was done"), required=False)
    first = forms.DateField(
        label=_("From"), required=False, input_formats=DAYS, help_text=_("Such as 24.03.2026.")
    )
    last = forms.DateField(label=_("Until"), required=False, input_formats=DAYS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(actions.known().items(), key=lambda pair: str(pair[1]).casefold())
        self.fields["action"].choices = [("", _("All")), *named]  # type: ignore[attr-defined]
        outcomes = [("", _("All")), *AccessEvent.Outcome.choices]
        self.fields["outcome"].choices = outcomes  # type: ignore[attr-defined]
        for name in ("first", "last"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric"})
            self.fields[name].error_messages["invalid"] = _("Type a day such as 24.03.2026.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        return cleaned

    def narrow(self, events: QuerySet[AccessEvent]) -> QuerySet[AccessEvent]:
        """Those of `events` that are looked for; the form is valid."""
        wanted = self.cleaned_data
        if wanted["person"]:
            events = events.filter(usercode__in=people_named(wanted["person"]))
        if wanted["number"]:
            events = events_about(self.cases()) & events
        if wanted["outcome"]:
            events = events.filter(outcome=wanted["outcome"])
        if wanted["action"]:
            events = events.filter(actioncode=wanted["action"])
        return events.filter(between(_start(wanted["first"]), _start(wanted["last"], after=1)))

    def has_days_only(self) -> bool:
        """Is nothing looked for but days?"""
        wanted = self.cleaned_data
        narrower = any(wanted[name] for name in ("person", "number", "outcome", "action"))
        return not narrower and bool(wanted["first"] or wanted["last"])

    def cases(self) -> list[str]:
        """The ids behind the case number; an id may be typed as well."""
        typed = self.cleaned_data["number"].strip()
        if not typed:
            return []
        return [typed.lower()] if len(typed) == 36 else subjects_of_number(typed)


def people_named(words: str) -> list[str]:
    """Ids of the accounts whose name or e-mail has all of `words`, whatever their letters' case."""
    wanted = words.casefold().split()
    rows = User.objects.values_list("pk", "first_name", "last_name", "email").order_by("pk")
    found = [
        str(pk) for pk, *texts in rows if all(word in " ".join(texts).casefold() for word in wanted)
    ]
    return found[:MOST_PEOPLE]


def _start(day: dt.date | None, after: int = 0) -> dt.datetime | None:
    """The beginning of `day`, or of the day so many days after."""
    if day is None:
        return None
    later = dt.datetime.combine(day + dt.timedelta(days=after), dt.time())
    return timezone.make_aware(later)


@require_safe
@guarded(LogPolicy, "view")
def audit_event_list(request: HttpRequest) -> HttpResponse:
    """Entries, newest first, narrowed down; as a page or (`format=csv`) as a table to take along.

    Reading the log is an entry of the log.
    """
    door = pass_of(request)
    if not is_auditor(door.user, door.day):
        raise Http404
    form = LogFilterForm(request.GET)
    events = form.narrow(door.rows()) if form.is_valid() else AccessEvent.objects.none()
    as_table = request.GET.get("format") == "csv" and _fits(form, events)
    with transaction.atomic(durable=True):
        response = _export(events) if as_table else _page(request, form, events)
        record(
            Actor(str(door.user.pk), str(door.user), role=Role.AUDITOR),
            [Subject(case) for case in form.cases()] if form.is_valid() else [],
            actioncode="audit_event_export" if as_table else "audit_event_list",
            channel=AccessEvent.Channel.EXPORT if as_table else AccessEvent.Channel.PAGE,
        )
    return response


def _fits(form: LogFilterForm, events: QuerySet[AccessEvent]) -> bool:
    """May `events` be taken along as a table? If there are too many the form says so."""
    if form.is_valid() and events[: MOST_ROWS + 1].count() > MOST_ROWS:
        form.add_error(
            "first", _("A table holds at most %(n)s entries: choose fewer days.") % {"n": MOST_ROWS}
        )
    return form.is_valid()


def _page(request: HttpRequest, form: LogFilterForm, events: QuerySet[AccessEvent]) -> HttpResponse:
    before = request.GET.get("before", "")
    last = int(before) if before.isdecimal() and len(before) < 19 else None
    by_time = form.is_valid() and form.has_days_only()
    found = in_names(lines(newest_first(events, last, by_time=by_time)[: PAGE + 1]))
    more = len(found) > PAGE
    context = {
        "form": form,
        "lines": found[:PAGE],
        "older": found[PAGE - 1].event.sequence if more else None,
        "is_narrowed": any(form.data.get(name) for name in form.fields),
        "is_first": "before" not in request.GET,
        "trouble": trouble(timezone.now()),
    }
    return render(request, "portal/audit_event_list.html", context)


def newest_first(
    events: QuerySet[AccessEvent], before: int | None, *, by_time: bool
) -> QuerySet[AccessEvent]:
    """`events` in the order of the log, those before the entry `before`.

    `by_time`: in the order of their moments, which is the same but for a clock that was set back.
    Days are a range of that index; in the order of numbers all of them would be read and sorted.
    """
    if not by_time:
        events = events if before is None else events.filter(sequence__lt=before)
        return events.order_by("-sequence")
    shown = AccessEvent.objects.filter(sequence=before).first() if before is not None else None
    if shown:
        events = events.filter(logtime__lte=shown.logtime).exclude(
            logtime=shown.logtime, sequence__gte=shown.sequence
        )
    return events.order_by("-logtime", "-sequence")


def _export(events: QuerySet[AccessEvent]) -> HttpResponse:
    """Everything that was looked for, oldest first."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="vaatamised.csv"'
    # Spreadsheets take the letters õ and ä for what they are only after this mark.
    response.write("\ufeff")
    write_csv(response, WORDS_HEADING, words_table(events))
    return response
