"""Something that is missing, or works well: the same form in a case and in the region. CASE-16."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Component, LifeDomain
from network.models import Gap, Municipality
from network.reports.gaps import components, domains, find_components
from portal.base.form_fields import KeyField, RefusableForm, RowChoiceField, Text, capped, give_rows

COMPONENT, DOMAIN, OTHER = "teenus", "valdkond", "muu"
SEARCH = "otsi"


class GapForm(RefusableForm):
    """What, where, why, in a few words. The component is found by words, not in a long list.

    `check_text` raises ValidationError if the text lets somebody be recognised.
    """

    key = KeyField()
    words = Text(
        label=_("Which service is it about?"),
        required=False,
        max_length=100,
        help_text=_("Write a word or its beginning and search, such as: counselling."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )
    subject = RowChoiceField(
        label=_("It is about"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Search for the service and choose it, or choose a life domain."),
            "invalid_choice": _("Search for the service and choose it, or choose a life domain."),
        },
    )
    kind = forms.ChoiceField(
        label=_("What is the matter?"),
        choices=capped(Gap.Kind.choices),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is the matter.")},
    )
    municipality = RowChoiceField(label=_("Where?"))
    text = Text(
        label=_("In a few words"),
        required=False,
        max_length=400,
        help_text=_(
            "Up to 400 characters. No names, numbers or addresses: what is missing, not for whom."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        municipalities: Iterable[Municipality],
        check_text: Callable[[str], None],
        municipality: Municipality | None = None,
    ) -> None:
        is_search = data is not None and SEARCH in data
        start = {"municipality": municipality.slug} if municipality else {}
        super().__init__(
            None if is_search else data,
            # A search has no errors yet, and loses nothing that was typed.
            initial=start
            | ({name: data.get(name) for name in self.base_fields} if is_search else {}),
        )
        self.check_text = check_text
        typed = data or {}
        self.is_search = is_search or bool(typed.get("words"))
        self._give_subjects(typed.get("words", ""), typed.get("subject", ""))
        places = [(row.slug, row.name, row) for row in municipalities]
        give_rows(
            self, "municipality", [("", places)], empty=None if len(places) == 1 else _("Choose…")
        )

    def _give_subjects(self, words: str, chosen: str) -> None:
        listed = components()
        self.found = find_components(words[:100], listed)
        picked = [row for row in listed if chosen == f"{COMPONENT}:{row.slug}"]
        shown = [*picked, *(row for row in self.found if row not in picked)]
        rows: list[tuple[str, Any, Any]] = [
            (f"{COMPONENT}:{row.slug}", _name(row), row) for row in shown
        ]
        rows += [(f"{DOMAIN}:{row.slug}", row.name, row) for row in domains()]
        rows.append((OTHER, _("Something else"), None))
        give_rows(self, "subject", [("", rows)], empty="")

    def clean_text(self) -> str:
        """The service asks the same; here it is said together with all else that is wrong."""
        self.check_text(self.cleaned_data["text"])
        return str(self.cleaned_data["text"])

    @property
    def component_choices(self) -> list[Any]:
        return [one for one in self["subject"] if one.data["value"].startswith(COMPONENT)]

    @property
    def other_choices(self) -> list[Any]:
        return [one for one in self["subject"] if not one.data["value"].startswith(COMPONENT)]

    @property
    def nothing_found(self) -> bool:
        return self.is_search and not self.found

    def with_new_key(self) -> "GapForm":
        """The same as typed, to be saved as a further one."""
        self.data = dict(self.data.items()) | {"key": str(uuid.uuid4())}
        return self

    def statement(self) -> dict[str, Any]:
        """What was chosen and typed, as the services take it."""
        typed = self.cleaned_data
        subject = typed["subject"]
        return {
            "component": subject if isinstance(subject, Component) else None,
            "domain": subject if isinstance(subject, LifeDomain) else None,
            "kind": typed["kind"],
            "municipality": typed["municipality"],
            "text": typed["text"],
        }


def _name(component: Component) -> str:
    """With its life domain: names of components alone are alike."""
    return f"{component.name} · {component.domain.name}" if component.domain else component.name
