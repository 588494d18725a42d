"""Items of an agenda: added, changed, moved, taken off, carried on, done."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from network.meetings.agenda_forms import ActForm, ItemForm
from network.meetings.agenda_reports import waiting_gaps
from network.meetings.models import AgendaItem, Meeting
from network.meetings.policies import MeetingPolicy
from network.meetings.reports import owners_for
from network.meetings.services.agenda import add_gap, add_topic
from network.meetings.services.ordering import (
    DOWN,
    UP,
    carry_item,
    change_item,
    has_outcome,
    move_item,
    remove_item,
)
from network.meetings.services.running import finish_item, take_item
from network.meetings.views.meeting import found, refused
from network.meetings.views.page import ITEM, conflict_words, meeting_page
from network.models import Gap
from network.policies import GapPolicy
from portal.access.guards import guarded, pass_of, user_of
from portal.base.idempotency import was_done
from portal.base.versions import VersionConflict

Answer = HttpResponse


def item_of(meeting: Meeting, item_id: uuid.UUID) -> AgendaItem:
    """The item, if it is one of this meeting; else 404."""
    rows = meeting.items.select_related("meeting__group", "owner__organisation", "gap")
    item: AgendaItem | None = rows.filter(pk=item_id).first()
    if item is None:
        raise Http404
    return item


def to_item(meeting_id: uuid.UUID, item_id: object, part: str = "punkt") -> Answer:
    """Back to the meeting, at this item; `part` is where on the page."""
    return redirect(f"{reverse('meeting_detail', args=[meeting_id])}?{ITEM}={item_id}#{part}")


def to_agenda(meeting_id: uuid.UUID) -> Answer:
    return redirect(f"{reverse('meeting_detail', args=[meeting_id])}#paevakord")


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(MeetingPolicy, "propose")
def agenda_item_add(request: HttpRequest, meeting_id: uuid.UUID) -> Answer:
    """A topic: by a member while the meeting is planned, by who leads it also while it runs."""
    meeting = found(request, meeting_id)
    day = pass_of(request).day
    leads = MeetingPolicy.allows(request.user, "lead", meeting, day)
    positions = owners_for(meeting, request.user, day, only_own=not leads)
    form = ItemForm(request.POST if request.method == "POST" else None, positions=positions)
    if form.is_valid():
        try:
            add_topic(meeting, form.typed(), by=user_of(request), key=form.cleaned_data["key"])
        except ValidationError as error:
            form.refuse(error)
        else:
            return to_agenda(meeting_id)
    return render(request, "meetings/agenda_item_form.html", {"meeting": meeting, "form": form})


@require_POST
@guarded(MeetingPolicy, "lead")
def agenda_gap_add(request: HttpRequest, meeting_id: uuid.UUID) -> Answer:
    """One of the gaps that wait, or all of them, onto this agenda."""
    meeting = found(request, meeting_id)
    chosen = _chosen_gaps(request, meeting)
    try:
        with transaction.atomic():
            for gap in chosen:
                add_gap(meeting, gap, user_of(request))
    except ValidationError as error:
        return refused(request, meeting_id, error)
    return to_agenda(meeting_id)


def _chosen_gaps(request: HttpRequest, meeting: Meeting) -> list[Gap]:
    """The gaps of the form, looked up among those that the reader may answer."""
    if "all" in request.POST:
        return list(waiting_gaps(meeting.group))
    visible = GapPolicy.rows(request.user, "answer", pass_of(request).day)
    try:
        gap = visible.filter(pk=request.POST.get("gap", ""), region=meeting.group.region_id).first()
    except ValidationError:
        gap = None
    if gap is None:
        raise Http404
    return [gap]


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(MeetingPolicy, "lead")
def agenda_item_change(request: HttpRequest, meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """The words of an item; on the same page it is carried on or taken off."""
    meeting = found(request, meeting_id)
    item = item_of(meeting, item_id)
    positions = _positions(request, meeting, item)
    stored = ItemForm.values_of(item)
    is_sent = request.method == "POST"
    form = ItemForm(request.POST if is_sent else None, positions=positions, initial=stored)
    if form.is_valid():
        try:
            change_item(
                item, form.typed(), version=form.cleaned_data["version"], by=user_of(request)
            )
        except ValidationError as error:
            form.refuse(error)
        except VersionConflict:
            return _item_conflict(request, meeting, item_of(meeting, item_id), form)
        else:
            planned = meeting.state == Meeting.State.PLANNED
            return to_agenda(meeting_id) if planned else to_item(meeting_id, item_id)
    context = {
        "meeting": meeting,
        "item": item_of(meeting, item_id),
        "form": form,
        "act_key": uuid.uuid4(),
        "may_remove": not has_outcome(item),
    }
    return render(request, "meetings/agenda_item_form.html", context)


def _positions(request: HttpRequest, meeting: Meeting, item: AgendaItem) -> list[Any]:
    """Who may introduce it; whoever stands there already stays on the list."""
    positions = owners_for(meeting, request.user, pass_of(request).day, only_own=False)
    if item.owner and item.owner not in positions:
        positions.append(item.owner)
    return positions


def _item_conflict(
    request: HttpRequest, meeting: Meeting, stored: AgendaItem, typed: ItemForm
) -> Answer:
    """409: both texts, and the form once more against what is stored now."""
    values = ItemForm.values_of(stored)
    mine = {name: typed.data.get(name, "") for name in ("title", "text", "owner", "minutes")}
    form = ItemForm(
        positions=_positions(request, meeting, stored),
        initial=mine | {"version": stored.version, "key": uuid.uuid4()},
    )
    words = {"owner": stored.owner or "", **{n: values[n] for n in ("title", "text", "minutes")}}
    names = ("title", "text", "owner", "minutes")
    differing = [
        {"name": name, "field": form[name], "stored": words[name]}
        for name in names
        if str(values[name]) != str(mine[name])
    ]
    same = [form[name] for name in names if str(values[name]) == str(mine[name])]
    context = {
        "meeting": meeting,
        "form": form,
        "differing": differing,
        "same": same,
        "action": reverse("agenda_item_change", args=[meeting.pk, stored.pk]),
    }
    return render(request, "meetings/agenda_conflict.html", context, status=409)


@require_POST
@guarded(MeetingPolicy, "lead")
def agenda_item_move(request: HttpRequest, meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """One place up or down."""
    meeting = found(request, meeting_id)
    item, act = item_of(meeting, item_id), _act(request)
    step = UP if request.POST.get("step") == UP else DOWN
    try:
        move_item(item, step, version=act["version"], by=user_of(request))
    except ValidationError as error:
        return refused(request, meeting_id, error)
    except VersionConflict:
        return _agenda_conflict(request, meeting_id)
    return redirect(f"{reverse('meeting_detail', args=[meeting_id])}#punkt-{item.pk}")


@require_POST
@guarded(MeetingPolicy, "lead")
def agenda_item_remove(request: HttpRequest, meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """Take the item off; sent once more it leads where the first one led."""
    meeting, act = found(request, meeting_id), _act(request)
    if was_done(act["key"], purpose="agenda_item_remove", by=str(request.user.pk)):
        return to_agenda(meeting_id)
    item = item_of(meeting, item_id)
    try:
        remove_item(item, version=act["version"], by=user_of(request), key=act["key"])
    except ValidationError as error:
        return refused(request, meeting_id, error, item_id=item_id)
    except VersionConflict:
        return _agenda_conflict(request, meeting_id)
    messages.success(request, _("The item is off the agenda."))
    return to_agenda(meeting_id)


@require_POST
@guarded(MeetingPolicy, "lead")
def agenda_item_carry(request: HttpRequest, meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """Onto the agenda of the next meeting of the group."""
    meeting, act = found(request, meeting_id), _act(request)
    if was_done(act["key"], purpose="agenda_item_carry", by=str(request.user.pk)):
        return to_agenda(meeting_id)
    item = item_of(meeting, item_id)
    try:
        carried = carry_item(item, version=act["version"], by=user_of(request), key=act["key"])
    except ValidationError as error:
        return refused(request, meeting_id, error, item_id=item_id)
    except VersionConflict:
        return _agenda_conflict(request, meeting_id, item_id=item_id)
    target = Meeting.objects.get(pk=carried.meeting_id)
    messages.success(
        request,
        _("The item is on the agenda of %(day)s now.")
        % {"day": f"{timezone.localtime(target.starts_at):%d.%m.%Y}"},
    )
    return redirect("meeting_detail", meeting_id)


@require_POST
@guarded(MeetingPolicy, "write")
def agenda_item_step(request: HttpRequest, meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """`done`: to the next item that waits. Else: talk about this one now."""
    meeting = found(request, meeting_id)
    item = item_of(meeting, item_id)
    try:
        if request.POST.get("step") == "done":
            following = finish_item(item, by=user_of(request))
        else:
            following = take_item(item, by=user_of(request))
    except ValidationError as error:
        return refused(request, meeting_id, error, item_id=item_id)
    return to_item(meeting_id, following.pk if following else item_id)


def _act(request: HttpRequest) -> dict[str, Any]:
    form = ActForm(request.POST)
    form.is_valid()
    return form.cleaned_data


def _agenda_conflict(request: HttpRequest, meeting_id: uuid.UUID, **more: Any) -> Answer:
    """409: the agenda as it stands now, with a sentence. Nothing was typed, so nothing is lost."""
    return meeting_page(
        request,
        found(request, meeting_id),
        pass_of(request).day,
        problem=conflict_words(),
        status=409,
        **more,
    )
