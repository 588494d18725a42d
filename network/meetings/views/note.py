"""Notes of a meeting: short entries, each with its writer, until the minutes are approved."""

import uuid

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from network.meetings.agenda_forms import NoteForm
from network.meetings.models import Meeting, MeetingNote
from network.meetings.policies import MeetingPolicy
from network.meetings.services.running import add_note, change_note, remove_note
from network.meetings.views.agenda import item_of, to_item
from network.meetings.views.meeting import found
from network.meetings.views.page import meeting_page
from portal.access.guards import guarded, pass_of, user_of
from portal.base.versions import VersionConflict

NOTES = "arutelu"


@require_POST
@guarded(MeetingPolicy, "write")
def meeting_note_add(
    request: HttpRequest, meeting_id: uuid.UUID, item_id: uuid.UUID
) -> HttpResponse:
    """One more entry; with something wrong in it the meeting comes back with the text."""
    meeting = found(request, meeting_id)
    item = item_of(meeting, item_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            add_note(item, typed["text"], by=user_of(request), key=typed["key"])
        except ValidationError as error:
            form.refuse(error)
        else:
            return to_item(meeting_id, item_id, NOTES)
    day = pass_of(request).day
    return meeting_page(request, meeting, day, item_id=item_id, note_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded(MeetingPolicy, "write")
def meeting_note_change(
    request: HttpRequest, meeting_id: uuid.UUID, note_id: uuid.UUID
) -> HttpResponse:
    """Put an entry right, or take it back."""
    meeting = found(request, meeting_id)
    note = _note_of(meeting, note_id)
    stored = {"text": note.text, "version": note.version}
    form = NoteForm(request.POST if request.method == "POST" else None, initial=stored)
    form.fields["text"].required = "remove" not in request.POST
    if form.is_valid():
        typed, by = form.cleaned_data, user_of(request)
        try:
            if "remove" in request.POST:
                remove_note(note, version=typed["version"], by=by)
            else:
                change_note(note, typed["text"], version=typed["version"], by=by)
        except ValidationError as error:
            form.refuse(error)
        except VersionConflict as conflict:
            if conflict.current is None:
                return to_item(meeting_id, note.item_id, NOTES)
            return _conflict(request, meeting, _note_of(meeting, note_id), typed["text"])
        else:
            return to_item(meeting_id, note.item_id, NOTES)
    context = {"meeting": meeting, "note": _note_of(meeting, note_id), "form": form}
    return render(request, "meetings/meeting_note_form.html", context)


def _note_of(meeting: Meeting, note_id: uuid.UUID) -> MeetingNote:
    rows = MeetingNote.objects.filter(item__meeting=meeting)
    note = rows.select_related("item__meeting__group", "written_by").filter(pk=note_id).first()
    if note is None:
        raise Http404
    return note


def _conflict(request: HttpRequest, meeting: Meeting, note: MeetingNote, mine: str) -> HttpResponse:
    """409: both texts."""
    context = {"meeting": meeting, "note": note, "mine": mine, "key": uuid.uuid4()}
    return render(request, "meetings/meeting_note_conflict.html", context, status=409)
