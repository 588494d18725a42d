"""The view log: who saw what, and the guard of case views, above access."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "portal.audit"
    label = "audit"
    verbose_name = _("View log")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.audit import anchor, privacy
        from portal.base import due, mail

        mail.register(anchor.LETTER, anchor.write_letter)
        due.register("anchor the view log", anchor.anchor, every=anchor.EVERY)
        privacy.register()
