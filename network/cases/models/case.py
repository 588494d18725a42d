import datetime as dt
import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.cases.models.person import Person
from network.cases.querysets import CaseQuerySet, TeamMemberQuerySet
from network.models import Municipality, Position, Region
from portal.access.grants import ObjectGrant
from portal.access.roles import Role
from portal.base.fields import EncryptedTextField
from portal.base.models import Versioned
from portal.base.periods import Period, period_constraint

# No letters or digits that are mistaken for each other when read aloud or by hand.
NUMBER_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

# Stands in the list in place of the review of a closed case: it comes after all others.
NO_REVIEW = dt.date.max


def new_number() -> str:
    """A random case number such as `7KQ-4RD`; says nothing about order, place or day."""
    signs = "".join(secrets.choice(NUMBER_SIGNS) for _place in range(6))
    return f"{signs[:3]}-{signs[3:]}"


class Case(Versioned):
    """One person's case (juhtum), from the noticing to the closing. Keeps its region. CASE-01."""

    class State(models.TextChoices):
        NOTICED = "noticed", _("noticed")
        ASSESSED = "assessed", _("need assessed")
        PLANNED = "planned", _("plan agreed")
        RUNNING = "running", _("plan at work")
        CLOSED = "closed", _("closed")

    class Noticed(models.TextChoices):
        PERSON = "person", _("the person came")
        RELATIVE = "relative", _("a relative told")
        WORKER = "worker", _("a worker noticed")
        OTHER = "other", _("somebody else told")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=7, unique=True, default=new_number)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="cases")
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.NOTICED
    )
    noticed_on = models.DateField(_("noticed on"))
    noticed_how = models.CharField(
        _("how it was noticed"), max_length=10, choices=Noticed.choices, default=Noticed.WORKER
    )
    noticing = EncryptedTextField(_("what was noticed"), blank=True, default="")
    next_review = models.DateField(_("next review"))
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on__isnull=True)),
                name="cases_case_closed_has_day",
            ),
        ]
        # Django's four are not used: who may is written in policies.py.
        default_permissions = ()
        permissions = [("see_case", "Sees the case")]

    def __str__(self) -> str:
        return self.number


def in_list(case: Case) -> dict[str, Any]:
    """What the rows of the access table repeat of `case`; a closed one waits for no review."""
    is_closed = case.state == Case.State.CLOSED
    return {
        "number": case.number,
        "state": case.state,
        "next_review": NO_REVIEW if is_closed else case.next_review,
    }


class TeamMember(Period):
    """A position works on a case for a time, in a role and with a sight said in words. CASE-08."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        ACCEPTED = "accepted", _("on the team")
        DECLINED = "declined", _("declined")

    class Part(models.TextChoices):
        """What a partner may be given; the others' sight follows from their role."""

        CONTACT = "contact", _("name and phone")
        NOTES = "notes", _("notes for the team")
        TEAM = "team", _("the team")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="team")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="case_teams")
    role = models.CharField(
        _("role on the case"),
        max_length=20,
        choices=[
            (role.value, role.label)
            for role in (
                Role.BASE_SUPPORT,
                Role.CASE_MANAGER,
                Role.ADDITIONAL_SUPPORT,
                Role.PARTNER,
            )
        ],
    )
    task = EncryptedTextField(_("what it does"), blank=True, default="")
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.INVITED
    )
    parts = models.JSONField(_("what it sees"), default=list, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField(_("invited"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        ordering = ["invited_at"]
        verbose_name = _("member of a case team")
        verbose_name_plural = _("members of a case team")
        constraints = [
            period_constraint("cases_teammember_period"),
            models.UniqueConstraint(
                fields=["case", "position"],
                condition=Q(valid_until__isnull=True) & ~Q(state="declined"),
                name="cases_teammember_once_on_a_team",
            ),
        ]
        indexes = [models.Index(fields=["position", "state"], name="cases_teammember_position")]

    def __str__(self) -> str:
        return str(self.pk)


class CaseGrant(ObjectGrant):
    """Somebody sees a case because a position of theirs is on its team."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="grants")


class CaseListing(Period):
    """The access table: one row for each person and case, in the very order of “my cases”.

    Written by `grants.sync` beside the grants; a list reads the first page of its index and
    never counts, sorts or joins the whole. The period is that of membership and holding together.
    `municipality` is empty for a reader who may not know it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="case_listings"
    )
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="listings")
    number = models.CharField(max_length=7)
    state = models.CharField(max_length=10)
    next_review = models.DateField()
    municipality = models.ForeignKey(
        Municipality, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "case"], name="cases_caselisting_once"),
        ]
        indexes = [
            models.Index(fields=["user", "next_review", "number"], name="cases_listing_review"),
            models.Index(fields=["user", "number"], name="cases_listing_number"),
            models.Index(
                fields=["user", "state", "next_review", "number"], name="cases_listing_state"
            ),
            models.Index(
                fields=["user", "municipality", "next_review", "number"],
                name="cases_listing_place",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
