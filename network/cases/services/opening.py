"""Opening a case from a noticing. CASE-01, PLAN-01."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.cases.acting import about, acting_as
from network.cases.models import Case, Person, TeamMember
from network.cases.models.person import code_hash, surname_hash
from network.cases.policies import OpeningPolicy
from network.models import Municipality, Position, RegionMunicipality
from network.services.people import sync_position
from portal.accounts.models import User
from portal.audit.log import record
from portal.base.idempotency import once

# A review at least once a year (PLAN-10); the first look comes sooner.
FIRST_REVIEW = dt.timedelta(days=90)
# What is older is a slip of the pen.
FIRST_YEAR = 2010


@dataclass(frozen=True)
class Noticing:
    """What somebody noticed: the person, where they live, what was seen. Text as typed."""

    first_name: str
    last_name: str
    municipality: Municipality
    noticed_on: dt.date
    noticed_how: str
    personal_code: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    text: str = ""


@transaction.atomic
def open_case(noticing: Noticing, *, position: Position, by: User, key: uuid.UUID) -> Case:
    """Open a case with the opener's position on its team; the same `key` twice opens one.

    A personal code that another team knows already changes nothing in the answer. Raises
    PermissionDenied if `by` does not hold `position`, ValidationError with the field if the day
    is yet to come or the municipality belongs to no region.
    """
    day = timezone.localdate()
    if not OpeningPolicy.allows(by, "open_case", position, day):
        raise PermissionDenied
    with once(key, purpose="case_open", by=str(by.pk)) as attempt:
        if attempt.is_first:
            attempt.result = str(_open(noticing, position, by, day).pk)
    return Case.objects.get(pk=attempt.result)


def _open(noticing: Noticing, position: Position, by: User, day: dt.date) -> Case:
    check_noticed(noticing.noticed_on, day)
    membership = (
        RegionMunicipality.objects.valid_on(day)
        .filter(municipality=noticing.municipality)
        .select_related("region")
        .first()
    )
    if membership is None:
        raise ValidationError(
            {"municipality": _("This municipality is not in a region of the network today.")}
        )
    case = Case.objects.create(
        person=_person(noticing),
        region=membership.region,
        municipality=noticing.municipality,
        noticed_on=noticing.noticed_on,
        noticed_how=noticing.noticed_how,
        noticing=noticing.text,
        next_review=day + FIRST_REVIEW,
    )
    member = TeamMember.objects.create(
        case=case,
        position=position,
        role=position.role,
        state=TeamMember.State.ACCEPTED,
        valid_from=day,
        invited_by=by,
        answered_by=by,
        answered_at=timezone.now(),
    )
    sync_position(position)
    record(acting_as(by, member), about(case), actioncode="case_open")
    return case


def check_noticed(noticed_on: dt.date, day: dt.date) -> None:
    """Raise ValidationError beside `noticed_on` for a day to come or a year mistyped."""
    if noticed_on > day:
        raise ValidationError({"noticed_on": _("This day is yet to come.")})
    if noticed_on.year < FIRST_YEAR:
        raise ValidationError({"noticed_on": _("Check the year.")})


def _person(noticing: Noticing) -> Person:
    code = noticing.personal_code.strip()
    return Person.objects.create(
        first_name=noticing.first_name,
        last_name=noticing.last_name,
        last_name_hash=surname_hash(noticing.last_name),
        personal_code=code or None,
        personal_code_hash=code_hash(code) if code else None,
        phone=noticing.phone,
        email=noticing.email,
        address=noticing.address,
        municipality=noticing.municipality,
    )
