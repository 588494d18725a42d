"""What is typed about an emergency look."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from network.cases.models import BreakGlass
from network.models import Position
from portal.base.form_fields import (
    KeyField,
    RefusableForm,
    RowChoiceField,
    Text,
    capped,
    give_rows,
)


class BreakGlassForm(RefusableForm):
    """The number of the case and what has happened."""

    key = KeyField()
    number = Text(
        label=_("Case number"),
        max_length=20,
        help_text=_("Such as 7KQ-4RD. Ask for it at the office of the municipality."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    reason = Text(
        label=_("What has happened, and why can it not wait?"),
        max_length=2000,
        help_text=_("The team of the case and the auditor read this. Leave the person's name out."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    position = RowChoiceField(label=_("In which position?"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, positions: list[Position]) -> None:
        super().__init__(data)
        give_rows(self, "position", [("", [(str(row.pk), str(row), row) for row in positions])], "")
        self.only_position = positions[0] if len(positions) == 1 else None
        if self.only_position:
            del self.fields["position"]

    def chosen_position(self) -> Position:
        return self.only_position or self.cleaned_data["position"]


class VerdictForm(RefusableForm):
    """Whether it was right."""

    verdict = forms.ChoiceField(
        label=_("Was it right?"),
        choices=capped(BreakGlass.Verdict.choices),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    text = Text(
        label=_("In words"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
