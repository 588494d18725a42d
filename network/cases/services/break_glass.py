"""The emergency look into a case: begun with a reason, ended by the hour, judged by an auditor."""

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.cases.acting import EMERGENCY, about, acting_in, with_position
from network.cases.letters import tell_of_emergency
from network.cases.models import BreakGlass, Case
from network.cases.models.break_glass import LASTS
from network.cases.policies import BreakGlassPolicy, CasePolicy, OpeningPolicy
from network.models import Position, RegionMembership
from portal.access.roles import Role
from portal.accounts.models import User
from portal.audit.log import Actor, Subject, record
from portal.audit.models import AccessEvent
from portal.base.idempotency import once

BREAK = "break_glass"
SHORTEST_REASON = 20
# "aaaaaaaaaaaaaaaaaaaa" is no reason.
FEWEST_DIFFERENT = 6
MOST_A_DAY = 3


class NoSuchCase(Exception):
    """Unknown, of another region, or closed to this position: nobody is told which."""


def break_glass(
    *, number: str, reason: str, position: Position, by: User, key: uuid.UUID
) -> BreakGlass:
    """Open the case `number` to `by` for an hour, to be read; its team hears of it at once.

    The caller has seen to it that the second factor was shown a moment ago. Raises
    PermissionDenied, ValidationError with the field, or NoSuchCase, whose try is in the log.
    """
    now = timezone.now()
    day = timezone.localdate(now)
    if not OpeningPolicy.allows(by, "open_case", position, day):
        raise PermissionDenied
    _check_reason(reason)
    with transaction.atomic(), once(key, purpose=BREAK, by=str(by.pk)) as attempt:
        if attempt.is_first:
            # Two at once come one after the other, so that neither passes the day's limit.
            User.objects.select_for_update().get(pk=by.pk)
            _check_limit(by, now)
            case = _case(number, position, day)
            if case is not None:
                attempt.result = str(_open(case, reason, position, by, now).pk)
            else:
                _record_unknown(number, position, by)
                attempt.result = "-"
    if attempt.result == "-":
        # Written and committed first, then answered.
        raise NoSuchCase
    return BreakGlass.objects.get(pk=attempt.result)


def _open(case: Case, reason: str, position: Position, by: User, now: dt.datetime) -> BreakGlass:
    day = timezone.localdate(now)
    if CasePolicy.allows(by, "see_log", case, day):
        raise ValidationError({"number": _("You are on the team of this case: open it as usual.")})
    running = BreakGlass.objects.in_force(by, now).filter(case=case).first()
    if running:
        return running
    opened = BreakGlass.objects.create(
        case=case,
        user=by,
        position=position,
        reason=" ".join(reason.split()),
        started_at=now,
        ends_at=now + LASTS,
    )
    record(with_position(by, position, purpose=EMERGENCY), about(case), actioncode=BREAK)
    tell_of_emergency(opened, day)
    return opened


def _check_reason(reason: str) -> None:
    plain = "".join(reason.split())
    if len(plain) < SHORTEST_REASON or len(set(plain.casefold())) < FEWEST_DIFFERENT:
        raise ValidationError(
            {
                "reason": _(
                    "Say in at least %(n)s letters what has happened and why it cannot wait."
                )
                % {"n": SHORTEST_REASON}
            }
        )


def _check_limit(by: User, now: dt.datetime) -> None:
    lately = BreakGlass.objects.filter(user=by, started_at__gt=now - dt.timedelta(days=1))
    if lately.count() >= MOST_A_DAY:
        raise ValidationError(
            _("You have looked into %(n)s cases like this within a day. Call the coordinator.")
            % {"n": MOST_A_DAY}
        )


def _case(number: str, position: Position, day: dt.date) -> Case | None:
    """The case with this number, in a region where the organisation of `position` works."""
    regions = RegionMembership.objects.valid_on(day).filter(
        organisation_id=position.organisation_id
    )
    return Case.objects.filter(
        number=tidy(number), region_id__in=regions.values("region_id")
    ).first()


def tidy(number: str) -> str:
    """A case number as it is stored, however it was typed: `7kq 4rd` is `7KQ-4RD`."""
    signs = "".join(sign for sign in number.upper() if sign.isalnum())
    return f"{signs[:3]}-{signs[3:6]}" if len(signs) == 6 else ""


def _record_unknown(number: str, position: Position, by: User) -> None:
    """A refused try: the number as typed if it looks like one, the same for foreign and unknown."""
    record(
        with_position(by, position, purpose=EMERGENCY),
        [Subject(tidy(number))] if tidy(number) else [],
        actioncode=BREAK,
        outcome=AccessEvent.Outcome.REFUSED,
    )


@transaction.atomic
def end_break_glass(opened: BreakGlass, *, by: User) -> None:
    """Give the case back before the hour is over. What is over stays as it is."""
    now = timezone.now()
    locked = BreakGlass.objects.select_for_update().get(pk=opened.pk)
    if locked.user_id != by.pk:
        raise PermissionDenied
    if locked.ends_at <= now:
        return
    actor = acting_in(by, locked.case, timezone.localdate(now))
    locked.ends_at = max(now, locked.started_at)
    locked.save(update_fields=["ends_at"])
    record(actor, about(locked.case), actioncode="break_glass_end")


@transaction.atomic
def judge_break_glass(opened: BreakGlass, *, verdict: str, text: str, by: User) -> BreakGlass:
    """An auditor says whether it was right. Once, and never about oneself. Raises PermissionDenied.

    Anything but "justified" needs words. Raises ValidationError.
    """
    now = timezone.now()
    locked = BreakGlass.objects.select_for_update().get(pk=opened.pk)
    if locked.reviewed_at is not None:
        raise ValidationError(_("Somebody has judged this one meanwhile."))
    if not BreakGlassPolicy.allows(by, "judge", locked, timezone.localdate(now)):
        raise PermissionDenied
    if verdict not in BreakGlass.Verdict.values:
        raise ValidationError({"verdict": _("Choose one of the three.")})
    if verdict != BreakGlass.Verdict.JUSTIFIED and not text.strip():
        raise ValidationError({"text": _("Say in words what was wrong or what has to be asked.")})
    locked.verdict, locked.verdict_text = verdict, " ".join(text.split())
    locked.reviewed_at, locked.reviewed_by = now, by
    locked.full_clean(exclude=["reason"])
    locked.save(update_fields=["verdict", "verdict_text", "reviewed_at", "reviewed_by"])
    record(_auditor(by), about(locked.case), actioncode="break_glass_judge")
    return locked


def _auditor(user: Any) -> Actor:
    return Actor(str(user.pk), user.get_full_name() or user.email, role=Role.AUDITOR)
