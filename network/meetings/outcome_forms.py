"""The shape of decisions and actions as they are typed, and of what their lists are narrowed to."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from network.meetings.models import Action, Decision, Group
from network.meetings.outcome_reports import ActionChoice, DecisionChoice
from network.models import Offer, Position
from portal.base.form_fields import (
    SEARCHABLE,
    KeyField,
    RefusableForm,
    RowChoiceField,
    Text,
    TypedDay,
    capped,
    give_rows,
    grouped,
)

NONE_OF_THEM = _("None of them")


class DecisionForm(RefusableForm):
    """What was decided; the number comes by itself."""

    key = KeyField()
    text = Text(
        label=_("What was decided?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "data-alt": "o", "autocomplete": "off"}),
        error_messages={"required": _("Write what was decided.")},
    )


class DecisionChangeForm(DecisionForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("text",)

    @staticmethod
    def values_of(decision: Decision) -> dict[str, Any]:
        return {"text": decision.text, "version": decision.version}


class ActionForm(RefusableForm):
    """What is to be done, by exactly one position, until a day."""

    key = KeyField()
    text = Text(
        label=_("What is to be done?"),
        max_length=300,
        widget=forms.TextInput(attrs={"data-alt": "t", "autocomplete": "off"}),
        error_messages={"required": _("Write what is to be done.")},
    )
    position = RowChoiceField(
        label=_("Who does it"),
        widget=forms.Select(attrs=SEARCHABLE),
        error_messages={
            "required": _("Choose the position that does it."),
            "invalid_choice": _(
                "This position is not in the network of the region any more. Choose another."
            ),
        },
    )
    due = TypedDay(label=_("Until"))

    def __init__(self, data: Any = None, *, positions: Iterable[Position], **options: Any) -> None:
        super().__init__(data, **options)
        give_rows(
            self,
            "position",
            grouped(
                positions,
                lambda row: row.organisation.name,
                lambda row: capfirst(row.title),
                lambda row: str(row.pk),
            ),
        )


class ActionChangeForm(ActionForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("text", "position", "due")

    @staticmethod
    def values_of(action: Action) -> dict[str, Any]:
        return {
            "text": action.text,
            "position": str(action.position_id),
            "due": action.due,
            "version": action.version,
        }


class StepForm(RefusableForm):
    """Something that becomes of an action; `version` is that of the page in front of the reader."""

    key = KeyField()
    version = forms.IntegerField(widget=forms.HiddenInput)


class ActionCloseForm(StepForm):
    """Done, or no longer needed."""

    note = Text(
        label=_("What came of it?"),
        required=False,
        max_length=300,
        help_text=_("A sentence is enough. If it is no longer needed, say why."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ActionMoveForm(StepForm):
    """A new day."""

    due = TypedDay(label=_("New day"), help_text=_("Such as 24.03.2026."))


class GapSolveForm(RefusableForm):
    """The gap behind an action is filled, maybe by an offer that came of it."""

    key = KeyField()
    offer = RowChoiceField(
        label=_("Which offer came of it?"),
        required=False,
        widget=forms.Select(attrs=SEARCHABLE),
        error_messages={"invalid_choice": _("This offer is not published any more.")},
    )

    def __init__(self, data: Any = None, *, offers: Iterable[Offer], **options: Any) -> None:
        super().__init__(data, **options)
        listed = [(str(offer.pk), _offer_words(offer), offer) for offer in offers]
        give_rows(self, "offer", [("", listed)], empty=NONE_OF_THEM)


def _offer_words(offer: Offer) -> str:
    resource = offer.resource
    place = resource.municipality.name
    return f"{offer.component.name}: {resource.organisation.name}, {place}"


class ListForm(forms.Form):
    """What may stand in the address of a list. Anything else is left out, never an error."""

    q = Text(label=_("Words"), required=False, max_length=100)
    group = forms.ChoiceField(label=_("Group"), required=False)

    def __init__(self, data: QueryDict, *, groups: Iterable[Group]) -> None:
        super().__init__(data)
        named = [(str(group.pk), str(group)) for group in groups]
        self.give("group", [("", _("all")), *named])

    def give(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = capped(choices)

    def asked(self, name: str) -> str:
        """What was asked for, or nothing if it is not on the list."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    def row(self, name: str) -> uuid.UUID | None:
        """The id that was asked for; the choices hold nothing but ids."""
        asked = self.asked(name)
        return uuid.UUID(asked) if asked else None


class ActionFilterForm(ListForm):
    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=capped([("", _("mine")), ("all", _("of my groups"))]),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    position = forms.ChoiceField(label=_("Who does it"), required=False)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=capped(
            [("", _("by day")), ("new", _("last meeting first")), ("position", _("by position"))]
        ),
    )
    late = forms.BooleanField(label=_("Only late ones"), required=False)

    field_order = ("q", "whose", "state", "group", "position", "sort", "late")

    def __init__(
        self, data: QueryDict, *, groups: Iterable[Group], positions: Iterable[Position]
    ) -> None:
        super().__init__(data, groups=groups)
        states = [pair for pair in Action.State.choices if pair[0] != Action.State.OPEN]
        self.give("state", [("", _("to be done")), *states, ("all", _("all"))])
        named = [(str(row.pk), f"{row.organisation.name}: {row.title}") for row in positions]
        self.give("position", [("", _("all")), *named])

    def choice(self) -> ActionChoice:
        return ActionChoice(
            whose="all" if self.asked("whose") else "mine",
            state=self.asked("state"),
            late=bool(self.asked("late")),
            group=self.row("group"),
            position=self.row("position"),
            words=self.asked("q"),
            sort=self.asked("sort") or "due",
        )


class DecisionFilterForm(ListForm):
    year = forms.ChoiceField(label=_("Year"), required=False)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=capped([("", _("last one first")), ("old", _("first one first"))]),
    )

    field_order = ("q", "group", "year", "sort")

    def __init__(self, data: QueryDict, *, groups: Iterable[Group], years: Iterable[int]) -> None:
        super().__init__(data, groups=groups)
        self.give("year", [("", _("all")), *((str(year), str(year)) for year in years)])

    def choice(self) -> DecisionChoice:
        year = self.asked("year")
        return DecisionChoice(
            group=self.row("group"),
            year=int(year) if year else None,
            words=self.asked("q"),
            sort=self.asked("sort") or "new",
        )
