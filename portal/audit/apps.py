"""The view log: who saw what, and the guard of case views, above access."""

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "portal.audit"
    label = "audit"
    verbose_name = _("View log")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.audit.anchor import anchor
        from portal.base import due

        due.register("anchor the view log", anchor, every=dt.timedelta(hours=1))
