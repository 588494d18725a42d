"""The shape of a note as it is typed: in a minute, with a thumb, as Estonians write days."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.cases.models import CaseNote
from network.cases.note_reports import NoteChoice, Readers
from network.cases.services.notes import NoteText
from network.models import Position
from portal.base.form_fields import TypedDay
from portal.base.uploads import MAX_BYTES, CleanFile, clean_upload

MAX_TEXT = 10_000
MAX_FILES = 5
DURATIONS = (15, 30, 45, 60, 90)
OTHER = "other"
# A year mistyped; what is older is no note but history.
OLDEST = dt.timedelta(days=5 * 366)
DAYS = ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"]
TIMES = ["%H.%M", "%H:%M", "%H"]


class Text(forms.CharField):
    """Text is text: without the one character that no database keeps."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\0", "") if isinstance(value, str) else value)


class TypedTime(forms.TimeField):
    """`9.30`; with comma or colon too."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(_with_points(value))


def _with_points(value: Any) -> Any:
    return value.strip().rstrip(".,").replace(",", ".") if isinstance(value, str) else value


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.Field):
    """No, one or several files; gives clean ones (portal.base.uploads)."""

    widget = ManyFilesInput

    def clean(self, value: list[UploadedFile] | None) -> list[CleanFile]:
        uploads = value or []
        if len(uploads) > MAX_FILES:
            raise ValidationError(
                gettext("Choose up to %(n)s files for one note.") % {"n": MAX_FILES}
            )
        clean, wrong = [], []
        for upload in uploads:
            try:
                clean.append(clean_upload(upload))
            except ValidationError as error:
                wrong += [f"{upload.name}: {sentence}" for sentence in error.messages]
        if wrong:
            raise ValidationError(wrong)
        return clean


class NoteForm(forms.Form):
    """A note, new or correcting. `now` is the moment at the door."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What happened?"),
        choices=CaseNote.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened.")},
    )
    text = Text(
        label=_("What do others need to know?"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write in a few words what others need to know.")},
    )
    duration = forms.ChoiceField(
        label=_("How long did it take?"),
        choices=[(str(minutes), minutes) for minutes in DURATIONS] + [(OTHER, _("Other"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how long it took.")},
    )
    other_minutes = forms.IntegerField(
        label=_("How many minutes"),
        required=False,
        min_value=1,
        max_value=24 * 60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    day = TypedDay(
        label=_("Day"),
        input_formats=DAYS,
        widget=forms.DateInput(
            format="%d.%m.%Y", attrs={"inputmode": "decimal", "autocomplete": "off"}
        ),
        error_messages={
            "required": _("Write the day, such as 24.03.2026."),
            "invalid": _("Write the day as 24.03.2026."),
        },
    )
    time = TypedTime(
        label=_("Time of day"),
        input_formats=TIMES,
        widget=forms.TimeInput(
            format="%H.%M", attrs={"inputmode": "decimal", "autocomplete": "off"}
        ),
        error_messages={
            "required": _("Write the time, such as 9.30."),
            "invalid": _("Write the time as 9.30."),
        },
    )
    place = Text(label=_("Where"), max_length=200, required=False)
    with_whom = Text(label=_("With whom"), max_length=200, required=False)
    audience = forms.ChoiceField(
        label=_("Who can read it?"),
        choices=CaseNote.Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who can read the note.")},
    )
    attachments = FilesField(label=_("Files"), required=False)

    def __init__(
        self,
        data: Any = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        now: dt.datetime,
        readers: Readers,
        corrects: CaseNote | None = None,
        dropped: Sequence[str] = (),
    ) -> None:
        self.now, self.readers, self.corrects, self.dropped = now, readers, corrects, dropped
        if data is not None and not _is_uuid(data.get("key", "")):
            # A form without a key was never sent before.
            data = data.copy()
            data["key"] = str(uuid.uuid4())
        super().__init__(data, files, initial=self._beginning())

    def _beginning(self) -> dict[str, Any]:
        moment = timezone.localtime(self.now)
        begin: dict[str, Any] = {
            "key": uuid.uuid4(),
            "day": moment.date(),
            "time": moment.time(),
            "audience": CaseNote.Audience.TEAM,
        }
        if self.corrects is not None:
            note = self.corrects
            happened = timezone.localtime(note.happened_at)
            plain = note.minutes in DURATIONS
            begin |= {
                "kind": note.kind,
                "text": note.text,
                "duration": str(note.minutes) if plain else OTHER,
                "other_minutes": None if plain else note.minutes,
                "day": happened.date(),
                "time": happened.time(),
                "place": note.place,
                "with_whom": note.with_whom,
                "audience": note.audience,
            }
        return begin

    @property
    def opens_details(self) -> bool:
        """Nothing wrong stays behind a fold."""
        return self.has_details or self.had_files or bool(self["attachments"].errors)

    @property
    def had_files(self) -> bool:
        """Were files chosen for a form that comes back? A browser does not keep them."""
        return self.is_bound and bool(self.dropped or self.files.getlist("attachments"))

    @property
    def has_details(self) -> bool:
        return any(self[name].value() or self[name].errors for name in ("place", "with_whom"))

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day < timezone.localtime(self.now).date() - OLDEST:
            raise ValidationError(_("Look at the year: this is more than five years ago."))
        return day

    def clean_attachments(self) -> list[CleanFile]:
        if self.dropped:
            limit = filesizeformat(MAX_BYTES)
            sentence = gettext("The file is too large. The limit is %(limit)s.") % {"limit": limit}
            raise ValidationError([f"{name}: {sentence}" for name in self.dropped])
        return self.cleaned_data["attachments"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._check_future(cleaned)
        if cleaned.get("duration") == OTHER and not cleaned.get("other_minutes"):
            if "other_minutes" not in self.errors:
                self.add_error("other_minutes", _("Write how many minutes it took."))
        elif "other_minutes" in self.errors and cleaned.get("duration") != OTHER:
            # A leftover beside a chosen duration is nobody's mistake.
            del self.errors["other_minutes"]
        return cleaned

    def _check_future(self, cleaned: dict[str, Any]) -> None:
        """The rule of the service, said together with all else that is wrong."""
        today = timezone.localtime(self.now).date()
        if (day := cleaned.get("day")) and day > today:
            self.add_error("day", _("A note cannot be about what has not been yet."))

    def note(self) -> NoteText:
        """What was typed, for the service."""
        typed = self.cleaned_data
        chosen = typed["duration"]
        moment = timezone.make_aware(dt.datetime.combine(typed["day"], typed["time"]))
        return NoteText(
            kind=typed["kind"],
            # In UTC: an hour that the clocks skip or repeat equals nothing in another zone.
            happened_at=moment.astimezone(dt.UTC),
            minutes=typed["other_minutes"] if chosen == OTHER else int(chosen),
            text=typed["text"],
            audience=typed["audience"],
            place=typed["place"],
            with_whom=typed["with_whom"],
            files=tuple(typed["attachments"]),
        )

    def refuse(self, error: ValidationError) -> None:
        """Put what the service said beside the field it is about."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            if name == "happened_at":
                today = timezone.localtime(self.now).date()
                name = "time" if self.cleaned_data.get("day") == today else "day"
            self.add_error(name if name in self.fields else None, errors)

    def with_new_key(self) -> "NoteForm":
        """The same text as a form that was never sent."""
        data = cast(QueryDict, self.data).copy()
        data["key"] = str(uuid.uuid4())
        again = NoteForm(data, None, now=self.now, readers=self.readers, corrects=self.corrects)
        again.is_valid()
        return again


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


class NoteFilterForm(forms.Form):
    """What a list of notes is narrowed to. Anything that is not on offer counts as nothing."""

    kind = forms.ChoiceField(label=_("What happened"), required=False)
    position = forms.ChoiceField(label=_("Who wrote it"), required=False)
    audience = forms.ChoiceField(label=_("Who can read it"), required=False)
    words = Text(label=_("Words in these notes"), required=False, max_length=100)

    def __init__(self, data: Any, *, positions: Sequence[Position]) -> None:
        super().__init__(data)
        self._choices("kind", CaseNote.Kind.choices)
        self._choices("audience", CaseNote.Audience.choices)
        self._choices("position", [(str(one.pk), str(one)) for one in positions])

    def _choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = [("", _("All")), *choices]

    def choice(self) -> NoteChoice:
        self.is_valid()
        typed = self.cleaned_data
        position = typed.get("position")
        return NoteChoice(
            kind=typed.get("kind") or "",
            audience=typed.get("audience") or "",
            position=uuid.UUID(position) if position else None,
            words=tuple((typed.get("words") or "").split()[:10]),
        )
