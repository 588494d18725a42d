"""The shape of what is typed about positions, who holds them and who joins a region."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from network.models import Municipality, Organisation, Position, Region
from network.reports.places import places
from network.services.joining import Joining
from network.services.people import Who
from portal.access.roles import Role
from portal.accounts.models import User
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

NOBODY = _("Somebody else, by e-mail")


def _email(**options: Any) -> forms.EmailField:
    return forms.EmailField(
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        **options,
    )


def _version() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


def people_rows(people: Iterable[User]) -> list[tuple[str, str, User]]:
    return [(str(one.pk), str(one), one) for one in people]


class PositionForm(RefusableForm):
    """What a post is called and what it usually does."""

    key = KeyField()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    organisation = RowChoiceField(label=_("Organisation"), widget=forms.Select(attrs=SEARCHABLE))
    title = Text(
        label=_("Name of the position"),
        max_length=100,
        help_text=_("Such as “Case manager, Antsla”. Never the name of a person."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Usual role"),
        help_text=_("The role it is given on a case unless another is chosen."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        roles: Iterable[Role],
        organisations: Iterable[Organisation] = (),
        position: Position | None = None,
    ) -> None:
        super().__init__(data)
        choices: list[tuple[str, Any]] = [(role.value, role.label) for role in roles]
        if position and position.role not in dict(choices):
            choices.append((position.role, position.get_role_display()))
        self.fields["role"].choices = capped(choices)  # type: ignore[attr-defined]
        self.only_organisation: Organisation | None = None
        listed = list(organisations)
        if position:
            del self.fields["organisation"]
            self.initial = {
                "title": position.title,
                "role": position.role,
                "is_active": position.is_active,
                "version": position.version,
            }
            return
        del self.fields["is_active"]
        del self.fields["version"]
        give_rows(self, "organisation", [("", [(str(one.pk), one.name, one) for one in listed])])
        if len(listed) == 1:
            self.only_organisation = listed[0]
            del self.fields["organisation"]

    def chosen_organisation(self) -> Organisation:
        return self.only_organisation or self.cleaned_data["organisation"]


class WhoForm(RefusableForm):
    """Somebody of the house from the list, or an address: exactly one of them."""

    person = RowChoiceField(
        label=_("Who?"),
        required=False,
        help_text=_("One of the two is needed: somebody from the list, or an address."),
        widget=forms.Select(attrs=SEARCHABLE),
    )
    email = _email(
        label=_("E-mail of somebody else"),
        help_text=_("A letter with a link that works once, for seven days, goes there."),
    )

    def give_people(self, people: Iterable[User]) -> None:
        rows = people_rows(people)
        give_rows(self, "person", [("", rows)], NOBODY)
        if not rows:
            del self.fields["person"]
            self.fields["email"].label = _("E-mail")

    def who(self) -> Who:
        return Who(user=self.cleaned_data.get("person") or None, email=self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        person, email = cleaned.get("person"), cleaned.get("email")
        if person and email:
            self.add_error("email", _("Choose somebody or write an address, not both."))
        elif not (person or email or self.errors):
            self.add_error("email", _("Choose somebody or write an address."))
        return cleaned


class WorkerInviteForm(RefusableForm):
    """Whom to let in, and into which position."""

    key = KeyField()
    position = RowChoiceField(label=_("Position"), widget=forms.Select(attrs=SEARCHABLE))
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("A letter with a link that works once, for seven days, goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, data: Any = None, *, positions: Iterable[Position], chosen: str = ""
    ) -> None:
        super().__init__(data, initial={"position": chosen})
        groups = grouped(
            positions,
            lambda row: row.organisation.name,
            lambda row: row.title,
            lambda row: str(row.pk),
        )
        give_rows(self, "position", groups)


class HandoverForm(WhoForm):
    """Who goes on, from when, and until when whoever holds it now."""

    key = KeyField()
    version = _version()
    first_day = TypedDay(label=_("First day of the next holder"))
    last_day = TypedDay(
        label=_("Last day of the holder of today"),
        help_text=_("If it is later than the first day of the next one, both hold it meanwhile."),
    )

    def __init__(
        self, data: Any = None, *, people: Iterable[User], held: bool, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.give_people(people)
        if not held:
            del self.fields["last_day"]


class StandInForm(WhoForm):
    """Who stands in, from when and until when: an end is a must."""

    key = KeyField()
    version = _version()
    first_day = TypedDay(label=_("First day"))
    last_day = TypedDay(
        label=_("Last day"), help_text=_("It ends by itself; nobody has to think of it.")
    )

    def __init__(self, data: Any = None, *, people: Iterable[User], **options: Any) -> None:
        super().__init__(data, **options)
        self.give_people(people)


class EndForm(RefusableForm):
    """The last day, or at once."""

    key = KeyField()
    version = _version()
    when = forms.ChoiceField(
        label=_("When does it end?"),
        choices=[("day", _("After a last day")), ("now", _("At once, with the next click"))],
        widget=forms.RadioSelect,
        initial="day",
    )
    last_day = TypedDay(label=_("Last day"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_missing = cleaned.get("when") == "day" and not cleaned.get("last_day")
        if is_missing and "last_day" not in self.errors:
            self.add_error("last_day", _("Write the day, such as 24.03.2026."))
        return cleaned

    def last(self) -> dt.date | None:
        """None: at once."""
        return self.cleaned_data["last_day"] if self.cleaned_data["when"] == "day" else None


class LeavingForm(EndForm):
    """When somebody leaves, and for each position who goes on with it."""

    version = None  # type: ignore[assignment]
    sign = Text(widget=forms.HiddenInput, max_length=10_000, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        positions: Iterable[Position],
        people: Mapping[Any, list[User]],
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.positions = list(positions)
        for position in self.positions:
            self.fields[f"person_{position.pk.hex}"] = RowChoiceField(
                label=_("Who goes on?"), required=False, widget=forms.Select(attrs=SEARCHABLE)
            )
            rows = people_rows(people.get(position.organisation_id, []))
            give_rows(self, f"person_{position.pk.hex}", [("", rows)], _("Nobody yet: vacant"))
            self.fields[f"email_{position.pk.hex}"] = _email(
                label=_("Or by e-mail"),
            )

    def successors(self) -> dict[uuid.UUID, Who | None]:
        chosen: dict[uuid.UUID, Who | None] = {}
        for position in self.positions:
            person = self.cleaned_data.get(f"person_{position.pk.hex}") or None
            email = self.cleaned_data.get(f"email_{position.pk.hex}") or ""
            chosen[position.pk] = Who(user=person, email=email) if person or email else None
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for position in self.positions:
            name = f"email_{position.pk.hex}"
            if cleaned.get(f"person_{position.pk.hex}") and cleaned.get(name):
                self.add_error(name, _("Choose somebody or write an address, not both."))
        return cleaned

    def of(self, position: Position) -> list[Any]:
        """The two fields of `position`."""
        return [self[f"person_{position.pk.hex}"], self[f"email_{position.pk.hex}"]]


class OrganisationInviteForm(RefusableForm):
    """Which organisation is to join which region, and why."""

    key = KeyField()
    region = RowChoiceField(label=_("Region"))
    organisation = RowChoiceField(
        label=_("Organisation"), required=False, widget=forms.Select(attrs=SEARCHABLE)
    )
    name = Text(
        label=_("Name of the new organisation"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("What it is"), required=False)
    municipality = RowChoiceField(
        label=_("Municipality"), required=False, widget=forms.Select(attrs=SEARCHABLE)
    )
    lead_email = _email(
        label=_("E-mail of whoever leads it"),
        help_text=_("If it has no lead here yet, an invitation goes there once it has joined."),
    )
    reason = Text(
        label=_("Why?"),
        required=False,
        max_length=300,
        help_text=_("The steering group reads this. No names of people who are helped."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        regions: Iterable[Region],
        organisations: Iterable[Organisation],
        may_add: bool,
    ) -> None:
        super().__init__(data)
        listed = list(regions)
        give_rows(self, "region", [("", [(str(one.pk), one.name, one) for one in listed])])
        self.only_region = listed[0] if len(listed) == 1 else None
        if self.only_region:
            del self.fields["region"]
        rows = [(str(one.pk), one.name, one) for one in organisations]
        give_rows(
            self, "organisation", [("", rows)], _("A new one, described below") if may_add else None
        )
        self.may_add = may_add
        if not may_add:
            self.fields["organisation"].required = True
            for name in ("name", "kind", "municipality", "lead_email"):
                del self.fields[name]
            return
        kinds = [("", "—"), *[(kind.value, capfirst(kind.label)) for kind in Organisation.Kind]]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        towns = [row for _county, members in places().by_county for row in members]
        groups = grouped(towns, lambda row: row.county, lambda row: row.name, lambda row: row.slug)
        give_rows(self, "municipality", groups)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.may_add or cleaned.get("organisation"):
            return cleaned
        needed = {
            "name": _g("Choose an organisation or write the name of the new one."),
            "kind": _g("Choose what it is."),
            "municipality": _g("Choose where it is."),
        }
        for name, words in needed.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, ValidationError(words))
        return cleaned

    def chosen_region(self) -> Region:
        return self.only_region or self.cleaned_data["region"]

    def joining(self) -> Joining:
        typed = self.cleaned_data
        organisation = typed.get("organisation") or None
        place = typed.get("municipality") or None
        return Joining(
            organisation=organisation,
            name="" if organisation else typed.get("name", ""),
            kind="" if organisation else typed.get("kind", ""),
            municipality=None
            if organisation or not place
            else Municipality.objects.get(pk=place.id),
            lead_email=typed.get("lead_email", ""),
            reason=typed["reason"],
        )


class JoinDecideForm(RefusableForm):
    """Yes, or no with a reason."""

    answer = Text(
        label=_("Why not?"),
        required=False,
        max_length=300,
        help_text=_("Whoever asked reads this."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
