"""Letters about case teams and emergency looks. No name, no number, no word out of a case."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from network.cases.models import BreakGlass, CaseLink, TeamMember
from network.cases.models.link import token_of
from network.cases.policies import LEADS, InvitationPolicy
from network.models import Holding
from portal.accounts.models import User
from portal.base import mail, outbox

TEAM_INVITATION = "team_invitation"
TEAM_DECLINED = "team_declined"
EMERGENCY_LOOK = "emergency_look"
CASE_LINK = "case_link"
DAY = dt.timedelta(days=1)
HOW_OFTEN = (User.Letters.AT_ONCE, User.Letters.DAILY)


def tell_invited(member: TeamMember, day: dt.date) -> None:
    """Write to those who hold the invited position on `day` and want letters at once."""
    for user in _holders([member.position_id], day).filter(letters=User.Letters.AT_ONCE):
        mail.send(TEAM_INVITATION, {"user": str(user.pk)}, key=f"{member.pk}:{user.pk}")


def tell_waiting(now: dt.datetime) -> None:
    """Once a day write to those who want one letter a day and have an invitation to answer."""
    day = timezone.localdate(now)
    asked = TeamMember.objects.filter(state=TeamMember.State.INVITED).valid_on(day)
    positions = asked.values("position_id")
    for user in _holders(positions, day).filter(letters=User.Letters.DAILY):
        with transaction.atomic():
            mail.send(TEAM_INVITATION, {"user": str(user.pk)}, key=f"{day}:{user.pk}")


def write_team_invitation(payload: outbox.Payload) -> mail.Letter | None:
    """The letter for the user in `payload`; None if nothing waits for an answer any more."""
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    if user is None:
        return None
    waiting = InvitationPolicy.rows(user, "answer", timezone.localdate()).count()
    if not waiting:
        return None
    address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("desk")
    return mail.Letter(
        to=user.email, context={"n": waiting, "address": address}, language=user.language
    )


def tell_declined(member: TeamMember, day: dt.date) -> None:
    """Write to whoever invited; to those who want one letter a day one for all of a day."""
    user = member.invited_by
    if member.answered_by_id == user.pk or user.letters not in HOW_OFTEN:
        return
    which = day if user.letters == User.Letters.DAILY else member.pk
    mail.send(TEAM_DECLINED, {"user": str(user.pk)}, key=f"declined:{which}:{user.pk}")


def write_declined(payload: outbox.Payload) -> mail.Letter | None:
    """That an invitation was declined; whose and to which case stands on the desk."""
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    if user is None:
        return None
    address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("desk")
    return mail.Letter(to=user.email, context={"address": address}, language=user.language)


def tell_of_emergency(opened: BreakGlass, day: dt.date) -> None:
    """Write at once to everybody who sees the whole case, whatever letters they want otherwise."""
    leads = TeamMember.objects.accepted().valid_on(day).filter(case_id=opened.case_id)
    positions = leads.filter(role__in=LEADS).values("position_id")
    for user in _holders(positions, day).exclude(pk=opened.user_id):
        mail.send(EMERGENCY_LOOK, {"user": str(user.pk)}, key=f"{opened.pk}:{user.pk}")


def write_of_emergency(payload: outbox.Payload) -> mail.Letter | None:
    """That a case was opened in an emergency; which one they see on their desk."""
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    if user is None:
        return None
    address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("desk")
    return mail.Letter(to=user.email, context={"address": address}, language=user.language)


def tell_of_link(link: CaseLink) -> None:
    """Write to the address that the worker typed."""
    mail.send(CASE_LINK, {"link": str(link.pk)}, key=str(link.pk))


def write_of_link(payload: outbox.Payload) -> mail.Letter | None:
    """A letter in general words: from it nobody learns who helps whom. None if it is over."""
    link = CaseLink.objects.filter(pk=payload["link"]).first()
    if link is None or not link.email or not link.waits(timezone.now()):
        return None
    context = {"address": address_of_link(link), "until": link.expires_at}
    return mail.Letter(to=link.email, context=context, language=link.language)


def address_of_link(link: CaseLink) -> str:
    """The whole address, in the language of its reader."""
    with translation.override(link.language):
        path = reverse("person_log_link", args=[token_of(link)])
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path


def _holders(positions: Any, day: dt.date) -> QuerySet[User]:
    """Open accounts that hold one of `positions` (keys) on `day`."""
    holdings = Holding.objects.valid_on(day).filter(
        user_id=OuterRef("pk"), position_id__in=positions
    )
    return User.objects.filter(Exists(holdings), is_active=True)
