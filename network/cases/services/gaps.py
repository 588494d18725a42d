"""From a case to the region: what is missing, without a trace of the person. CASE-16."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import Component, LifeDomain
from network.cases.acting import about, acting_in
from network.cases.models import Case, CaseGap
from network.cases.policies import CaseGapPolicy, CasePolicy
from network.models import Gap, Holding, Municipality
from network.reports.gaps import municipalities_of, nobodys_words
from network.services.gaps import note_gap
from network.wording import refuse_traces
from portal.accounts.models import User
from portal.audit.log import record
from portal.base.idempotency import once

ADD = "case_gap_add"


@transaction.atomic
def add_case_gap(
    case: Case,
    *,
    kind: str,
    municipality: Municipality,
    by: User,
    key: uuid.UUID,
    component: Component | None = None,
    domain: LifeDomain | None = None,
    text: str = "",
) -> CaseGap:
    """Tell the region of `case` what is missing or works well; the same `key` twice tells once.

    What leaves the case is kind, subject, place, text and month. Raises PermissionDenied, or
    ValidationError with the field.
    """
    day = timezone.localdate()
    if not CasePolicy.allows(by, "note", case, day):
        raise PermissionDenied
    # A key belongs to one case: sent to another case it is another gap.
    with once(key, purpose=f"{ADD} {case.pk}", by=str(by.pk)) as attempt:
        if attempt.is_first:
            # Two of a team who tell the same at once come one after the other.
            case = Case.objects.select_for_update().get(pk=case.pk)
            domain = None if component else domain
            _check_place(case, municipality, day)
            _check_text(case, text, day)
            _check_new(case, municipality, kind, component, domain)
            gap = note_gap(
                region=case.region,
                municipality=municipality,
                kind=kind,
                day=day,
                text=text,
                component=component,
                domain=domain,
            )
            noted = CaseGap.objects.create(
                case=case, gap=gap, noted_by=by, seen_version=gap.version
            )
            record(acting_in(by, case, day), about(case), actioncode=ADD)
            attempt.result = str(noted.pk)
    return CaseGap.objects.get(pk=attempt.result)


def places_of(case: Case, day: dt.date) -> list[Municipality]:
    """Where something may be missing: the municipalities of the region, and the case's own."""
    places = municipalities_of([case.region], day)
    if case.municipality_id not in {place.pk for place in places}:
        places.append(case.municipality)
    return places


def _check_place(case: Case, municipality: Municipality, day: dt.date) -> None:
    if municipality not in places_of(case, day):
        raise ValidationError(
            {"municipality": _("Choose a municipality of the region of this case.")}
        )


def _check_text(case: Case, text: str, day: dt.date) -> None:
    person = case.person
    team = case.team.exclude(state="declined").valid_on(day)
    holdings = Holding.objects.valid_on(day).filter(position_id__in=team.values("position_id"))
    names = [person.name, *(str(one.user) for one in holdings.select_related("user"))]
    numbers = (case.number, person.personal_code, person.phone, person.email, person.address)
    try:
        refuse_traces(
            text,
            names=names,
            numbers=[number for number in numbers if number],
            allowed=nobodys_words(),
        )
    except ValidationError as error:
        raise ValidationError({"text": error}) from None


def _check_new(
    case: Case,
    municipality: Municipality,
    kind: str,
    component: Component | None,
    domain: LifeDomain | None,
) -> None:
    """One case is one voice: what it has said and nobody has answered is not said again."""
    same = CaseGap.objects.filter(
        case=case,
        gap__state__in=Gap.OPEN,
        gap__kind=kind,
        gap__municipality=municipality,
        gap__component=component,
        gap__domain=domain,
    )
    if (component or domain) and same.exists():
        raise ValidationError(
            _("This case has told the region the same already, and the answer is still to come.")
        )


@transaction.atomic
def mark_answers_seen(seen: Mapping[uuid.UUID, int], *, by: User) -> None:
    """Whoever noted gaps has read their answers: id of the gap in the case → version read.

    An answer that came since stays unread; what somebody else noted is left alone.
    """
    mine = CaseGapPolicy.rows(by, "see", timezone.localdate()).filter(pk__in=seen)
    for noted in mine.select_for_update(of=("self",)).select_related("gap"):
        version = min(seen[noted.pk], noted.gap.version)
        if version > noted.seen_version:
            noted.seen_version = version
            noted.save(update_fields=["seen_version"])
