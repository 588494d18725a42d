import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
    verbose_name = _("Portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Importing registers the checks; the app registry has to be full first.
        from portal import checks  # noqa: F401
        from portal.audit import actions
        from portal.backup import copies
        from portal.base import due

        actions.register({"restore": _("brought everything back from a copy")})
        due.register("look for a fresh copy", copies.warn_if_late, every=dt.timedelta(hours=1))
