import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "portal.privacy"
    label = "privacy"
    verbose_name = _("Keeping and erasing")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.audit import actions
        from portal.base import due
        from portal.privacy import own, retention

        own.register()
        actions.register(
            {
                "subject_export": _("took a copy of everything about somebody"),
                "subject_erase": _("erased everything about somebody"),
                "retention_change": _("changed how long something is kept"),
                "retention_run": _("erased what was kept long enough"),
                "hold_add": _("forbade to erase a case or an account"),
                "hold_lift": _("allowed to erase a case or an account again"),
            }
        )
        due.register("retention", retention.run_due, every=dt.timedelta(days=1))
