"""Which case a gap was noted from: known here alone, on the floor of cases. CASE-16."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from network.cases.models.case import Case
from network.models import Gap


class CaseGap(models.Model):
    """A gap that was noted from a case, so that what became of it comes back to the team."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="gaps")
    gap = models.OneToOneField(Gap, on_delete=models.PROTECT, related_name="+")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="noted_gaps"
    )
    noted_at = models.DateTimeField(_("noted"), auto_now_add=True)
    # The last state of the gap that whoever noted it has seen on the desk.
    seen_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-noted_at"]
        verbose_name = _("gap of a case")
        verbose_name_plural = _("gaps of cases")
        default_permissions = ()
        indexes = [models.Index(fields=["noted_by", "-noted_at"], name="cases_casegap_mine")]

    def __str__(self) -> str:
        return str(self.pk)
