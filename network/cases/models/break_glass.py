"""Looking into a case in an emergency: one reason, one hour, and somebody who judges it."""

import datetime as dt
import math
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from network.cases.models.case import Case
from network.cases.querysets import BreakGlassQuerySet
from network.models import Position
from portal.base.fields import EncryptedTextField

LASTS = dt.timedelta(minutes=60)


class BreakGlass(models.Model):
    """Somebody who is not on the team reads one case until `ends_at`, because life demands it.

    A member of the team hears of it at once, and an auditor judges it afterwards.
    """

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified", _("justified")
        NOT_JUSTIFIED = "not_justified", _("not justified")
        FOLLOW_UP = "follow_up", _("needs to be looked into")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="break_glasses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    # What life demanded may say something about the person.
    reason = EncryptedTextField(_("reason"))
    started_at = models.DateTimeField(_("begun"))
    ends_at = models.DateTimeField(_("ends"))
    verdict = models.CharField(_("verdict"), max_length=15, choices=Verdict.choices, blank=True)
    verdict_text = models.CharField(_("in words"), max_length=500, blank=True)
    reviewed_at = models.DateTimeField(_("judged"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("emergency look into a case")
        verbose_name_plural = _("emergency looks into cases")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("started_at")) & Q(ends_at__lte=F("started_at") + LASTS),
                name="cases_breakglass_an_hour_at_most",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("user")),
                name="cases_breakglass_not_judged_by_oneself",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_at__isnull=True, reviewed_by__isnull=True)
                | (~Q(verdict="") & Q(reviewed_at__isnull=False, reviewed_by__isnull=False)),
                name="cases_breakglass_verdict_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "ends_at"], name="cases_breakglass_in_force"),
            models.Index(fields=["reviewed_at", "-started_at"], name="cases_breakglass_queue"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def minutes_left(self, now: dt.datetime) -> int:
        """Minutes until the end, the last one counted whole; 0 when it is over."""
        return max(0, math.ceil((self.ends_at - now).total_seconds() / 60))
