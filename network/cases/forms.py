"""The shape of what is typed about a case. Rules that a service needs too stand there."""

import datetime as dt
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum.ee import ik
from stdnum.exceptions import ValidationError as NotACode

from network.cases.models import Case, TeamMember
from network.cases.services.changing import Basics, Contact
from network.cases.services.opening import Noticing, check_noticed
from network.models import Municipality, Position
from portal.access.roles import Role
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
from portal.base.versions import as_shown

LONG_TEXT = 10_000
A_PHONE = re.compile(r"[\d\s+()-]+")
CASE_ROLES = (Role.BASE_SUPPORT, Role.CASE_MANAGER, Role.ADDITIONAL_SUPPORT, Role.PARTNER)


class ContactFields(RefusableForm):
    """How the person is reached."""

    phone = Text(
        label=_("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        # Not of the type "email": browsers send such an address back in other letters than typed.
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    address = Text(
        label=_("Address"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        digits = sum(sign.isdigit() for sign in phone)
        # What was stored before the rule stays as it is.
        is_stored = phone == self.initial.get("phone")
        if phone and not is_stored and (digits < 5 or not A_PHONE.fullmatch(phone)):
            raise ValidationError(_("Write the phone number in digits, such as +372 5550 1234."))
        return phone


def checked_code(typed: str) -> str:
    """A personal code that may be one, empty for none. Raises ValidationError."""
    if not typed:
        return ""
    try:
        code = str(ik.validate(typed))
        is_old = ik.get_birth_date(code).year < 1900
    except NotACode:
        is_old = True
    if is_old:
        raise ValidationError(
            _("This is not an Estonian personal code. Check the digits, or leave it empty.")
        )
    return code


class CaseOpenForm(ContactFields):
    """A noticing from which a case is opened. CASE-01."""

    key = KeyField()
    first_name = Text(label=_("First name"), max_length=100)
    last_name = Text(label=_("Last name"), max_length=100)
    personal_code = Text(
        label=_("Personal code"),
        required=False,
        max_length=20,
        help_text=_("Eleven digits. Leave it empty if you do not know it."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    municipality = RowChoiceField(
        label=_("Municipality"),
        help_text=_("Where the person lives."),
        widget=forms.Select(attrs=SEARCHABLE),
    )
    noticed_on = TypedDay(label=_("When was it noticed?"), help_text=_("Such as 24.03.2026."))
    noticed_how = forms.ChoiceField(
        label=_("How was it noticed?"),
        choices=capped(Case.Noticed.choices),
        initial=Case.Noticed.WORKER,
        widget=forms.RadioSelect,
    )
    text = Text(
        label=_("What was noticed?"),
        max_length=LONG_TEXT,
        help_text=_("Only what others need to know in order to help."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    position = RowChoiceField(
        label=_("In which position do you open the case?"), widget=forms.RadioSelect
    )
    anew = forms.BooleanField(label=_("Open a new case all the same"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        positions: list[Position],
        municipalities: Iterable[Municipality],
        day: dt.date,
    ) -> None:
        super().__init__(data, initial={"noticed_on": day})
        self.day = day
        mine = [(str(row.pk), str(row), row) for row in positions]
        give_rows(self, "position", [("", mine)], empty="")
        give_rows(
            self,
            "municipality",
            grouped(municipalities, lambda row: row.county.name, lambda row: row.name, _slug),
        )
        for name in ("first_name", "last_name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        if len(positions) == 1:
            self.only_position: Position | None = positions[0]
            del self.fields["position"]
        else:
            self.only_position = None

    def clean_personal_code(self) -> str:
        return checked_code(self.cleaned_data["personal_code"])

    def clean_noticed_on(self) -> dt.date:
        noticed_on: dt.date = self.cleaned_data["noticed_on"]
        check_noticed_here(noticed_on, self.day)
        return noticed_on

    def chosen_position(self) -> Position:
        return self.only_position or self.cleaned_data["position"]

    def noticing(self) -> Noticing:
        """What was typed, for the service."""
        typed = self.cleaned_data
        names = ("first_name", "last_name", "municipality", "noticed_on", "noticed_how")
        more = ("personal_code", "phone", "email", "address", "text")
        return Noticing(**{name: typed[name] for name in (*names, *more)})


def _slug(row: Municipality) -> str:
    return row.slug


def check_noticed_here(noticed_on: dt.date, day: dt.date) -> None:
    """The rule of the service, for the one field: it is said together with all the others."""
    try:
        check_noticed(noticed_on, day)
    except ValidationError as error:
        raise ValidationError(error.messages) from None


class CaseChangeForm(ContactFields):
    """What the case page shows on top. `version` is that of the text in front of the writer."""

    key = KeyField()
    version = forms.IntegerField(widget=forms.HiddenInput)
    shown = Text(required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("State"), choices=capped(Case.State.choices))
    next_review = TypedDay(
        label=_("Next review"), help_text=_("At the latest a year from today, such as 24.03.2026.")
    )
    noticing = Text(
        label=_("What was noticed?"),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    # Who the person is: seldom wrong, so folded.
    first_name = Text(label=_("First name"), max_length=100)
    last_name = Text(label=_("Last name"), max_length=100)
    personal_code = Text(
        label=_("Personal code"),
        required=False,
        max_length=20,
        help_text=_("Only to add or to correct it: the stored one is not shown here."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    municipality = RowChoiceField(label=_("Municipality"), help_text=_("Where the person lives."))
    noticed_on = TypedDay(label=_("When was it noticed?"), help_text=_("Such as 24.03.2026."))

    BASICS = ("first_name", "last_name", "personal_code", "municipality", "noticed_on")
    CONTACT = ("phone", "email", "address")
    field_order = ("state", "next_review", "noticing", *CONTACT, *BASICS)

    def __init__(
        self,
        data: Any = None,
        *,
        case: Case,
        places: Iterable[Municipality],
        day: dt.date,
        initial: dict[str, Any] | None = None,
    ) -> None:
        stored = self.values_of(case)
        if data is not None:
            # What a form does not have stays as it is stored.
            data = data.copy()
            for name in self.BASICS:
                data.setdefault(name, stored[name])
        if initial is None:
            initial = stored | {"version": case.version, "shown": as_shown(stored)}
        super().__init__(data, initial=initial)
        self.stored, self.day = stored, day
        give_rows(self, "municipality", [("", [(row.slug, row.name, row) for row in places])], "")
        for name in ("first_name", "last_name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @classmethod
    def values_of(cls, case: Case) -> dict[str, Any]:
        """What is stored, by the names of the fields. The personal code is never shown."""
        person = case.person
        names = ("first_name", "last_name", *cls.CONTACT)
        return {name: getattr(person, name) for name in names} | {
            "state": case.state,
            "next_review": case.next_review,
            "noticing": case.noticing,
            "personal_code": "",
            "municipality": case.municipality.slug,
            "noticed_on": case.noticed_on,
        }

    def clean_personal_code(self) -> str:
        return checked_code(self.cleaned_data["personal_code"])

    def clean_noticed_on(self) -> dt.date:
        noticed_on: dt.date = self.cleaned_data["noticed_on"]
        if noticed_on != self.stored["noticed_on"]:
            check_noticed_here(noticed_on, self.day)
        return noticed_on

    @property
    def opens_basics(self) -> bool:
        """Is there something to see in the folded part: an error, or a change not saved yet?"""
        return any(
            self[name].errors or str(self[name].value() or "") != str(self[name].initial or "")
            for name in self.BASICS
            if self.is_bound and name != "noticed_on"
        ) or bool(self["noticed_on"].errors)

    def typed(self) -> dict[str, Any]:
        """What was typed, as `values_of` gives what is stored."""
        mine = {name: self.cleaned_data[name] for name in self.field_order}
        return mine | {"municipality": mine["municipality"].slug}

    def contact(self) -> Contact:
        return Contact(**{name: self.cleaned_data[name] for name in self.CONTACT})

    def basics(self) -> Basics:
        return Basics(**{name: self.cleaned_data[name] for name in self.BASICS})


class TeamMemberInviteForm(RefusableForm):
    """A position is asked to join, in a role. CASE-08, CASE-09."""

    key = KeyField()
    position = RowChoiceField(
        label=_("Whom do you invite?"),
        help_text=_("A position, not a person: its holder may change, the task stays."),
        widget=forms.Select(attrs=SEARCHABLE),
        error_messages={
            "invalid_choice": _(
                "This position cannot be invited: its organisation is not in the region "
                "any more, or it is on the team already."
            )
        },
    )
    role = forms.ChoiceField(
        label=_("In which role?"),
        choices=[(role.value, role.label) for role in CASE_ROLES],
        widget=forms.RadioSelect,
    )
    parts = forms.MultipleChoiceField(
        label=_("What may the partner see besides number, state and review day?"),
        choices=capped(TeamMember.Part.choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    last_day = TypedDay(
        label=_("Last day on the team"),
        required=False,
        help_text=_(
            "A partner always needs one; for the others it may stay empty. Such as 24.03.2026."
        ),
    )
    task = Text(
        label=_("What is it asked to do?"),
        required=False,
        max_length=500,
        help_text=_("The position reads this after it has joined."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        positions: list[Position],
        holders: Mapping[uuid.UUID, Sequence[Any]] | None = None,
    ) -> None:
        """`holders`: who holds each of `positions` today."""
        super().__init__(data)
        self.holders = holders or {}
        titles = Counter(row.title for row in positions)
        self.twice = {title for title, n in titles.items() if n > 1}
        give_rows(
            self,
            "position",
            grouped(
                positions, lambda row: row.organisation.name, self._words, lambda row: str(row.pk)
            ),
        )

    def _words(self, row: Position) -> str:
        """Post, organisation and holder; where from, if the post is there more than once."""
        words = [row.title, row.organisation.name]
        if row.title in self.twice and row.organisation.municipality:
            words.append(row.organisation.municipality.name)
        people = ", ".join(str(user) for user in self.holders.get(row.pk, ()))
        return f"{', '.join(words)} ({people or gettext('nobody holds it now')})"

    def valid_until(self) -> dt.date | None:
        """The first day off the team: periods do not hold their end."""
        last = self.cleaned_data["last_day"]
        return last + dt.timedelta(days=1) if last else None

    def refuse(self, error: ValidationError) -> None:
        errors = getattr(error, "error_dict", {})
        if "valid_until" in errors:
            errors["last_day"] = errors.pop("valid_until")
        super().refuse(error)
