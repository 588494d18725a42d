"""What may stand in the address of “my cases”. Anything else is left out, never an error."""

import uuid

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from network.cases.models import Case
from network.cases.reports import CaseChoice
from network.models import Municipality
from portal.base.form_fields import capped

SORTS = [("review", _("by review day")), ("number", _("by number"))]


class CaseFilterForm(forms.Form):
    """State, place and order; words for a search are another form, which is sent by POST."""

    state = forms.ChoiceField(label=_("State"), required=False)
    municipality = forms.ChoiceField(label=_("Municipality"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=capped(SORTS))
    overdue = forms.BooleanField(label=_("Only where the review is late"), required=False)
    after = forms.UUIDField(required=False)
    before = forms.UUIDField(required=False)

    def __init__(self, data: QueryDict, *, municipalities: list[Municipality] | None) -> None:
        """`municipalities`: None for a reader who may not know where anybody lives."""
        super().__init__(data)
        self._choices("state", [("", _("open")), *Case.State.choices, ("all", _("all"))])
        if municipalities is None:
            del self.fields["municipality"]
            return
        names = [(place.slug, place.name) for place in municipalities]
        self._choices("municipality", [("", _("all")), *names])

    def _choices(self, name: str, choices: list[tuple[str, object]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = capped(choices)

    def choice(self) -> CaseChoice:
        """What was asked for, as far as it is on the lists."""
        self.is_valid()
        asked = self.cleaned_data
        keys: dict[str, uuid.UUID | None] = {
            name: asked.get(name) or None for name in ("after", "before")
        }
        return CaseChoice(
            state=asked.get("state", ""),
            municipality=asked.get("municipality", ""),
            overdue=bool(asked.get("overdue")),
            sort=asked.get("sort") or "review",
            after=keys["after"],
            before=keys["before"],
        )


class CaseSearchForm(forms.Form):
    """One exact number, name or personal code. Sent by POST: it belongs into no address."""

    words = forms.CharField(label=_("Case number, name or personal code"), max_length=100)

    def __init__(self, data: QueryDict | None, *, only_numbers: bool = False) -> None:
        """`only_numbers`: for a reader who finds nothing by a name."""
        super().__init__(data)
        if only_numbers:
            self.fields["words"].label = _("Case number")
