"""Short forms: free places, a decision, the last word before withdrawing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from network.forms.fields import CountField
from portal.base.form_fields import KeyField, RefusableForm, Text

LONGEST_WAIT = 520


class AvailabilityForm(RefusableForm):
    """What may be different tomorrow. Several stand on one page, so ids carry the resource's."""

    key = KeyField()
    version = forms.IntegerField(widget=forms.HiddenInput)
    free_places = CountField(label=_("Free places"))
    waiting_weeks = CountField(most=LONGEST_WAIT, label=_("Waiting, weeks"))

    def __init__(self, data: Any = None, *, resource_id: int, **initial: Any) -> None:
        super().__init__(data, initial=initial, auto_id=f"r{resource_id}_%s")


class OwnRowForm(RefusableForm):
    """The same in a row of one large form. What was shown goes along: what differs was typed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    free_places = CountField(label=_("Free places"), show_hidden_initial=True)
    waiting_weeks = CountField(
        most=LONGEST_WAIT, label=_("Waiting, weeks"), show_hidden_initial=True
    )

    def __init__(self, data: Any = None, *, resource_id: int, **initial: Any) -> None:
        super().__init__(data, initial=initial, prefix=f"r{resource_id}", auto_id="%s")

    @property
    def is_told(self) -> bool:
        """Has somebody typed another figure here?"""
        return not {"free_places", "waiting_weeks"}.isdisjoint(self.changed_data)


class DecideForm(RefusableForm):
    """A proposal is approved, or declined with a reason. `sign`: of what is in front."""

    key = KeyField()
    sign = Text(widget=forms.HiddenInput, max_length=40)
    answer = forms.ChoiceField(
        choices=[("approve", ""), ("decline", "")], widget=forms.HiddenInput, required=False
    )
    publish = forms.BooleanField(label=_("Put it on the public site at once"), required=False)
    reason = Text(
        label=_("Why not?"),
        required=False,
        max_length=300,
        help_text=_("Whoever proposed it reads this."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(RefusableForm):
    """The last question; a reason stands in the history."""

    key = KeyField()
    reason = Text(
        label=_("Why?"),
        required=False,
        max_length=300,
        help_text=_("Stands in the history of the resource."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
