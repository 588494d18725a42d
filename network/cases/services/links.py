"""One-time links for the person: made, opened once, taken back. rules.md 8, 13.

The link is made from the row's id and a key of the portal, so every try to deliver the letter
holds the same one; the database keeps its hash alone.
"""

import datetime as dt
import hashlib
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.cases.acting import about, acting_in
from network.cases.letters import tell_of_link
from network.cases.models import Case, CaseLink
from network.cases.models.link import token_of
from network.cases.policies import CasePolicy
from portal.access.roles import Role
from portal.accounts.models import User
from portal.audit.log import Actor, record
from portal.base.idempotency import once

ADD, END, OPEN, READ = "case_link_add", "case_link_end", "case_link_open", "case_link_read"
MOST_A_DAY = 10
# Over links are of no use to anybody; the log keeps that there was one.
KEPT_FOR = dt.timedelta(days=30)


class NotOpen(Exception):
    """The link is unknown, used, taken back or too old; nobody is told which."""


@transaction.atomic
def add_case_link(
    case: Case, *, language: str, days: int, by: User, key: uuid.UUID, email: str = ""
) -> CaseLink:
    """Make a link for the person that opens once within `days`; with `email` it is sent there.

    What it opens is who has looked at `case`, nothing else. Raises PermissionDenied, or
    ValidationError.
    """
    now = timezone.now()
    day = timezone.localdate(now)
    if not CasePolicy.allows(by, "see_log", case, day):
        raise PermissionDenied
    with once(key, purpose=f"{ADD} {case.pk}", by=str(by.pk)) as attempt:
        if attempt.is_first:
            # Two at once come one after the other, so that neither passes the day's limit.
            Case.objects.select_for_update().get(pk=case.pk)
            lately = CaseLink.objects.filter(case=case, made_at__gt=now - dt.timedelta(days=1))
            if lately.count() >= MOST_A_DAY:
                raise ValidationError(
                    _("%(n)s links were made for this case within a day. Use one of them.")
                    % {"n": MOST_A_DAY}
                )
            link = CaseLink(
                case=case,
                language=language,
                email=email or None,
                made_by=by,
                made_at=now,
                expires_at=now + dt.timedelta(days=days),
            )
            link.token_hash = hash_of(token_of(link))
            link.full_clean(exclude=["email"])
            link.save(force_insert=True)
            if email:
                tell_of_link(link)
            record(acting_in(by, case, day), about(case), actioncode=ADD)
            attempt.result = str(link.pk)
    return CaseLink.objects.get(pk=attempt.result)


@transaction.atomic
def end_case_link(link: CaseLink, *, by: User) -> None:
    """Take a link back, also one that is being read. Again changes nothing.

    Raises PermissionDenied.
    """
    now = timezone.now()
    day = timezone.localdate(now)
    if not CasePolicy.allows(by, "see_log", link.case, day):
        raise PermissionDenied
    ended = CaseLink.objects.filter(pk=link.pk, ended_at__isnull=True)
    if ended.update(ended_at=now, email=None):
        record(acting_in(by, link.case, day), about(link.case), actioncode=END)


def find_waiting(token: str, now: dt.datetime) -> CaseLink:
    """The link that can still be opened with `token`. Raises NotOpen."""
    link = CaseLink.objects.select_related("case").filter(token_hash=hash_of(token)).first()
    if link is None or not link.waits(now):
        raise NotOpen
    return link


def open_case_link(token: str) -> CaseLink:
    """Use the link up; whoever did may read for a while. Works once. Raises NotOpen."""
    now = timezone.now()
    with transaction.atomic():
        link = find_waiting(token, now)
        # Of several at once the database lets one through.
        waiting = CaseLink.objects.filter(pk=link.pk, used_at__isnull=True, ended_at__isnull=True)
        if not waiting.update(used_at=now, email=None):
            raise NotOpen
        record(person_by(link), about(link.case), actioncode=OPEN)
    return link


def person_by(link: CaseLink) -> Actor:
    """The person as the log names them: by the link they came with, never by name."""
    return Actor(str(link.pk), "", role=Role.PERSON)


def hash_of(token: str) -> str:
    """What the database keeps of a link: 128 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def tidy_case_links(now: dt.datetime) -> None:
    """Forget addresses of letters that lead nowhere any more, and links that are long over."""
    over = CaseLink.objects.filter(expires_at__lte=now)
    over.filter(email__isnull=False).update(email=None)
    over.filter(expires_at__lte=now - KEPT_FOR).delete()


def end_all_links(now: dt.datetime) -> str:
    """Take every link back; after a restore nobody knows which were opened or taken back since."""
    ended = CaseLink.objects.filter(ended_at__isnull=True).filter(expires_at__gt=now)
    count = ended.update(ended_at=now, email=None)
    return f"{count} links for people taken back" if count else ""
