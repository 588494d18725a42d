"""The shape of what is typed around an agenda. Rules that a service needs too stand there."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from network.meetings.models import AgendaItem, Attendance
from network.meetings.services.agenda import TITLE_LENGTH, ItemText
from network.models import Position
from portal.base.form_fields import (
    SEARCHABLE,
    KeyField,
    RefusableForm,
    RowChoiceField,
    Text,
    give_rows,
    grouped,
)

LONG_TEXT = 2000
MOST_MINUTES = 240


class VersionField(forms.IntegerField):
    """The version of what is in front of the writer; whoever sends none has seen nothing."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, min_value=0, **options)

    def clean(self, value: Any) -> int:
        try:
            return super().clean(value) or 0
        except forms.ValidationError:
            return 0


class ItemForm(RefusableForm):
    """A topic, or the words of any item."""

    key = KeyField()
    version = VersionField()
    title = Text(
        label=_("What is it about?"),
        max_length=TITLE_LENGTH,
        help_text=_("A title without names: the agenda goes out in the invitation."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = Text(
        label=_("Introduction"),
        required=False,
        max_length=LONG_TEXT,
        help_text=_("What everybody should know before. Nothing about anybody's case."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    owner = RowChoiceField(
        label=_("Who introduces it?"), required=False, widget=forms.Select(attrs=SEARCHABLE)
    )
    minutes = forms.IntegerField(
        label=_("Minutes of time"),
        min_value=1,
        max_value=MOST_MINUTES,
        initial=15,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(
        self, data: Any = None, *, positions: Iterable[Position], initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial, auto_id="item-%s")
        rows = grouped(
            positions,
            lambda row: row.organisation.name,
            lambda row: row.title,
            lambda row: str(row.pk),
        )
        give_rows(self, "owner", rows, empty=_("Nobody in particular"))

    @staticmethod
    def values_of(item: AgendaItem) -> dict[str, Any]:
        """What is stored, by the names of the fields."""
        return {
            "version": item.version,
            "title": item.title,
            "text": item.text,
            "owner": str(item.owner_id or ""),
            "minutes": item.minutes,
        }

    def typed(self) -> ItemText:
        """What was typed, for the service."""
        values = self.cleaned_data
        return ItemText(values["title"], values["text"], values["owner"] or None, values["minutes"])


class NoteForm(RefusableForm):
    """A short entry under an item; it shares its page with other forms, so its ids are its own."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="note-%s", **options)

    key = KeyField()
    version = VersionField()
    text = Text(
        label=_("What was said?"),
        max_length=LONG_TEXT,
        error_messages={"required": _("Write what was said, or leave the entry out.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class GuestForm(RefusableForm):
    """Somebody from outside who came to the meeting."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="guest-%s", **options)

    key = KeyField()
    guest_name = Text(
        label=_("Guest and where from"),
        max_length=120,
        error_messages={"required": _("Write who came and where from.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ActForm(forms.Form):
    """The hidden half of a button: which attempt it is, and what its sender had in front."""

    key = KeyField()
    version = VersionField()


def attendance_said(data: QueryDict, known: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Of the rows in `known`, those whose status is now another than when the page was shown.

    `status-<id>` is what is chosen, `was-<id>` what was shown. Raises ValidationError.
    """
    said: dict[uuid.UUID, str] = {}
    for row in known:
        status = data.get(f"status-{row}")
        if status is None or status == data.get(f"was-{row}"):
            continue
        if status not in Attendance.Status.values:
            raise ValidationError(_("Choose present, excused or absent."))
        said[row] = status
    return said
