"""Changing a case: its state, its next review, how the person is reached. One at a time."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.cases.acting import about, acting_in
from network.cases.models import Case, CaseListing
from network.cases.models.case import in_list
from network.cases.models.person import code_hash, surname_hash
from network.cases.policies import CasePolicy
from network.cases.services.gaps import places_of
from network.cases.services.opening import check_noticed
from network.models import Municipality
from portal.accounts.models import User
from portal.audit.log import record
from portal.base.idempotency import once
from portal.base.versions import save_versioned

# PLAN-10: the plan is looked over at least once a year.
LONGEST_REVIEW = dt.timedelta(days=366)
CHANGE = "case_change"


@dataclass(frozen=True)
class Contact:
    """How the person is reached; text as typed."""

    phone: str
    email: str
    address: str


@dataclass(frozen=True)
class Basics:
    """Who the person is; an empty personal code leaves the stored one."""

    first_name: str
    last_name: str
    municipality: Municipality
    noticed_on: dt.date
    personal_code: str = ""


# The view log says which of them was corrected, never from what to what.
CORRECTED = {
    "first_name": "case_change_name",
    "last_name": "case_change_name",
    "personal_code": "case_change_code",
    "municipality": "case_change_place",
    "noticed_on": "case_change_noticed",
}


def change_case(
    case: Case,
    *,
    state: str,
    next_review: dt.date,
    noticing: str,
    version: int,
    by: User,
    contact: Contact | None = None,
    basics: Basics | None = None,
    key: uuid.UUID | None = None,
) -> Case:
    """Change what the case page shows on top; `contact` and `basics` None leave them as they are.

    The same `key` twice changes once. Raises PermissionDenied, ValidationError with the field,
    VersionConflict if somebody saved meanwhile.
    """
    day = timezone.localdate()
    with (
        transaction.atomic(),
        once(key or uuid.uuid4(), purpose=CHANGE, by=str(by.pk)) as attempt,
    ):
        if not attempt.is_first:
            # The first one may have closed the case, so nothing is asked or checked again.
            return Case.objects.get(pk=attempt.result)
        if not CasePolicy.allows(by, "edit", case, day):
            raise PermissionDenied
        is_closed = state == Case.State.CLOSED
        if not is_closed and not day <= next_review <= day + LONGEST_REVIEW:
            raise ValidationError(
                {"next_review": _("The next review is due within a year from today.")}
            )
        case.state = state
        case.next_review = next_review
        case.noticing = noticing
        case.closed_on = day if is_closed else None
        corrected = _corrected(case, basics, day) if basics is not None else []
        save_versioned(
            case,
            version,
            ["state", "next_review", "noticing", "closed_on", "municipality", "noticed_on"],
        )
        _change_person(case, contact, corrected)
        CaseListing.objects.filter(case=case).update(**in_list(case))
        if "municipality" in corrected:
            # Only in the lists of those who may know where the person lives.
            listed = CaseListing.objects.filter(case=case, municipality__isnull=False)
            listed.update(municipality=case.municipality)
        actor = acting_in(by, case, day)
        for code in dict.fromkeys(CORRECTED[name] for name in corrected):
            record(actor, about(case), actioncode=code)
        record(actor, about(case), actioncode=CHANGE)
        attempt.result = str(case.pk)
    return case


def _corrected(case: Case, basics: Basics, day: dt.date) -> list[str]:
    """Put `basics` on the case and its person, not saved yet; the names of what differs."""
    person = case.person
    corrected = [
        name
        for name in ("first_name", "last_name")
        if getattr(person, name) != getattr(basics, name)
    ]
    person.first_name, person.last_name = basics.first_name, basics.last_name
    person.last_name_hash = surname_hash(basics.last_name)
    code = basics.personal_code.strip()
    if code and code != person.personal_code:
        corrected.append("personal_code")
        person.personal_code, person.personal_code_hash = code, code_hash(code)
    if basics.municipality.pk != case.municipality_id:
        if basics.municipality not in places_of(case, day):
            raise ValidationError(
                {"municipality": _("Choose a municipality of the region of this case.")}
            )
        corrected.append("municipality")
        case.municipality = person.municipality = basics.municipality
    if basics.noticed_on != case.noticed_on:
        check_noticed(basics.noticed_on, day)
        corrected.append("noticed_on")
        case.noticed_on = basics.noticed_on
    return corrected


def _change_person(case: Case, contact: Contact | None, corrected: list[str]) -> None:
    """The version of the case stands for the person's too: both are shown in one form."""
    person, fields = case.person, []
    if contact is not None:
        person.phone, person.email, person.address = contact.phone, contact.email, contact.address
        fields += ["phone", "email", "address"]
    if set(corrected) - {"noticed_on"}:
        fields += ["first_name", "last_name", "last_name_hash", "municipality"]
        fields += ["personal_code", "personal_code_hash"]
    if fields:
        save_versioned(person, person.version, fields)
