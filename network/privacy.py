"""Whose data the tables of this floor hold (portal/base/personal.py). No table knows a person."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network import models
from network.services.people import close_account
from portal.access.models import PortalRole
from portal.accounts.models import User
from portal.accounts.privacy import NOWHERE, find_worker
from portal.base import personal, retention
from portal.base.personal import Blank, Column, Keep, Path, Subject

OF_A_PLACE = "public facts of places"
OF_AN_ORGANISATION = "what an organisation says of itself in public; no form asks for a person"


def register() -> None:
    """Called once, when the app is ready."""
    for place in (models.County, models.Municipality):
        personal.holds_nobody(
            place, OF_A_PLACE, texts=[f.name for f in place._meta.concrete_fields if is_text(f)]
        )
    personal.holds_nobody(models.Region, OF_A_PLACE, texts=("slug", "name"))
    personal.holds_nobody(models.RegionMunicipality, OF_A_PLACE)
    personal.holds_nobody(models.Offer.serves.through, OF_A_PLACE)
    personal.holds_nobody(models.OfferPrice, "prices of hours")
    personal.holds_nobody(models.RegionMembership, "which organisation works in which region")
    personal.holds_nobody(models.Seat, "which position has a seat in a region")
    personal.holds_nobody(
        models.Organisation,
        OF_AN_ORGANISATION,
        texts=(
            *("slug", "name", "registry_code", "address", "text", "contact_role"),
            *("phone", "email", "website", "hours"),
        ),
    )
    personal.holds_nobody(models.Resource, OF_AN_ORGANISATION, texts=("name", "address"))
    personal.holds_nobody(models.Offer, OF_AN_ORGANISATION, texts=("languages", "note"))
    personal.holds_nobody(
        models.Gap,
        "names, numbers and traces of a case are refused when it is written (network/wording); "
        "it has a month and no writer; what the region answers is read by many and held to the "
        "same rule",
        texts=("text", "answer", "decision_number"),
    )
    personal.holds_nobody(models.Position, "a post, whoever holds it", texts=("title",))
    for grant in (models.RegionGrant, models.OrganisationGrant):
        personal.declare(
            grant,
            _("Rights that follow from positions"),
            worker=Path(personal.by_account(grant)),
        )
    personal.declare(
        models.ResourceChange,
        _("What I changed in the resources of the region"),
        worker=Path(
            personal.by_account(models.ResourceChange, "by"),
            show=("at", "what", "state", "reason"),
            erase=Keep("the history of a resource; its writer is nobody's id from now on"),
        ),
        excepted={
            "before": "facts of the resource, not of who changed them",
            "after": "facts of the resource, not of who changed them",
        },
    )
    personal.declare(
        models.JoinRequest,
        _("Requests to join, asked by me or naming my address"),
        worker=Path(
            _requests_of,
            show=("asked_at", "name", "kind", "lead_email", "reason", "state", "answer"),
            erase=_forget_lead,
        ),
    )
    personal.declare(
        models.Holding,
        _("Positions I hold or held"),
        worker=Path(
            personal.by_account(models.Holding),
            show=(
                Column("position", _("position"), lambda row: str(row.position)),
                "kind",
                "valid_from",
                "valid_until",
                "confirmed_on",
            ),
            erase=Blank(invited_at=None),
        ),
    )
    personal.before_erasing(personal.WORKER, _close)
    retention.register(
        retention.Kind(
            "accounts.user",
            _("Accounts of workers who have left"),
            _("the last position ended; of an account without one: the last sign-in"),
            due=left_before,
            subject=lambda pk: find_worker(str(pk)),
            anonymises=True,
        )
    )


def is_text(field: Any) -> bool:
    """Does a column hold text?"""
    return field.get_internal_type() in {"CharField", "TextField", "SlugField"}


def left_before(cut: dt.datetime) -> QuerySet[Any]:
    """Closed accounts that held nothing and had no role since `cut`, and did not sign in."""
    day = timezone.localdate(cut)
    still = Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    held = models.Holding.objects.filter(still, user_id=OuterRef("pk"))
    roles = PortalRole.objects.filter(still, user_id=OuterRef("pk"))
    return (
        User.objects.filter(~Exists(held), ~Exists(roles), is_active=False, date_joined__lt=cut)
        .filter(Q(last_login__isnull=True) | Q(last_login__lt=cut))
        .exclude(email__endswith=f"@{NOWHERE}")
    )


def _close(subject: Subject) -> None:
    """Nothing may hang on an account that nobody is behind: after an old backup it may be open."""
    for user in User.objects.filter(pk__in=subject.ids):
        close_account(user)


def addressed_to(subject: Subject) -> list[Any]:
    """Requests to join that name an address of theirs, whatever the case of its letters.

    Compared here and not in the database: SQLite knows the case of English letters alone.
    """
    addresses = {trace.casefold() for trace in subject.traces if "@" in trace}
    rows = models.JoinRequest.objects.exclude(lead_email="").values_list("pk", "lead_email")
    return [pk for pk, address in rows if address.casefold() in addresses]


def _requests_of(subject: Subject) -> QuerySet[Any]:
    mine = Q(asked_by_id__in=subject.ids) | Q(pk__in=addressed_to(subject))
    return models.JoinRequest.objects.filter(mine)


def _forget_lead(subject: Subject, rows: QuerySet[Any]) -> int:
    """The request stays; the address goes where it is theirs."""
    theirs = models.JoinRequest.objects.filter(pk__in=addressed_to(subject))
    return theirs.update(lead_email="")
