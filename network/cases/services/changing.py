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
from network.cases.policies import CasePolicy
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


def change_case(
    case: Case,
    *,
    state: str,
    next_review: dt.date,
    noticing: str,
    version: int,
    by: User,
    contact: Contact | None = None,
    key: uuid.UUID | None = None,
) -> Case:
    """Change what the case page shows on top; `contact` None leaves the person as they are.

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
        save_versioned(case, version, ["state", "next_review", "noticing", "closed_on"])
        if contact is not None:
            _change_contact(case, contact)
        CaseListing.objects.filter(case=case).update(**in_list(case))
        record(acting_in(by, case, day), about(case), actioncode=CHANGE)
        attempt.result = str(case.pk)
    return case


def _change_contact(case: Case, contact: Contact) -> None:
    """The version of the case stands for the person's too: both are shown in one form."""
    person = case.person
    person.phone, person.email, person.address = contact.phone, contact.email, contact.address
    save_versioned(person, person.version, ["phone", "email", "address"])
