"""Addresses outside the portal that our pages lead to, and whether somebody answers there."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutsideLink(models.Model):
    """One address, and what the worker found there when it asked last (home/upkeep/outside.py)."""

    class State(models.TextChoices):
        UNKNOWN = "unknown", _("not asked yet")
        ANSWERS = "answers", _("answers")
        GONE = "gone", _("the other site says that the page is gone")
        SILENT = "silent", _("the other site does not answer")
        REFUSED = "refused", _("we do not ask such an address")

    address = models.CharField(_("address"), max_length=500, unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.UNKNOWN)
    status = models.PositiveSmallIntegerField(_("status code"), null=True, blank=True)
    checked_at = models.DateTimeField(_("asked last"), null=True, blank=True, db_index=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)

    class Meta:
        verbose_name = _("outside link")
        verbose_name_plural = _("outside links")

    def __str__(self) -> str:
        return self.address
