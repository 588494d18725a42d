"""Changing a case: its state, next review and the person's contact, one writer at a time."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.cases.acting import about, acting_in
from network.cases.models import Case, CaseListing
from network.cases.policies import CasePolicy
from portal.accounts.models import User
from portal.audit.log import record
from portal.base.versions import save_versioned

# PLAN-10: the plan is looked over at least once a year.
LONGEST_REVIEW = dt.timedelta(days=366)


@transaction.atomic
def change_case(
    case: Case, *, state: str, next_review: dt.date, noticing: str, version: int, by: User
) -> Case:
    """Change what the case page shows on top.

    Raises PermissionDenied, ValidationError with the field, VersionConflict if somebody saved
    meanwhile.
    """
    day = timezone.localdate()
    if not CasePolicy.allows(by, "edit", case, day):
        raise PermissionDenied
    if state != Case.State.CLOSED and not day <= next_review <= day + LONGEST_REVIEW:
        raise ValidationError(
            {"next_review": _("The next review is due within a year from today.")}
        )
    case.state = state
    case.next_review = next_review
    case.noticing = noticing
    case.closed_on = day if state == Case.State.CLOSED else None
    save_versioned(case, version, ["state", "next_review", "noticing", "closed_on"])
    CaseListing.objects.filter(case=case).update(state=state, next_review=next_review)
    record(acting_in(by, case, day), about(case), actioncode="case_change")
    return case
