"""What is missing in the region is told by who leads it, and answered. REG-03, MON-04."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Component, LifeDomain
from network.meetings.services.answers import offers_for
from network.models import Gap, Municipality, Offer, Region, RegionMunicipality
from network.policies import GapPolicy, RegionPolicy
from network.reports.gaps import nobodys_words
from network.services.gaps import note_gap, put_gap_aside, reopen_gap, solve_gap
from network.wording import refuse_numbers, refuse_traces
from portal.accounts.models import User
from portal.base.idempotency import once
from portal.base.versions import VersionConflict

# Nobody whom the network helps is younger.
NO_BIRTHDAY = dt.timedelta(days=2 * 366)


class Answer(models.TextChoices):
    """What becomes of a gap without a decision of a meeting."""

    SOLVED = "solved", gettext_lazy("it is solved")
    ASIDE = "aside", gettext_lazy("it is put aside")
    REOPENED = "reopened", gettext_lazy("it waits again")


@transaction.atomic
def note_region_gap(
    *,
    kind: str,
    municipality: Municipality,
    by: User,
    key: uuid.UUID,
    component: Component | None = None,
    domain: LifeDomain | None = None,
    text: str = "",
) -> Gap:
    """Who leads a region says what is missing there, without a case; the same `key` says it once.

    Raises PermissionDenied, ValidationError with the field.
    """
    day = timezone.localdate()
    inside = RegionMunicipality.objects.valid_on(day).filter(municipality=municipality)
    led = RegionPolicy.rows(by, "lead", day)
    region: Region | None = led.filter(pk__in=inside.values("region_id")).first()
    if region is None:
        raise PermissionDenied
    with once(key, purpose="gap_add", by=str(by.pk)) as attempt:
        if attempt.is_first:
            _no_traces(text)
            gap = note_gap(
                region=region,
                municipality=municipality,
                kind=kind,
                day=day,
                text=text,
                component=component,
                domain=domain,
            )
            attempt.result = str(gap.pk)
    return Gap.objects.get(pk=attempt.result)


@transaction.atomic
def answer_gap(
    gap: Gap,
    *,
    outcome: str,
    version: int,
    by: User,
    key: uuid.UUID,
    answer: str = "",
    offer: Offer | None = None,
) -> Gap:
    """Answer `gap` (see `Answer`); whoever noted it sees the answer. The same `key` answers once.

    Raises PermissionDenied, ValidationError with the field, VersionConflict if somebody answered
    meanwhile.
    """
    day = timezone.localdate()
    if not GapPolicy.allows(by, "answer", gap, day):
        raise PermissionDenied
    with once(key, purpose=f"gap_answer {gap.pk}", by=str(by.pk)) as attempt:
        if attempt.is_first:
            held = Gap.objects.select_for_update().get(pk=gap.pk)
            if held.version != version:
                raise VersionConflict(held)
            _no_numbers(answer)
            if outcome == Answer.SOLVED:
                if offer is not None and not offers_for(held, day).filter(pk=offer.pk).exists():
                    raise ValidationError(
                        {
                            "offer": _(
                                "This offer is not published any more, or is about something else."
                            )
                        }
                    )
                solve_gap(held, day=day, answer=answer, offer=offer)
            elif outcome == Answer.ASIDE:
                put_gap_aside(held, day=day, answer=answer)
            else:
                reopen_gap(held)
            attempt.result = str(gap.pk)
    return Gap.objects.get(pk=attempt.result)


def check_region_text(text: str, day: dt.date) -> None:
    """Raise ValidationError if `text` seems to name somebody, or holds a number of somebody.

    A day of late or to come, such as that of a queue, is nobody's birthday.
    """
    refuse_traces(text, names=(), numbers=(), allowed=nobodys_words(), days_since=day - NO_BIRTHDAY)


def _no_traces(text: str) -> None:
    try:
        check_region_text(text, timezone.localdate())
    except ValidationError as error:
        raise ValidationError({"text": error}) from None


def _no_numbers(answer: str) -> None:
    """An answer may name a day, a place and a worker, as minutes do."""
    try:
        refuse_numbers(answer)
    except ValidationError as error:
        raise ValidationError({"answer": error}) from None
