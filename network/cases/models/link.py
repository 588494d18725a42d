"""A one-time link by which the person sees who has looked at their case."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from network.cases.models.case import Case
from portal.base.encryption import keyed_hash
from portal.base.fields import EncryptedTextField

LONGEST = dt.timedelta(days=30)
# How long the person reads once the link was opened.
SITTING = dt.timedelta(minutes=30)
PURPOSE = "cases.caselink.token"
TOKEN_SIGNS = 32  # 128 bits as hex digits


class CaseLink(models.Model):
    """Made by whoever sees the log of the case, shown once, opened once by the person.

    The database keeps the hash of the link alone.
    """

    class Purpose(models.TextChoices):
        LOG = "log", _("who has looked at the case")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.LOG)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    # Only until the letter has led the person here.
    email = EncryptedTextField(_("e-mail"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("works until"))
    used_at = models.DateTimeField(_("opened"), null=True, blank=True)
    ended_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("one-time link to a case")
        verbose_name_plural = _("one-time links to cases")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at"))
                & Q(expires_at__lte=F("made_at") + LONGEST),
                name="cases_caselink_a_month_at_most",
            ),
        ]
        indexes = [models.Index(fields=["case", "-made_at"], name="cases_caselink_of_case")]

    def __str__(self) -> str:
        return str(self.pk)

    def waits(self, now: dt.datetime) -> bool:
        """Can it still be opened?"""
        return self.used_at is None and self.ended_at is None and self.expires_at > now

    def is_read(self, now: dt.datetime) -> bool:
        """Has it been opened so lately that the person is still reading?"""
        return self.reads_until is not None and self.ended_at is None and now < self.reads_until

    @property
    def reads_until(self) -> dt.datetime | None:
        """Until when the person may read; None before the link was opened."""
        return self.used_at + SITTING if self.used_at else None


def token_of(link: CaseLink) -> str:
    """The secret part of the link; for whoever makes it and for the letter, kept nowhere."""
    return keyed_hash(str(link.pk), PURPOSE)[:TOKEN_SIGNS]
