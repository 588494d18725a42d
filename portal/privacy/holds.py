"""Holds: what must stay although its time is over, for a dispute or an inspection."""

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.policies import is_administrator
from portal.access.roles import Role
from portal.accounts.models import User
from portal.audit.log import Actor, record
from portal.audit.log import Subject as LogSubject
from portal.audit.models import AccessEvent
from portal.base import personal
from portal.base.idempotency import once
from portal.base.personal import Subject
from portal.privacy.models import LegalHold
from portal.privacy.policies import HoldPolicy

MACHINE = "manage.py legal_hold"


def in_force(day: dt.date) -> QuerySet[LegalHold]:
    """The holds that keep something from being erased on `day`."""
    still = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    return LegalHold.objects.filter(still, lifted_at__isnull=True, valid_from__lte=day)


def holds_of(subject: Subject, day: dt.date) -> QuerySet[LegalHold]:
    """The holds that keep `subject`: of any case that is meant, or of the account."""
    return in_force(day).filter(subject_id__in=[*subject.cases, *subject.ids])


def add_hold(
    *,
    kind: str,
    subject: Subject,
    reason: str,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
    by: User | None = None,
    key: uuid.UUID | None = None,
) -> LegalHold:
    """Forbid to erase the one case, or the account, of `subject`. `by` is empty at the machine.

    The same `key` twice sets one. Raises PermissionDenied, ValidationError with the field.
    """
    day = timezone.localdate()
    with (
        transaction.atomic(),
        once(key or uuid.uuid4(), purpose="hold_add", by=_code(by)) as attempt,
    ):
        if not attempt.is_first:
            return LegalHold.objects.get(pk=attempt.result)
        if by is not None and not is_administrator(by, day):
            raise PermissionDenied
        if valid_until and valid_until <= max(valid_from, day):
            raise ValidationError({"valid_until": _("The end must be later than the beginning.")})
        ids = subject.cases if kind == LegalHold.Kind.CASE else subject.ids
        (held,) = ids
        hold = LegalHold(
            kind=kind,
            subject_id=uuid.UUID(held),
            number=subject.numbers[0] if subject.numbers else "",
            reason=reason,
            valid_from=valid_from,
            valid_until=valid_until,
            set_by=by,
        )
        # One that is over but was never lifted makes room for the next.
        LegalHold.objects.filter(
            subject_id=hold.subject_id, lifted_at__isnull=True, valid_until__lte=day
        ).update(lifted_at=timezone.now())
        try:
            with transaction.atomic():
                hold.save(force_insert=True)
        except IntegrityError:
            raise ValidationError(_("This may not be erased already: there is a hold.")) from None
        _log(by, hold, "hold_add")
        attempt.result = str(hold.pk)
    return hold


def lift_hold(
    hold: LegalHold, *, why: str, by: User | None = None, key: uuid.UUID | None = None
) -> LegalHold:
    """Let it be erased again when its time is over. Lifted twice: the first stays.

    Raises PermissionDenied.
    """
    day = timezone.localdate()
    with (
        transaction.atomic(),
        once(key or uuid.uuid4(), purpose="hold_lift", by=_code(by)) as attempt,
    ):
        if attempt.is_first:
            attempt.result = str(hold.pk)
            hold = LegalHold.objects.select_for_update().get(pk=hold.pk)
            if by is not None and not HoldPolicy.allows(by, "view", hold, day):
                raise PermissionDenied
            if hold.lifted_at is None:
                hold.lifted_at, hold.lifted_by, hold.lifted_why = timezone.now(), by, why
                hold.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
                _log(by, hold, "hold_lift")
    return LegalHold.objects.get(pk=hold.pk)


def find_held(kind: str, value: str) -> Subject | None:
    """The one case (by number or id) or account (by e-mail or id) that `value` names."""
    return personal.find(kind, value.strip()) if value.strip() else None


def administrator(user: User) -> Actor:
    """`user` acting for the portal, as the view log names them."""
    return Actor(str(user.pk), user.get_full_name() or user.email, role=Role.ADMINISTRATOR)


def _code(by: User | None) -> str:
    return str(by.pk) if by else ""


def _log(by: User | None, hold: LegalHold, code: str) -> None:
    options: dict[str, Any] = {} if by else {"channel": AccessEvent.Channel.COMMAND}
    record(
        administrator(by) if by else Actor("", MACHINE),
        [LogSubject(str(hold.subject_id), hold.number)],
        actioncode=code,
        **options,
    )
