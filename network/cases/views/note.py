"""Notes of a case: the list, a new one, a correction, a file. CASE-12."""

import logging
import uuid
from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.cases.acting import acting_in
from network.cases.models import Case, CaseNote, CaseNoteFile
from network.cases.note_forms import NoteFilterForm, NoteForm
from network.cases.note_reports import NoteChoice, note_page, note_writers, readers_of
from network.cases.policies import CasePolicy, readable_notes, sight_on
from network.cases.services.notes import NoteText, add_case_note
from portal.accounts.models import User
from portal.audit.guard import Visit, case_view
from portal.audit.models import AccessEvent
from portal.base.drafts import draft_owner, draft_place
from portal.base.files import serve_private
from portal.base.upload_limit import dropped_files
from portal.base.uploads import MAX_BYTES

logger = logging.getLogger(__name__)


def _visit(request: HttpRequest) -> Visit:
    return cast(Visit, request.case_visit)  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(CasePolicy, "note", code="case_note_add_form", acting=acting_in)
def case_note_add(request: HttpRequest, case: Case) -> HttpResponse:
    """A new note."""
    return _write(request, case, None)


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(CasePolicy, "note", code="case_note_correct_form", acting=acting_in)
def case_note_correct(request: HttpRequest, case: Case, note_id: uuid.UUID) -> HttpResponse:
    """A note that corrects an own one; the first one stays."""
    sight = sight_on(request.user, case, _visit(request).day)
    notes = readable_notes(request.user, case, sight).filter(author_id=request.user.pk)
    return _write(request, case, get_object_or_404(notes, pk=note_id))


def _write(request: HttpRequest, case: Case, corrects: CaseNote | None) -> HttpResponse:
    """The form of a note; what was typed comes back with whatever was wrong."""
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        now=timezone.now(),
        readers=readers_of(case, request.user, _visit(request).day),
        corrects=corrects,
        dropped=dropped_files(request),
    )
    is_repeat = False
    if form.is_valid():
        typed = form.note()
        try:
            note = add_case_note(
                case,
                typed,
                by=cast(User, request.user),
                key=form.cleaned_data["key"],
                corrects=corrects,
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            if _same(note, typed):
                _visit(request).logged()
                if request.POST.get("left_out") and not typed.files:
                    messages.warning(
                        request, _("The file was too large and was not added to the note.")
                    )
                return redirect(_saved(case, note, form.cleaned_data["key"]))
            # Saved, gone back, changed and sent again: a note is written once, so this is another.
            is_repeat, form = True, form.with_new_key()
    page = {
        "case": case,
        "form": form,
        "corrects": corrects,
        "is_repeat": is_repeat,
        "correction": _correction_of(corrects) if corrects else None,
        "max_bytes": MAX_BYTES,
        "draft_owner": draft_owner(request.user.pk),
        "draft_place": draft_place(request.user.pk, case.pk, corrects.pk if corrects else ""),
    }
    return render(request, "cases/case_note_form.html", page)


def _correction_of(note: CaseNote) -> CaseNote | None:
    return CaseNote.objects.filter(corrects=note).first()


def _same(note: CaseNote, typed: NoteText) -> bool:
    """Is `note` what was typed? An earlier note with the same key may say something else."""
    names = ("kind", "happened_at", "minutes", "text", "audience", "place", "with_whom")
    return all(getattr(note, name) == getattr(typed, name) for name in names)


def _saved(case: Case, note: CaseNote, key: uuid.UUID) -> str:
    """Where one goes after saving: to the note in the list, and the device forgets the draft."""
    address = reverse("case_note_list", args=[case.pk])
    return f"{address}?{urlencode({'marge': str(note.pk), 'valmis': str(key)})}#n-{note.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
@case_view(CasePolicy, "view", code="case_note_list", acting=acting_in)
def case_note_list(request: HttpRequest, case: Case) -> HttpResponse:
    """The notes the reader may read. Words are sent by POST: they belong into no address."""
    day = _visit(request).day
    sight = sight_on(request.user, case, day)
    searched = request.method == "POST"
    filters = NoteFilterForm(
        request.POST if searched else request.GET,
        positions=note_writers(case, request.user, sight),
    )
    choice = filters.choice()
    page = note_page(
        case,
        request.user,
        sight,
        day,
        choice,
        before=_uuid_in(request.GET.get("enne")),
        at=_uuid_in(request.GET.get("marge")),
    )
    return render(
        request,
        "cases/case_note_list.html",
        {
            "case": case,
            "sight": sight,
            "filters": filters,
            "choice": choice,
            "is_chosen": bool(choice.kind or choice.audience or choice.position),
            "page": page,
            "next": _address_with(choice, page.last),
            "saved": _uuid_in(request.GET.get("valmis")),
            "may_note": CasePolicy.allows(request.user, "note", case, day),
        },
    )


def _address_with(choice: NoteChoice, last: uuid.UUID | None) -> str:
    """The query of the next page, empty if there is none."""
    if last is None:
        return ""
    chosen = {name: getattr(choice, name) for name in ("kind", "audience", "position")}
    return "?" + urlencode(
        {name: value for name, value in chosen.items() if value} | {"enne": last}
    )


def _uuid_in(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


@require_safe
@case_view(
    CasePolicy,
    "view",
    code="case_note_file",
    acting=acting_in,
    channel=AccessEvent.Channel.FILE,
)
def case_note_file(request: HttpRequest, case: Case, file_id: uuid.UUID) -> HttpResponseBase:
    """A file of a note that the reader may read, to be saved."""
    sight = sight_on(request.user, case, _visit(request).day)
    notes = readable_notes(request.user, case, sight)
    file = get_object_or_404(CaseNoteFile, pk=file_id, note__in=notes)
    try:
        content = file.file.open("rb")
    except FileNotFoundError:
        logger.error("A file of a note is not where it was stored")
        raise Http404 from None
    return serve_private(content, name=file.name, content_type=file.content_type)
