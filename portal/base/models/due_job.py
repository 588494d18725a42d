"""When each repeated job is due next; one row per job, shared by all workers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DueJob(models.Model):
    """`name` as in `portal.base.due.register`; `next_run_at` moves on when a worker claims it."""

    name = models.CharField(_("name"), max_length=100, primary_key=True)
    next_run_at = models.DateTimeField(_("next run"))
    last_run_at = models.DateTimeField(_("last run"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("repeated job")
        verbose_name_plural = _("repeated jobs")

    def __str__(self) -> str:
        return self.name
