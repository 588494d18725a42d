"""What is asked of the list of gaps, and how one is answered."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from network.meetings.gap_reports import GAPS, FilterRows, GapChoice
from network.meetings.outcome_forms import NONE_OF_THEM
from network.meetings.services.gap_answers import Answer
from network.models import Gap, Offer
from portal.base.form_fields import (
    SEARCHABLE,
    KeyField,
    RefusableForm,
    RowChoiceField,
    Text,
    capped,
    give_rows,
)

STATES = [("", _("open")), *Gap.State.choices, ("all", _("all"))]
KINDS = [("", _("gaps and good practice")), (GAPS, _("gaps only")), *Gap.Kind.choices]
SORTS = [
    ("month", _("newest month first")),
    ("old", _("oldest month first")),
    ("about", _("by subject")),
    ("place", _("by municipality")),
]


class GapFilterForm(forms.Form):
    """What may stand in the address of the list. Anything else is left out, never an error."""

    q = Text(label=_("Words"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=capped(STATES))
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=capped(KINDS))
    domain = forms.ChoiceField(label=_("Life domain"), required=False)
    component = forms.ChoiceField(label=_("Service"), required=False)
    municipality = forms.ChoiceField(label=_("Municipality"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=capped(SORTS))

    def __init__(self, data: QueryDict, *, rows: FilterRows) -> None:
        super().__init__(data)
        self._give("domain", rows.domains)
        self._give("component", rows.components)
        self._give("municipality", rows.municipalities)

    def _give(self, name: str, rows: Iterable[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            named = [(row.slug, row.name) for row in rows]
            field.choices = [("", capfirst(str(_("all")))), *named]

    def choice(self) -> GapChoice:
        """What was asked for, as far as it is on the lists."""
        self.is_valid()
        asked = self.cleaned_data
        return GapChoice(
            words=asked.get("q", ""),
            state=asked.get("state", ""),
            kind=asked.get("kind", ""),
            domain=asked.get("domain", ""),
            component=asked.get("component", ""),
            municipality=asked.get("municipality", ""),
            sort=asked.get("sort") or "month",
        )


class GapAnswerForm(RefusableForm):
    """The answer of the region. `version` is that of the gap in front of the writer."""

    key = KeyField()
    version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("What becomes of it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of it.")},
    )
    offer = RowChoiceField(
        label=_("Which offer came of it?"),
        required=False,
        help_text=_("Only if it is solved."),
        widget=forms.Select(attrs=SEARCHABLE),
        error_messages={"invalid_choice": _("This offer is not published any more.")},
    )
    answer = Text(
        label=_("Answer"),
        required=False,
        max_length=2000,
        help_text=_("Whoever noted it reads this. If it is put aside, say why."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, gap: Gap, offers: Iterable[Offer]) -> None:
        super().__init__(data, initial={"version": gap.version, "answer": gap.answer})
        possible = (Answer.SOLVED, Answer.ASIDE)
        if not gap.is_open:
            # The same answer in better words, or it waits again.
            possible = (Answer(gap.state), Answer.REOPENED)
        field = self.fields["outcome"]
        if isinstance(field, forms.ChoiceField):
            field.choices = capped([(one.value, one.label) for one in possible])
        listed = [(str(offer.pk), _words(offer), offer) for offer in offers]
        give_rows(self, "offer", [("", listed)], empty=NONE_OF_THEM)


def _words(offer: Offer) -> str:
    resource = offer.resource
    place = resource.municipality.name
    return f"{offer.component.name}: {resource.organisation.name}, {place}"
