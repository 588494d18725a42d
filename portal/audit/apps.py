"""The view log: who saw what. The guard of case views will stand here, above access."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "portal.audit"
    label = "audit"
    verbose_name = _("View log")
    default_auto_field = "django.db.models.BigAutoField"
