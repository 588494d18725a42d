"""The region's list of what is missing and what works well, and what becomes of it. MON-04."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.forms.gap import GapForm
from network.meetings.agenda_reports import gap_facts
from network.meetings.gap_forms import GapAnswerForm, GapFilterForm
from network.meetings.gap_reports import (
    PAGE_SIZE,
    chosen_gaps,
    filter_rows,
    gap_heading,
    gap_rows,
    gap_table,
    next_steering_meeting,
    with_words,
)
from network.meetings.services.agenda import add_gap
from network.meetings.services.answers import offers_for
from network.meetings.services.gap_answers import answer_gap, check_region_text, note_region_gap
from network.models import Gap
from network.policies import GapPolicy, RegionPolicy
from network.reports.gaps import municipalities_of
from network.services.gaps import says
from portal.access.guards import guarded, pass_of, user_of
from portal.base.sheets import csv_answer
from portal.base.versions import VersionConflict

# A table longer than this is no table that anybody reads.
MOST_ROWS = 20_000


@require_safe
@guarded(GapPolicy, "view")
def gap_list(request: HttpRequest) -> HttpResponse:
    """Gaps and good practice of my regions; each with what became of it."""
    ticket = pass_of(request)
    filters, gaps = _chosen(request)
    page = Paginator(gaps, PAGE_SIZE).get_page(request.GET.get("page"))
    led = GapPolicy.rows(request.user, "answer", ticket.day)
    context: dict[str, Any] = {
        "filters": filters,
        "page": page,
        "rows": gap_rows(page, request.user, ticket.day),
        "is_chosen": any(request.GET.get(name) for name in filters.fields if name != "sort"),
        "may_answer": set(led.filter(pk__in=[gap.pk for gap in page]).values_list("pk", flat=True)),
        "may_add": RegionPolicy.rows(request.user, "lead", ticket.day).exists(),
        "is_member": RegionPolicy.rows(request.user, "view", ticket.day).exists(),
    }
    return render(request, "meetings/gap_list.html", context)


@require_safe
@guarded(GapPolicy, "view")
def gap_export(request: HttpRequest) -> HttpResponse:
    """What the list shows, as a table."""
    _filters, gaps = _chosen(request)
    return csv_answer("vajadused.csv", gap_heading(), gap_table(gaps[:MOST_ROWS]))


def _chosen(request: HttpRequest) -> tuple[GapFilterForm, Any]:
    """The filters as they were asked for, and the rows that are left."""
    visible = pass_of(request).rows()
    filters = GapFilterForm(request.GET, rows=filter_rows(visible))
    return filters, chosen_gaps(visible, filters.choice())


@require_safe
@guarded(GapPolicy, "view")
def gap_detail(request: HttpRequest, gap_id: uuid.UUID) -> HttpResponse:
    """One gap: what is known, what happened since, and what to do with it."""
    ticket = pass_of(request)
    ticket.find(pk=gap_id)
    gap = _with_words(gap_id)
    [row] = gap_rows([gap], request.user, ticket.day)
    context = {
        "row": row,
        "gap": gap,
        "facts": gap_facts(gap),
        "may_answer": GapPolicy.allows(request.user, "answer", gap, ticket.day),
    }
    return render(request, "meetings/gap_detail.html", context)


def _with_words(gap_id: uuid.UUID) -> Gap:
    gap: Gap = with_words(Gap.objects.all()).get(pk=gap_id)
    return gap


@require_POST
@guarded(GapPolicy, "answer")
def gap_to_agenda(request: HttpRequest, gap_id: uuid.UUID) -> HttpResponse:
    """One click: onto the agenda of the next meeting of the steering group."""
    gap = pass_of(request).find(pk=gap_id)
    meeting = next_steering_meeting(gap, timezone.now())
    if meeting is None:
        words = _("No meeting of the steering group is planned yet. Plan one, then add the gap.")
        messages.warning(request, words)
        return redirect("meeting_add")
    try:
        item = add_gap(meeting, gap, user_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("gap_detail", gap.pk)
    day = timezone.localtime(item.meeting.starts_at)
    words = _("It stands on the agenda of %(day)s.") % {"day": f"{day:%d.%m.%Y}"}
    messages.success(request, words)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The list as it was narrowed down; never an address of another host."""
    back = request.POST.get("back", "")
    listed = reverse("gap_list")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours and back.startswith(listed) else listed


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(GapPolicy, "answer")
def gap_answer(request: HttpRequest, gap_id: uuid.UUID) -> HttpResponse:
    """The region answers: it is solved, it is put aside, it waits again."""
    ticket = pass_of(request)
    ticket.find(pk=gap_id)
    gap = _with_words(gap_id)
    form = GapAnswerForm(
        request.POST if request.method == "POST" else None,
        gap=gap,
        offers=offers_for(gap, ticket.day),
    )
    if form.is_valid():
        typed = form.cleaned_data
        try:
            answer_gap(
                gap,
                outcome=typed["outcome"],
                version=typed["version"],
                answer=typed["answer"],
                offer=typed["offer"] or None,
                by=user_of(request),
                key=typed["key"],
            )
        except ValidationError as error:
            form.refuse(error)
        except VersionConflict:
            return _conflict(request, gap_id, form)
        else:
            messages.success(request, _("The answer is saved. Whoever noted it sees it."))
            return redirect("gap_detail", gap.pk)
    [row] = gap_rows([gap], request.user, ticket.day)
    return render(request, "meetings/gap_answer.html", {"row": row, "gap": gap, "form": form})


def _conflict(request: HttpRequest, gap_id: uuid.UUID, form: GapAnswerForm) -> HttpResponse:
    """409: both answers, to be put together against what is stored now."""
    gap = _with_words(gap_id)
    theirs = f"{capfirst(gap.get_state_display())}. {gap.answer}".strip()
    page = {
        "gap": gap,
        "row": gap_rows([gap], request.user, pass_of(request).day)[0],
        "yours": form.cleaned_data["answer"],
        "theirs": theirs,
        "outcome": form.cleaned_data["outcome"],
        "offer": request.POST.get("offer", ""),
        # Asked again after both were read: another save, so another key.
        "key": uuid.uuid4(),
    }
    return render(request, "meetings/gap_conflict.html", page, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(RegionPolicy, "lead")
def gap_add(request: HttpRequest) -> HttpResponse:
    """A difficulty that is seen in the region without a case; 403 for who leads none. REG-03."""
    ticket = pass_of(request)
    if not ticket.rows().exists():
        raise PermissionDenied
    places = municipalities_of(ticket.rows(), ticket.day)
    form = GapForm(
        request.POST if request.method == "POST" else None,
        municipalities=places,
        check_text=lambda text: check_region_text(text, ticket.day),
    )
    is_repeat = False
    if form.is_valid():
        told = form.statement()
        try:
            gap = note_region_gap(**told, by=user_of(request), key=form.cleaned_data["key"])
        except ValidationError as error:
            form.refuse(error)
        else:
            if says(gap, **told):
                messages.success(request, _("It is on the list of the region."))
                return redirect("gap_detail", gap.pk)
            # Saved, gone back, changed and sent again: this is another one.
            is_repeat, form = True, form.with_new_key()
    return render(request, "meetings/gap_add.html", {"form": form, "is_repeat": is_repeat})
